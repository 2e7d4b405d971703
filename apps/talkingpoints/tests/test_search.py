"""The library's search and filters: accents and typing errors forgiven, the reason shown, few queries."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.sources.models import Source
from apps.talkingpoints.models import PointTranslation
from apps.talkingpoints.search.filters import Filters, filter_counts
from apps.talkingpoints.search.match_reasons import fact_reasons, point_reasons, source_reasons
from apps.talkingpoints.search.query import evidence_search
from apps.talkingpoints.search.terms import parse_query
from tests.factories import make_campaign, make_group, make_member
from tests.factories.evidence import make_fact, make_point

pytestmark = pytest.mark.django_db


@pytest.fixture
def library(campaign: Campaign) -> SimpleNamespace:
    argentina = make_member("AR", "Argentina")
    make_group("g90", argentina, label="G-90")
    jobs = make_point(
        campaign, 3, title="Jobs at risk", claim="Automation replaces work.", topics=["jobs"],
        related_groups=["g90"], extra={"labels": {"jobs": "Jobs and labour rights"}},
    )  # fmt: skip
    duties = make_point(campaign, 9, title="Lost tariff revenue", topics=["tax"])
    PointTranslation.objects.create(point=duties, language="fr", title="Recettes douanières perdues", source_hash="")
    unctad = Source.objects.create(
        campaign=campaign, key="src-unctad", kind="report", title="Trade Report", authors=["José Muñoz"],
        publisher="UNCTAD",
    )  # fmt: skip
    make_fact(
        campaign, "tp03-f01", jobs, statement="65 percent of jobs in Argentina in 2016.", kind="figure",
        applies_to=["AR"], source=unctad,
    )  # fmt: skip
    make_fact(campaign, "tp09-f01", duties, statement="Customs duties are lost.", applies_to=["global"])
    make_fact(campaign, "tp09-f02", duties, statement="Élégance of numbers.", verification="caution", caution="Range.")
    make_fact(campaign, "old", jobs, statement="Argentina, long ago.", retired_at=timezone.now())
    return SimpleNamespace(campaign=campaign, jobs=jobs, duties=duties, unctad=unctad)


def facts(campaign: Campaign, query: str, **filters: str) -> list[str]:
    return [fact.key for fact in evidence_search(campaign, parse_query(query), Filters(**filters)).facts]


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("argentina", ["tp03-f01"]),
        ("ARGENTNIA", ["tp03-f01"]),
        ("argentian jobbs", ["tp03-f01"]),
        ("elegance", ["tp09-f02"]),
        ("ÉLÉGANSE", ["tp09-f02"]),
        ("munoz", ["tp03-f01"]),
        ("Muñoz argentina", ["tp03-f01"]),
        ("unctda", ["tp03-f01"]),
        ("tarrif", ["tp09-f01", "tp09-f02"]),
        ("2016", ["tp03-f01"]),
        ("2017", []),
        ("tp09-f02", ["tp09-f02"]),
        ("argentina elegance", []),
        ("xyzzy", []),
        ("100%", []),
        ("_lost", ["tp09-f01", "tp09-f02"]),
        ("%%%%", []),
        ("l__t", []),
    ],
)
def test_every_word_is_found_without_accents_and_with_typing_errors(
    library: SimpleNamespace, query: str, keys: list[str]
) -> None:
    assert sorted(facts(library.campaign, query)) == keys


def test_what_says_the_word_itself_comes_first(library: SimpleNamespace) -> None:
    make_fact(library.campaign, "a-first", library.jobs, statement="Nothing here.", source=library.unctad, position=0)
    make_fact(library.campaign, "z-last", library.duties, statement="As UNCTAD says.", position=9)
    assert facts(library.campaign, "unctad")[0] == "z-last"


def test_points_are_found_by_a_translation_and_sources_by_their_authors(library: SimpleNamespace) -> None:
    found = evidence_search(library.campaign, parse_query("douanieres"), Filters())
    assert found.points == [library.duties]
    assert point_reasons(found.points[0], found.terms) == ["“douanieres” in the translation (fr)"]
    found = evidence_search(library.campaign, parse_query("jose"), Filters())
    assert found.sources == [library.unctad]
    assert source_reasons(library.unctad, found.terms) == ["“jose” in the authors"]
    assert found.sources[0].fact_count == 1


def test_the_reason_names_the_place_and_the_word_that_was_taken_for_it(library: SimpleNamespace) -> None:
    found = evidence_search(library.campaign, parse_query("Argentnia Muñoz risk"), Filters())
    assert fact_reasons(found.facts[0], found.terms) == [
        "“argentnia” read as “Argentina” in the statement",
        "“munoz” in the source",
        "“risk” in point 3",
    ]


def test_the_names_of_those_concerned_are_found_in_every_language(library: SimpleNamespace) -> None:
    earlier = [{"until": "2018-04-19", "name": "Swaziland", "name_fr": "Souaziland", "basis": "renamed"}]
    make_member("SZ", "Eswatini", name_fr="Eswatini", name_es="Esuatini", earlier_names=earlier)
    make_member("ML", "Mali", name_fr="Mali", name_es="Malí")
    make_member("SO", "Somalia", name_fr="Somalie", name_es="Somalia")
    mercosur = make_group("mercosur", label="Mercosur")
    mercosur.label_fr = "Marché commun du Sud"
    mercosur.save()
    make_fact(library.campaign, "c-sz", applies_to=["SZ"], position=1)
    make_fact(library.campaign, "c-ml", applies_to=["ML"], position=2)
    make_fact(library.campaign, "c-so", applies_to=["SO", "mercosur"], position=3)
    make_point(library.campaign, 4, title="A wider gap", related_countries=["ML"], related_groups=["mercosur"])
    expected = {
        "swaziland": ["c-sz"], "souaziland": ["c-sz"], "Esuatini": ["c-sz"], "eswatni": ["c-sz"], "mali": ["c-ml"],
        "Somalie": ["c-so"], "Mercosur": ["c-so"], "marche": ["c-so"], "mercosru somalia": ["c-so"], "renamed": [],
    }  # fmt: skip
    assert {query: facts(library.campaign, query) for query in expected} == expected
    named = evidence_search(library.campaign, parse_query("malí mercosur"), Filters())
    assert ([point.number for point in named.points], named.facts) == ([4], []), "no fact is about both"
    assert point_reasons(named.points[0], named.terms) == [
        "“mali” in whom it concerns", "“mercosur” in whom it concerns",
    ]  # fmt: skip
    found = evidence_search(library.campaign, parse_query("Eswatni"), Filters())
    assert fact_reasons(found.facts[0], found.terms) == ["“eswatni” read as “Eswatini” in whom it concerns"]


@pytest.mark.parametrize(
    ("query", "first"),
    [("3.1", "f-3-1"), ("Fact 3.1", "f-3-1"), ("Context 16", "ctx"), ("context  16 élan", "ctx"), ("(3.1)", "f-3-1")],
)
def test_a_fact_is_found_by_its_number_first(library: SimpleNamespace, query: str, first: str) -> None:
    make_fact(library.campaign, "f-3-1", library.jobs, position=1)
    make_fact(library.campaign, "percent", library.duties, position=16, statement="Up by 3.1 percent.")
    make_fact(library.campaign, "ctx", position=16, statement="Élan.")
    found = evidence_search(library.campaign, parse_query(query), Filters())
    assert found.facts[0].key == first
    assert fact_reasons(found.facts[0], found.terms)[0].endswith("is its number")
    assert [fact.key for fact in found.facts[1:]] == (["percent"] if "3.1" in query else [])


@pytest.mark.parametrize("query", ["3.9", "99.1", "context 999", "999.9999", "context 0"])
def test_a_number_that_no_fact_has_finds_nothing(library: SimpleNamespace, query: str) -> None:
    make_fact(library.campaign, "ctx", position=16)
    assert facts(library.campaign, query) == []


@pytest.mark.parametrize(
    ("filters", "keys", "points", "sources"),
    [
        ({"topic": "tax"}, ["tp09-f01", "tp09-f02"], [9], ["src"]),
        ({"group": "g90"}, [], [3], []),
        ({"country": "AR"}, ["tp03-f01"], [3], ["src-unctad"]),
        ({"kind": "figure"}, ["tp03-f01"], [3], ["src-unctad"]),
        ({"verification": "caution"}, ["tp09-f02"], [9], ["src"]),
        ({"topic": "tax", "verification": "caution"}, ["tp09-f02"], [9], ["src"]),
        ({"topic": "jobs", "verification": "caution"}, [], [], []),
    ],
)
def test_filters_combine(
    library: SimpleNamespace, filters: dict[str, str], keys: list[str], points: list[int], sources: list[str]
) -> None:
    found = evidence_search(library.campaign, [], Filters(**filters))
    assert [fact.key for fact in found.facts] == keys
    assert [point.number for point in found.points] == points
    assert [source.key for source in found.sources] == sources
    assert facts(library.campaign, "lost", topic="tax", kind="claim")[:1] == ["tp09-f01"]
    assert facts(library.campaign, "lost", topic="jobs") == []


def test_a_fact_about_another_country_under_the_same_point_is_not_the_countrys(library: SimpleNamespace) -> None:
    make_member("KE", "Kenya")
    make_member("MW", "Malawi")
    make_point(library.campaign, 4, title="A wider gap", related_countries=["KE", "AR"])
    make_fact(library.campaign, "tp03-f02", library.jobs, statement="85 percent of jobs.", applies_to=["MW"])
    library.jobs.related_countries = ["AR", "MW"]
    library.jobs.save()

    argentina = evidence_search(library.campaign, [], Filters(country="AR"))
    assert [fact.key for fact in argentina.facts] == ["tp03-f01"]
    assert [point.number for point in argentina.points] == [3, 4], "points show when they concern it"
    assert facts(library.campaign, "", country="MW") == ["tp03-f02"]
    assert facts(library.campaign, "", group="g90") == [], "the point concerns the group, no fact names it"
    kenya = evidence_search(library.campaign, [], Filters(country="KE"))
    assert ([point.number for point in kenya.points], kenya.facts, kenya.sources) == ([4], [], [])


def test_the_counts_beside_the_filters_are_the_results_one_gets(library: SimpleNamespace) -> None:
    make_member("KE", "Kenya")
    make_point(library.campaign, 4, title="A wider gap", topics=["jobs", "gap"], related_countries=["KE", "AR"])
    make_fact(library.campaign, "ctx-f01", statement="Beside the points.", applies_to=["g90", "AR"])
    named = {"topics": "topic", "kinds": "kind", "verifications": "verification"}
    counts = filter_counts(library.campaign)
    assert counts["concerned"] == {"AR": 6, "g90": 3, "global": 3, "KE": 1}
    for name, values in counts.items():
        for value, count in values.items():
            filters = Filters(**{named.get(name) or ("country" if value.isupper() else "group"): value})
            assert len(evidence_search(library.campaign, [], filters)) == count, f"{name} {value}"


def test_another_campaigns_library_is_not_searched(library: SimpleNamespace) -> None:
    other = make_campaign("other")
    make_fact(other, "o-1", make_point(other, 1, title="Argentina"), statement="Argentina between us.")
    assert facts(library.campaign, "argentina") == ["tp03-f01"]
    assert facts(other, "argentina") == ["o-1"]


def ask(client: Any, campaign: Campaign, **query: str) -> Any:
    return client.get(reverse("evidence:index", args=[campaign.slug]), query)


def test_the_page_groups_what_was_found_and_keeps_words_and_filters(
    library: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    reader = signed_in(cast.observer)
    html = ask(reader, library.campaign, q="argentnia", country="AR").text
    assert "1 result for “argentnia”" in html
    assert "read as “Argentina” in the statement" in html
    assert '<option value="AR" selected>Argentina (3)</option>' in html
    assert "The points that fit Argentina best, with reasons" in html
    html = ask(reader, library.campaign, q="unctad").text
    assert '<a href="#facts">1 fact</a>' in html
    assert '<a href="#sources">1 source</a>' in html
    assert "Jobs and labour rights (3)" in html


def test_a_country_leads_to_what_is_said_of_its_groups(
    library: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    make_group("oecd", make_member("FR", "France"), label="OECD")
    make_fact(library.campaign, "tp09-f03", library.duties, applies_to=["g90", "oecd"])
    html = ask(signed_in(cast.observer), library.campaign, country="AR").text
    assert "Facts about its groups:" in html
    assert '<a href="/work/mc11/evidence/?group=g90">G-90 (4)</a>' in html
    assert "?group=oecd" not in html, "Argentina is none of the group"
    assert "What is said of its groups" not in ask(signed_in(cast.observer), library.campaign, group="g90").text


def test_words_that_are_too_long_stay_in_the_field_with_what_to_do(
    library: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    typed = ("tariff " * 700).strip()
    answer = ask(signed_in(cast.observer), library.campaign, q=typed, topic="tax")
    assert answer.status_code == 400
    html = answer.text
    assert "These are 4899 characters. A search takes at most 200: shorten it to the words that matter." in html
    assert f'value="{typed}"' in html
    assert 'aria-describedby="id_q_error"' in html
    assert '<option value="tax" selected>' in html
    assert "result" not in html
    assert ask(signed_in(cast.observer), library.campaign, q="a" * 200).status_code == 200


def test_every_empty_answer_says_what_to_do(library: SimpleNamespace, cast: SimpleNamespace, signed_in: Any) -> None:
    reader = signed_in(cast.observer)
    assert "Try fewer words" in ask(reader, library.campaign, q="xyzzy").text
    html = ask(reader, library.campaign, q="argentina", verification="caution").text
    assert "Nothing matches these words within these filters." in html
    assert 'href="/work/mc11/evidence/?q=argentina"' in html
    assert "Set one of them back" in ask(reader, library.campaign, country="AR", verification="caution").text


def test_a_filter_nobody_knows_is_none(library: SimpleNamespace, cast: SimpleNamespace, signed_in: Any) -> None:
    html = ask(signed_in(cast.observer), library.campaign, q="argentina", topic="nonsense", kind="'; --").text
    assert "1 result for" in html


def test_the_caution_stands_beside_what_was_found(
    library: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    html = ask(signed_in(cast.drafter), library.campaign, q="elegance").text
    assert "Known discrepancy" in html
    assert "Range." in html


def test_the_number_of_queries_does_not_grow_with_the_rows(
    library: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    reader = signed_in(cast.observer)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert ask(reader, library.campaign, q="statement report").status_code == 200
        return len(queries)

    make_point(library.campaign, 10, claim="A statement in a report.")
    few = count()
    for number in range(20, 60):
        point = make_point(library.campaign, number, claim="A statement in a report.", topics=[f"topic-{number}"])
        PointTranslation.objects.create(point=point, language="fr", title="Statement report", source_hash="")
        for place in range(3):
            source = Source.objects.create(
                campaign=library.campaign, key=f"s-{number}-{place}", kind="report", title="Statement report"
            )
            make_fact(library.campaign, f"f-{number}-{place}", point, position=place, source=source)
    assert count() == few
