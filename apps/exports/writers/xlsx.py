"""XLSX files with typed cells, in which nothing runs as a formula, and a sheet that says what the list is."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from textwrap import shorten
from typing import BinaryIO

from django.utils.translation import get_language_bidi, ngettext, override, pgettext
from django.utils.translation import gettext as _
from rustpy_xlsxwriter import FastExcel, Format

from apps.core.types import Label

from ..datasets import Cell, Selection, Type
from ..datasets.base import PORTION
from .csv import Progress

#: of a cell, by Excel's limits, which counts UTF-16
MOST_UNITS = 32_767
WIDTHS = {Type.NUMBER: 12, Type.YES_NO: 10, Type.DAY: 12, Type.MOMENT: 20}
DATES = {Type.DAY: "yyyy-mm-dd", Type.MOMENT: "yyyy-mm-dd hh:mm:ss"}


def write_xlsx(selection: Selection, out: BinaryIO, progress: Progress, about: Sequence[tuple[Label, str]]) -> int:
    """Returns the number of rows without the headings."""
    with override(selection.language or "en"):
        view = {"right_to_left": get_language_bidi()}
        name, rows = _sheet_name(selection.dataset.label), _Rows(selection, progress)
        book = FastExcel(out).freeze(row=1, sheet=name)
        book.sheet(
            name, rows, header_format=Format().set_bold(), autofilter=True, sheet_view=view,
            column_widths=[WIDTHS.get(column.type, 30) for column in selection.columns],
            column_formats=[_format(column.type) for column in selection.columns],
        )  # fmt: skip
        book.sheet(
            _sheet_name(_("About this list")), _about(about, rows), sheet_view=view, column_widths=[34, 80],
            column_formats=[Format().set_bold(), Format().set_quote_prefix()],
        )  # fmt: skip
        book.save()
    return rows.count


def _sheet_name(label: Label) -> str:
    """As long as Excel allows, with whole words."""
    return shorten(str(label), 31, placeholder="…")


def _format(type: Type) -> Format:
    """A text is shown as it is, and stays one when somebody edits the cell."""
    if type in DATES:
        return Format().set_num_format(DATES[type])
    return Format().set_quote_prefix() if type is Type.TEXT else Format()


class _Rows:
    """The rows as records by heading, their number so far, and how many of their cells are cut. A list without rows
    has an empty one, for the sake of its headings."""

    def __init__(self, selection: Selection, progress: Progress) -> None:
        self.selection, self.progress, self.count, self.cut = selection, progress, 0, 0

    def __iter__(self) -> Iterator[dict[str, Cell]]:
        headings = _different(self.selection.headings)
        for row in self.selection.rows():
            yield dict(zip(headings, map(self._cell, row), strict=True))
            self.count += 1
            if self.count % PORTION == 0:
                self.progress(self.count)
        if not self.count:
            yield dict.fromkeys(headings)

    def _cell(self, cell: Cell) -> Cell:
        if not isinstance(cell, str):
            return cell.astimezone(UTC) if isinstance(cell, datetime) else cell
        if "\r" in cell:  # others than Excel show it as "_x000D_"
            cell = cell.replace("\r\n", "\n").replace("\r", "\n")
        if len(cell) * 2 <= MOST_UNITS or _units(cell) <= MOST_UNITS:
            return cell
        self.cut += 1
        mark = _("[…] Cut here. See the sheet “%(sheet)s”.") % {"sheet": _("About this list")}
        return f"{_beginning(cell, MOST_UNITS - _units(mark) - 1)} {mark}"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _beginning(text: str, units: int) -> str:
    return text.encode("utf-16-le")[: units * 2].decode("utf-16-le", "ignore")


def _different(headings: list[str]) -> list[str]:
    """Records have each key once: "State", "State (2)"."""
    return [
        f"{heading} ({before + 1})" if (before := headings[:number].count(heading)) else heading
        for number, heading in enumerate(headings)
    ]


def _about(about: Sequence[tuple[Label, str]], rows: _Rows) -> Iterator[dict[str, str]]:
    """After the rows, whose number it says. The first pair stands where other sheets have headings."""
    (first, value), *others = about or [(_("List"), str(rows.selection.dataset.label))]
    for heading, said in (*others, (_("Rows"), str(rows.count)), *_about_cuts(rows.cut)):
        yield {str(first): str(heading), value: _beginning(said, MOST_UNITS)}


def _about_cuts(cells: int) -> list[tuple[str, str]]:
    said = ngettext(
        "%(n)d cell is longer than the 32,767 characters that Excel allows, and says where it is cut. CSV and JSON "
        "Lines have all of it.",
        "%(n)d cells are longer than the 32,767 characters that Excel allows, and say where they are cut. CSV and JSON "
        "Lines have all of them.", cells,
    )  # fmt: skip
    return [(pgettext("cells of a list", "Cut"), said % {"n": cells})] if cells else []
