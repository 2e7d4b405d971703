"""A country is known by its name in any of a dozen languages; a name of two is asked about, never guessed."""

from types import SimpleNamespace

import pytest

from apps.governments.importing.selectors import Countries, unmistakable
from apps.governments.importing.selectors.countries import territories
from tests.factories import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def members() -> SimpleNamespace:
    return SimpleNamespace(
        germany=make_member("DE", "Germany", name_fr="Allemagne", name_es="Alemania"),
        morocco=make_member("MA", "Morocco", name_fr="Maroc", name_es="Marruecos", code3="MAR"),
        congo=make_member("CG", "Congo", name_fr="Congo", name_es="Congo", code3="COG"),
        drc=make_member("CD", "Democratic Republic of the Congo", code3="COD"),
        britain=make_member("GB", "United Kingdom", code3="GBR"),
        states=make_member("US", "United States", code3="USA"),
        russia=make_member("RU", "Russian Federation", code3="RUS"),
        turkey=make_member("TR", "Türkiye", code3="TUR", earlier_names=[{"until": "2022-06-01", "name": "Turkey"}]),
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Deutschland", "DE"), ("ألمانيا", "DE"), ("Alemanha", "DE"), ("Германия", "DE"), ("德国", "DE"),
        ("Germania", "DE"), ("Duitsland", "DE"), ("Jerman", "DE"), ("Ujerumani", "DE"), ("المغرب", "MA"),
        ("MAROKKO", "MA"), ("Marrocos", "MA"), ("Türkei", "TR"), ("turkei", "TR"), ("Turkey", "TR"), ("تركيا", "TR"),
        ("UK", "GB"), ("Großbritannien", "GB"), ("Vereinigtes Königreich", "GB"), ("USA", "US"), ("EE. UU.", "US"),
        ("RU", "RU"), ("Kongo-Kinshasa", "CD"), ("DR Congo", "CD"), ("Republic of the Congo", "CG"),
        ("Congo (CG)", "CG"), ("kongo (cod)", "CD"), ("  the  United Kingdom ", "GB"),
    ],
)  # fmt: skip
def test_a_name_in_any_of_the_languages_is_known(members: SimpleNamespace, text: str, code: str) -> None:
    assert [member.code for member in Countries().find(text)] == [code]


@pytest.mark.parametrize("text", ["Congo", "Kongo", "the Congo", "الكونغو", "刚果", "Конго"])
def test_a_name_of_two_members_is_both(members: SimpleNamespace, text: str) -> None:
    assert {member.code for member in Countries().find(text)} == {"CD", "CG"}
    assert not Countries().is_one(text)


@pytest.mark.parametrize("text", ["Deutschland (MA)", "Atlantis", "", "Deutschlan", "x (", "نعم"])
def test_what_is_no_name_of_a_member_finds_none(members: SimpleNamespace, text: str) -> None:
    assert Countries().find(text) == []


def test_a_territory_that_is_no_member_is_told_from_a_slip(members: SimpleNamespace) -> None:
    countries = Countries()
    assert countries.no_member("Nordkorea")
    assert countries.no_member("IR")
    assert not countries.no_member("Deutschlan")
    assert countries.like("Deutschlan") == ["Germany"]


def test_every_name_of_a_territory_is_of_one_only_but_those_we_say() -> None:
    told = [name for names in territories().values() for name in names]
    assert {name for name in told if told.count(name) > 1} == {"congo", "kongo", "конго", "الكونغو", "刚果"}


def test_a_name_that_may_be_anothers_is_written_with_its_code(members: SimpleNamespace) -> None:
    assert unmistakable(members.congo) == "Congo (CG)"
    assert unmistakable(members.germany) == "Germany"
    for member in vars(members).values():
        assert Countries().find(unmistakable(member)) == [member]
