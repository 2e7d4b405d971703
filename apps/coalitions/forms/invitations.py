"""The list of organisations to invite: the form, its lines, and what is wrong with them."""

import csv
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.forms import ModelMultipleChoiceField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.encryption import lookup_hashes
from apps.core.form_fields import LineField, NameField, TextField
from apps.core.interface_languages import interface_language
from apps.core.territories import organisation_codes
from apps.core.text import clean_line, name_key
from apps.core.types import Label
from apps.recipient_imports.spreadsheets.parser_runner import UnreadableFile, parse_in_process
from apps.recipient_imports.spreadsheets.reader import check_size
from apps.recipient_imports.spreadsheets.table import WHOLE, Options

from ..models import Invitation, Organisation, SignOnCall
from ..pages.invitations import STATES
from ..selectors.invitable_organisations import representatives
from ..selectors.invitations import known_addresses, signed_organisations
from ..services.invitations import MAX_INVITED, InvitedOrganisation
from ..signatory_columns import guess_columns
from .cell_values import cell_value
from .form_fields import AddressField, WebsiteField

#: characters of what an organisation says when it declines
MAX_NOTE = 600
#: the order of columns without headings; the address is recognised wherever it is
AFTER_ADDRESS = ("language", "country", "org_website", "person_name")
#: in the order in which a line is checked
FIELDS: dict[str, tuple[Label, forms.Field]] = {
    "org_name": (gettext_lazy("Name"), NameField()),
    "email": (
        gettext_lazy("Email address"),
        AddressField(
            max_length=254,
            error_messages={
                "required": gettext_lazy("Enter the address to which the invitation goes."),
                "invalid": gettext_lazy("Enter an email address like name@domain.org."),
            },
        ),
    ),
    "language": (gettext_lazy("Language"), LineField()),
    "country": (gettext_lazy("Country"), LineField(required=False)),
    "org_website": (gettext_lazy("Website"), WebsiteField(required=False)),
    "person_name": (gettext_lazy("Contact person"), NameField(required=False)),
}


@dataclass
class CheckedLine:
    """`number` is that of the line. Without `row` it has errors; `repeats` is an earlier line with the same address."""

    number: int
    line: str
    name: str
    row: InvitedOrganisation | None = None
    #: (label of the column, what is wrong)
    errors: list[tuple[Label, str]] = field(default_factory=list)
    repeats: int | None = None
    #: "invited", "signed" or "unwanted", where nobody is to be invited again
    known: str = ""

    @property
    def state(self) -> str:
        return "error" if self.errors else self.known or ("repeated" if self.repeats else "new")


