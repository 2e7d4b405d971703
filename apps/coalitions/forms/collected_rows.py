"""The rows of a table of signatures, each checked by the rules of the form."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.text import clean_lines
from apps.core.types import Label
from apps.recipient_imports.spreadsheets.reader import Sheet

from ..models import SignOn, SignOnImport
from ..selectors.collected_sign_ons import same_signatures, signer_of
from ..services.evidence_files import MAX_NOTE
from ..services.sign_on_entry import CollectedRow
from ..services.sign_on_imports import corrections_of
from ..signatory_columns import LABELS, asked_columns
from .cell_values import cell_value
from .collected_sign_ons import CollectedForm

#: forms of days in tables; those that are ambiguous are read as day, month, year
DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y")

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
    #: of one with errors: (key, label, value) of each field, to correct
    fields: list[tuple[str, Label, str]] = field(default_factory=list)

    @property
    def state(self) -> str:
        return "error" if self.errors else "same" if self.same else "repeated" if self.repeats else "new"


def checked_rows(batch: SignOnImport, sheet: Sheet) -> list[CheckedRow]:
    """Every row of the table, in its order. The database is asked a few times, however many rows there are."""
    form = CollectedForm(batch.kind, {})
    wanted = [(index, key) for index, key in enumerate(batch.mapping) if key and index < len(sheet.headings)]
    corrections = corrections_of(batch)
    rows = []
    for line in sheet.rows:
        values = {key: line.cells[index] for index, key in wanted} | corrections.get(line.number, {})
        rows.append(_checked(form, batch, line.number, line.cells, values))
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
    form: CollectedForm, batch: SignOnImport, number: int, cells: list[str], typed: dict[str, str]
) -> CheckedRow:
    values = {key: cell_value(key, value) for key, value in typed.items()}
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
    if language not in dict(settings.LANGUAGES):
        checked.errors.append((str(LABELS["language"]), _("Write one of: %(codes)s.") % {"codes": _codes()}))
    given_on = _day(values["given_on"]) if values.get("given_on") else batch.given_on
    if given_on is None or given_on > timezone.localdate():
        checked.errors.append((str(LABELS["given_on"]), _("Write a day like 2017-12-13 that is not in the future.")))
    if checked.errors:
        keys = [key for key in asked_columns(batch.kind) if key in typed or key in form.errors]
        checked.fields = [(key, LABELS[key], typed.get(key, "")) for key in keys]
    else:
        note = clean_lines(values.get("note", ""))[:MAX_NOTE]
        checked.row = CollectedRow(form.typed(language), given_on, note)
    return checked


def _codes() -> str:
    return ", ".join(code for code, _name in settings.LANGUAGES)


def _day(cell: str) -> date | None:
    """The day of a cell that is not empty, without a time of day."""
    for pattern in DAYS:
        try:
            return datetime.strptime(cell.split()[0], pattern).date()  # noqa: DTZ007 – a day has no zone
        except ValueError:
            continue
    return None


def typed_cells(data: Mapping[str, object]) -> dict[int, dict[str, str]]:
    """{number of a row: {key: value}} of the fields `cell-7-country`."""
    found: dict[int, dict[str, str]] = {}
    for name in data:
        if match := CELL.fullmatch(name):
            found.setdefault(int(match[1]), {})[match[2]] = str(data[name])
    return found
