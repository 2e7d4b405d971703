"""Adding facts on their page: with figures, whom they concern, a source that is there or one that is made with them."""

from threading import Barrier, Thread
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.campaigns.models import Campaign
from apps.core.errors import DomainError
from apps.core.models import AuditEvent
from apps.sources.models import Source
from apps.talkingpoints.models import Fact
from apps.talkingpoints.services.facts import fact_add
from tests.factories import make_campaign, make_group, make_member
from tests.factories.evidence import make_fact, make_point

pytestmark = pytest.mark.django_db
STATEMENT = "62.5 percent of jobs in Kenya can be automated."


@pytest.fixture
def source(campaign: Campaign) -> Source:
    make_group("african-group", make_member("KE", "Kenya"), label="African Group")
    make_fact(campaign, "tp03-f01", make_point(campaign, 3), position=4)
    return Source.objects.get(campaign=campaign)


def address(campaign: Campaign, query: str = "") -> str:
    return reverse("evidence:fact_new", args=[campaign.slug]) + query


def form_of(held: Source, **changed: Any) -> dict[str, Any]:
    return {
        "statement": STATEMENT,
        "point": str(held.campaign.points.get(number=3).pk),
        "kind": "figure",
        "applies_to": "kenya; AFRICAN GROUP; global",
        "source": str(held.pk),
        "where": "page 23, box 2.1",
        "further_sources": "",
        "verification": "unverified",
        "caution": "",
        "figures-TOTAL_FORMS": "2",
        "figures-INITIAL_FORMS": "0",
        "figures-0-value": "62.50",
        "figures-0-unit": "percent of jobs",
        "figures-0-year": "2016",
        "new-form": "work",
        **changed,
    }


def test_a_drafter_adds_a_fact_to_a_point(source: Source, cast: SimpleNamespace, signed_in: Any) -> None:
    drafter, campaign = signed_in(cast.drafter), source.campaign
    more = Source.objects.create(campaign=campaign, key="more", kind="report", title="More")
    page = drafter.get(address(campaign, "?point=3")).text
    assert f'<option value="{campaign.points.get(number=3).pk}" selected>' in page
    page = drafter.get(address(campaign, "?source=more&point=x")).text
    assert f'<option value="{more.pk}" selected>More</option>' in page
    assert drafter.get(address(campaign, "?source=%00&point=99")).status_code == 200
    answer = drafter.post(address(campaign), form_of(source, further_sources=["", str(more.pk), str(more.pk)]))
    fact = Fact.objects.get(statement=STATEMENT)
    assert answer.url == reverse("evidence:fact", args=["mc11", fact.key])
    assert (fact.key, fact.number, fact.revision) == ("fact-625-percent-of-jobs-in-kenya-c", "3.5", 1)
    assert fact.figures == [{"value": "62.5", "unit": "percent of jobs", "year": 2016}]
    assert fact.applies_to == ["KE", "african-group", "global"]
    assert (fact.locator, fact.source) == ({"where": "page 23, box 2.1"}, source)
    assert [one.key for one in fact.additional_sources.all()] == ["more"]
    html = drafter.get(answer.url).text
    for words in (STATEMENT, "In the source: page 23, box 2.1", "It has not changed since it was entered."):
        assert words in html, words
    event = AuditEvent.objects.get(verb="fact.add")
    assert (event.actor_id, event.data) == (
        str(cast.drafter.pk), {"point": 3, "source": "src", "with_new_source": False},
    )  # fmt: skip
    assert STATEMENT in drafter.get(reverse("evidence:point", args=["mc11", 3])).text


def test_a_fact_of_the_context_and_one_more_at_once(source: Source, cast: SimpleNamespace, signed_in: Any) -> None:
    drafter = signed_in(cast.drafter)
    answer = drafter.post(address(source.campaign), form_of(source, point="", more="1"))
    assert answer.url == address(source.campaign)
    fact = Fact.objects.get(statement=STATEMENT)
    assert (fact.point, fact.position) == (None, 1)
    answer = drafter.post(address(source.campaign), form_of(source, statement="Another.", more="1"))
    assert answer.url == address(source.campaign, "?point=3")


