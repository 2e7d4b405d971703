"""XLSX, read by calamine. The parser process imports this module: its limits hold for what no check here foresees."""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from xml.etree import ElementTree

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from .table import ParseError, Row, Table, _, bounded

#: what all parts together may grow to when unpacked; 100,000 rows of 20 columns are 90 MB of XML
MAX_UNPACKED = 256 * 1024 * 1024
MAX_PARTS = 2000
#: of so many sheets the first filled rows are shown, for the choice of one, with so much of each cell
MAX_SHEETS_TRIED, SHOWN_ROWS, SHOWN_LENGTH = 50, 10, 60
#: a filled cell beyond column CV or row 199,999, where no table that we read has one; programs write `r` first
FAR_CELL = re.compile(
    rb'<c r="((?:[A-Z]{3}|[D-Z][A-Z]|C[W-Z])\d+|[A-Z]{1,2}(?:[2-9]\d{5}|\d{7}))"[^>]*(?<!/)>(?!\s*</)'
)
#: more far cells than this are no slip: the table is too large
MAX_STRAY_CELLS = 10
DAMAGED = _("The file is incomplete or damaged. Open it in a spreadsheet program and save it again as XLSX or CSV.")
TOO_LARGE = _(
    "Unpacked, this workbook is larger than %(most)s MB. Keep only the sheet with the recipients, without pictures, "
    "and save it again."
)
FAR_OUTSIDE = _("These cells are far outside the table: %(cells)s. Delete them, save the workbook and choose it again.")
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
    workbook = Workbook(content)
    if sheet and sheet not in workbook.names:
        raise ParseError(_("The workbook has no sheet of that name. Choose one of the list."), field="sheet")
    shown: dict[str, list[list[str]]] = {name: [] for name in workbook.names}
    if not sheet and len(shown) == 1:
        sheet = workbook.names[0]
    elif not sheet:
        shown |= workbook.first_rows()
        fullest = sorted(shown, key=lambda name: len(shown[name]) < 2)  # more than a title, else a title
        sheet = next(name for name in fullest if shown[name])
    return Table("xlsx", sheet=sheet, sheets=shown), workbook.rows(sheet)


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


class Workbook:
    """The visible worksheets."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.reader = CalamineWorkbook.from_filelike(io.BytesIO(content))
        self.names = [
            one.name
            for one in self.reader.sheets_metadata
            if one.typ == SheetTypeEnum.WorkSheet and one.visible == SheetVisibleEnum.Visible
        ]

    def first_rows(self) -> dict[str, list[list[str]]]:
        """The first filled rows of each sheet; none for a sheet that cannot be read. Raises ParseError if none can."""
        shown: dict[str, list[list[str]]] = {}
        errors = []
        for name in self.names[:MAX_SHEETS_TRIED]:
            try:
                first = islice(bounded(self.rows(name)), SHOWN_ROWS)
                shown[name] = [[cell[:SHOWN_LENGTH] for cell in row.cells] for row in first]
            except ParseError as error:
                errors.append(error)
        if not any(shown.values()):
            raise next(iter(errors), ParseError(_("Every sheet of this workbook is empty.")))
        return shown

    def rows(self, name: str) -> Iterator[Row]:
        """Raises ParseError."""
        if far := self._far_cells(name):
            # not `joined`, which asks for the language: the process of the parser has no settings
            raise ParseError(FAR_OUTSIDE, cells=", ".join(far))
        sheet: CalamineSheet = self.reader.get_sheet_by_name(name)
        before = [""] * (sheet.start or (0, 0))[1]  # the reader leaves out empty columns at the left, not empty rows
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            values = [*before, *map(cell_text, cells)]
            while values and not values[-1]:
                values.pop()
            yield Row(number, values)

    def _far_cells(self, name: str) -> list[str]:
        """A few filled cells far outside the table, for which the reader would need memory for all cells between."""
        with zipfile.ZipFile(io.BytesIO(self.content)) as container:
            try:
                part = container.read(_part_name(container, name))
            except (KeyError, StopIteration):
                return []
        found = [cell[1].decode() for cell in islice(FAR_CELL.finditer(part), MAX_STRAY_CELLS + 1)]
        return found if len(found) <= MAX_STRAY_CELLS else []


def _part_name(container: zipfile.ZipFile, sheet: str) -> str:
    """The part of the container with that sheet. Raises StopIteration, KeyError."""

    def elements(part: str, tag: str) -> Iterator[ElementTree.Element]:
        return ElementTree.fromstring(container.read(part)).iterfind(f".//{{*}}{tag}")  # noqa: S314  # limits hold here

    attributes = next(one.attrib for one in elements("xl/workbook.xml", "sheet") if one.get("name") == sheet)
    key = next(value for name, value in attributes.items() if name.endswith("}id"))
    related = elements("xl/_rels/workbook.xml.rels", "Relationship")
    return posixpath.join("/xl", next(one.attrib["Target"] for one in related if one.get("Id") == key)).lstrip("/")


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
