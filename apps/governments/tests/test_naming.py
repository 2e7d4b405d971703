"""A country is known by its name in any of a dozen languages; a name of two is asked about, never guessed."""

import time
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from apps.governments.country_names import CountryLookup, unambiguous_name
from apps.governments.country_names.aliases import shared, territories
from apps.governments.models import Member, name_languages, names_language
from tests.factories import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def members() -> SimpleNamespace:
    return SimpleNamespace(
        germany=make_member("DE", "Germany", name_fr="Allemagne", name_es="Alemania"),
        morocco=make_member("MA", "Morocco", name_fr="Maroc", name_es="Marruecos", code3="MAR", capital="Rabat"),
        congo=make_member("CG", "Congo", name_fr="Congo", name_es="Congo", code3="COG"),
        drc=make_member("CD", "Democratic Republic of the Congo", code3="COD"),
        britain=make_member("GB", "United Kingdom", code3="GBR"),
        states=make_member("US", "United States", code3="USA"),
        russia=make_member("RU", "Russian Federation", code3="RUS"),
        china=make_member("CN", "China", code3="CHN"),
        taipei=make_member(
            "TW",
            "Chinese Taipei",
            code3="TWN",
            official_name="Separate Customs Territory of Taiwan, Penghu, Kinmen and Matsu",
        ),
        korea=make_member("KR", "South Korea", code3="KOR", official_name="Korea, Republic of"),
        ivory=make_member("CI", "Côte d'Ivoire", code3="CIV"),
        cape=make_member("CV", "Cabo Verde", code3="CPV"),
        emirates=make_member("AE", "United Arab Emirates", code3="ARE"),
        laos=make_member("LA", "Laos", code3="LAO", official_name="Lao People's Democratic Republic"),
        tanzania=make_member("TZ", "Tanzania", code3="TZA"),
        lucia=make_member("LC", "Saint Lucia", code3="LCA"),
        bolivia=make_member("BO", "Bolivia", code3="BOL", official_name="Bolivia, Plurinational State of"),
        union=make_member("EU", "European Union", code3="EUR"),
        turkey=make_member("TR", "Türkiye", code3="TUR", earlier_names=[{"until": "2022-06-01", "name": "Turkey"}]),
    )


def book() -> CountryLookup:
    return CountryLookup(Member.objects.all())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Deutschland", "DE"), ("ألمانيا", "DE"), ("Alemanha", "DE"), ("Германия", "DE"), ("德国", "DE"),
        ("Germania", "DE"), ("Duitsland", "DE"), ("Jerman", "DE"), ("Ujerumani", "DE"), ("المغرب", "MA"),
        ("MAROKKO", "MA"), ("Marrocos", "MA"), ("Türkei", "TR"), ("turkei", "TR"), ("Turkey", "TR"), ("تركيا", "TR"),
        ("UK", "GB"), ("Großbritannien", "GB"), ("Vereinigtes Königreich", "GB"), ("USA", "US"), ("EE. UU.", "US"),
        ("RU", "RU"), ("Kongo-Kinshasa", "CD"), ("DR Congo", "CD"), ("Republic of the Congo", "CG"),
        ("Congo (CG)", "CG"), ("kongo (cod)", "CD"), ("  the  United Kingdom ", "GB"), ("U.K.", "GB"),
        ("United States of America", "US"), ("U.S.A.", "US"), ("The U.S.", "US"), ("Republic of Korea", "KR"),
        ("Korea (the Republic of)", "KR"), ("South Korea", "KR"), ("République de Corée", "KR"), ("Korea (KR)", "KR"),
        ("Taiwan", "TW"), ("Chinese Taipei", "TW"), ("Republic of China (Taiwan)", "TW"), ("China", "CN"),
        ("People's Republic of China", "CN"), ("China, People’s Republic of", "CN"), ("PRC", "CN"),
        ("Ivory Coast", "CI"), ("COTE D'IVOIRE", "CI"), ("Republic of Côte d’Ivoire", "CI"), ("Cape Verde", "CV"),
        ("Cap-Vert", "CV"), ("Republic of Cabo Verde", "CV"), ("UAE", "AE"), ("U.A.E.", "AE"), ("DRC", "CD"),
        ("Congo (the Democratic Republic of the)", "CD"), ("Congo, Democratic Republic of the", "CD"), ("RDC", "CD"),
        ("Congo, Republic of the", "CG"), ("Lao PDR", "LA"), ("Lao P.D.R.", "LA"), ("Lao People’s Dem. Rep.", "LA"),
        ("Congo, Dem. Rep.", "CD"), ("Dem. Rep. of the Congo", "CD"), ("Congo, Rep.", "CG"), ("Korea, Rep.", "KR"),

        ("United Republic of Tanzania", "TZ"), ("Tanzania, United Republic of", "TZ"), ("St. Lucia", "LC"),
        ("St Lucia", "LC"), ("Bolivia (Plurinational State of)", "BO"), ("Kingdom of Morocco", "MA"),
        ("Royaume du Maroc", "MA"), ("Federal Republic of Germany", "DE"), ("EU", "EU"), ("Republic of Kongo", ""),
    ],
)  # fmt: skip
def test_a_name_in_any_of_the_languages_is_known(members: SimpleNamespace, text: str, code: str) -> None:
    found = book().find(text)
    assert [member.code for member in found.members if found.one] == ([code] if code else [])


