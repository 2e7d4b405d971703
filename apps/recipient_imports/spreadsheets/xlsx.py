"""XLSX, read by calamine. The parser process imports this module: its limits hold for what no check here foresees."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import chain, islice

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from .table import ParseError, Row, Table, _, bounded

#: what all parts together may grow to when unpacked; 100,000 rows of 20 columns are 90 MB of XML
MAX_UNPACKED = 256 * 1024 * 1024
MAX_PARTS = 2000
#: sheets that are looked at for one with more than a title
MAX_SHEETS_TRIED = 50
DAMAGED = _("The file is incomplete or damaged. Open it in a spreadsheet program and save it again as XLSX or CSV.")
TOO_LARGE = _(
    "Unpacked, this workbook is larger than %(most)s MB. Keep only the sheet with the recipients, without pictures, "
    "and save it again."
)
#: what a ZIP is that is not a workbook, by a part that it has
OTHER_CONTAINERS = {
    "xl/workbook.bin": _("This is a binary workbook (XLSB). Save it as XLSX or CSV and choose that file."),
    "content.xml": _("This is an OpenDocument file. Save it as XLSX or CSV and choose that file."),
    "word/document.xml": _(
        "This is a Word document. Copy its table into a spreadsheet, save it as XLSX and choose that file."
    ),
}
NOT_A_WORKBOOK = _("This is a compressed folder (ZIP). Unpack it and choose the table that is in it.")

type Cell = str | float | bool | datetime | date | time | timedelta


def read_workbook(content: bytes, sheet: str = "") -> tuple[Table, Iterator[Row]]:
    """The rows of the sheet of that name, else of the first one that is a table. Raises ParseError."""
    check_container(content)
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    names = [
        one.name
        for one in workbook.sheets_metadata
        if one.typ == SheetTypeEnum.WorkSheet and one.visible == SheetVisibleEnum.Visible
    ]
    return _choose(workbook, names, sheet)


def check_container(content: bytes) -> None:
    """Raises ParseError where the ZIP is not a workbook, is damaged, or says itself that it is too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as container:
            parts = container.infolist()
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, EOFError):
        raise ParseError(DAMAGED) from None
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        raise ParseError(next((said for name, said in OTHER_CONTAINERS.items() if name in names), NOT_A_WORKBOOK))
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise ParseError(TOO_LARGE, most=MAX_UNPACKED // 2**20)


def _choose(workbook: CalamineWorkbook, names: list[str], wanted: str) -> tuple[Table, Iterator[Row]]:
    if wanted and wanted not in names:
        raise ParseError(_("The workbook has no sheet of that name. Choose one of the list."), field="sheet")
    titles = ""
    for name in [wanted] if wanted else names[:MAX_SHEETS_TRIED]:
        rows = _rows(workbook.get_sheet_by_name(name))
        first = list(islice(bounded(rows), 2))
        if len(first) == 2 or (wanted and first):
            return Table("xlsx", sheet=name, sheets=names), chain(first, rows)
        titles = titles or (name if first else "")
    if titles:  # nothing but a line or two anywhere: the person sees it and chooses
        return Table("xlsx", sheet=titles, sheets=names), _rows(workbook.get_sheet_by_name(titles))
    raise ParseError(
        _("The sheet is empty. Choose another one.") if wanted else _("Every sheet of this workbook is empty."),
        field="sheet" if wanted else "",
    )


def _rows(sheet: CalamineSheet) -> Iterator[Row]:
    before = [""] * (sheet.start or (0, 0))[1]  # the reader leaves out empty columns at the left, not empty rows
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        values = [*before, *map(cell_text, cells)]
        while values and not values[-1]:
            values.pop()
        yield Row(number, values)


def cell_text(value: Cell) -> str:
    """A cell as one would type it: 254712345678.0 → "254712345678", a date in ISO 8601, true → "yes"."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(sep=" ", timespec="minutes")
    return value.isoformat() if isinstance(value, date | time) else str(value)
