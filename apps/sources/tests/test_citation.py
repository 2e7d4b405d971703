"""Footnotes: one style, nothing empty, words and dates of the letter's language."""

from typing import Any

import pytest

from apps.campaigns.models import Campaign
from apps.core.languages.base import NARROW as THIN
from apps.sources.citation.footnotes import Footnotes
from apps.sources.citation.formatter import (
    citation,
    citation_text,
    citation_url,
    later_citation,
    locator_text,
    short_text,
)
from apps.sources.models import Source

pytestmark = pytest.mark.django_db

PLACE = {"point": 7, "footnote": None, "where": "fifth sentence"}


def make_source(campaign: Campaign, key: str = "src", **values: Any) -> Source:
    return Source.objects.create(campaign=campaign, key=key, **{"kind": "footnote", "title": "A Title", **values})


@pytest.fixture
def document(campaign: Campaign) -> Source:
    return make_source(
        campaign,
        "src-document",
        kind="document",
        authors=["Deborah James"],
        title="Twelve Reasons",
        date="2017-05-12",
        year=2017,
        extra={"point_word": {"en": "reason", "fr": "raison", "es": "razón"}},
    )


def test_the_document_is_cited_with_its_own_word_for_a_point(document: Source) -> None:
    assert citation_text(document, PLACE) == "Deborah James, Twelve Reasons, 12 May 2017, reason 7"
    assert citation_text(document, PLACE, "fr") == "Deborah James, Twelve Reasons, 12 mai 2017, raison 7"
    assert citation_text(document, PLACE, "es") == "Deborah James, Twelve Reasons, 12 de mayo de 2017, razón 7"
    assert (
        citation_text(document, {"point": None, "where": "introduction"})
        == "Deborah James, Twelve Reasons, 12 May 2017"
    )
    assert citation_text(document) == "Deborah James, Twelve Reasons, 12 May 2017"


def test_another_source_is_cited_without_the_place_in_the_document(campaign: Campaign, document: Source) -> None:
    report = make_source(campaign, authors=["World Bank"], publisher="World Bank, Washington, DC", year=2016)
    assert citation_text(report, PLACE) == "World Bank, A Title, Washington, DC, 2016"


def test_an_article_is_quoted_in_the_marks_of_the_language(campaign: Campaign) -> None:
    article = make_source(
        campaign, form="article", authors=["Third World Network"], publisher="SUNS 8337", date="2016-10"
    )
    assert citation_text(article) == "Third World Network, “A Title”, SUNS 8337, October 2016"
    assert (
        citation_text(article, language="fr") == f"Third World Network, «{THIN}A Title{THIN}», SUNS 8337, octobre 2016"
    )
    assert citation_text(article, language="es") == "Third World Network, «A Title», SUNS 8337, octubre de 2016"


def test_what_is_known_only_through_the_document_says_so(campaign: Campaign, document: Source) -> None:
    described = make_source(campaign, form="described", authors=["European Union"], title="proposal on e-commerce")
    expected = "European Union, proposal on e-commerce, cited in Deborah James, Twelve Reasons, 12 May 2017, reason 7"
    assert citation_text(described, PLACE, document=document) == expected
    assert "cité dans" in citation_text(described, PLACE, "fr", document)


def test_a_described_source_that_one_can_open_needs_no_document(campaign: Campaign, document: Source) -> None:
    letter = make_source(campaign, form="described", title="letter to a negotiator", url="https://edri.example/l.pdf")
    assert citation_text(letter, PLACE) == "Letter to a negotiator"


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_what_a_source_is_described_by_begins_with_a_capital_where_it_begins_the_citation(
    campaign: Campaign, language: str
) -> None:
    remark = make_source(campaign, form="described", title="écarts et tarifs", year=2014)
    assert citation_text(remark, language=language, document=None) == "Écarts et tarifs, 2014"
    remark.authors = ["World Bank"]
    assert citation_text(remark, language=language, document=None) == "World Bank, écarts et tarifs, 2014"
    work = make_source(campaign, "b", title="eBay and others", year=2014)
    assert citation_text(work, language=language) == "eBay and others, 2014"


