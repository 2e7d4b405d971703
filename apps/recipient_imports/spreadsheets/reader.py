"""From the bytes of a file to a sheet with headings."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..column_mapping import guess_heading_row, guess_sheet
from .parser_runner import UnreadableFile, parse_in_process
from .table import MAX_BYTES, MAX_ROWS, PREVIEW, TOO_MANY_ROWS, WHOLE, Options, Row, Table, _, column_letters

EMPTY = _("The file is empty. Choose another one.")


@dataclass(frozen=True)
class Sheet:
    """A table with its headings. `row_count` rows are below them, of which a preview has the first."""

    table: Table
    heading_row: int
    headings: list[str]
    rows: list[Row]
    row_count: int
    skipped: int = 0

    def samples(self, column: int, count: int = 3) -> list[str]:
        """The first different values of a column, shortened."""
        values = dict.fromkeys(row.cells[column].strip() for row in self.rows)
        found = list(filter(None, values))[:count]
        return [value if len(value) <= 60 else f"{value[:59]}…" for value in found]


def check_size(size: int) -> None:
    """Raises UnreadableFile beyond MAX_BYTES."""
    if size > MAX_BYTES:
        raise UnreadableFile(
            _("The file has %(size)s MB. Divide it, or delete what you do not need: at most %(most)s MB are read."),
            size=size // 2**20,
            most=MAX_BYTES // 2**20,
        )


def read_sheet(content: bytes, options: Options | None = None, *, preview: bool = False) -> Sheet:
    """The sheet in the file. Raises UnreadableFile with the cause and what to do."""
    options = options or Options()
    check_size(len(content))
    if not content.strip(b"\xef\xbb\xbf \r\n\t"):
        raise UnreadableFile(EMPTY)
    bounds = PREVIEW if preview else WHOLE
    table = parse_in_process(content, options, **bounds)
    if not options.sheet and (sheet := guess_sheet(table)) != table.sheet:
        table = parse_in_process(content, replace(options, sheet=sheet), **bounds)
    if not table.row_count:
        raise UnreadableFile(_("The sheet is empty. Choose another one.") if options.sheet else EMPTY, field="sheet")
    return _with_headings(table, options.heading_row or guess_heading_row(table))


def _with_headings(table: Table, heading_row: int) -> Sheet:
    """The table below the headings of that row. Raises UnreadableFile where nothing is below them."""
    index = next((index for index, row in enumerate(table.rows) if row.number == heading_row), None)
    if index is None:
        raise UnreadableFile(
            _("Row %(row)s is empty. Enter the number of the row with the headings."),
            field="heading_row",
            row=heading_row,
        )
    skipped = table.skipped + index
    if table.row_count == skipped + 1:
        raise UnreadableFile(
            _("There are no rows below the headings in row %(row)s. Add some, or choose another file."),
            row=heading_row,
        )
    if table.row_count - skipped - 1 > MAX_ROWS:
        raise UnreadableFile(TOO_MANY_ROWS, most=f"{MAX_ROWS:,}")
    filled = [column for column, last in enumerate(table.last_filled) if last >= heading_row]
    head = _cells(table.rows[index], filled)
    return Sheet(
        table=table,
        heading_row=heading_row,
        headings=[
            " ".join(cell.split()) or column_letters(column + 1) for column, cell in zip(filled, head, strict=True)
        ],
        rows=[Row(row.number, _cells(row, filled)) for row in table.rows[index + 1 :]],
        row_count=table.row_count - skipped - 1,
        skipped=skipped,
    )


def _cells(row: Row, columns: list[int]) -> list[str]:
    return [row.cells[column] if column < len(row.cells) else "" for column in columns]
