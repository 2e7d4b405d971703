"""The forms with which a mailing is prepared: whom it is for, and when and how it leaves."""

from collections.abc import Mapping
from datetime import time
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.campaigns.models import Campaign
from apps.coalitions.forms.calls import CLOCK, DayAndTimeForm, VersionChoice
from apps.core.form_fields import DayField, TextField
from apps.core.forms import NumberField
from apps.core.language_names import language_label
from apps.core.text import joined
from apps.core.text_lengths import NOTE
from apps.governments.country_names.lookup import CountryLookup
from apps.governments.forms.fields import KINDS
from apps.governments.models import Group, Recipient
from apps.governments.models.recipients import MISSIONS_ZONE
from apps.governments.pages.stance_labels import STANCES
from apps.governments.selectors import group_counts, members_on, reference_day
from apps.letters.models import LetterVersion

from .models import Dispatch
from .pages.dispatch_choice import mailing_label
from .selectors.dispatch_criteria import Criteria
from .selectors.dispatches import versions_to_send
from .selectors.unanswered import EVER, mailings_that_left
from .sending_terms import Terms

#: the most letters an hour that may be asked for
MOST_PER_HOUR = 10_000


def ticks(label: Any, choices: Any = (), help_text: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple, help_text=help_text
    )


def picks(label: Any, choices: Any, help_text: Any = "") -> forms.ChoiceField:
    """One of several, of which the first is the default."""
    return forms.ChoiceField(
        label=label, choices=choices, required=False, widget=forms.RadioSelect, help_text=help_text,
        initial=choices[0][0],
    )  # fmt: skip


class DespiteForm(forms.Form):
    reason = TextField(
        label=_("Why the letter is still right"), max_length=NOTE,
        help_text=_("Whoever authorises the mailing reads it. It stays in the activity log."),
        error_messages={"required": _("Say why the letter is still right. Whoever authorises it reads that.")},
    )  # fmt: skip


