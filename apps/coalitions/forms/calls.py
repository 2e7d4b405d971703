"""The forms that open a letter for signature, and change how and until when it is signed."""

from datetime import date, datetime, time
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.campaigns.models import Campaign
from apps.core.errors import DomainError
from apps.core.form_fields import DayField
from apps.core.language_names import language_label
from apps.letters.models import LetterVersion

from ..models import SignOnCall
from ..models.sign_on_fields import OPTIONAL
from ..pages.sign_on_labels import MODERATION, WHO
from ..selectors.calls import calls_to_replace, versions_to_open
from ..services.calls import check_times

CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


def prefix_of(name: str) -> str:
    """The prefix of a moment's two fields: "opens_at" → "opens"."""
    return name.rpartition("_")[0]


class DayAndTimeForm(forms.Form):
    """A form with pairs of fields, a day and a time in the campaign's zone, that give one moment each."""

    #: moment → the time of a day without one
    moments: dict[str, time] = {}

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(campaign.time_zone)
        self.known: dict[str, datetime] = {}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in self.moments:
            day, clock = self.field_of(name), f"{prefix_of(name)}_time"
            if cleaned.get(clock) and not cleaned.get(day) and not self.has_error(day):
                self.add_error(day, _("Enter the day too, or leave both empty."))
            cleaned[name] = self._moment(name, day, clock)
        return cleaned

    def show(self, name: str, moment: datetime | None) -> None:
        """Fill in the pair. Its seconds, which the form does not show, stay unless the minute is changed."""
        if moment is not None:
            local = moment.astimezone(self.zone)
            self.known[name] = local
            self.initial = {
                **self.initial, self.field_of(name): local.date(), f"{prefix_of(name)}_time": local.time(),
            }  # fmt: skip

    def field_of(self, name: str) -> str:
        """The field beside which an error about `name` stands."""
        return f"{prefix_of(name)}_day" if name in self.moments else name

    def _moment(self, name: str, day_field: str, clock_field: str) -> datetime | None:
        """A time that daylight saving skips is refused."""
        day: date | None = self.cleaned_data.get(day_field)
        clock: time | None = self.cleaned_data.get(clock_field)
        if day is None or self.has_error(clock_field):
            return None
        local = datetime.combine(day, clock or self.moments[name], self.zone)
        if local.astimezone(ZoneInfo("UTC")).astimezone(self.zone).replace(tzinfo=None) != local.replace(tzinfo=None):
            self.add_error(clock_field, _("The clocks go forward and skip this time. Choose another."))
            return None
        known = self.known.get(name)
        return known if known and known.replace(second=0, microsecond=0) == local else local


