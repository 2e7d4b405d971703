"""XLSX files in which nothing runs as a formula."""

import io
from collections.abc import Iterable, Sequence

import xlsxwriter

AS_TEXT = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "in_memory": True}


def xlsx_file(heads: Sequence[str], rows: Iterable[Sequence[str]], *, sheet: str) -> tuple[bytes, int]:
    """(a workbook with one sheet, number of rows without the heading)."""
    file = io.BytesIO()
    count = 0
    with xlsxwriter.Workbook(file, AS_TEXT) as book:
        page = book.add_worksheet(sheet)
        page.write_row(0, 0, heads, book.add_format({"bold": True}))
        page.freeze_panes(1, 0)
        for count, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                page.write_string(count, column, cell)
        page.autofilter(0, 0, count, len(heads) - 1)
        page.set_column(0, len(heads) - 1, 22)
    return file.getvalue(), count
