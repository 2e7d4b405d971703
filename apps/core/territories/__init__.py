"""Names of countries, territories and cities in a dozen languages.

`scripts/extract_country_names.py` extracts both from the Unicode CLDR: `names.csv`, by ISO 3166-1 alpha-2 code, has the
usual name, then variants after "|"; `cities.csv` the cities after which time zones are named, by English name.
`overrides.csv` has the WTO's names of its members where they differ, and abbreviations written out. XK is the code in
common use for Kosovo, which ISO has not assigned; ZZ, of those that ISO leaves to users, stands for international
organisations. It is no country: no number of countries counts it.
"""

import csv
import unicodedata
from functools import cache
from pathlib import Path

from ..languages import primary_language
from ..text import name_key

FOLDER = Path(__file__).resolve().parent
#: CLDR's first name is the long one ("Hong Kong SAR China"), its last the name in use
LAST_VARIANT = frozenset({"HK", "MO", "PS"})
#: in place of a country: an organisation of no single one. Its row of `overrides.csv` has the name, what a form offers,
#: and other words, divided by "|"
INTERNATIONAL = "ZZ"
#: uninhabited, parts of others, or a union beside its states
NOT_COUNTRIES = frozenset(["AC", "AQ", "BV", "CP", "CQ", "DG", "EA", "EU", "GS", "HM", "IC", "IO", "TA", "TF", "UM"])


@cache
def cldr_names() -> dict[str, dict[str, list[str]]]:
    """{code: {language: names}} of the CLDR."""
    rows = {row.pop("code"): row for row in _rows("names.csv")}
    return {code: {key: names.split("|") for key, names in row.items() if names} for code, row in rows.items()}


@cache
def named_languages() -> frozenset[str]:
    """Languages in which the CLDR's names are here."""
    return frozenset().union(*cldr_names().values())


def territory_name(code: str, language: str = "en") -> str:
    """The name in a language ("fr-CA" counts as "fr"), or in English; the code itself where it is unknown."""
    names = cldr_names().get(code, {})
    for wanted in (primary_language(language), "en"):
        if override := _overrides().get(code, {}).get(wanted):
            return override.split("|")[0]
        if wanted in names:
            return names[wanted][-1 if code in LAST_VARIANT else 0]
    return code


def international_names(language: str) -> list[str]:
    """Of INTERNATIONAL in a language, or in English: the name, what a form offers, and other words."""
    row = _overrides()[INTERNATIONAL]
    return (row.get(primary_language(language)) or row["en"]).split("|")


def city_name(name: str, language: str) -> str:
    """The name in a language of a city that has a time zone, from its English one; otherwise `name` itself."""
    return _cities().get(name, {}).get(primary_language(language)) or name


def territory_sort_key(code: str) -> str:
    """Sorts by English name without accents and article, INTERNATIONAL last. Hashes of annexes depend on it."""
    if code == INTERNATIONAL:
        return "~"
    plain = unicodedata.normalize("NFKD", territory_name(code)).encode("ascii", "ignore").decode().lower()
    return plain.removeprefix("the ")


@cache
def country_codes() -> tuple[str, ...]:
    """Codes of the countries and territories of people and organisations, by English name."""
    return tuple(sorted(cldr_names().keys() - NOT_COUNTRIES, key=territory_sort_key))


@cache
def organisation_codes() -> frozenset[str]:
    """Where an organisation may be from: a country, or INTERNATIONAL."""
    return frozenset({*country_codes(), INTERNATIONAL})


def countries_containing(key: str, language: str) -> set[str]:
    """Codes, also INTERNATIONAL, whose name in the language, or in English, contains the `name_key`; none without
    one."""
    names = {code: {territory_name(code, language), territory_name(code)} for code in organisation_codes() if key}
    return {code for code, known in names.items() if any(key in name_key(name) for name in known)}


@cache
def _cities() -> dict[str, dict[str, str]]:
    return {row["en"]: row for row in _rows("cities.csv")}


@cache
def _overrides() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in _rows("overrides.csv")}


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
