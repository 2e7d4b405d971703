"""XLSX files with typed cells, in which nothing runs as a formula, and a sheet that says what the list is."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, BinaryIO

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.core.csv_export import spreadsheet_safe
from apps.core.errors import DomainError
from apps.core.types import Label

from ..datasets import Selection, Type
from ..datasets.base import PORTION
from .csv import Progress

#: of a sheet, without the headings
MOST_ROWS = 1_048_575
#: of a cell, by Excel's limits
MOST_CHARACTERS = 32_767
OPTIONS = {
    "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "constant_memory": True,
    "remove_timezone": True,
}  # fmt: skip
WIDTHS = {Type.NUMBER: 12, Type.YES_NO: 10, Type.DAY: 12, Type.MOMENT: 20}
FORMATS = {Type.DAY: "yyyy-mm-dd", Type.MOMENT: "yyyy-mm-dd hh:mm:ss"}


def write_xlsx(selection: Selection, out: BinaryIO, progress: Progress, about: Sequence[tuple[Label, str]]) -> int:
    """Returns the number of rows without the headings. Raises DomainError for more than a sheet has."""
    if selection.count() > MOST_ROWS:
        raise DomainError(_("An Excel sheet has room for 1,048,575 rows. Choose CSV, or fewer rows."), field="format")
    with xlsxwriter.Workbook(out, OPTIONS) as book, override(selection.language or "en"):
        sheet = _list_sheet(book, selection)
        count = _write_rows(book, sheet, selection, progress)
        sheet.autofilter(0, 0, count, max(len(selection.columns) - 1, 0))
        _about_sheet(book, [*about, (_("Rows"), str(count))])
    return count


def _list_sheet(book: Any, selection: Selection) -> Any:
    sheet = book.add_worksheet(str(selection.dataset.label)[:31])
    for number, column in enumerate(selection.columns):
        sheet.set_column(number, number, WIDTHS.get(column.type, 30))
    sheet.freeze_panes(1, 0)
    bold = book.add_format({"bold": True})
    for number, heading in enumerate(selection.headings):
        sheet.write_string(0, number, heading, bold)
    return sheet


def _write_rows(book: Any, sheet: Any, selection: Selection, progress: Progress) -> int:
    quoted = book.add_format({"quote_prefix": True})
    formats = [
        book.add_format({"num_format": FORMATS[column.type]}) if column.type in FORMATS else None
        for column in selection.columns
    ]
    count = 0
    for count, row in enumerate(selection.rows(), start=1):
        for number, cell in enumerate(row):
            if isinstance(cell, str):
                text = cell[:MOST_CHARACTERS]
                # shown as typed, and still text when somebody edits the cell
                sheet.write_string(count, number, text, quoted if spreadsheet_safe(text) != text else None)
            elif isinstance(cell, datetime):
                sheet.write_datetime(count, number, cell.astimezone(UTC), formats[number])
            elif cell is not None:
                sheet.write(count, number, cell, formats[number])
        if count % PORTION == 0:
            progress(count)
    return count


def _about_sheet(book: Any, about: Sequence[tuple[Label, str]]) -> None:
    sheet = book.add_worksheet(_("About this list")[:31])
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 80)
    bold = book.add_format({"bold": True})
    for number, (heading, value) in enumerate(about):
        sheet.write_string(number, 0, str(heading), bold)
        sheet.write_string(number, 1, value[:MOST_CHARACTERS])
