"""XLSX: what is in the container is measured before anything is built from it, then calamine reads the cells."""

import io
import re
import struct
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from .table import Row, Table, UnreadableFile, bounded, column_letters

#: what all parts together may grow to; 100,000 rows of 20 columns are 90 MB of XML
MAX_UNPACKED = 256 * 1024 * 1024
MAX_PARTS = 2000
#: a cell's own place: calamine lays out a grid as large as the farthest one
_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Z]{0,3})(\d{1,7})[\"']")
MAX_GRID = 10_000_000
_STEP = 1024 * 1024
_OVERLAP = 64


def read_workbook(content: bytes, sheet: str = "") -> Table:
    """The rows of a sheet: the one named, else the first that holds something. Raises UnreadableFile."""
    check_container(content)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            names = _sheet_names(workbook)
            return _read(workbook, names, sheet)
    except UnreadableFile:
        raise
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 – a panic of the Rust reader is no Exception
        raise UnreadableFile(
            _("This workbook is damaged (%(kind)s). Open it in a spreadsheet program and save it anew as XLSX or CSV.")
            % {"kind": type(error).__name__}
        ) from None


def check_container(content: bytes) -> None:
    """Raises UnreadableFile where the ZIP is no workbook, is damaged, or grows beyond bounds when unpacked.

    Sizes are counted, not believed: each part is unpacked in steps and thrown away.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as container:
            parts = container.infolist()
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, EOFError):
        raise UnreadableFile(
            _("The file is cut off or damaged. Open it in a spreadsheet program and save it anew as XLSX or CSV.")
        ) from None
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        raise UnreadableFile(_other_container(names))
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise _bomb()
    room = MAX_UNPACKED
    for part in parts:
        room -= _measure(content, part, room)


def _other_container(names: set[str]) -> Any:
    if "xl/workbook.bin" in names:
        return _("This is a binary workbook (XLSB). Save it as XLSX or CSV and choose that file.")
    if "content.xml" in names:
        return _("This is an OpenDocument file. Save it as XLSX or CSV and choose that file.")
    if "word/document.xml" in names:
        return _("This is a Word document. Copy its table into a spreadsheet, save it as XLSX and choose that file.")
    return _("This is a compressed folder (ZIP), no workbook. Unpack it and choose the table that is in it.")


def _bomb() -> UnreadableFile:
    return UnreadableFile(
        _(
            "Unpacked, this workbook is larger than %(most)s MB. Keep only the sheet with the "
            "recipients, without pictures, and save it anew.")
        % {"most": MAX_UNPACKED // _STEP}
    )  # fmt: skip


def _measure(content: bytes, part: zipfile.ZipInfo, room: int) -> int:
    """How large a part really is, and that its cells lie within bounds."""
    packed = _packed(content, part)
    stored = part.compress_type == zipfile.ZIP_STORED
    if not stored and part.compress_type != zipfile.ZIP_DEFLATED:
        raise UnreadableFile(_("This workbook is packed in an unusual way. Save it anew as XLSX or CSV."))
    is_sheet = part.filename.lower().startswith("xl/worksheets/") and part.filename.lower().endswith(".xml")
    unpacker, size, tail = zlib.decompressobj(-15), 0, b""
    row = column = 0
    try:
        while True:
            step = packed[size : size + _STEP] if stored else unpacker.decompress(packed, _STEP)
            packed = packed if stored else unpacker.unconsumed_tail
            size += len(step)
            if size > room:
                raise _bomb()
            if is_sheet:
                row, column = _farthest(tail + step, row, column)
                tail = step[-_OVERLAP:]
            if not step or (not stored and unpacker.eof):
                return size
    except zlib.error:
        raise UnreadableFile(
            _("The file is cut off or damaged. Open it in a spreadsheet program and save it anew as XLSX or CSV.")
        ) from None


def _packed(content: bytes, part: zipfile.ZipInfo) -> bytes:
    """The part's bytes in the container, behind its own head (APPNOTE 4.3.7)."""
    head = content[part.header_offset : part.header_offset + 30]
    name, extra = struct.unpack("<HH", head[26:30]) if len(head) == 30 else (0, 0)
    start = part.header_offset + 30 + name + extra
    return content[start : start + part.compress_size]


def _farthest(xml: bytes, row: int, column: int) -> tuple[int, int]:
    """The farthest row and column named so far. Raises UnreadableFile where a grid up to there would be too large."""
    for letters, digits in _PLACE.findall(xml):
        row = max(row, int(digits))
        column = max(column, _number(letters))
    if row * column > MAX_GRID:
        raise UnreadableFile(
            _(
                "The workbook has cells far outside the table, up to row %(row)s and column %(column)s. "
                "Delete what lies "
                "beyond the recipients and save it anew."
            )
            % {"row": f"{row:,}", "column": column_letters(column)}
        )
    return row, column


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _sheet_names(workbook: CalamineWorkbook) -> list[str]:
    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]


def _read(workbook: CalamineWorkbook, names: list[str], wanted: str) -> Table:
    if wanted and wanted not in names:
        raise UnreadableFile(_("The workbook has no sheet of that name. Choose one of the list."), field="sheet")
    for name in [wanted] if wanted else names:
        cells = workbook.get_sheet_by_name(name)
        rows = bounded(_rows(cells))
        if rows:
            return Table("xlsx", rows, sheet=name, sheets=names)
    raise UnreadableFile(
        _("The sheet is empty. Choose another one.") if wanted else _("Every sheet of this workbook is empty."),
        field="sheet" if wanted else "",
    )


def _rows(sheet: Any) -> Any:
    first = (sheet.start or (0, 0))[0] + 1
    for number, cells in enumerate(sheet.to_python(skip_empty_area=True), start=first):
        values = [as_text(cell) for cell in cells]
        while values and not values[-1]:
            values.pop()
        yield Row(number, values)


def as_text(value: Any) -> str:
    """A cell as it would be typed: 254712345678.0 → "254712345678", a date in ISO 8601, true → "yes"."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta | int) else (value or "")
