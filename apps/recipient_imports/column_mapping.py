"""Guess the meaning of a file's columns from their headings and cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import override

from apps.core.similarity import closest
from apps.core.text import fold

from .columns import COLUMNS, COLUMNS_BY_KEY
from .columns.base import aliases

if TYPE_CHECKING:
    from .spreadsheets.reader import Sheet
    from .spreadsheets.table import Table

#: the least similarity of a heading to a known one: one typo in seven letters
MIN_SIMILARITY = 0.84
#: longer text is not a heading
MAX_HEADING = 200
#: headings of a given name; another column has the rest
GIVEN = frozenset(aliases("first name|given name|given names|prenom|prenoms|vorname"))
#: the same in Spanish, where "nombre" is the given name beside "apellidos" and the whole name without it
FAMILY, WHOLE_OR_GIVEN = frozenset(aliases("apellido|apellidos")), frozenset(aliases("nombre|nombres"))
_MAIL = re.compile(r"^\s*<?[^@\s;,]+@[^@\s;,]+\.[^@\s;,]+>?")


@cache
def _keys() -> dict[str, str]:
    """{folded heading: key}, with those of our own export in each language."""
    found = {name: column.key for column in reversed(COLUMNS) for name in column.names}
    for code, _name in settings.LANGUAGES:
        with override(code):
            found = {fold(str(column.label)): column.key for column in COLUMNS if column.label} | found
    return found


def guess_sheet(table: Table) -> str:
    """The sheet with the most known headings in a row; where no row has two, the one that the parser chose."""
    known = {name: max(map(_known_headings, rows), default=0) for name, rows in table.sheets.items()}
    best = max(known, key=lambda name: (known[name], name == table.sheet), default="")
    return best if known.get(best, 0) >= 2 else table.sheet


def guess_heading_row(table: Table) -> int:
    """Of the first ten rows, the one with the most known headings; if none, the first with more cells than a title."""
    first = table.rows[:10]
    known = {row.number: _known_headings(row.cells) for row in first}
    best = max(first, key=lambda row: (known[row.number], -row.number))
    if known[best.number] >= 2:
        return best.number
    wide = (row.number for row in first if sum(bool(cell.strip()) for cell in row.cells) > 1)
    return next(wide, first[0].number)


def _known_headings(cells: Sequence[str]) -> int:
    return len(set(filter(None, map(key_of_heading, cells))))


def key_of_heading(heading: str) -> str:
    """The key of the column with this heading, or "". Ignores accents, case, a final number and one typing error."""
    if len(heading) > MAX_HEADING:
        return ""
    folded = fold(heading)
    plain = re.sub(r"(?<!\d)\d+$", "", folded).rstrip()
    if found := _keys().get(folded) or _keys().get(plain):
        return found
    if not 4 <= len(plain) <= 60:
        return ""
    near = [name for name in _keys() if abs(len(name) - len(plain)) <= 2]
    similar = closest(plain, near, least=MIN_SIMILARITY)
    return _keys()[similar[0]] if similar else ""


def guess_mapping(sheet: Sheet, is_country: Callable[[str], bool]) -> list[str]:
    """The key of each column of the file, or "" to leave it out."""
    rows = [row.cells for row in sheet.rows[:200]]
    values = [[row[index] for row in rows if row[index].strip()] for index in range(len(sheet.headings))]
    mapping = [_guess(heading, cells, is_country) for heading, cells in zip(sheet.headings, values, strict=True)]
    taken: dict[str, str] = {}
    for index, (key, heading) in enumerate(zip(mapping, sheet.headings, strict=True)):
        if key and key in taken and not _goes_with(key, heading, taken[key]):
            mapping[index] = ""
        else:
            taken[key] = heading
    if "country" not in taken:
        for index, key in enumerate(mapping):
            if not key and _share(values[index], is_country) > 0.7:
                mapping[index] = "country"
                break
    return mapping


def reading_order(mapping: Sequence[str], headings: Sequence[str]) -> list[int]:
    """Column indexes in the order in which to join them: given name before family name."""

    def position_in_name(index: int) -> int:
        if mapping[index] != "name":
            return 0
        heading = fold(headings[index])
        return 1 if heading in GIVEN else 3 if heading in FAMILY else 2

    return sorted(range(len(mapping)), key=position_in_name)


def _goes_with(key: str, heading: str, taken: str) -> bool:
    """Whether two columns can be joined: any two of addresses, but only given and family names."""
    if key == "name":
        both = {fold(heading), fold(taken)}
        return len(both & GIVEN) == 1 or bool(both & FAMILY and both & WHOLE_OR_GIVEN)
    return bool(COLUMNS_BY_KEY[key].joiner)


def _guess(heading: str, values: Sequence[str], is_country: Callable[[str], bool]) -> str:
    """Cells outweigh a vague heading: a column of email addresses is one, whatever its heading."""
    if _share(values, lambda value: bool(_MAIL.match(value))) > 0.6:
        return "address"
    key = key_of_heading(heading)
    if fold(heading) == "address" and values and not any("@" in value for value in values):
        return "postal"
    if key == "country" and values and _share(values, is_country) < 0.2:
        return ""
    return key


def _share(values: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, values)) / len(values) if values else 0.0
