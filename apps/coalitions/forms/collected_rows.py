"""The rows of a table of signatures, each checked by the rules of the form."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.text import clean_lines, fold
from apps.core.types import Label
from apps.recipient_imports.spreadsheets.reader import Sheet

from ..models import SignOn, SignOnImport
from ..petition_tools import ORGANISATION_TYPES, PERSON_TYPES, day_in, is_month_first, wants_no_mail
from ..selectors.collected_sign_ons import same_signatures, signer_of
from ..services.evidence_files import MAX_NOTE
from ..services.sign_on_entry import CollectedRow
from ..services.sign_on_imports import corrections_of
from ..signatory_columns import LABELS, asked_columns
from .cell_values import cell_value
from .collected_sign_ons import CollectedForm

#: the name of a field of a row
CELL = re.compile(r"cell-([0-9]{1,7})-([a-z_]{1,40})")


@dataclass
class CheckedRow:
    """`number` is the one that a spreadsheet program shows. Without `typed` it has errors; `same` is a signature that
    is there already, `repeats` the number of an earlier row that is the same."""

    number: int
    name: str
    country: str
    cells: list[str]
    row: CollectedRow | None = None
    #: (label of the field, what is wrong)
    errors: list[tuple[str, str]] = field(default_factory=list)
    same: SignOn | None = None
    repeats: int | None = None
    #: why it is left out though nothing is wrong with it
    refused: str = ""
    #: of one with errors: (key, label, value) of each field, to correct
    fields: list[tuple[str, Label, str]] = field(default_factory=list)

    @property
    def state(self) -> str:
        if self.errors or self.refused:
            return "error" if self.errors else "refused"
        return "same" if self.same else "repeated" if self.repeats else "new"


def checked_rows(batch: SignOnImport, sheet: Sheet) -> list[CheckedRow]:
    """Every row of the table, in its order. The database is asked a few times, however many rows there are."""
    form = CollectedForm(batch.kind, {})
    wanted = [(index, key) for index, key in enumerate(batch.mapping) if key and index < len(sheet.headings)]
    corrections = corrections_of(batch)
    days = [index for index, key in wanted if key == "given_on"]
    month_first = any(is_month_first([line.cells[index].split(" ")[0] for line in sheet.rows]) for index in days)
    rows = []
    for line in sheet.rows:
        values: dict[str, str] = {}
        for index, key in wanted:
            values[key] = f"{values[key]}\n{line.cells[index]}" if key in values else line.cells[index]
        values |= corrections.get(line.number, {})
        rows.append(_checked(form, batch, line.number, line.cells, values, month_first=month_first))
    valid = [row for row in rows if row.row is not None]
    same = same_signatures(batch.call, [row.row.typed for row in valid if row.row], batch.version)
    first: dict[tuple[str, ...], int] = {}
    for position, row in enumerate(valid):
        assert row.row is not None
        row.same = same.get(position)
        for mark in _marks(row.row.typed):
            row.repeats = row.repeats or first.get(mark)
        if row.same is None and row.repeats is None:
            first |= dict.fromkeys(_marks(row.row.typed), row.number)
    return rows


def rows_to_enter(rows: Sequence[CheckedRow]) -> list[CollectedRow]:
    return [row.row for row in rows if row.row is not None and row.state == "new"]


def _marks(typed: SignOn) -> Iterator[tuple[str, ...]]:
    """What two rows of one table must not share: an organisation's name and country, or a person's address; of people
    without an address, the name and country."""
    signer = signer_of(typed)
    if signer.kind == SignOn.Kind.PERSON and signer.address:
        yield (signer.kind, signer.address)
    else:
        yield (signer.kind, signer.name_key, signer.country)


def _checked(
    form: CollectedForm, batch: SignOnImport, number: int, cells: list[str], typed: dict[str, str], *, month_first: bool
) -> CheckedRow:
    values = {key: cell_value(key, value) for key, value in typed.items()}
    values["person_name"] = values.get("person_name") or _whole_name(values)
    data = {name: values.get(name, "") for name in form.fields}
    data["visibility"] = data["visibility"] or batch.visibility
    if "org_kind" in form.fields:
        data["org_kind"] = data["org_kind"] or "other"
    if batch.authorised and "authorised" in form.fields:
        data["authorised"] = "on"
    form.data = data
    form.full_clean()
    name = data.get("org_name") or data.get("person_name", "")
    checked = CheckedRow(number, name[:200], form.cleaned_data.get("country", ""), cells)
    checked.errors = [
        (str(LABELS[key]) if key in LABELS else "", " ".join(map(str, errors))) for key, errors in form.errors.items()
    ]
    language = values.get("language") or batch.language
    if batch.tool and language not in dict(settings.LANGUAGES):
        language = batch.language  # the tool knows languages that we have no mails in
    if language not in dict(settings.LANGUAGES):
        checked.errors.append((str(LABELS["language"]), _("Write one of: %(codes)s.") % {"codes": _codes()}))
    given_on = day_in(values["given_on"], month_first=month_first) if values.get("given_on") else batch.given_on
    if given_on is None or given_on > timezone.localdate():
        checked.errors.append((str(LABELS["given_on"]), _("Write a day like 2017-12-13 that is not in the future.")))
    no_mail = wants_no_mail(values.get("no_mail", ""))
    checked.refused = _refusal(batch, values, can_be_asked=bool(form.cleaned_data.get("email")) and not no_mail)
    if checked.refused:
        checked.errors = []
    elif checked.errors:
        keys = [key for key in asked_columns(batch.kind) if key in typed or key in form.errors]
        checked.fields = [(key, LABELS[key], typed.get(key, "")) for key in keys]
    else:
        note = clean_lines(values.get("note", ""))[:MAX_NOTE]
        checked.row = CollectedRow(form.typed(language), given_on, note, no_mail)
    return checked


def _codes() -> str:
    return ", ".join(code for code, _name in settings.LANGUAGES)


def _whole_name(values: Mapping[str, str]) -> str:
    return " ".join(filter(None, (values.get("first_name", "").strip(), values.get("last_name", "").strip())))


def _refusal(batch: SignOnImport, values: Mapping[str, str], *, can_be_asked: bool) -> str:
    kind = fold(values.get("contact_type", ""))
    if batch.kind == SignOn.Kind.PERSON and kind in ORGANISATION_TYPES:
        return _("An organisation. Import the file once more for organisations.")
    if batch.kind == SignOn.Kind.ORGANISATION and kind in PERSON_TYPES:
        return _("A person. Import the file once more for people.")
    if batch.signed_other_text and not can_be_asked:
        return _("Signed another text, and cannot be asked by email about this one.")
    return ""


def typed_cells(data: Mapping[str, object]) -> dict[int, dict[str, str]]:
    """{number of a row: {key: value}} of the fields `cell-7-country`."""
    found: dict[int, dict[str, str]] = {}
    for name in data:
        if match := CELL.fullmatch(name):
            found.setdefault(int(match[1]), {})[match[2]] = str(data[name])
    return found
