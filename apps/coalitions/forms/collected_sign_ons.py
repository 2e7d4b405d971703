"""Forms of signatures that were collected by mail, on paper or in a spreadsheet: one by one, and a table of them."""

from collections.abc import Collection
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.forms import ModelChoiceField
from django.utils.formats import number_format
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.form_fields import DayField, TextField
from apps.core.types import Label
from apps.letters.models import LetterVersion
from apps.recipient_imports.spreadsheets.parser_runner import UnreadableFile
from apps.recipient_imports.spreadsheets.reader import check_size
from apps.recipient_imports.spreadsheets.table import MAX_ROWS

from ..models import SignOn, SignOnCall
from ..models.sign_on_fields import TYPED, Part
from ..pages.sign_on_labels import CAME_BY, VISIBILITIES
from ..selectors.collected_sign_ons import enterable_versions
from ..services.evidence_files import MAX_NOTE, Source
from ..signatory_columns import LABELS
from .sign_on import SignatureForm

#: of a table: what a cell has to say
UNKNOWN: dict[str, Label] = {
    "country": _("We do not know the country “%(value)s”. Write its name or its two-letter code."),
    "org_kind": _(
        "“%(value)s” is not a kind that we know. Write one as the form has it, or leave it empty for “Other”."
    ),
    "visibility": _("“%(value)s” is unclear. Write “public”, “governments” or “counted”."),
}
EVIDENCE_TYPES = ".pdf,.jpg,.jpeg,.png,.eml,.xlsx,.csv,.txt"


class SourceForm(forms.Form):
    """How it came, and what shows it."""

    came_by = forms.ChoiceField(
        label=_("How it came"), choices=CAME_BY, widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it came.")},
    )  # fmt: skip
    given_on = DayField(
        label=_("Signed on"), help_text=_("The day on the paper or of the email."),
        error_messages={
            "required": _("Enter the day on which it was signed."),
            "invalid": _("Enter a day like 2017-12-13."),
        },
    )  # fmt: skip
    evidence = forms.FileField(
        label=_("File as evidence"), required=False, allow_empty_file=True,
        help_text=_("A scan, a photo or the email: PDF, JPEG, PNG, EML, XLSX, CSV or TXT, up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": EVIDENCE_TYPES}),
    )  # fmt: skip
    note = TextField(
        label=_("Note about it"), required=False, max_length=MAX_NOTE, rows=2,
        help_text=_("Such as: message of 3 May from …; original in the folder at the office."),
    )  # fmt: skip

    def source(self) -> Source:
        """Only after `is_valid()`."""
        data, file = self.cleaned_data, self.cleaned_data.get("evidence")
        return Source(
            came_by=data["came_by"], given_on=data["given_on"], note=data["note"],
            file_name=file.name if file else "", content=file.read() if file else b"",
        )  # fmt: skip


class VersionField(forms.ModelChoiceField):
    def label_from_instance(self, obj: LetterVersion) -> str:
        return gettext("Version %(number)d") % {"number": obj.number}


