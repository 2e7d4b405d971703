"""Points, facts and sources in the read API."""

from typing import Any

import pytest
from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.sources.models import Source
from apps.talkingpoints.models import Fact, PointTranslation, TalkingPoint
from apps.talkingpoints.translation_status import original_hash
from tests.factories import make_campaign, make_group, make_member


@pytest.fixture
def evidence(campaign: Campaign) -> None:
    """Point 1 on farms, point 2 on data; five facts, of which one is retired and one is outside the points."""
    make_group("ldc", make_member("TO", "Tonga"))
    make_member("KE", "Kenya")
    report = Source.objects.create(
        campaign=campaign, key="report", kind="footnote", title="Report", url="https://r.example"
    )
    speech = Source.objects.create(campaign=campaign, key="speech", kind="inline", title="خطاب")
    farms, data = (
        TalkingPoint.objects.create(
            campaign=campaign, number=number, slug=slug, title=slug.title(), claim="So it is.", topics=[slug],
            related_groups=["ldc"], related_countries=["TO"],
        )
        for number, slug in ((1, "farms"), (2, "data"))
    )  # fmt: skip

    def fact(key: str, **more: Any) -> Fact:
        defaults = {"kind": "claim", "source": report, "verification": "verified", "statement": f"Statement {key}."}
        return Fact.objects.create(campaign=campaign, key=key, **{**defaults, **more})

    figures = [{"value": 71, "unit": "members", "year": 2017}]
    fact("a", point=farms, position=1, kind="figure", figures=figures, applies_to=["TO", "ldc"])
    fact("b", point=farms, position=2, source=speech, verification="caution", caution="The number is disputed.")
    fact("c", point=data, position=1, applies_to=["global"]).additional_sources.add(speech, report)
    fact("old", point=data, position=2, retired_at=timezone.now())
    fact("aside", position=1, applies_to=["KE"])
    other = make_campaign("mc12")
    elsewhere = Source.objects.create(campaign=other, key="report", kind="secret", title="Theirs")
    Fact.objects.create(campaign=other, key="a", kind="x", source=elsewhere, verification="verified", statement="No.")


def test_context_is_named_as_pages_name_it(evidence: None, read: Any) -> None:
    named = {row["key"]: (row["number"], row["name"]) for row in read("facts").json()["results"]}
    assert named["a"] == ("1.1", "Fact 1.1")
    assert named["aside"] == ("0.1", "Context 1")


def keys(answer: Any) -> list[Any]:
    assert answer.status_code == 200, answer.content
    return [row["key"] for row in answer.json()["results"]]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["a", "b", "c", "aside"]),
        ({"point": "1"}, ["a", "b"]),
        ({"topic": "data"}, ["c"]),
        ({"kind": "figure"}, ["a"]),
        ({"verification": "caution"}, ["b"]),
        ({"member": "to"}, ["a"]),
        ({"member": "KE"}, ["aside"]),
        ({"group": "ldc"}, ["a"]),
        ({"source": "speech"}, ["b", "c"]),
        ({"source": "report"}, ["a", "c", "aside"]),
        ({"retired": "true"}, ["old"]),
        ({"retired": "all"}, ["a", "b", "c", "old", "aside"]),
        ({"point": "2", "retired": "all", "source": "report"}, ["c", "old"]),
        ({"group": "ldc", "member": "KE"}, []),
    ],
)
def test_facts_are_found(evidence: None, read: Any, asked: dict[str, str], found: list[str]) -> None:
    assert keys(read("facts", **asked)) == found


def test_a_fact_has_its_figures_sources_and_caution(evidence: None, read: Any) -> None:
    fact = read("facts/a").json()
    assert fact["figures"] == [{"value": 71, "unit": "members", "year": 2017}]
    assert (fact["number"], fact["point"], fact["source"], fact["applies_to"]) == ("1.1", 1, "report", ["TO", "ldc"])
    assert read("facts/b").json()["caution"] == "The number is disputed."
    assert sorted(read("facts/c").json()["additional_sources"]) == ["report", "speech"]
    assert read("facts/aside").json()["point"] is None
    assert read("facts/old").json()["retired_at"] is not None, "old letters still cite it"


def test_points_in_order_with_the_number_of_their_facts(evidence: None, read: Any) -> None:
    rows = read("points").json()["results"]
    assert [(row["number"], row["slug"], row["facts"]) for row in rows] == [(1, "farms", 2), (2, "data", 1)]
    assert (rows[0]["groups"], rows[0]["members"]) == (["ldc"], ["TO"])
    assert [row["number"] for row in read("points", topic="data").json()["results"]] == [2]
    assert read("points/2").json() == rows[1]


def test_sources_by_kind_and_key(evidence: None, read: Any) -> None:
    assert keys(read("sources")) == ["report", "speech"]
    assert keys(read("sources", kind="inline")) == ["speech"]
    assert read("sources/speech").json()["title"] == "خطاب"
    refused = read("sources", kind="secret").json()["errors"][0]["detail"]
    assert refused == "“secret” is not known. Allowed: footnote, inline.", "other campaigns' kinds are not told"


def test_titles_in_other_languages_are_those_that_anybody_may_read(
    campaign: Campaign, evidence: None, read: Any
) -> None:
    point = TalkingPoint.objects.get(campaign=campaign, number=1)
    for language, title, extra in (
        ("fr", "Fermes", {}),
        ("es", "Granjas", {"written_at": timezone.now()}),
        ("ar", "مزارع", {"written_at": timezone.now(), "reviewed_at": timezone.now()}),
    ):
        made_from = original_hash(point, language)
        PointTranslation.objects.create(point=point, language=language, title=title, source_hash=made_from, **extra)
    assert read("points/1").json()["titles"] == {"fr": "Fermes", "ar": "مزارع"}
    TalkingPoint.objects.filter(pk=point.pk).update(title="No farms")
    assert read("points/1").json()["titles"] == {}