@pytest.mark.parametrize("text", ["Congo", "Kongo", "the Congo", "الكونغو", "刚果", "Конго"])
def test_a_name_of_two_members_is_both(members: SimpleNamespace, text: str) -> None:
    assert {member.code for member in book().find(text).members} == {"CD", "CG"}
    assert not book().is_one(text)


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Korea", ["South Korea (KR)", "North Korea (KP)"]),
        ("Corée", ["South Korea (KR)", "North Korea (KP)"]),
        ("Republic of China", ["China (CN)", "Chinese Taipei (TW)"]),
        ("China, Republic of", ["China (CN)", "Chinese Taipei (TW)"]),
        ("República de China", ["China (CN)", "Chinese Taipei (TW)"]),
        ("E. U", ["European Union (EU)", "United States (US)"]),
    ],
)
def test_a_name_that_may_mean_another_is_never_guessed(members: SimpleNamespace, text: str, labels: list[str]) -> None:
    found = book().find(text)
    assert found.one is None
    assert sorted(found.labels) == sorted(labels)
    reading = book().read(f"{text}\nMorocco")
    assert [member.code for member in reading.members] == ["MA"]
    assert reading.unknown[0].text == text
    assert reading.unknown[0].close == found.members


def test_a_pasted_list_is_divided_at_commas_but_a_capital_belongs_to_its_country(members: SimpleNamespace) -> None:
    reading = book().read("Congo, COD, Morocco, Maroc\nMorocco, Rabat\nGermany, Geneva")
    assert ([member.code for member in reading.members], [one.text for one in reading.unknown]) == (
        ["CD", "MA", "DE"], ["Congo"],
    )  # fmt: skip


def test_a_name_of_two_is_not_guessed_where_only_one_of_them_is_a_member(db: None) -> None:
    make_member("CG", "Congo", code3="COG")
    make_member("CN", "China", code3="CHN")
    assert [book().find(text).one for text in ("Congo", "Republic of China")] == [None, None]


@pytest.mark.parametrize("text", ["Deutschland (MA)", "Atlantis", "", "Deutschlan", "x (", "نعم"])
def test_what_is_no_name_of_a_member_finds_none(members: SimpleNamespace, text: str) -> None:
    assert book().find(text).members == []


def test_a_territory_that_is_no_member_is_told_from_a_slip(members: SimpleNamespace) -> None:
    countries = book()
    assert countries.no_member("Nordkorea")
    assert countries.no_member("Democratic People’s Republic of Korea")
    assert countries.no_member("Iran (Islamic Republic of)")
    assert countries.no_member("IR")
    assert not countries.no_member("Deutschlan")
    assert countries.close_to("Deutschlan") == [members.germany]


def test_every_name_of_a_territory_is_of_one_only_but_those_we_say() -> None:
    told = [name for names in territories().values() for name in names]
    assert {name for name in told if told.count(name) > 1} == set()
    assert not set(told) & set(shared())


def test_a_name_that_may_be_anothers_is_written_with_its_code(members: SimpleNamespace) -> None:
    assert unambiguous_name(members.congo) == "Congo (CG)"
    assert unambiguous_name(members.germany) == "Germany"
    for member in vars(members).values():
        assert book().find(unambiguous_name(member)).one == member


@pytest.mark.parametrize("text", ["Congo  (  CG )", " Germany \t( DE )", "Republic  of   Korea"])
def test_more_spaces_than_needed_change_nothing(members: SimpleNamespace, text: str) -> None:
    assert book().is_one(text)


@pytest.mark.parametrize(
    "text",
    ["a" + " " * 10_000 + "b", "Congo" + " " * 10_000 + "(CG", "a( " * 3_333, "(" * 9_999 + "CG)", "a (CG) " * 1_400],
)
def test_a_long_cell_takes_no_time_to_be_no_country(members: SimpleNamespace, text: str) -> None:
    names = book()
    started = time.thread_time()
    assert not names.is_one(text)
    assert time.thread_time() - started < 0.2


def test_a_further_language_of_the_interface_names_governments_too(settings: Any) -> None:
    kenya, day = make_member("KE", "Kenya", name_fr="Kenya"), date(2017, 12, 1)
    assert names_language("pt-br") == "en", "a switch that offers it would promise too much"
    settings.LANGUAGES = [*settings.LANGUAGES, ("pt-br", "Português (Brasil)")]
    assert name_languages()["pt"] == "Português (Brasil)"
    assert (kenya.name_on(day, "pt-br"), kenya.name_on(day, "fr")) == ("Quênia", "Kenya")
    settings.LANGUAGES = [*settings.LANGUAGES, ("eo", "Esperanto")]
    assert names_language("eo") == "en", "where the CLDR's names are missing"
