"""Names of the world's territories by ISO code: those of the Unicode CLDR, and those that lists use beside them.

`aliases.csv` has names, abbreviations and codes (IOC, FIFA) that CLDR does not have, capitals in other languages, and
names of parts of a country, which are offered but never taken. A row of several codes has names that more than one
country may have: people are asked which they mean, even if only one is a member.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from apps.core.territories import cldr_names

from .normalization import first_part, spellings, word

#: German without its umlauts: Oesterreich
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
#: where governments have missions: "Kenya (Geneva)" is Kenya
MISSIONS = frozenset(map(word, ("Geneva", "Genève", "Ginebra", "Genf", "Ginevra", "جنيف", "Женева", "日内瓦")))


@cache
def _rows() -> list[tuple[tuple[str, ...], dict[str, str]]]:
    with (Path(__file__).parent / "aliases.csv").open(encoding="utf-8", newline="") as file:
        return [(tuple(row["codes"].split()), row) for row in csv.DictReader(file)]


def _listed(column: str, *, shared: bool = False) -> Iterator[tuple[tuple[str, ...], str]]:
    for codes, row in _rows():
        if (len(codes) > 1) is shared:
            yield from ((codes, name) for name in map(word, row[column].split("|")) if name)


@cache
def shared() -> dict[str, tuple[str, ...]]:
    """{name: codes of those who may be meant by it}."""
    return {name: codes for codes, name in _listed("names", shared=True)}


@cache
def capitals() -> dict[str, set[str]]:
    """{code: names of its capital in other languages, and of its seats of government}."""
    found = defaultdict(set)
    for (code,), name in _listed("capitals"):
        found[code].add(name)
    return found


@cache
def hints() -> dict[str, str]:
    """{name: code of the country that is offered for it}: parts of countries, capitals."""
    return {name: code for column in ("capitals", "offered") for (code,), name in reversed([*_listed(column)])}


@cache
def territories() -> dict[str, list[str]]:
    """{code: names that are its own}. The code of one territory is not a name of another: RU, AS."""
    rows = cldr_names()
    also = defaultdict(list)
    for (code,), name in _listed("names"):
        also[code].append(name)
    found = {}
    first_parts: dict[str, set[str]] = defaultdict(set)
    for code, names in rows.items():
        written = [name for of_language in names.values() for name in of_language]
        written += [name.translate(UMLAUTS) for name in names.get("de", [])]
        own = [name for name in dict.fromkeys([*map(word, written), *also[code]]) if name and name not in shared()]
        found[code] = [name for name in own if name.upper() == code or name.upper() not in rows]
        for name in found[code]:
            first_parts[first_part(name)].add(code)
    taken = {name for names in found.values() for name in names} | {""}
    for name, codes in first_parts.items():
        if len(codes) == 1 and name not in taken:
            found[next(iter(codes))].append(name)
    return found


@cache
def _codes() -> dict[str, str]:
    """{name that one territory has: its code}"""
    found: dict[str, set[str]] = defaultdict(set)
    for code, names in territories().items():
        for name in names:
            found[name].add(code)
    return {name: next(iter(codes)) for name, codes in found.items() if len(codes) == 1}


def territory_code(text: str) -> str:
    """The code of the territory that people mean, also in lists of the United Nations: "Korea, Republic of", "RDC". ""
    where several may be meant ("Congo") or none is known."""
    for name in spellings(text):
        if name in shared():
            return ""
        if name in _codes():
            return _codes()[name]
    return ""
