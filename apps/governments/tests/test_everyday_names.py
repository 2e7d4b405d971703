"""What people write for a country in their lists: understood, or refused with the right one offered, never another."""

import csv
from pathlib import Path

import pytest
from django.conf import settings

from apps.governments.country_names import CountryLookup
from apps.governments.models import Member

LIST = Path(settings.BASE_DIR) / "apps/recipient_imports/tests/files/countries-refused.csv"


@pytest.fixture(scope="module")
def names() -> CountryLookup:
    """All members of the first campaign, which are in no database here."""
    with (Path(settings.BASE_DIR) / "data/mc11/members.csv").open(encoding="utf-8") as file:
        return CountryLookup(
            Member(
                pk=number, code=row["iso_alpha2"], code3=row["iso_alpha3"], name=row["short_name"],
                name_fr=row["name_fr"], name_es=row["name_es"], official_name=row["wto_name"], capital=row["capital"],
            )
            for number, row in enumerate(csv.DictReader(file), start=1)
        )  # fmt: skip


def understood(names: CountryLookup, text: str) -> str:
    """A code; "no member"; "? " and the codes that are asked about or offered."""
    found = names.find(text)
    if found.one is not None:
        return found.one.code
    if not found.members and names.no_member(text):
        return "no member"
    offered = sorted(member.code for member in found.members or names.close_to(text))
    return " ".join(["?", *offered])


def test_a_list_that_was_refused_is_understood(names: CountryLookup) -> None:
    with LIST.open(encoding="utf-8") as file:
        countries = [row["Country"] for row in csv.DictReader(file)]
    assert {country: understood(names, country) for country in countries} == {
        "Côte dʼIvoire": "CI", "St Vincent": "VC", "Saint Vincent": "VC", "St Kitts": "KN", "Trinidad": "TT",
        "Antigua": "AG", "Papua": "? PG", "KSA": "SA", "TPKM": "TW", "America": "US", "Korea, DPR": "no member",
        "Sao Tome": "no member", "Vatican": "no member",
    }  # fmt: skip


def spellings() -> list[tuple[str, str]]:
    with (Path(__file__).parent / "files/spellings.csv").open(encoding="utf-8") as file:
        return [(row["understood"], text) for row in csv.DictReader(file) for text in row["spellings"].split("|")]


def test_a_table_of_spellings_is_understood(names: CountryLookup) -> None:
    """Official forms, codes of sport, capitals in brackets, other scripts, typing errors; "?" asks, never guesses."""
    table = spellings()
    assert len(table) > 250
    assert {text: understood(names, text) for _code, text in table} == {text: code for code, text in table}


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("BF", "Burkina|Haute-Volta"),
        ("CD", "R.D. Congo|R.D.C.|DRC|Congo DR|Congo (Kinshasa)|Congo, Dem. Rep.|Zaïre"),
        ("CF", "C.A.R.|RCA"),
        ("CG", "Congo-Brazzaville|Congo, Rep."),
        ("CI", "Ivory Coast|Elfenbeinküste|Cote d`Ivoire"),
        ("CZ", "Rep. Checa|Rép. tchèque|Czech Rep."),
        ("DO", "Dominican Rep.|Rep. Dominicana"),
        ("EU", "EU|U.E.|European Commission"),
        ("GB", "U.K.|UK|Great Britain"),
        ("GM", "The Gambia|Gambia, The|Gambie"),
        ("GN", "Guinea|Guinée-Conakry"),
        ("GW", "Guinea Bissau|G. Bissau|Guinea (Bissau)"),
        ("IE", "Eire"),
        ("IS", "IS|Iceland"),
        ("KR", "Corée du Sud|S. Korea|R.O.K.|Corea del Sur"),
        ("LC", "St. Lucia|Sta. Lucia|Ste Lucie"),
        ("MM", "Burma"),
        ("MO", "Macau"),
        ("NE", "Niger|NE"),
        ("SA", "K.S.A.|Saudi"),
        ("SB", "Solomon Is.|Solomon Isl."),
        ("SZ", "Swaziland|Eswatini"),
        ("TH", "Siam"),
        ("TT", "Trinidad & Tobago|T&T"),
        ("US", "USA|U.S.|E.E.U.U.|EE. UU.|USA (United States)"),
        ("ZA", "RSA|S. Africa"),
        ("no member", "N. Korea|Equatorial Guinea|South Sudan|Holy See|American Samoa|Marshall Is."),
    ],
)
def test_everyday_spellings(names: CountryLookup, code: str, written: str) -> None:
    assert {text: understood(names, text) for text in written.split("|")} == dict.fromkeys(written.split("|"), code)


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("Congo", "? CD CG"), ("Korea", "? KR"), ("E.U.", "? EU US"), ("Domenica", "? DM DO"), ("England", "? GB"),
        ("Kinshasa", "? CD"), ("Africa", "?"), ("Kenyan", "? KE"), ("French", "?"), ("Nigr", "? NE NG"),
        ("Kenya (Uganda)", "?"), ("Georgia and Kenya", "?"),
    ],
)  # fmt: skip
def test_what_may_mean_another_is_never_taken(names: CountryLookup, text: str, offered: str) -> None:
    assert understood(names, text) == offered