def test_the_source_is_made_with_the_fact_or_not_at_all(source: Source, cast: SimpleNamespace, signed_in: Any) -> None:
    drafter, campaign = signed_in(cast.drafter), source.campaign
    typed = {"source": "", "new-title": "تقرير عن العمل", "new-authors": "منى البحري", "new-date": "2017-05"}
    answer = drafter.post(address(campaign), form_of(source, **typed, **{"figures-0-unit": ""}))
    assert answer.status_code == 400
    for words in ("A figure needs a unit.", STATEMENT, "تقرير عن العمل", "منى البحري", 'class="new-source" open'):
        assert words in answer.text, words
    assert Source.objects.count() == 1
    answer = drafter.post(address(campaign), form_of(source, **typed, **{"new-url": "ftp://x"}))
    assert answer.status_code == 400
    assert "Complete the new source below." in answer.text
    assert "A link begins with https://" in answer.text
    assert Source.objects.count() == 1
    assert drafter.post(address(campaign), form_of(source, **typed)).status_code == 302
    fact = Fact.objects.get(statement=STATEMENT)
    assert (fact.source.title, fact.source.authors, fact.source.date) == ("تقرير عن العمل", ["منى البحري"], "2017-05")
    assert AuditEvent.objects.filter(verb="source.save").count() == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"figures-0-unit": ""}, "A figure needs a unit."),
        ({"figures-0-value": "", "figures-0-unit": "", "figures-0-year": ""}, "needs a figure"),
        ({"figures-0-value": "", "figures-0-unit": ""}, "Give the number"),
        ({"figures-0-year": "16"}, "Write 1000 or a larger number."),
        ({"statement": " \x00 "}, "Write the statement"),
        ({"statement": "x" * 10_000}, "at most 2000 fit"),
        ({"applies_to": "african-groop"}, "Neither a government nor a group here: african-groop."),
        ({"verification": "caution", "caution": " "}, "Say what is doubtful"),
        ({"verification": "sure"}, "Select a valid choice"),
        ({"source": ""}, "Choose the source."),
        ({"source": "0"}, "This campaign has no such source."),
        ({"source": "9" * 30}, "This campaign has no such source."),
        ({"point": "0"}, "This campaign has no such point."),
        ({"where": "x" * 201}, "at most 200 characters"),
        ({"further_sources": "\x00"}, "Null characters are not allowed."),
        ({"figures-TOTAL_FORMS": "x"}, "A figure is incomplete."),
    ],
)
def test_bad_input_is_explained_and_nothing_typed_is_lost(
    source: Source, cast: SimpleNamespace, signed_in: Any, changed: dict[str, str], words: str
) -> None:
    data = {**form_of(source, caution="مصر: typed <b>words</b>"), **changed}
    answer = signed_in(cast.drafter).post(address(source.campaign), data)
    assert answer.status_code == 400
    assert words in answer.text
    assert "مصر: typed &lt;b&gt;words&lt;/b&gt;" in answer.text or "caution" in changed.values()
    assert Fact.objects.count() == 1


def test_signs_that_nobody_sees_are_left_out_and_markup_is_words(
    source: Source, cast: SimpleNamespace, signed_in: Any
) -> None:
    drafter = signed_in(cast.drafter)
    typed = "<script>alert(1)</script>\x00 \u202eحوت\u202c\r\nsecond line\x07"
    drafter.post(address(source.campaign), form_of(source, statement=typed))
    fact = Fact.objects.exclude(key="tp03-f01").get()
    assert fact.statement == "<script>alert(1)</script> حوت\nsecond line"
    html = drafter.get(reverse("evidence:fact", args=["mc11", fact.key])).text
    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert" not in html


def test_what_belongs_to_another_campaign_is_not_found(source: Source, cast: SimpleNamespace, signed_in: Any) -> None:
    other = make_campaign("other")
    theirs = Source.objects.create(campaign=other, key="s", kind="report", title="Theirs, unseen")
    point = make_point(other, 9, title="Not ours")
    drafter = signed_in(cast.drafter)
    page = drafter.get(address(source.campaign, "?point=9")).text
    assert "Theirs, unseen" not in page
    assert "Not ours" not in page
    for changed in ({"source": theirs.pk}, {"further_sources": theirs.pk}, {"point": point.pk}):
        assert drafter.post(address(source.campaign), form_of(source, **changed)).status_code == 400
    values: dict[str, Any] = {"statement": "S.", "kind": "claim", "verification": "verified"}
    for given in ({"source": theirs, "point": None}, {"source": source, "point": point}):
        with pytest.raises(DomainError, match="belongs to another campaign"):
            fact_add(campaign=source.campaign, actor=cast.drafter, **given, **values)
    with pytest.raises(DomainError, match="Choose the source, or de"):
        fact_add(campaign=source.campaign, actor=cast.drafter, source=None, point=None, **values)
    assert signed_in(cast.observer).post(address(source.campaign), form_of(source)).status_code == 403


def test_a_form_that_is_sent_twice_makes_one_fact(source: Source, cast: SimpleNamespace, signed_in: Any) -> None:
    drafter = signed_in(cast.drafter)
    drafter.post(address(source.campaign), form_of(source))
    answer = drafter.post(address(source.campaign), form_of(source))
    assert answer.status_code == 400
    assert "3.5 already says this." in answer.text
    assert Fact.objects.filter(statement=STATEMENT).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_get_two_places_and_two_keys_and_the_same_statement_once(
    source: Source, cast: SimpleNamespace
) -> None:
    point, start, answers = source.campaign.points.get(), Barrier(3), []

    def add(statement: str) -> None:
        start.wait()
        try:
            fact = fact_add(
                campaign=Campaign.objects.get(), actor=cast.drafter, point=point, source=source, statement=statement,
                kind="claim", verification="verified",
            )  # fmt: skip
            answers.append((fact.number, fact.key))
        except DomainError as error:
            answers.append(("twice" if "already says this" in str(error) else str(error), ""))
        finally:
            connection.close()

    threads = [Thread(target=add, args=[words]) for words in ("مصر أولا", "مصر أولا", "مصر ثانيا")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [("3.5", "fact-new"), ("3.6", "fact-new-2"), ("twice", "")]


def test_the_form_asks_as_often_however_many_sources_there_are(
    source: Source, cast: SimpleNamespace, signed_in: Any
) -> None:
    drafter, counts = signed_in(cast.drafter), []
    for turn in range(2):
        drafter.get(address(source.campaign))
        with CaptureQueriesContext(connection) as queries:
            drafter.get(address(source.campaign))
        counts.append(len(queries))
        Source.objects.bulk_create(
            Source(campaign=source.campaign, key=f"{turn}-{n}", kind="report", title="T", authors=["A", "B"])
            for n in range(20)
        )
    assert counts[0] == counts[1]