class InviteForm(forms.Form):
    """A file is turned into lines, which are corrected in the text area."""

    file = forms.FileField(
        label=gettext_lazy("File with the list"), required=False, allow_empty_file=True,
        help_text=gettext_lazy("XLSX or CSV. Its rows are put into the text area, where you can correct them."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )  # fmt: skip
    pasted = forms.CharField(
        label=gettext_lazy("Organisations, one in each line"), required=False, max_length=2_000_000, strip=False,
        help_text=gettext_lazy(
            "Name; email address; language; country; website; contact person. Separate them by semicolons, commas or "
            "tabs. Only name and address are needed. With headings, the columns can have any order."
        ),
        widget=forms.Textarea(attrs={"rows": 12, "dir": "auto", "spellcheck": "false", "wrap": "off"}),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the email where a line does not say"), choices=settings.LANGUAGES
    )

    #: those ticked on the page with the organisations that the campaign knows
    organisation = forms.ModelMultipleChoiceField(
        queryset=Organisation.objects.none(), required=False, widget=forms.MultipleHiddenInput
    )

    def __init__(
        self, *args: Any, call: SignOnCall, known: QuerySet[Organisation] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.call = call
        if known is not None:
            cast("ModelMultipleChoiceField[Organisation]", self.fields["organisation"]).queryset = known
        self.initial.setdefault("language", interface_language(call.campaign.languages[0]))

    def clean_file(self) -> str:
        """The rows of the file as lines, with tabs between their cells."""
        file: UploadedFile | None = self.cleaned_data["file"]
        if not file:
            return ""
        try:
            check_size(file.size or 0)
            table = parse_in_process(file.read(), Options(), **WHOLE)
        except UnreadableFile as error:
            raise forms.ValidationError(str(error)) from None
        lines = ["\t".join(clean_line(cell).strip() for cell in row.cells) for row in table.rows]
        return "\n".join(line.rstrip() for line in lines if line.strip())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        texts = list(filter(str.strip, [cleaned.get("pasted", ""), cleaned.get("file", "")]))
        text = "\n".join([*texts, *known_lines(self.call, cleaned.get("organisation") or [], "\n".join(texts))])
        if not self.has_error("file") and not text.strip():
            self.add_error("pasted", _("Enter at least one organisation, or choose a file."))
        elif len(text.splitlines()) > MAX_INVITED + 1:
            message = _("At most %(most)s organisations are invited at a time. Divide the list.")
            self.add_error("pasted", message % {"most": MAX_INVITED})
        cleaned["text"] = text
        return cleaned

    def lines(self) -> list[CheckedLine]:
        """Every line that is not empty, checked. Only after `is_valid()`."""
        return checked_lines(self.call, self.cleaned_data["text"], self.cleaned_data["language"])


def checked_lines(call: SignOnCall, text: str, language: str) -> list[CheckedLine]:
    """Every line, in order, with what is wrong with it. The database is asked a few times, however many there are."""
    lines = [_checked(number, line, values, language) for number, line, values in _read(text)]
    valid = [line.row for line in lines if line.row is not None]
    known = known_addresses(call, [row.email for row in valid])
    organisations = signed_organisations(call, {name_key(row.org_name) for row in valid})
    first: dict[str, int] = {}
    for line in lines:
        if line.row is None:
            continue
        digest = lookup_hashes(line.row.email)[0].digest
        has_signed = (name_key(line.row.org_name), line.row.country) in organisations
        line.known = known.get(digest, "signed" if has_signed else "")
        line.repeats = first.get(digest)
        first.setdefault(digest, line.number)
    return lines


def _read(text: str) -> Iterator[tuple[int, str, dict[str, str]]]:
    """(number, the line, {field: cell}) of each line with a value; headings are none."""
    keys: list[str] | None = None
    is_first = True
    for number, line in enumerate(text.splitlines(), start=1):
        cells = _cells(line)
        if not any(cells):
            continue
        if is_first:
            is_first, keys = False, _headings(cells)
            if keys is not None:
                continue
        yield number, line, _with_headings(keys, cells) if keys is not None else _without_headings(cells)


def known_lines(call: SignOnCall, organisations: Collection[Organisation], text: str) -> Iterator[str]:
    """A line for each, with the columns of the text in which it will stand. An unknown address is left to type."""
    people = representatives(call.campaign, organisations)
    found = (_headings(cells) for line in text.splitlines() if any(cells := _cells(line)))
    keys = next(found, None) or ["org_name", "email", *AFTER_ADDRESS]
    for organisation in organisations:
        person = people.get(organisation.pk)
        values = {
            "org_name": organisation.name, "country": organisation.country, "org_website": organisation.website,
            "email": person.email if person else "", "language": interface_language(person.language) if person else "",
            "person_name": person.person_name if person else "",
        }  # fmt: skip
        yield "\t".join(clean_line(values.get(key, "")) for key in keys).rstrip()


def _headings(cells: Sequence[str]) -> list[str] | None:
    guessed = guess_columns(cells)
    return guessed if "email" in guessed and not any("@" in cell for cell in cells) else None


def _cells(line: str) -> list[str]:
    delimiter = next((char for char in "\t;" if char in line), ",")
    try:
        cells = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        cells = line.split(delimiter)
    return [clean_line(cell).strip() for cell in cells]


def _with_headings(keys: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    return {key: cell for key, cell in zip(keys, cells, strict=False) if key in FIELDS}


def _without_headings(cells: Sequence[str]) -> dict[str, str]:
    """What stands before the address is the name; language and country may have changed places."""
    at = next((index for index, cell in enumerate(cells) if "@" in cell), min(1, len(cells) - 1))
    before, rest = list(cells[:at]), list(cells[at + 1 :])
    if not before and rest:
        before = [rest.pop(0)]
    values = {"org_name": ", ".join(filter(None, before)), "email": cells[at] if at or "@" in cells[at] else ""}
    values |= dict(zip(AFTER_ADDRESS, rest, strict=False))
    language, country = values.get("language", ""), values.get("country", "")
    is_country = cell_value("country", language) in organisation_codes()
    if language and not _is_language(language) and (_is_language(country) or (is_country and not country)):
        values |= {"language": country, "country": language}
    return values


def _is_language(cell: str) -> bool:
    return cell_value("language", cell) in dict(settings.LANGUAGES)


def _checked(number: int, line: str, cells: dict[str, str], language: str) -> CheckedLine:
    values = {key: cell_value(key, cells.get(key, "")) for key in FIELDS}
    values["language"] = values["language"] or language
    checked = CheckedLine(number, line, (values["org_name"] or values["email"] or line)[:200])
    for key, (label, form_field) in FIELDS.items():
        try:
            values[key] = form_field.clean(values[key])
        except forms.ValidationError as error:
            checked.errors.append((label, " ".join(error.messages)))
    checked.errors += _unknown(values)
    if not checked.errors:
        checked.row = InvitedOrganisation(**values)
    return checked


def _unknown(values: dict[str, str]) -> Iterator[tuple[Label, str]]:
    if values["language"] not in dict(settings.LANGUAGES):
        known = ", ".join(code for code, _name in settings.LANGUAGES)
        message = _(
            "“%(value)s” is not a language of our emails. Write one of these codes, or leave it empty: %(known)s"
        )
        yield FIELDS["language"][0], message % {"value": values["language"], "known": known}
    if values["country"] and values["country"] not in organisation_codes():
        message = _("We do not know the country “%(value)s”. Write its name or its two-letter code.")
        yield FIELDS["country"][0], message % {"value": values["country"]}


class DeclineForm(forms.Form):
    """Why an organisation will not sign, if it wants to say so."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why, if you want to say"), required=False, widget=forms.RadioSelect,
        choices=[("", gettext_lazy("We prefer not to say")), *Invitation.Reason.choices],
    )  # fmt: skip
    note = TextField(
        label=gettext_lazy("In your own words"), required=False, max_length=MAX_NOTE, rows=3,
        help_text=gettext_lazy("Only the people of the campaign who invite organisations read this."),
    )  # fmt: skip


class InvitationsFilterForm(forms.Form):
    """What narrows the list. Anything else is ignored."""

    state = forms.ChoiceField(required=False, choices=[("", ""), *((state, state) for state in STATES)])
    q = LineField(required=False, max_length=100)
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)

    def values(self) -> dict[str, Any]:
        self.is_valid()
        return {"state": "", "q": "", "page": 1} | {name: value for name, value in self.cleaned_data.items() if value}


class NumberForm(forms.Form):
    """How many the reader saw."""

    number = forms.IntegerField(min_value=1, max_value=10**9)
