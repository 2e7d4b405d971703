"""The staff pages of the evidence."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.sources.models import Source
from apps.talkingpoints.models import Ask, PointTranslation
from tests.factories import add_team_member, make_campaign
from tests.factories.evidence import make_fact, make_point

pytestmark = pytest.mark.django_db


@pytest.fixture
def evidence(campaign: Campaign) -> SimpleNamespace:
    point = make_point(campaign, 9, title="Lost taxes", claim="Hard to tax.")
    PointTranslation.objects.create(point=point, language="fr", title="Moins d’impôts", source_hash="")
    document = Source.objects.create(
        campaign=campaign,
        key="src-document",
        kind="document",
        title="Twelve Reasons",
        extra={"point_word": {"en": "reason"}},
    )
    make_fact(
        campaign,
        "tp09-f01",
        point,
        position=1,
        statement="Between 620 and 970 billion.",
        kind="figure",
        figures=[{"value": 620 * 10**9, "unit": "USD"}, {"value": 970 * 10**9, "unit": "USD"}],
        locator={"point": 9, "where": "second sentence"},
        caution="A wide range.",
        verification="consistent",
    )
    make_fact(
        campaign,
        "tp09-f02",
        point,
        position=2,
        source=document,
        verification="caution",
        locator={"point": 9, "where": "end"},
    )
    make_fact(campaign, "ctx-f01", statement="The sea is wide.", position=1)
    return SimpleNamespace(campaign=campaign, point=point)


def page(client: Any, name: str, campaign: Campaign, *args: Any, **query: str) -> Any:
    return client.get(reverse(f"evidence:{name}", args=[campaign.slug, *args]), query)


def test_every_role_reads_the_evidence_and_outsiders_find_nothing(
    evidence: SimpleNamespace, cast: SimpleNamespace, signed_in: Any, client: Any
) -> None:
    for role in Role.values:
        reader = signed_in(getattr(cast, role), second_factor=False)
        for name, args in (("index", ()), ("point", (9,)), ("context", ())):
            assert page(reader, name, evidence.campaign, *args).status_code == 200, f"{role} {name}"
    outsider = signed_in(cast.outsider)
    assert page(outsider, "index", evidence.campaign).status_code == 404
    assert page(outsider, "point", evidence.campaign, 9).status_code == 404
    assert page(client, "index", evidence.campaign).status_code == 302


def test_the_points_of_another_campaign_are_not_there(
    evidence: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    other = make_campaign("other")
    make_fact(other, "o-1", make_point(other, 4, title="Secret of others"), statement="Between us.")
    reader = signed_in(cast.observer)
    assert page(reader, "point", evidence.campaign, 4).status_code == 404
    assert page(reader, "index", other).status_code == 404
    assert "Between us" not in page(reader, "index", evidence.campaign, q="between").text
    add_team_member(cast.observer, other, Role.OBSERVER)
    assert "Secret of others" in page(reader, "index", other).text
    assert "Lost taxes" not in page(reader, "index", other).text


def test_the_list_counts_facts_by_how_sure_they_are(
    evidence: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    overview = page(signed_in(cast.drafter), "index", evidence.campaign).context["overview"]
    assert [(row.point and row.point.number, row.facts, row.sure, row.cautions) for row in overview] == [
        (9, 2, 1, 1),
        (None, 1, 1, 0),
    ]


def test_a_point_shows_figure_state_caution_source_and_asks(
    evidence: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    Ask.objects.create(
        campaign=evidence.campaign,
        key="a",
        text="Tax them.",
        short="Tax",
        supports=[9],
        strength="core",
        basis="derived",
    )
    html = page(signed_in(cast.drafter), "point", evidence.campaign, 9).text
    for words in (
        "620 to 970 billion US dollars",
        "Agrees with other sources",
        "A wide range.",
        "World Bank, World Report.",
        "In the document: reason 9, second sentence",
        "Known discrepancy",
        "Twelve Reasons, reason 9.",
        "Moins d’impôts",
        "Tax them.",
    ):
        assert words in html, words
    assert html.count("<h1") == 1


def test_a_publisher_who_is_the_author_is_named_once(
    evidence: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    Source.objects.filter(campaign=evidence.campaign).update(authors=["Bloomberg"], publisher="Bloomberg")
    reader = signed_in(cast.observer)
    assert "Bloomberg. Bloomberg" not in page(reader, "sources", evidence.campaign).text
    assert "Bloomberg. Bloomberg" not in page(reader, "index", evidence.campaign, q="bloomberg").text


def test_the_list_of_sources_sorts_whatever_the_case_and_counts_in_words(
    campaign: Campaign, cast: SimpleNamespace, signed_in: Any
) -> None:
    held = make_fact(campaign, "one", make_point(campaign, 3)).source
    Source.objects.filter(pk=held.pk).update(title="World Report")
    for title in ("criticism of it", "Élan", "economy", "Zeal"):
        Source.objects.create(campaign=campaign, key=title[:3].lower(), kind="report", title=title)
    text = page(signed_in(cast.observer), "sources", campaign).text
    assert re.findall(r'class="serif-link"[^>]*>([^<]+)<', text) == [
        "criticism of it", "economy", "Élan", "World Report", "Zeal",
    ]  # fmt: skip
    counted = re.findall(r'<td class="number">\s*(\d+)<span class="show-small">\s*(\w+)\s*</span>', text)
    assert counted == [("0", "facts"), ("0", "facts"), ("0", "facts"), ("1", "fact"), ("0", "facts")]


def test_a_search_finds_facts_and_leads_to_their_point(
    evidence: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    reader = signed_in(cast.observer)
    html = page(reader, "index", evidence.campaign, q="billion").text
    assert "1 result for “billion”" in html
    assert f'href="/work/{evidence.campaign.slug}/evidence/9/#tp09-f01"' in html
    assert "/evidence/context/#ctx-f01" in page(reader, "index", evidence.campaign, q="sea").text
    assert "Nothing contains all of these words" in page(reader, "index", evidence.campaign, q="xyzzy").text


@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script>", "%", "a\x00b", "'; DROP TABLE x; --", "مصر", "x" * 200, "   "]
)
def test_a_search_for_anything_at_all_is_answered(
    evidence: SimpleNamespace, cast: SimpleNamespace, signed_in: Any, words: str
) -> None:
    answer = page(signed_in(cast.observer), "index", evidence.campaign, q=words)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_a_statement_is_shown_as_typed_and_never_run(
    evidence: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    make_fact(evidence.campaign, "tp09-f03", evidence.point, statement="<img src=x onerror=alert(1)>")
    html = page(signed_in(cast.observer), "point", evidence.campaign, 9).text
    assert "&lt;img src=x" in html
    assert "<img src=x" not in html


def test_an_empty_campaign_says_what_to_do(cast: SimpleNamespace, campaign: Campaign, signed_in: Any) -> None:
    reader = signed_in(cast.coordinator)
    assert "load_campaign" in page(reader, "index", campaign).text
    assert "There are none." in page(reader, "context", campaign).text


def test_pages_ask_the_database_a_few_times_however_much_there_is(
    evidence: SimpleNamespace, cast: SimpleNamespace, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(20, 40):
        make_fact(evidence.campaign, f"f-{number}", make_point(evidence.campaign, number))
    reader = signed_in(cast.observer)
    for name, args in (("index", ()), ("point", (9,)), ("context", ())):
        with django_assert_max_num_queries(17):
            page(reader, name, evidence.campaign, *args)


def test_a_long_list_of_sources_has_pages(campaign: Campaign, cast: SimpleNamespace, signed_in: Any) -> None:
    rows = [
        Source(campaign=campaign, key=f"src-{number:02}", kind="work", title=f"Work {number:02}")
        for number in range(60)
    ]
    Source.objects.bulk_create(rows)
    client = signed_in(cast.observer)
    for number, titles in ((1, range(50)), (2, range(50, 60))):
        text = page(client, "sources", campaign, page=str(number)).content.decode()
        assert set(re.findall(r"Work (\d\d)", text)) == {f"{title:02}" for title in titles}
