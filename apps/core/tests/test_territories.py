"""Names of territories: one table, in the order annexes are hashed by."""

import hashlib

import pytest

from apps.core.territories import (
    INTERNATIONAL,
    NOT_COUNTRIES,
    cldr_names,
    countries_containing,
    country_codes,
    international_names,
    territory_name,
    territory_sort_key,
)
from apps.core.text import name_key


def test_countries_are_the_world_in_order() -> None:
    codes = country_codes()
    assert len(codes) == 243
    assert {"KE", "TW", "PS", "XK", "HK"} <= set(codes)
    assert "EU" not in codes, "nobody lives in it beside its states"
    assert list(codes) == sorted(codes, key=territory_sort_key)
    assert countries_containing("turk", "en") == {"TR", "TM", "TC"}
    assert countries_containing("", "en") == set()


@pytest.mark.parametrize("code", ["GW", "CI", "TL", "BA", "LC", "US", "DE"])
def test_countries_are_found_by_their_whole_name(code: str) -> None:
    for language in ("en", "fr"):
        assert code in countries_containing(name_key(territory_name(code, language)), language)
    assert code in countries_containing(name_key(territory_name(code)), "ar"), "by the English name too"


def test_the_order_of_countries_is_the_one_that_annexes_were_hashed_in() -> None:
    assert hashlib.sha256("".join(country_codes()).encode()).hexdigest()[:16] == "817e95c59d843dde"


def test_names_in_the_language_of_a_letter() -> None:
    assert territory_name("DE", "fr-CA") == "Allemagne"
    assert territory_name("KE", "ar") == "كينيا"
    assert territory_name("TW", "de") == "Chinesisch Taipeh"
    assert [territory_name("PS", code) for code in ("en", "fr", "ar")] == ["Palestine", "Palestine", "فلسطين"]
    assert territory_name("DE", "eo") == "Germany", "English where we have no name"
    assert territory_name("QQ", "fr") == "QQ"


def test_international_is_no_country_and_stands_after_all() -> None:
    assert INTERNATIONAL not in {*cldr_names(), *NOT_COUNTRIES}
    assert all(territory_sort_key(code) < territory_sort_key(INTERNATIONAL) for code in country_codes())
    names = [territory_name(INTERNATIONAL, code) for code in ("en", "fr", "es", "ar")]
    assert names == ["International", "International", "Internacional", "دولية"]
    assert international_names("eo") == ["International", "International (no single country)"]
    assert countries_containing("internacional", "es") == {INTERNATIONAL}