class LanguageForm(SourceForm):
    """Of what is entered; the signer gets mail in this language."""

    version = VersionField(
        label=_("Version that was signed"), queryset=LetterVersion.objects.none(), empty_label=None,
        help_text=_(
            "The one that the paper shows. Those who signed the text before a material change are asked by email about "
            "the new one; without an address, the signature counts for the earlier version only."
        ),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language of the email to the signer"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, call: SignOnCall, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        versions = enterable_versions(call)
        if len(versions) > 1:
            cast("ModelChoiceField[LetterVersion]", self.fields["version"]).queryset = versions
            self.initial.setdefault("version", call.version_id)
        else:
            del self.fields["version"]

    def version_chosen(self) -> LetterVersion | None:
        """None where there is no choice. Only after `is_valid()`."""
        return self.cleaned_data.get("version")


class CollectedForm(SignatureForm):
    """The fields of the public form, about somebody else: an address is not needed, and the visibility is the narrowest
    unless the paper says more."""

    def __init__(self, kind: str, data: Any = None, *, unasked: Collection[str] = ()) -> None:
        self.kind = kind
        self.table = [field for field in TYPED if kind in field.asked_of and field.name not in unasked]
        super().__init__(data, initial={"visibility": SignOn.Visibility.COUNTED.value})
        for name, field in self.fields.items():
            field.label = str(LABELS[name])
            field.widget.attrs["autocomplete"] = "off"
        self.fields["visibility"].help_text = _("Choose more than “only counted” only if the paper says so.")
        self.fields["email"].required = False
        self.fields["email"].help_text = _(
            "We email this address to ask for confirmation. Leave it empty if the paper has none."
        )
        for name, message in UNKNOWN.items():
            if name in self.fields:
                self.fields[name].error_messages["invalid_choice"] = str(message)
        if "authorised" in self.fields:
            self.fields["authorised"].error_messages["required"] = _(
                "Tick this if the paper says so. If not, ask the organisation first."
            )

    def legends(self) -> dict[Part, Label]:
        return {Part.ORGANISATION: _("The organisation"), Part.SIGNER: _("The person who signed")}

    def typed(self, language: str) -> SignOn:
        """An unsaved row. Only after `is_valid()`."""
        return SignOn(kind=self.kind, language=language, **self.cleaned_data)


def _table_hint() -> str:
    sentence = gettext(
        "CSV or XLSX, up to %(most)s rows, also as Action Network and CiviCRM export them. Columns in any order, with "
        "headings."
    )
    return sentence % {"most": number_format(MAX_ROWS, force_grouping=True)}


class TableForm(LanguageForm):
    """A file or pasted rows, and what holds for all of them."""

    kind = forms.ChoiceField(
        label=_("Who signed"), widget=forms.RadioSelect,
        choices=[(SignOn.Kind.ORGANISATION, _("Organisations")), (SignOn.Kind.PERSON, _("People"))],
    )  # fmt: skip
    file = forms.FileField(
        label=_("Table"), required=False, allow_empty_file=True,
        help_text=lazy(_table_hint, str)(),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )  # fmt: skip
    pasted = forms.CharField(
        label=_("Or paste rows here"), required=False, max_length=2_000_000, strip=False,
        help_text=_("Copied from a spreadsheet, the first row with the headings."),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto", "spellcheck": "false"}),
    )  # fmt: skip
    visibility = forms.ChoiceField(
        label=_("Who may see the names, where a row does not say"), initial=SignOn.Visibility.COUNTED.value,
        choices=[(value.value, label) for value, label, _hint in VISIBILITIES],
        help_text=_("Choose more than the narrowest only if the paper said so to everybody who signed it."),
    )  # fmt: skip
    authorised = forms.BooleanField(
        label=_("Every organisation’s row comes from somebody who says that they may sign for it"), required=False
    )

    field_order = [
        "kind", "file", "pasted", "came_by", "given_on", "evidence", "note", "version", "visibility", "language",
        "authorised",
    ]  # fmt: skip

    def clean_file(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data["file"]
        try:
            check_size(file.size or 0 if file else 0)
        except UnreadableFile as error:
            raise forms.ValidationError(str(error)) from None
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.has_error("file") and not cleaned.get("file") and not cleaned.get("pasted", "").strip():
            self.add_error("file", _("Choose a file, or paste the rows below."))
        return cleaned

    def table(self) -> tuple[str, bytes]:
        """Name and content. Only after `is_valid()`."""
        file = self.cleaned_data["file"]
        return (file.name, file.read()) if file else ("rows.csv", self.cleaned_data["pasted"].encode())


class PetitionTextForm(forms.Form):
    """What those in a file of a petition tool signed."""

    text = forms.ChoiceField(
        label=_("What did these people sign?"), widget=forms.RadioSelect,
        choices=[("same", _("Exactly this text")), ("other", _("Another text, even if it is similar"))],
        error_messages={"required": _("Choose which text they signed.")},
        help_text=_(
            "Those who signed exactly this text are entered, and somebody other than you can accept them on "
            "the file. Those who signed another text count only after confirming this one by email; rows without an "
            "address, or of people who want no email, are left out."
        ),
    )  # fmt: skip

    def is_same(self) -> bool:
        """Only after `is_valid()`."""
        return bool(self.cleaned_data["text"] == "same")


class SignerRequestForm(SourceForm):
    """What a signer asked for, and what shows it."""

    act = forms.ChoiceField(
        label=_("What the signer asked for"), widget=forms.RadioSelect, error_messages={"required": _("Choose one.")},
        choices=[
            ("withdraw", _("Withdraw: the name is taken off the list, and the count falls by one")),
            ("erase", _("Erase: the same, and everything that was entered is deleted with its evidence")),
        ],
    )  # fmt: skip

    field_order = ["act", "came_by", "given_on", "evidence", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["came_by"].label = _("How the request came")
        self.fields["given_on"].label = _("Day of the request")