def test_without_a_document_there_is_nothing_to_cite_it_in(campaign: Campaign) -> None:
    assert citation_text(make_source(campaign, form="described"), PLACE) == "A Title"


def noted(language: str, document: Source | None, *cited: tuple[Source, Any]) -> list[str]:
    footnotes = Footnotes(language, document)
    return [footnotes.add(number, *one).citation.text for number, one in enumerate(cited, start=1)]


def test_a_later_note_leads_back_to_the_first_with_its_own_place(campaign: Campaign, document: Source) -> None:
    report = make_source(campaign, authors=["World Bank"], title="World Report 2016: Digital Dividends", year=2016)
    cited = ((document, PLACE), (report, PLACE), (document, {"point": 9}), (report, PLACE), (document, {}))
    assert noted("en", document, *cited) == [
        "Deborah James, Twelve Reasons, 12 May 2017, reason 7",
        "World Bank, World Report 2016: Digital Dividends, 2016",
        "James, Twelve Reasons, note 1 above, reason 9",
        "World Bank, World Report 2016, note 2 above",
        "James, Twelve Reasons, note 1 above",
    ]
    assert noted("fr", document, *cited)[2] == "James, Twelve Reasons, note 1 ci-dessus, raison 9"
    assert noted("es", document, *cited)[2] == "James, Twelve Reasons, nota 1 supra, razón 9"
    assert noted("ar", document, *cited)[2] == "James، Twelve Reasons، الهامش 1 أعلاه، النقطة 9"


def test_the_document_through_which_others_are_cited_is_named_whole_once(campaign: Campaign, document: Source) -> None:
    proposal = make_source(campaign, form="described", authors=["European Union"], title="proposal on e-commerce")
    remark = make_source(campaign, "b", form="described", title="remark on barriers")
    assert noted("en", document, (proposal, PLACE), (remark, {"point": 9}), (document, {"point": 2}),
                 (proposal, {"point": 11}), (remark, {})) == [
        "European Union, proposal on e-commerce, cited in Deborah James, Twelve Reasons, 12 May 2017, reason 7",
        "Remark on barriers, cited in James, Twelve Reasons, note 1 above, reason 9",
        "Deborah James, Twelve Reasons, 12 May 2017, reason 2",
        "European Union, proposal on e-commerce, note 1 above, reason 11",
        "Remark on barriers, note 2 above",
    ]  # fmt: skip
    assert noted("en", None, (proposal, PLACE), (proposal, PLACE))[1] == (
        "European Union, proposal on e-commerce, note 1 above, point 7"
    )


def test_an_address_is_printed_in_the_note_that_cites_in_full(campaign: Campaign) -> None:
    source = make_source(campaign, url="https://bank.example/wdr")
    footnotes = Footnotes("en", None)
    assert [footnotes.add(number, source).url for number in (1, 2)] == ["https://bank.example/wdr", ""]


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"authors": ["A", "B"]}, "A et al., A Title, note 4 above"),
        ({"authors": ["Chief, US Army"]}, "Chief, US Army, A Title, note 4 above"),
        ({"authors": ["Gabriel García Márquez"], "extra": {"sort_as": "García Márquez, Gabriel"}},
            "García Márquez, A Title, note 4 above"),
        ({"authors": ["منى البحري"], "title": "ضوضاء البحر"}, "منى البحري, ضوضاء البحر, note 4 above"),
        ({"title": "A Title – And More"}, "A Title, note 4 above"),
        ({"title": "A Long Title", "extra": {"short_title": "Title"}}, "Title, note 4 above"),
        ({"title": "Title: More", "form": "article"}, "“Title”, note 4 above"),
        ({"title": ": odd"}, ": odd, note 4 above"),
    ],
)  # fmt: skip
def test_author_and_title_in_short(campaign: Campaign, values: dict[str, Any], text: str) -> None:
    assert later_citation(make_source(campaign, **values), 4, None, "en", None).text == text


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({}, "A Title"),
        ({"authors": ["The Economist"], "publisher": "The Economist", "year": 2017}, "The Economist, A Title, 2017"),
        ({"authors": ["Chief, US Army"], "publisher": "US Army"}, "Chief, US Army, A Title"),
        ({"authors": ["A", "B", "C"]}, "A, B, C, A Title"),
        ({"authors": ["A", "B", "C", "D"], "publisher": "P"}, "A et al., A Title, P"),
        ({"authors": ["A", "B", "C", "D"], "publisher": "B"}, "A et al., A Title"),
        ({"authors": ["منى البحري"], "title": "ضوضاء البحر", "date": "2030"}, "منى البحري, ضوضاء البحر, 2030"),
    ],
)
def test_no_piece_is_empty_and_none_is_said_twice(campaign: Campaign, values: dict[str, Any], text: str) -> None:
    assert citation_text(make_source(campaign, **values)) == text


