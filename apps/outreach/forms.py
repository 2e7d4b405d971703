"""Forms of mailings."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.coalitions.forms.calls import CLOCK
from apps.coalitions.forms.collected_sign_ons import EVIDENCE_TYPES
from apps.coalitions.services.evidence_files import MAX_BYTES
from apps.core.form_fields import DayField, LineField, TextField
from apps.core.forms import NumberField
from apps.core.language_names import language_label
from apps.core.territories import territory_name
from apps.core.text_lengths import NOTE

from .models import AnswerSummary, Delivery, Dispatch, MailTriage, SignerReport, Touch
from .models.reports import PER_HOUR
from .selectors.reports import Audience, report_fingerprint
from .selectors.tracking import possible_assignees
from .services.report_mails import PLACEHOLDER
from .services.touches import Contact

PARTS = ("subject", "body")
#: in place of an empty value, which a form would take for no choice
EVERYBODY = "both"


class AuthoriseForm(forms.Form):
    """Typed by the second person. `plan` is the hash of the plan they saw."""

    typed_count = NumberField(
        label=_("Type the number of letters"),
        min_value=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input month-count"}),
        error_messages={
            "required": _("Type the number of letters that will be sent."),
            "invalid": _("Type a number in digits."),
        },
    )
    plan = forms.CharField(widget=forms.HiddenInput, min_length=64, max_length=64)


class TestForm(forms.Form):
    delivery = forms.ModelChoiceField(queryset=Delivery.objects.none(), label=_("Letter to"))

    def __init__(self, data: Mapping[str, object], *, dispatch: Dispatch) -> None:
        super().__init__(data)
        field = cast("forms.ModelChoiceField[Delivery]", self.fields["delivery"])
        field.queryset = Delivery.objects.filter(dispatch=dispatch)


class TriageForm(forms.Form):
    """Who looks after a mail, and what it is."""

    assignee = forms.ModelChoiceField(
        queryset=User.objects.none(), label=_("Who looks after it"), required=False, empty_label=_("Nobody yet")
    )
    label = forms.ChoiceField(
        label=_("Sorted as"), required=False,
        choices=[("", _("Not sorted yet")), *MailTriage.Label.choices],
        help_text=_("Email from a machine (out of office, proof that we are people) does not count as an answer."),
    )  # fmt: skip
    closed = forms.BooleanField(label=_("Dealt with: it needs no answer from us"), required=False)

    def __init__(self, *args: Any, campaign: Campaign, **options: Any) -> None:
        super().__init__(*args, **options)
        cast(forms.ModelChoiceField, self.fields["assignee"]).queryset = possible_assignees(campaign)


class MailAnswerForm(forms.Form):
    """An answer to an incoming mail. `seen` is the number of answers when the page was opened."""

    text = TextField(
        label=_("Your answer"), max_length=20_000, rows=12, error_messages={"required": _("Write the answer.")}
    )
    quote = forms.BooleanField(label=_("Quote their email below"), required=False, initial=True)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class TouchForm(forms.Form):
    """A contact by another way than a mailing."""

    channel = forms.ChoiceField(
        label=_("How"), choices=Touch.Channel.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the contact took place.")},
    )  # fmt: skip
    on = DayField(label=_("Day of the contact"))
    at = forms.TimeField(
        label=pgettext_lazy("time of day", "Time"), required=False, widget=CLOCK,
        help_text=_("On the clock where it took place, like 14:30."),
    )  # fmt: skip
    place_and_people = LineField(
        label=_("Place and people"), max_length=300, required=False,
        help_text=_("Only people who may see contact data read this. It is deleted after the campaign’s retention."),
    )  # fmt: skip
    summary = TextField(
        label=_("What was said"), max_length=NOTE, rows=5, help_text=_("The whole team reads this. Leave out names.")
    )
    answered = forms.BooleanField(
        label=_("The government said what it thinks of the letter"), required=False,
        help_text=_("Then the contact counts as an answer."),
    )  # fmt: skip
    link = forms.URLField(
        label=_("Link as evidence"), required=False, max_length=500, assume_scheme="https",
        error_messages={"invalid": _("Enter an address like https://example.org/page.")},
    )  # fmt: skip
    evidence = forms.FileField(
        label=_("File as evidence"), required=False, allow_empty_file=True,
        help_text=_("A scan, a photo or the email: PDF, JPEG, PNG, EML, XLSX, CSV or TXT, up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": EVIDENCE_TYPES}),
    )  # fmt: skip

    def contact(self) -> Contact:
        """Only after `is_valid()`."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "evidence"}
        return Contact(**values)

    def file(self) -> tuple[str, bytes] | None:
        """Read up to what is taken, so that a larger one is refused by its size."""
        found: UploadedFile | None = self.cleaned_data["evidence"]
        return (found.name or "", found.read(MAX_BYTES + 1)) if found else None


