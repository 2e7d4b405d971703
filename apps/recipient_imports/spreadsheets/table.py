"""Tables and their limits. The parser process imports this module: no Django here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

MAX_BYTES = 20 * 1024 * 1024
#: below the headings; above them, titles
MAX_ROWS, MAX_ROWS_ABOVE = 100_000, 10
MAX_COLUMNS = 100
MAX_CELL = 10_000
#: as many as a spreadsheet program has; empty ones count
MAX_LINES = 1_048_576
#: all cells together: 100,000 rows of 20 columns with 15 characters each
MAX_FILLED_CELLS, MAX_TEXT = 3_000_000, 30_000_000
#: what pages need of a file: samples, and the guess of what columns mean
PREVIEW = {"max_rows": 500, "max_text": 2_000_000}
WHOLE = {"max_rows": MAX_ROWS + MAX_ROWS_ABOVE, "max_text": MAX_TEXT}


def _(text: str) -> str:
    """Mark a message for translation where it is shown."""
    return text


TOO_MANY_ROWS = _("The file has more than %(most)s rows. Divide it and import the parts one after another.")


class ParseError(Exception):
    """Why a file cannot be read and what to do: a message, and the values for its placeholders."""

    def __init__(self, message: str, *, field: str = "", **values: str | int) -> None:
        super().__init__(message)
        self.message, self.field, self.values = message, field, values


class Row(NamedTuple):
    """`number` is the one that a spreadsheet program shows beside the row."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Options:
    """How to read the file. Empty values are guessed."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    heading_row: int = 0


@dataclass
class Table:
    """The rows that are not empty. `row_count` counts all of them, also in a preview.

    `sheets` has the first rows of each sheet, if one has to be chosen. `last_filled` has the number of the last filled
    row for each column. `skipped` rows come before the heading row.
    """

    kind: str
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: dict[str, list[list[str]]] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    row_count: int = 0
    skipped: int = 0
    last_filled: list[int] = field(default_factory=list)


def bounded(rows: Iterator[Row], heading_row: int = 0) -> Iterator[Row]:
    """The rows that are not empty. Raises ParseError beyond a limit. Those up to a chosen heading row do not count."""
    kept = filled = length = 0
    for row in rows:
        if row.number > MAX_LINES:
            raise ParseError(
                _("The file has more than %(most)s lines, most of them empty. Delete the empty lines."),
                most=f"{MAX_LINES:,}",
            )
        if not any(cell and not cell.isspace() for cell in row.cells):
            continue
        check_row(row)
        kept += row.number > heading_row
        filled += sum(map(bool, row.cells))
        length += sum(map(len, row.cells))
        if kept > MAX_ROWS + MAX_ROWS_ABOVE:
            raise ParseError(TOO_MANY_ROWS, most=f"{MAX_ROWS:,}")
        if filled > MAX_FILLED_CELLS or length > MAX_TEXT:
            raise ParseError(_("The file has too much text. Delete the columns you do not need, or divide the file."))
        yield row


def check_row(row: Row) -> None:
    """Raises ParseError where a row is too wide, or a cell too long or not text."""
    if len(row.cells) > MAX_COLUMNS:
        raise ParseError(
            _("Row %(row)s has %(columns)s columns. Delete the columns you do not need: at most %(most)s are read."),
            row=row.number,
            columns=len(row.cells),
            most=MAX_COLUMNS,
        )
    for number, cell in enumerate(row.cells, start=1):
        if len(cell) > MAX_CELL:
            raise too_long(row.number, number)
        if "\x00" in cell:
            raise ParseError(
                _("Row %(row)s contains a character that is not text (NUL). Save the table again as XLSX or CSV."),
                row=row.number,
            )


def too_long(row: int, column: int = 0) -> ParseError:
    """A cell has more than MAX_CELL characters; `column` is 0 where nobody knows it."""
    message = _(
        "Row %(row)s has a cell of more than %(most)s characters (column %(column)s). Shorten it. If it is not that "
        "long, a quotation mark before it is not closed."
    )
    if not column:
        message = _(
            "Row %(row)s has a cell of more than %(most)s characters. Shorten it. If it is not that long, a quotation "
            "mark before it is not closed."
        )
    return ParseError(message, row=row, most=f"{MAX_CELL:,}", column=column_letters(column))


def column_letters(number: int) -> str:
    """1 → "A", 27 → "AA"."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
