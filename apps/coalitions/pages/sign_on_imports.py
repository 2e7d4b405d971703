"""The page of a table of signatures: its columns, how many rows do what, and why some are left out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.text import first_names
from apps.core.types import Label
from apps.recipient_imports.spreadsheets.reader import Sheet

from ..models import SignOn, SignOnImport
from ..services.sign_on_entry import CollectedRow
from ..signatory_columns import LABELS, asked_columns

LEFT_OUT = ("error", "same", "repeated", "refused")
STATES: dict[str, Label] = {
    "new": gettext_lazy("To enter"),
    "error": gettext_lazy("With errors"),
    "same": gettext_lazy("Already there"),
    "repeated": gettext_lazy("Repeat an earlier row"),
    "refused": gettext_lazy("Left out"),
}


class Checked(Protocol):
    number: int
    name: str
    country: str
    row: CollectedRow | None
    errors: list[tuple[str, str]]
    same: SignOn | None
    repeats: int | None
    refused: str
    fields: list[tuple[str, Label, str]]

    @property
    def state(self) -> str: ...


@dataclass(frozen=True)
class Column:
    index: int
    heading: str
    samples: list[str]
    key: str


@dataclass(frozen=True)
class ImportPage:
    columns: list[Column]
    fields: list[tuple[str, Label]]
    #: "Remarks, Colour and 3 more"
    unread: str
    #: (state, number of rows, label), of those that occur
    states: list[tuple[str, int, Label]]
    total: int
    new: int
    left_out: int
    mails: int
    #: entered, but never written to: the file says so
    no_mails: int
    rows: Sequence[Checked]


def import_page(batch: SignOnImport, sheet: Sheet, rows: Sequence[Checked], on_page: Sequence[Checked]) -> ImportPage:
    counts = Counter(row.state for row in rows)
    columns = [
        Column(index, heading, sheet.samples(index), key)
        for index, (heading, key) in enumerate(zip(sheet.headings, batch.mapping, strict=False))
    ]
    return ImportPage(
        columns=columns,
        fields=[(key, LABELS[key]) for key in asked_columns(batch.kind)],
        unread=first_names((column.heading for column in columns if not column.key), 10),
        states=[(state, counts[state], label) for state, label in STATES.items() if counts[state]],
        total=len(rows),
        new=counts["new"],
        left_out=len(rows) - counts["new"],
        mails=sum(bool(row.state == "new" and row.row and row.row.typed.email and not row.row.no_mail) for row in rows),
        no_mails=sum(bool(row.state == "new" and row.row and row.row.no_mail) for row in rows),
        rows=on_page,
    )


def left_out_reason(row: Checked) -> str:
    if row.refused:
        return row.refused
    if row.same is not None:
        return _("This signature exists already.")
    if row.repeats is not None:
        return _("The same as row %(number)d.") % {"number": row.repeats}
    return " ".join(f"{label}: {error}" if label else error for label, error in row.errors)