class FollowUpForm(forms.Form):
    """A next step with a government."""

    what = LineField(label=_("What to do"), max_length=300)
    due_on = DayField(label=_("By when"))
    assignee = forms.ModelChoiceField(
        queryset=User.objects.none(), label=_("Who"), required=False, empty_label=_("Nobody yet")
    )

    def __init__(self, *args: Any, campaign: Campaign, **options: Any) -> None:
        super().__init__(*args, **options)
        cast(forms.ModelChoiceField, self.fields["assignee"]).queryset = possible_assignees(campaign)


class LetterChoice(forms.ModelChoiceField):
    def label_from_instance(self, delivery: Delivery) -> str:
        return _("%(government)s: letter %(n)d to %(post)s, %(office)s") % {
            "government": delivery.member.name, "n": delivery.dispatch.letter.number, "post": delivery.recipient.post,
            "office": delivery.recipient.office.name,
        }  # fmt: skip


class MatchForm(forms.Form):
    """Which letter a mail is about."""

    letter = LetterChoice(
        queryset=Delivery.objects.none(), label=_("Letter"), empty_label=_("Choose a letter"),
        error_messages={"required": _("Choose the letter that it is about.")},
    )  # fmt: skip

    def __init__(self, *args: Any, letters: QuerySet[Delivery], **options: Any) -> None:
        super().__init__(*args, **options)
        cast(LetterChoice, self.fields["letter"]).queryset = letters


class PostponeForm(forms.Form):
    due_on = DayField(label=_("New day"))


class AnswerSummaryForm(forms.Form):
    """What the public page says of an answer, in the language in which it is written."""

    text = TextField(
        label=_("Summary for everybody"),
        help_text=_("In your own words. Name no person, no email address and no telephone number."),
        max_length=1000,
        rows=5,
        error_messages={"required": _("Write what the government answered.")},
    )
    language = forms.ChoiceField(label=_("Language of the summary"))

    def __init__(
        self, data: Mapping[str, object] | None = None, *, campaign: Campaign, summary: AnswerSummary | None
    ) -> None:
        initial = {"text": summary.text, "language": summary.language} if summary else None
        super().__init__(data, initial=initial)
        codes = dict.fromkeys(
            [*campaign.languages, *dict(settings.LANGUAGES), *([summary.language] if summary else [])]
        )
        field = cast(forms.ChoiceField, self.fields["language"])
        field.choices = [(code, language_label(code)) for code in codes]


