"""A table as a person sent it: headings and rows of text, from CSV or XLSX, within bounds."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 100
MAX_CELL = 10_000


class UnreadableFile(DomainError):
    """The file is no table that can be read, or too large. The sentence says which, and what to do."""


class Row(NamedTuple):
    """`number` is the one a spreadsheet program shows beside the row."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Options:
    """How to read; "" and 0 leave it to us."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    heading_row: int = 0


@dataclass(frozen=True)
class Table:
    """Rows as they stand in the file, before anybody knows which of them are headings."""

    kind: str
    rows: list[Row]
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Sheet:
    """A table with its headings. `skipped` rows stood above them."""

    table: Table
    heading_row: int
    headings: list[str]
    rows: list[Row]
    skipped: int = 0

    def samples(self, column: int, count: int = 3) -> list[str]:
        """The first different values of a column, shortened."""
        found: list[str] = []
        for row in self.rows:
            value = row.cells[column].strip()
            if value and value not in found:
                found.append(value)
                if len(found) == count:
                    break
        return [value if len(value) <= 60 else f"{value[:59]}…" for value in found]


def bounded(rows: Iterable[Row]) -> list[Row]:
    """The rows that hold something. Raises UnreadableFile at the first that is too long, too wide or one too many."""
    kept: list[Row] = []
    for row in rows:
        if not any(cell and not cell.isspace() for cell in row.cells):
            continue
        check_row(row)
        kept.append(row)
        if len(kept) > MAX_ROWS:
            raise UnreadableFile(
                _("The file has more than %(most)s rows. Divide it and import the parts one after another.")
                % {"most": f"{MAX_ROWS:,}"}
            )
    return kept


def check_row(row: Row) -> None:
    """Raises UnreadableFile where a row is too wide, or a cell too long or no text."""
    if len(row.cells) > MAX_COLUMNS:
        raise UnreadableFile(
            _("Row %(row)s has %(columns)s columns; at most %(most)s are read. Delete the columns that are not needed.")
            % {"row": row.number, "columns": len(row.cells), "most": MAX_COLUMNS}
        )
    for number, cell in enumerate(row.cells, start=1):
        if len(cell) > MAX_CELL:
            raise too_long(row.number, number)
        if "\x00" in cell:
            raise UnreadableFile(
                _("Row %(row)s holds a sign that is no text (NUL). Save the table anew as CSV in UTF-8, or as XLSX.")
                % {"row": row.number}
            )


def too_long(row: int, column: int = 0) -> UnreadableFile:
    """What is said about a cell of more than MAX_CELL characters; without a column where nobody knows it."""
    said = _(
        "Row %(row)s has a cell of more than %(most)s characters (column %(column)s). Shorten it; or, if it is not so "
        "long, a quotation mark before it is not closed."
    )
    if not column:
        said = _(
            "Row %(row)s has a cell of more than %(most)s characters. Shorten it; or, if it is not so long, a "
            "quotation mark before it is not closed."
        )
    return UnreadableFile(said % {"row": row, "most": f"{MAX_CELL:,}", "column": column_letters(column)})


def with_headings(table: Table, heading_row: int) -> Sheet:
    """The table under the headings of that row. Raises UnreadableFile where there is nothing under them."""
    head = next((row for row in table.rows if row.number == heading_row), None)
    if head is None:
        raise UnreadableFile(
            _("Row %(row)s is empty. Give the number of the row that holds the headings.") % {"row": heading_row},
            field="heading_row",
        )
    below = [row for row in table.rows if row.number > heading_row]
    if not below:
        raise UnreadableFile(
            _(
                "There are no rows under the headings in row %(row)s. Add the recipients, one a row, and "
                "choose the file again."
            )
            % {"row": heading_row}
        )
    width = max(len(head.cells), *(len(row.cells) for row in below))
    filled = [
        column
        for column in range(width)
        if cell_at(head, column).strip() or any(cell_at(row, column).strip() for row in below)
    ]
    return Sheet(
        table=table,
        heading_row=heading_row,
        headings=[" ".join(cell_at(head, column).split()) or column_letters(column + 1) for column in filled],
        rows=[Row(row.number, [cell_at(row, column) for column in filled]) for row in below],
        skipped=sum(row.number < heading_row for row in table.rows),
    )


def cell_at(row: Row, column: int) -> str:
    return row.cells[column] if column < len(row.cells) else ""


def column_letters(number: int) -> str:
    """1 → "A", 27 → "AA"."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def starts_with(content: bytes, marks: dict[Any, Any]) -> Any:
    """What the first bytes say, or None."""
    start = content[:1024].lstrip().lower()
    return next((words for mark, words in marks.items() if start.startswith(mark)), None)
