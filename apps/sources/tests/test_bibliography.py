"""A bibliography: sorted as the language sorts, dated, with the address and when it was opened."""

from datetime import date
from typing import Any

import pytest

from apps.campaigns.models import Campaign
from apps.sources.citation.author_names import listed_name
from apps.sources.citation.bibliography import bibliography
from apps.sources.citation.formatter import accessed_text
from apps.sources.models import Source

pytestmark = pytest.mark.django_db


def source(key: str, author: str = "", title: str = "A Title", **values: Any) -> Source:
    return Source(key=key, kind="footnote", authors=[author] if author else [], title=title, **values)


def keys(sources: list[Source], language: str) -> list[str]:
    return [entry.source.key for entry in bibliography(sources, language, None)]


@pytest.mark.parametrize(
    ("author", "listed"),
    [
        ("Deborah James", "James, Deborah"),
        ("Parminder Jeet Singh", "Singh, Parminder Jeet"),
        ("Ursula von der Leyen", "von der Leyen, Ursula"),
        ("Émile O’Neil", "O’Neil, Émile"),
        ("J. M. Keynes", "Keynes, J. M."),
        ("World Bank", "World Bank"),
        ("Global Affairs Canada", "Global Affairs Canada"),
        ("Our World Is Not for Sale", "Our World Is Not for Sale"),
        ("IT for Change", "IT for Change"),
        ("UNCTAD", "UNCTAD"),
        ("71 WTO members", "71 WTO members"),
        ("State Council of China", "State Council of China"),
        ("Chief Information Officer, US Department of Defense", "Chief Information Officer, US Department of Defense"),
        ("منى البحري", "منى البحري"),
        ("王 小明", "王 小明"),
        ("", ""),
    ],
)
def test_people_are_listed_by_surname_and_institutions_as_they_are(author: str, listed: str) -> None:
    assert listed_name(source("a", author)) == listed


def test_the_campaigns_files_may_say_under_what_a_source_is_sorted() -> None:
    made = source("a", "Gabriel García Márquez", extra={"sort_as": "García Márquez, Gabriel"})
    assert listed_name(made) == "García Márquez, Gabriel"
    assert listed_name(source("b", "Oxfam Novib", publisher="Oxfam Novib, The Hague")) == "Oxfam Novib"


def test_sorted_by_surname_or_title_without_accents_case_and_articles() -> None:
    made = [
        source("zoe", "Deborah Zoé"), source("eco", "The Economist"), source("agenda", title="«Agenda 2063»"),
        source("emile", "Anne Émile"), source("taxes", title="Les taxes"), source("fort", "Zoe Fort"),
        source("arabic", "منى البحري"),
    ]  # fmt: skip
    assert keys(made, "en") == ["agenda", "eco", "emile", "fort", "taxes", "zoe", "arabic"]


def test_spanish_sorts_its_own_letter_after_n() -> None:
    made = [source("nz", "Ana Nuzo"), source("ñ", "Ana Ñandú"), source("o", "Ana Ojo"), source("na", "Ana Nadal")]
    assert keys(made, "es") == ["na", "nz", "ñ", "o"]
    assert keys(made, "fr") == ["na", "ñ", "nz", "o"]


def test_works_of_one_author_by_their_dates_and_undated_ones_last() -> None:
    made = [
        source("none", "Deborah James"), source("late", "Deborah James", date="2017-05-12", year=2017),
        source("year", "Deborah James", year=2017), source("early", "Deborah James", "Z", year=2011),
    ]  # fmt: skip
    assert keys(made, "en") == ["early", "year", "late", "none"]


def test_an_entry_says_when_its_address_was_opened(campaign: Campaign) -> None:
    made = source(
        "a", "Deborah James", "Reasons", date="2017-05-12", url="https://x.example/a", checked_on=date(2017, 12, 1)
    )
    texts = [bibliography([made], language, None)[0].text for language in ("en", "fr", "es")]
    assert texts == [
        "James, Deborah, Reasons, 12 May 2017, https://x.example/a (accessed on 1 December 2017).",
        "James, Deborah, Reasons, 12 mai 2017, https://x.example/a (consulté le 1er décembre 2017).",
        "James, Deborah, Reasons, 12 de mayo de 2017, https://x.example/a (consultado el 1 de diciembre de 2017).",
    ]
    made.url = ""
    assert accessed_text(made) == "", "nothing that one could have opened"
    made.date = ""
    texts = [bibliography([made], language, None)[0].text for language in ("en", "fr", "es")]
    assert texts == ["James, Deborah, Reasons, n.d.", "James, Deborah, Reasons, s.d.", "James, Deborah, Reasons, s.f."]


def test_many_authors_and_a_source_known_through_the_document() -> None:
    document = source("doc", "Deborah James", "Twelve Reasons", year=2017)
    document.kind = "document"
    many = Source(key="m", kind="footnote", authors=["Ann Bee", "C", "D", "E"], title="T", year=2016)
    known = source("k", "UNCTAD", "proposal", form="described")
    assert [entry.text for entry in bibliography([known, many], "fr", document)] == [
        "Bee, Ann et al., T, 2016.",
        "UNCTAD, proposal, s.d., cité dans Deborah James, Twelve Reasons, 2017.",
    ]