class ReportForm(forms.Form):
    """To whom a report goes, and its subject and text in each of `languages`. A language without either has no text.
    `readers` counts those who could be chosen."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    signers = forms.TypedChoiceField(
        label=_("To whom"), choices=[(value or EVERYBODY, label) for value, label in SignerReport.Signers.choices],
        coerce=lambda value: "" if value == EVERYBODY else value, widget=forms.RadioSelect,
    )  # fmt: skip
    countries = forms.MultipleChoiceField(
        label=_("Only in these countries"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick none to write to all."),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=_("Only those who signed in these languages"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("The language of the page on which they signed. Tick none to write to all."),
    )  # fmt: skip
    per_hour = NumberField(
        label=_("Emails per hour, at most"), min_value=1, max_value=1_000_000, required=False,
        help_text=_("Large providers hold back or refuse what comes too fast. Leave it empty for 6000."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input month-count"}),
    )  # fmt: skip

    def __init__(
        self,
        data: Mapping[str, object] | None,
        *,
        languages: Iterable[str],
        figures: Collection[str],
        readers: Audience,
        report: SignerReport | None = None,
    ) -> None:
        texts = {text.language: text for text in report.texts.all()} if report else {}
        self.written_in, self.figures = list(dict.fromkeys([*languages, *texts])), figures
        super().__init__(data, initial=self._initial(report))
        spoken = {**dict.fromkeys(report.languages if report else [], 0), **readers.by_language}
        cast(forms.MultipleChoiceField, self.fields["languages"]).choices = [
            (code, f"{language_label(code)} ({number_format(number)})") for code, number in spoken.items()
        ]
        counted = {**dict.fromkeys(report.countries if report else [], 0), **readers.by_country}
        names = sorted((self._country(code, number), code) for code, number in counted.items())
        cast(forms.MultipleChoiceField, self.fields["countries"]).choices = [(code, name) for name, code in names]
        for code in self.written_in:
            attributes, text = {"lang": code}, texts.get(code)
            subject = LineField(label=_("Subject"), required=False, attrs=attributes, initial=text and text.subject)
            body = TextField(
                label=_("Text"), required=False, max_length=20000, rows=14, initial=text and text.body,
                help_text=_("An empty line begins a paragraph."),
            )  # fmt: skip
            body.widget.attrs.update(attributes)
            self.fields |= {f"subject_{code}": subject, f"body_{code}": body}

    def clean_per_hour(self) -> int:
        return self.cleaned_data["per_hour"] or PER_HOUR

    @staticmethod
    def _initial(report: SignerReport | None) -> dict[str, object]:
        if report is None:
            return {"signers": EVERYBODY, "per_hour": PER_HOUR}
        kept = {name: getattr(report, name) for name in ("countries", "languages", "per_hour")}
        return {**kept, "signers": report.signers or EVERYBODY, "seen": report_fingerprint(report, {})}

    @staticmethod
    def _country(code: str, readers: int) -> str:
        return f"{territory_name(code, get_language() or 'en')} ({number_format(readers)})"

    def parts(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """(language, subject, text) of each language."""
        return [(code, self[f"subject_{code}"], self[f"body_{code}"]) for code in self.written_in]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        for code in self.written_in:
            self._check(code, str(cleaned.get(f"subject_{code}", "")), str(cleaned.get(f"body_{code}", "")))
        if not self.errors and not self.texts():
            self.add_error(f"subject_{self.written_in[0]}", _("Write the email in one language at least."))
        return cleaned

    def _check(self, code: str, subject: str, body: str) -> None:
        if body and not subject:
            self.add_error(f"subject_{code}", _("Write a subject for this text."))
        if subject and not body:
            self.add_error(f"body_{code}", _("Write the text to this subject."))
        for name, text in ((f"subject_{code}", subject), (f"body_{code}", body)):
            unknown = sorted({*PLACEHOLDER.findall(text)} - {*self.figures})
            if unknown:
                message = _("There is no figure {%(name)s}. Use those listed above.")
                self.add_error(name, message % {"name": unknown[0]})

    def texts(self) -> dict[str, tuple[str, str]]:
        found = {code: tuple(self.cleaned_data.get(f"{part}_{code}", "") for part in PARTS) for code in self.written_in}
        return {code: (subject, body) for code, (subject, body) in found.items() if subject and body}


class AuthoriseReportForm(forms.Form):
    """Typed by the second person. `seen` is the fingerprint of what they saw."""

    typed_count = NumberField(
        label=_("Type the number of people who get it"),
        min_value=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input month-count"}),
        error_messages={
            "required": _("Type the number of people who get it."),
            "invalid": _("Type a number in digits."),
        },
    )
    seen = forms.CharField(widget=forms.HiddenInput, min_length=64, max_length=64)
