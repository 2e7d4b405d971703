"""Forms of mailings."""

from collections.abc import Collection, Iterable, Mapping
from typing import cast

from django import forms
from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.campaigns.models import Campaign
from apps.core.form_fields import LineField, TextField
from apps.core.forms import NumberField
from apps.core.language_names import language_label
from apps.core.territories import territory_name

from .models import AnswerSummary, Delivery, Dispatch, SignerReport
from .models.reports import PER_HOUR
from .selectors.reports import report_fingerprint
from .services.report_mails import PLACEHOLDER

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
    `readers` counts by country those who could be chosen."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    signers = forms.TypedChoiceField(
        label=_("To whom"), choices=[(value or EVERYBODY, label) for value, label in SignerReport.Signers.choices],
        coerce=lambda value: "" if value == EVERYBODY else value, widget=forms.RadioSelect,
    )  # fmt: skip
    countries = forms.MultipleChoiceField(
        label=_("Only in these countries"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick none to write to all."),
    )  # fmt: skip
    per_hour = NumberField(
        label=_("Emails an hour, at most"), min_value=1, max_value=1_000_000, required=False,
        help_text=_("Large providers hold back or refuse what comes too fast. Leave it empty for 6000."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input month-count"}),
    )  # fmt: skip

    def __init__(
        self,
        data: Mapping[str, object] | None,
        *,
        languages: Iterable[str],
        figures: Collection[str],
        readers: Mapping[str, int],
        report: SignerReport | None = None,
    ) -> None:
        texts = {text.language: text for text in report.texts.all()} if report else {}
        self.languages, self.figures = list(dict.fromkeys([*languages, *texts])), figures
        super().__init__(data, initial=self._initial(report))
        counted = {**dict.fromkeys(report.countries if report else [], 0), **readers}
        names = sorted((self._country(code, number), code) for code, number in counted.items())
        cast(forms.MultipleChoiceField, self.fields["countries"]).choices = [(code, name) for name, code in names]
        for code in self.languages:
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
        kept = {"countries": report.countries, "per_hour": report.per_hour, "signers": report.signers or EVERYBODY}
        return {**kept, "seen": report_fingerprint(report, {})}

    @staticmethod
    def _country(code: str, readers: int) -> str:
        return f"{territory_name(code, get_language() or 'en')} ({number_format(readers)})"

    def parts(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """(language, subject, text) of each language."""
        return [(code, self[f"subject_{code}"], self[f"body_{code}"]) for code in self.languages]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        for code in self.languages:
            self._check(code, str(cleaned.get(f"subject_{code}", "")), str(cleaned.get(f"body_{code}", "")))
        if not self.errors and not self.texts():
            self.add_error(f"subject_{self.languages[0]}", _("Write the email in one language at least."))
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
        found = {code: tuple(self.cleaned_data.get(f"{part}_{code}", "") for part in PARTS) for code in self.languages}
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