class TermsForm(DayAndTimeForm):
    """When and how the letters leave. Days and times are in the campaign's zone."""

    moments = {"send_at": time(9, 0), "ends_at": time(23, 59)}

    send_day = DayField(
        label=_("Do not send before"), required=False, help_text=_("Empty: as soon as a second person authorises it.")
    )
    send_time = forms.TimeField(label=pgettext_lazy("time of day", "at"), required=False, widget=CLOCK)
    ends_day = DayField(
        label=_("Do not send after"), required=False,
        help_text=_("Letters that still wait then are not sent. Empty: 48 hours to authorise, then five days to send."),
    )  # fmt: skip
    ends_time = forms.TimeField(label=pgettext_lazy("time of day", "at"), required=False, widget=CLOCK)
    quiet_from = forms.TimeField(
        label=_("Quiet hours from"), required=False, widget=CLOCK,
        help_text=_("On the recipient’s clock: no letter is sent in these hours. A mission’s clock is Geneva’s."),
    )  # fmt: skip
    quiet_until = forms.TimeField(label=pgettext_lazy("quiet hours", "until"), required=False, widget=CLOCK)
    per_hour = NumberField(
        label=_("Letters per hour, at most"), required=False, min_value=1, max_value=MOST_PER_HOUR,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "month-count"}), help_text=_("Empty: no limit."),
    )  # fmt: skip
    per_domain = NumberField(
        label=_("Letters per hour to one email domain, at most"), required=False, min_value=1, max_value=MOST_PER_HOUR,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "month-count"}),
        help_text=_("What follows the @ of an address. Some servers refuse many letters at once. Empty: no limit."),
    )  # fmt: skip
    pdf = picks(
        _("The letter as PDF"),
        [("attach", _("Attached to the email")), ("link", _("As a link in the email"))],
        _("The link is different for each recipient and cannot be guessed. Nobody is told whether it was opened."),
    )

    def __init__(
        self, data: Mapping[str, object] | None, *, campaign: Campaign, dispatch: Dispatch | None = None
    ) -> None:
        super().__init__(data, campaign=campaign)
        if campaign.time_zone != MISSIONS_ZONE:
            self.fields["quiet_from"].help_text = ""  # it names a place that other campaigns do not know
        if dispatch is not None:
            self.show("send_at", dispatch.send_at)
            self.show("ends_at", dispatch.ends_at)
            names = ("quiet_from", "quiet_until", "per_hour", "per_domain")
            stored = {name: getattr(dispatch, name) for name in names}
            if dispatch.addendum_id is not None:
                del self.fields["pdf"]  # the words with the link speak of the letter
            self.initial = {**self.initial, **stored, "pdf": "link" if dispatch.pdf_linked else "attach"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if (first is None) != (last is None) and not self.has_error("quiet_from") and not self.has_error("quiet_until"):
            self.add_error("quiet_from" if first is None else "quiet_until", _("Enter both times, or neither."))
        elif first is not None and first == last:
            self.add_error("quiet_until", _("These hours would last all day. Enter two different times."))
        return cleaned

    def terms(self) -> Terms:
        names = ("send_at", "ends_at", "quiet_from", "quiet_until", "per_hour", "per_domain")
        values = {name: self.cleaned_data.get(name) for name in names}
        return Terms(**values, pdf_linked=self.cleaned_data.get("pdf") == "link")


class PrepareForm(TermsForm):
    version = VersionChoice(
        queryset=LetterVersion.objects.none(),
        label=_("Letter and version"),
        empty_label=None,
        help_text=_("Only frozen versions can be sent. Their text is fixed, so governments get what people signed."),
    )
    not_written = picks(
        _("Already written to"),
        [
            ("", _("Include them: nobody gets the same letter twice")),
            ("letter", _("Leave out governments that have any letter of this number")),
            ("ever", _("Leave out governments that have any letter of this campaign")),
        ],
    )
    unanswered = forms.ChoiceField(
        label=_("Not answered"), required=False,
        help_text=_("For writing again. Those who answer before the letter is sent are left out."),
    )  # fmt: skip
    groups = ticks(_("Only governments in these groups"), help_text=_("One of them is enough. None ticked: all."))
    stances = ticks(_("Only governments with these positions"), STANCES.items())
    stance_day = DayField(
        label=_("Positions on this day"), required=False, help_text=_("Empty: today, each time the list is updated.")
    )
    pasted = TextField(
        label=_("Only these governments"), required=False, max_length=20_000, rows=3,
        help_text=_("Names or country codes, separated by commas or lines."),
    )  # fmt: skip
    members = ticks(_("Or tick them"))
    languages = ticks(_("Only recipients who are written to in"))
    offices = ticks(_("Letters go to"), KINDS, _("None ticked: every office. A copy is a letter of its own, never Cc."))
    copies = ticks(_("Copies go to"), KINDS)
    who = picks(
        _("In each kind of office"),
        [("all", _("Every recipient")), ("first", _("The first recipient who can get it"))],
    )
    no_text = picks(
        _("Where the letter has no text in the recipient’s language"),
        [
            ("other", _("Send it in a working language of the government, or the campaign’s first")),
            ("leave_out", _("Leave the recipient out")),
        ],
    )

    def __init__(self, data: Mapping[str, object] | None, *, campaign: Campaign, asked: QueryDict) -> None:
        """`asked`: what a link chooses already, by names of fields."""
        super().__init__(data, campaign=campaign)
        single = {name: asked[name] for name in ("version", "unanswered") if name in asked}
        several = {name: asked.getlist(name) for name in ("groups", "members") if name in asked}
        self.initial = {**self.initial, **single, **several}
        cast(VersionChoice, self.fields["version"]).queryset = versions_to_send(campaign)
        self._offer("unanswered", _unanswered_choices(campaign))
        day = reference_day(campaign)
        counts = group_counts(day)
        self._offer("groups", [(row.slug, f"{row.label} ({counts.get(row.slug, 0)})") for row in Group.objects.all()])
        self.everybody = list(members_on(day))
        self._offer("members", [(member.code, member.name) for member in self.everybody])
        spoken = Recipient.objects.filter(campaign=campaign, active=True).exclude(language="")
        codes = spoken.order_by("language").values_list("language", flat=True).distinct()
        self._offer("languages", [(code, language_label(code)) for code in codes])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        cast(forms.MultipleChoiceField, self.fields[name]).choices = choices

    def clean_pasted(self) -> list[str]:
        """Codes of the governments."""
        reading = CountryLookup(self.everybody).read(self.cleaned_data["pasted"])
        for unknown in reading.unknown:
            if unknown.close:
                message = _("“%(text)s” is not clear. Did you mean: %(names)s")
                values = {"text": unknown.text, "names": joined(member.name for member in unknown.close)}
            else:
                message, values = _("We do not know the government “%(text)s”."), {"text": unknown.text}
            self.add_error("pasted", message % values)
        return [member.code for member in reading.members]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        offices, copies = {*cleaned.get("offices", [])}, {*cleaned.get("copies", [])}
        if copies and not offices:
            self.add_error("offices", _("Choose who gets the letter, so that others can get a copy of it."))
        if copies & offices:
            self.add_error("copies", _("An office gets the letter or a copy, not both."))
        if cleaned.get("stance_day") and not cleaned.get("stances"):
            self.add_error("stances", _("Choose the positions too, or leave the day empty."))
        return cleaned

    def criteria(self) -> Criteria:
        cleaned = self.cleaned_data
        day = cleaned.get("stance_day")
        return Criteria(
            groups=tuple(cleaned["groups"]), stances=tuple(cleaned["stances"]),
            stance_day=day.isoformat() if day else "", languages=tuple(cleaned["languages"]),
            members=tuple(sorted({*cleaned["members"], *cleaned["pasted"]})), not_written=cleaned["not_written"],
            unanswered=cleaned["unanswered"],
            offices=tuple(cleaned["offices"]), copies=tuple(cleaned["copies"]),
            first_only=cleaned["who"] == "first", own_language_only=cleaned["no_text"] == "leave_out",
        )  # fmt: skip


def _unanswered_choices(campaign: Campaign) -> list[tuple[str, Any]]:
    since = _("Only governments that have not answered since: %(mailing)s")
    return [
        ("", _("All governments, whether they have answered or not")),
        (EVER, _("Only governments that were reached and have never answered")),
        *((str(row.pk), since % {"mailing": mailing_label(row)}) for row in mailings_that_left(campaign)[:50]),
    ]