def test_an_arabic_letter_cites_in_arabic_words(document: Source) -> None:
    text = citation_text(document, PLACE, "ar")
    assert text == "Deborah James، Twelve Reasons، 12 أيار/مايو 2017، النقطة 7"


def test_a_language_without_a_module_is_cited_in_english_words_with_its_own_months(document: Source) -> None:
    text = citation_text(document, PLACE, "de")
    assert text == "Deborah James, Twelve Reasons, 12 Mai 2017, point 7"


def test_the_address_is_that_which_a_reader_can_open(campaign: Campaign) -> None:
    source = make_source(campaign)
    assert citation_url(source) == ""
    source.archived_url = "https://archive.example/1"
    assert citation_url(source) == "https://archive.example/1"
    source.doi = "10.1596/978"
    assert citation_url(source) == "https://doi.org/10.1596/978"
    source.other_url = "http://other.example"
    assert citation_url(source) == "http://other.example"
    source.url = "javascript:alert(1)"
    assert citation_url(source) == "http://other.example"


def test_the_place_in_words(document: Source) -> None:
    assert locator_text(PLACE, document) == "reason 7, fifth sentence"
    assert locator_text({"point": None, "where": "introduction"}, document) == "introduction"
    assert locator_text({}, document) == ""
    assert locator_text(PLACE) == "point 7, fifth sentence"


@pytest.mark.parametrize(
    ("date", "english", "french", "spanish"),
    [
        ("2017-05-12", "12 May 2017", "12 mai 2017", "12 de mayo de 2017"),
        ("2017-05-01", "1 May 2017", "1er mai 2017", "1 de mayo de 2017"),
        ("2017-08", "August 2017", "août 2017", "agosto de 2017"),
        ("2017", "2017", "2017", "2017"),
        ("2017-02-31", "2017-02-31", "2017-02-31", "2017-02-31"),
        ("spring", "spring", "spring", "spring"),
    ],
)
def test_dates_as_each_language_writes_them(
    campaign: Campaign, date: str, english: str, french: str, spanish: str
) -> None:
    source = make_source(campaign, date=date)
    for language, words in (("en", english), ("fr", french), ("fr-ch", french), ("es", spanish)):
        assert citation_text(source, language=language) == f"A Title, {words}"


def test_a_page_can_set_the_title_of_a_work_apart(campaign: Campaign) -> None:
    work = citation(make_source(campaign, authors=["World Bank"], year=2016))
    assert (work.lead, work.title, work.tail, work.is_work) == ("World Bank, ", "A Title", ", 2016", True)
    assert citation(make_source(campaign, "b", form="article")).is_work is False


def test_a_source_in_a_few_words(campaign: Campaign) -> None:
    source = make_source(campaign, authors=["World Bank"], year=2016)
    assert short_text(source) == "World Bank, 2016"
    source.authors = ["A", "B"]
    assert short_text(source, "fr") == "A et al., 2016"
    source.authors, source.year = [], None
    assert [short_text(source, language) for language in ("en", "fr", "es")] == [
        "A Title, n.d.", "A Title, s.d.", "A Title, s.f.",
    ]  # fmt: skip
