"""Names of governments in English, French or Spanish, whatever the interface speaks, each list sorted its own way."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.text import name_sort_key
from apps.governments.services.positions import position_record
from tests.factories import html_of, make_member


@pytest.fixture
def six(members: Any) -> None:
    make_member("DE", "Germany", name_fr="Allemagne", name_es="Alemania")
    make_member("EG", "Egypt", name_fr="Égypte", name_es="Egipto")
    make_member("ES", "Spain", name_fr="Espagne", name_es="España")
    make_member(
        "SZ", "Eswatini", name_fr="Eswatini", name_es="Esuatini",
        earlier_names=[{"until": "2018-04-19", "name": "Swaziland", "name_fr": "Swaziland", "name_es": "Suazilandia"}],
    )  # fmt: skip


def listed(answer: Any) -> list[str]:
    """The names as the table shows them."""
    return [
        re.sub(r"<[^>]+>", "", name).replace("&#x27;", "'")
        for name in re.findall(r'<th scope="row"><a href="[^"]*">(.*?)</a>', html_of(answer))
    ]


ENGLISH = ["Côte d'Ivoire", "Egypt", "Germany", "Kenya", "Spain", "Swaziland"]
FRENCH = ["Allemagne", "Côte d'Ivoire", "Égypte", "Espagne", "Kenya", "Swaziland"]
#: of the Unicode CLDR; the sort key ignores the hamza
ARABIC = ["إسبانيا", "إسواتيني", "ألمانيا", "كوت ديفوار", "كينيا", "مصر"]
SPANISH = ["Alemania", "Côte d'Ivoire", "Egipto", "España", "Kenia", "Suazilandia"]


@pytest.mark.parametrize("path", ["governments/", "map/"])
@pytest.mark.parametrize(
    ("asked", "language", "found"),
    [("", "en", ENGLISH), ("?names=fr", "fr", FRENCH), ("?names=es", "es", SPANISH), ("?names=en", "en", ENGLISH),
     ("?names=ar", "ar", ARABIC), ("?names=pt", "en", ENGLISH),
     ("?names=FR", "en", ENGLISH), ("?names=%00", "en", ENGLISH),
     ("?names=<script>", "en", ENGLISH)],
)  # fmt: skip
def test_names_are_shown_and_sorted_in_the_language_asked_for(
    page: Any, six: None, path: str, asked: str, language: str, found: list[str]
) -> None:
    answer = page(path + asked)
    assert listed(answer) == found
    text = html_of(answer)
    assert text.count(f'<bdi lang="{language}">') == len(found)
    assert re.findall(r'lang="(\w\w)" hreflang="\w\w" aria-current="true"', text) == [language]
    assert "<script>" not in text


def test_a_reader_of_french_has_french_names_unless_others_are_asked_for(page: Any, cast: Any, six: None) -> None:
    User.objects.filter(pk=cast.observer.pk).update(language="fr")
    assert listed(page("governments/")) == FRENCH
    answer = page("governments/?names=en")
    assert listed(answer) == ENGLISH
    assert "?names=en&amp;sort=-name" in html_of(answer)
    assert listed(page("governments/?names=xx")) == ENGLISH


def test_the_language_stays_in_every_link_of_the_directory(page: Any, campaign: Campaign, six: None) -> None:
    answer = page("governments/?names=fr&on=2017-12-12&q=e&sort=-name", "drafter")
    text = html_of(answer)
    assert listed(answer) == FRENCH[::-1]
    for link in (
        'href="/work/mc11/governments/EG/?on=2017-12-12&amp;names=fr"',
        'href="/work/mc11/map/?on=2017-12-12&amp;names=fr"',
        'href="/work/mc11/governments/?stance=none&amp;on=2017-12-12&amp;names=fr"',
        'href="/work/mc11/governments/?on=2017-12-12&amp;names=fr"',
        'href="?names=fr&amp;on=2017-12-12&amp;q=e&amp;sort=name"',
        'href="?names=fr&amp;q=e&amp;sort=-name"',
        'href="/work/mc11/positions/?names=fr&amp;on=2017-12-12&amp;q=e&amp;sort=-name&amp;pick=1"',
        '<input type="hidden" name="names" value="fr">',
        'href="?names=es&amp;on=2017-12-12&amp;q=e&amp;sort=-name" lang="es"',
        'href="?on=2017-12-12&amp;q=e&amp;sort=-name" lang="en"',
    ):
        assert link in text, link


def test_the_map_and_the_page_of_a_government_keep_it_too(page: Any, six: None) -> None:
    text = html_of(page("map/?names=fr&by=recipients"))
    assert "<title>Allemagne: no address</title>" in text
    assert 'href="/work/mc11/governments/DE/?names=fr"' in text
    assert 'href="/work/mc11/governments/?recipients=none&amp;names=fr"' in text
    assert text.count('<input type="hidden" name="names" value="fr">') == 1
    text = html_of(page("governments/DE/?names=fr"))
    assert '<h1><bdi lang="fr">Allemagne</bdi></h1>' in text
    assert 'Also <span lang="en">Germany</span>, <span lang="es">Alemania</span>' in text


def test_recording_for_many_names_them_in_that_language_and_reads_any(
    page: Any, cast: Any, signed_in: Any, six: None
) -> None:
    drafter = signed_in(cast.drafter)
    here = "/work/mc11/positions/"
    text = html_of(drafter.get(f"{here}?names=fr&pick=1&q=allemagne"))
    assert ">Allemagne</textarea>" in text
    assert f'action="{here}?names=fr"' in text
    said = {"stance": "joined", "on": "2017-12-13", "confidence": "high", "names": "Spain\nEgipto\nAllemagne"}
    text = html_of(drafter.post(f"{here}?names=fr", said))
    assert re.findall(r'<bdi lang="fr">(.*?)</bdi>', text) == ["Allemagne", "Égypte", "Espagne"]
    assert f'action="{here}?names=fr"' in text
    answer = drafter.post(f"{here}?names=fr", {**said, "accept": "1", "member": ["DE", "EG", "ES"]})
    assert answer["Location"] == "/work/mc11/governments/?stance=joined&on=2017-12-13&names=fr"


def test_the_spanish_alphabet_has_a_letter_more(db: None) -> None:
    words = ["Nuevo", "Ñuble", "Ozuna", "Nzere", "Ángel"]
    assert sorted(words, key=lambda word: name_sort_key(word, "es")) == ["Ángel", "Nuevo", "Nzere", "Ñuble", "Ozuna"]
    assert sorted(words, key=lambda word: name_sort_key(word, "fr")) == ["Ángel", "Ñuble", "Nuevo", "Nzere", "Ozuna"]
    assert name_sort_key("N\u0303uble", "es") == name_sort_key("Ñuble", "es"), "however it is typed"
    assert name_sort_key("The Gambia", "en") == "gambia"


def test_names_in_another_language_ask_nothing_more_of_the_database(
    page: Any, campaign: Campaign, members: Any
) -> None:
    def asked(path: str) -> int:
        page(path)  # signing in and its session are no part of it
        with CaptureQueriesContext(connection) as caught:
            page(path)
        return len(caught)

    few = {path: asked(path) for path in ("governments/", "map/")}
    for number in range(40):
        made = make_member(f"{chr(65 + number // 10)}{number % 10}", f"Member {number}")
        position_record(campaign=campaign, member=made, stance="joined", on=date(2017, 1, 1), actor=None)
    assert {path: asked(f"{path}?names=es&on=2017-06-01") for path in few} == few