class CallSettingsForm(DayAndTimeForm):
    """How a letter is signed: what can be changed while it is open."""

    moments = {"embargo_until": time(0, 0)}
    embargo_day = DayField(
        label=_("Hidden from the public until"), required=False,
        help_text=_("Until then only the team sees the page. Leave empty to show it when signing opens."),
    )  # fmt: skip
    embargo_time = forms.TimeField(label=pgettext_lazy("time of day", "at"), required=False, widget=CLOCK)
    deliver_on = DayField(
        label=_("The letter goes to governments on"), required=False,
        help_text=_("Shown on the public page. Sending is authorised separately."),
    )  # fmt: skip
    who = forms.ChoiceField(label=_("Who may sign"), choices=WHO, initial=SignOnCall.Who.BOTH)
    moderation = forms.ChoiceField(
        label=_("A moderator checks before a name appears"), choices=MODERATION, widget=forms.RadioSelect,
        initial=SignOnCall.Moderation.ALL, help_text=_("Until then the signature is counted without its name."),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=_("Languages of the text that the page offers"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one language.")},
    )  # fmt: skip
    asked_fields = forms.MultipleChoiceField(
        label=_("What else the form asks for"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(name, field.label) for name, field in OPTIONAL.items()], initial=list(OPTIONAL),
        help_text=_("Signers may leave these empty. Ask only for what the campaign uses."),
    )  # fmt: skip

    def offer_languages(self, codes: list[str]) -> None:
        """A single one is no choice, so it is not asked."""
        if len(codes) < 2:
            del self.fields["languages"]
            return
        field = cast(forms.MultipleChoiceField, self.fields["languages"])
        field.choices, field.initial = [(code, language_label(code)) for code in codes], codes

    def settings(self) -> dict[str, Any]:
        """Keyword arguments of the services. Only after `is_valid()`."""
        names = ("deliver_on", "who", "moderation", *(name for name in self.moments if name == "embargo_until"))
        asked = self.cleaned_data["asked_fields"]
        return {
            **{name: self.cleaned_data[name] for name in names},
            **({"languages": self._languages()} if "languages" in self.fields else {}),
            "unasked_fields": [name for name in OPTIONAL if name not in asked],
        }

    def _languages(self) -> list[str]:
        return list(self.cleaned_data["languages"])


class VersionChoice(forms.ModelChoiceField):
    def label_from_instance(self, version: LetterVersion) -> str:
        return gettext("Letter %(letter)d, version %(version)d: %(title)s") % {
            "letter": version.letter.number,
            "version": version.number,
            "title": version.letter.title,
        }


class CallForm(CallSettingsForm):
    moments = {"opens_at": time(0, 0), "closes_at": time(23, 59), **CallSettingsForm.moments}
    version = VersionChoice(
        label=_("Letter and version"), queryset=LetterVersion.objects.none(), empty_label=None,
        help_text=_("The latest version of each letter that is not open for signature."),
    )  # fmt: skip
    opens_day = DayField(label=_("Opens on"), required=False, help_text=_("Leave empty to open it now."))
    opens_time = forms.TimeField(label=pgettext_lazy("time of day", "at"), required=False, widget=CLOCK)
    closes_day = DayField(label=_("Closes on"), help_text=_("Signing ends by itself at this time."))
    closes_time = forms.TimeField(label=pgettext_lazy("time of day", "at"), widget=CLOCK, initial=time(23, 59))

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, campaign=campaign, **kwargs)
        versions = versions_to_open(campaign)
        self.replacing = calls_to_replace(versions)
        versions = versions.exclude(pk__in=[version.pk for version, _call in self.replacing])
        cast(VersionChoice, self.fields["version"]).queryset = versions
        self.offer_languages(list(dict.fromkeys(code for version in versions for code in version.subjects)))

    def clean(self) -> dict[str, Any]:
        """The closing time is looked at beside all other errors, not after them."""
        cleaned, now = super().clean(), timezone.now()
        if cleaned["closes_at"] is not None:
            try:
                check_times(opens_at=cleaned["opens_at"] or now, closes_at=cleaned["closes_at"], now=now)
            except DomainError as error:
                self.add_error(self.field_of("closes_at"), str(error))
        return cleaned

    def call_values(self) -> dict[str, Any]:
        """Arguments of `sign_on_call_open`. Only after `is_valid()`."""
        return {**{name: self.cleaned_data[name] for name in ("version", "opens_at", "closes_at")}, **self.settings()}

    def _languages(self) -> list[str]:
        """Those of the version: the form lists the languages of all that can be opened."""
        chosen, version = super()._languages(), self.cleaned_data["version"]
        return [code for code in chosen if code in version.subjects] or chosen


class ChangeCallForm(CallSettingsForm):
    def __init__(self, data: Any = None, *, call: SignOnCall) -> None:
        super().__init__(data, campaign=call.campaign)
        self.offer_languages(list(call.version.subjects))
        self.initial = {
            "deliver_on": call.deliver_on, "who": call.who, "moderation": call.moderation,
            "languages": call.offered_languages,
            "asked_fields": [name for name in OPTIONAL if name not in call.unasked_fields],
        }  # fmt: skip
        self.show("embargo_until", call.embargo_until)
        if call.embargoed_until is None:
            del self.fields["embargo_day"], self.fields["embargo_time"]
            self.moments = {}


class ClosingTimeForm(DayAndTimeForm):
    moments = {"closes_at": time(23, 59)}
    closes_day = DayField(label=_("Closes on"))
    closes_time = forms.TimeField(label=pgettext_lazy("time of day", "at"), widget=CLOCK, initial=time(23, 59))
    deliver_on = DayField(
        label=_("The letter goes to governments on"), required=False,
        help_text=_("Not before it closes. Shown on the public page."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, call: SignOnCall) -> None:
        super().__init__(data, campaign=call.campaign)
        self.initial = {"deliver_on": call.deliver_on}
        if call.ended_at is None:
            self.show("closes_at", call.closes_at)

    def values(self) -> dict[str, Any]:
        """Arguments of `sign_on_call_reschedule`. Only after `is_valid()`."""
        return {name: self.cleaned_data[name] for name in ("closes_at", "deliver_on")}
