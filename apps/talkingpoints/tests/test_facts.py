"""Correcting, retiring and restoring facts: nobody overwrites, everything is kept, frozen letters stay."""

from threading import Barrier, Thread
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from apps.campaigns.models import Campaign
from apps.core.errors import Conflict, DomainError
from apps.core.models import AuditEvent
from apps.sources.models import Source
from apps.sources.services import source_fingerprint
from apps.talkingpoints.models import Fact, FactRevision
from apps.talkingpoints.pages.fact_history import fact_history
from apps.talkingpoints.services.fact_validation import FigureIncomplete
from apps.talkingpoints.services.facts import fact_correct, fact_fingerprint, fact_restore, fact_retire
from apps.talkingpoints.services.source_corrections import source_correct
from tests.factories import html_of, make_campaign, make_group, make_member
from tests.factories.evidence import make_fact, make_point

FIGURE = {"value": 65, "unit": "percent of jobs", "year": 2016}


@pytest.fixture
def fact(campaign: Campaign) -> Fact:
    make_group("african-group", make_member("KE", "Kenya"), label="African Group")
    return make_fact(
        campaign, "tp03-f01", make_point(campaign, 3), position=1, statement="65 percent of jobs.", kind="figure",
        figures=[FIGURE], applies_to=["KE", "global"], locator={"point": 3, "where": "first sentence"},
    )  # fmt: skip


def correct(fact: Fact, actor: Any, **values: Any) -> Fact:
    return fact_correct(
        fact=fact, actor=actor, **{"seen": fact_fingerprint(fact), "reason": "The report was corrected.", **values}
    )


@pytest.mark.django_db
def test_a_correction_keeps_what_was_said_who_and_why(fact: Fact, cast: SimpleNamespace) -> None:
    saved = correct(fact, cast.drafter, statement="62 percent of jobs.", figures=[{**FIGURE, "value": 62}])
    assert (saved.revision, saved.edited_at is not None) == (2, True)
    (line,) = fact_history(saved)
    assert (line.by, line.act, line.reason, line.revision) == (
        "Naledi Motsepe", "Corrected", "The report was corrected.", 1,
    )  # fmt: skip
    assert [(str(label), before, after) for label, before, after in line.differences] == [
        ("Statement", "65 percent of jobs.", "62 percent of jobs."),
        ("Figures", "65 percent of jobs (2016)", "62 percent of jobs (2016)"),
    ]
    event = AuditEvent.objects.get(verb="fact.correct")
    assert event.data == {"revision": 2, "fields": ["figures", "statement"]}


@pytest.mark.django_db
def test_a_caution_alone_is_a_new_revision_which_shows_what_was_and_what_is(fact: Fact, cast: SimpleNamespace) -> None:
    saved = correct(fact, cast.drafter, verification="caution", caution="The report gives 64.")
    assert saved.revision == 2
    assert [(str(label), before, after) for label, before, after in fact_history(saved)[0].differences] == [
        ("Verification", "Checked against another source", "Known discrepancy"),
        ("Caution", "", "The report gives 64."),
    ]


@pytest.mark.django_db
def test_whom_it_concerns_and_where_it_stands_are_no_other_statement(fact: Fact, cast: SimpleNamespace) -> None:
    other = make_point(fact.campaign, 7)
    make_fact(fact.campaign, "tp07-f04", other, position=4)
    saved = correct(fact, cast.drafter, point=other, applies_to=["KE"])
    assert (saved.revision, saved.number) == (1, "7.5")
    back = correct(saved, cast.drafter, point=None)
    assert (back.point, back.position) == (None, 1)
    lines = [[(str(label), *change) for label, *change in past.differences] for past in fact_history(back)]
    assert lines == [[("Point", "7", "Context")], [("Point", "3", "7"), ("Whom it concerns", "Kenya, global", "Kenya")]]


@pytest.mark.django_db
def test_further_sources_are_a_new_revision(fact: Fact, cast: SimpleNamespace) -> None:
    more = [
        Source.objects.create(campaign=fact.campaign, key=f"more-{n}", kind="report", title=f"More {n}") for n in (2, 1)
    ]
    saved = correct(fact, cast.drafter, further_sources=more)
    assert saved.revision == 2
    assert fact_history(saved)[0].differences == [("Further sources", "", "More 1, More 2")]
    with pytest.raises(DomainError, match="You have not changed anything"):
        correct(saved, cast.drafter, further_sources=reversed(more))
    assert correct(saved, cast.drafter, further_sources=[]).revision == 3


@pytest.mark.django_db
def test_a_second_window_overwrites_nothing(fact: Fact, cast: SimpleNamespace) -> None:
    seen = fact_fingerprint(fact)
    correct(fact, cast.drafter, caution="Only in the summary.")
    for act in (
        lambda: correct(fact, cast.coordinator, seen=seen, statement="Mine."),
        lambda: fact_retire(fact=fact, actor=cast.coordinator, seen=seen, reason="Wrong."),
    ):
        with pytest.raises(Conflict, match="Somebody changed this fa"):
            act()
    fact.refresh_from_db()
    assert (fact.statement, fact.caution) == ("65 percent of jobs.", "Only in the summary.")
    assert fact.history.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_told(fact: Fact, cast: SimpleNamespace) -> None:
    seen, start, answers = fact_fingerprint(fact), Barrier(2), []

    def save(words: str) -> None:
        start.wait()
        try:
            answers.append(correct(Fact.objects.get(pk=fact.pk), cast.drafter, seen=seen, statement=words).statement)
        except Conflict as error:
            answers.append("told" if "Somebody changed this fact" in str(error) else str(error))
        finally:
            connection.close()

    threads = [Thread(target=save, args=[words]) for words in ("One.", "Other.")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    fact.refresh_from_db()
    assert sorted(answers) == sorted([fact.statement, "told"])
    assert fact.history.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_fact_and_its_source_corrected_at_once_do_not_wait_for_each_other_for_ever(
    fact: Fact, cast: SimpleNamespace
) -> None:
    start, source, answers = Barrier(2), fact.source, []
    seen, of_source = fact_fingerprint(fact), source_fingerprint(source)

    def run(act: Any) -> None:
        start.wait()
        try:
            act()
            answers.append("saved")
        except Conflict as error:
            answers.append("told" if "Somebody changed this fact" in str(error) else str(error))
        finally:
            connection.close()

    def of_fact() -> None:
        held = Fact.objects.get(pk=fact.pk)
        correct(
            held, cast.drafter, seen=seen, statement="Other.", new_source={"title": "New"}, further_sources=[source]
        )

    def of_its_source() -> None:
        source_correct(source=source, actor=cast.coordinator, seen=of_source, title="Second edition")

    threads = [Thread(target=run, args=[act]) for act in (of_fact, of_its_source)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count("saved") >= 1
    assert len(answers) == 2
    assert Source.objects.get(pk=source.pk).title == "Second edition"
    revision = Fact.objects.get(pk=fact.pk).revision
    assert revision == (3 if answers.count("saved") == 2 else 2), "whoever was told has lost nothing"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"figures": [{"value": 62}]}, FigureIncomplete),
        ({"figures": [{"value": 62, "unit": ""}]}, FigureIncomplete),
        ({"verification": "caution", "caution": "  "}, "Say what is doubtful"),
        ({"figures": []}, "needs a figure"),
        ({"statement": "Other.", "reason": "  "}, "Say why"),
        ({"statement": "65 percent of jobs."}, "You have not changed anything"),
    ],
)
def test_what_cannot_be_saved_changes_nothing(
    fact: Fact, cast: SimpleNamespace, values: dict[str, Any], error: Any
) -> None:
    kind, words = (DomainError, error) if isinstance(error, str) else (error, None)
    with pytest.raises(kind, match=words):
        correct(fact, cast.drafter, **values)
    assert not FactRevision.objects.exists()
    assert Fact.objects.get(pk=fact.pk).revision == 1


@pytest.mark.django_db
def test_the_source_of_another_campaign_is_refused(fact: Fact, cast: SimpleNamespace) -> None:
    stranger = Source.objects.create(campaign=make_campaign("other"), key="s", kind="report", title="Theirs")
    for values in ({"source": stranger}, {"further_sources": [stranger]}):
        with pytest.raises(DomainError, match="another campaign"):
            correct(fact, cast.drafter, **values)
    with pytest.raises(DomainError, match="This point belongs to another campaign"):
        correct(fact, cast.drafter, point=make_point(stranger.campaign, 3))
    with pytest.raises(DomainError, match="is already the source"):
        correct(fact, cast.drafter, further_sources=[fact.source])
    assert not FactRevision.objects.exists()


@pytest.mark.django_db
def test_a_fact_is_retired_and_restored_with_reasons(fact: Fact, cast: SimpleNamespace) -> None:
    fact_retire(fact=fact, actor=cast.drafter, seen=fact_fingerprint(fact), reason="Withdrawn by its author.")
    fact.refresh_from_db()
    assert fact.retired_at
    with pytest.raises(Conflict, match="Restore it first"):
        correct(fact, cast.drafter, statement="Other.")
    with pytest.raises(Conflict, match="already"):
        fact_retire(fact=fact, actor=cast.drafter, seen=fact_fingerprint(fact), reason="Again.")
    fact_restore(fact=fact, actor=cast.drafter, seen=fact_fingerprint(fact), reason="The author stands by it.")
    fact.refresh_from_db()
    assert fact.retired_at is None
    assert [line.reason for line in fact_history(fact)] == ["The author stands by it.", "Withdrawn by its author."]


@pytest.mark.django_db
def test_the_database_keeps_the_history(fact: Fact, cast: SimpleNamespace) -> None:
    correct(fact, cast.drafter, statement="Other.")
    for attempt in ("UPDATE talkingpoints_factrevision SET reason = 'x'", "DELETE FROM talkingpoints_factrevision"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attempt)


def form_of(fact: Fact, **changed: str) -> dict[str, str]:
    return {
        "seen": fact_fingerprint(fact),
        "statement": fact.statement,
        "point": str(fact.point_id or ""),
        "kind": fact.kind,
        "applies_to": "Kenya; global",
        "source": str(fact.source_id),
        "where": "first sentence",
        "verification": fact.verification,
        "caution": "",
        "reason": "A slip.",
        "figures-TOTAL_FORMS": "2",
        "figures-INITIAL_FORMS": "1",
        "figures-0-value": "65",
        "figures-0-unit": "percent of jobs",
        "figures-0-year": "2016",
        "figures-1-value": "",
        **changed,
    }


def post(client: Any, name: str, fact: Fact, data: dict[str, str]) -> Any:
    return client.post(reverse(f"evidence:{name}", args=[fact.campaign.slug, fact.key]), data)


@pytest.mark.django_db
def test_a_drafter_corrects_a_fact_on_its_page(fact: Fact, cast: SimpleNamespace, signed_in: Any) -> None:
    drafter = signed_in(cast.drafter)
    data = form_of(
        fact, statement="62.5 percent.", applies_to="kenya; AFRICAN GROUP; global",
        **{"figures-0-value": "62.50", "figures-1-value": "1500", "figures-1-unit": "firms"},
    )  # fmt: skip
    assert post(drafter, "fact_correct", fact, data).status_code == 302
    fact.refresh_from_db()
    assert fact.figures == [{**FIGURE, "value": "62.5"}, {"value": 1500, "unit": "firms"}]
    assert fact.applies_to == ["KE", "african-group", "global"]
    assert fact.locator == {"point": 3, "where": "first sentence"}, "the point it stands in stays"
    html = drafter.get(reverse("evidence:fact", args=["mc11", fact.key])).text
    for words in ("62.5 percent.", "<del>65 percent of jobs.</del>", "A slip.", "Naledi Motsepe", "No letter cites"):
        assert words in html, words


@pytest.mark.django_db
def test_a_drafter_moves_a_fact_and_gives_it_a_source_that_was_not_there(
    fact: Fact, cast: SimpleNamespace, signed_in: Any
) -> None:
    make_point(fact.campaign, 5)
    drafter = signed_in(cast.drafter)
    data = form_of(fact, source="", point=str(fact.campaign.points.get(number=5).pk)) | {
        "new-title": "التقرير", "new-authors": "منى", "new-date": "2017-05", "new-form": "work",
        "further_sources": [str(fact.source_id), ""],
    }  # fmt: skip
    assert post(drafter, "fact_correct", fact, data).status_code == 302
    fact = Fact.objects.get(pk=fact.pk)
    assert (fact.number, fact.revision, fact.source.title, fact.source.year) == ("5.1", 2, "التقرير", 2017)
    assert [source.key for source in fact.additional_sources.all()] == ["src"]
    html = html_of(drafter.get(reverse("evidence:fact", args=["mc11", fact.key])))
    assert "<del>3</del><br><ins>5</ins>" in html
    assert "التقرير" in html


@pytest.mark.django_db
def test_nothing_differs_when_the_form_is_saved_as_it_came(fact: Fact, cast: SimpleNamespace, signed_in: Any) -> None:
    answer = post(signed_in(cast.drafter), "fact_correct", fact, form_of(fact))
    assert answer.status_code == 400
    assert "You have not changed anything" in answer.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"figures-0-unit": ""}, "A figure needs a unit."),
        ({"figures-0-value": "many"}, "“many” is not a number."),
        ({"figures-0-value": "NaN"}, "“NaN” is not a number."),
        ({"figures-0-value": "1e99"}, "“1e99” is not a number."),
        ({"figures-0-value": ""}, "Give the number"),
        ({"statement": " "}, "Write the statement"),
        ({"reason": ""}, "Fill this in."),
        ({"applies_to": "Atlantis"}, "Neither a government nor a group here: Atlantis."),
        ({"source": "999999"}, "This campaign has no such source."),
        ({"further_sources": "999999"}, "This campaign has no such source."),
        ({"further_sources": "x"}, "This campaign has no such source."),
        ({"point": "999999"}, "This campaign has no such point."),
        ({"source": ""}, "Choose the source."),
        ({"new-title": "Another"}, "Clear one of them."),
        ({"source": "", "new-publisher": "Bank"}, "A source needs a title."),
        ({"verification": "caution"}, "Say what is doubtful"),
    ],
)
def test_bad_input_is_explained_and_nothing_typed_is_lost(
    fact: Fact, cast: SimpleNamespace, signed_in: Any, changed: dict[str, str], words: str
) -> None:
    data = {**form_of(fact, statement="مصر: typed <b>words</b>"), **changed}
    answer = post(signed_in(cast.drafter), "fact_correct", fact, data)
    assert answer.status_code == 400
    assert words in answer.text
    if "statement" not in changed:
        assert "مصر: typed &lt;b&gt;words&lt;/b&gt;" in answer.text
    assert Fact.objects.get(pk=fact.pk).statement == "65 percent of jobs."


@pytest.mark.django_db
def test_a_stale_window_shows_what_happened_and_keeps_what_was_typed(
    fact: Fact, cast: SimpleNamespace, signed_in: Any
) -> None:
    data = form_of(fact, statement="My words.")
    correct(fact, cast.coordinator, statement="Their words.")
    drafter = signed_in(cast.drafter)
    answer = post(drafter, "fact_correct", fact, data)
    assert answer.status_code == 409
    assert "<ins>Their words.</ins>" in answer.text
    assert "My words." in answer.text
    again = {**data, "seen": fact_fingerprint(Fact.objects.get(pk=fact.pk))}
    assert again["seen"] in answer.text, "who has read theirs may save"
    assert post(drafter, "fact_correct", fact, again).status_code == 302


@pytest.mark.django_db
def test_a_stale_window_shows_every_change_since_it_was_opened(
    fact: Fact, cast: SimpleNamespace, signed_in: Any
) -> None:
    data = form_of(fact, statement="My words.")
    fact = correct(fact, cast.coordinator, statement="Their words.", applies_to=["KE", "african-group"])
    correct(fact, cast.coordinator, verification="caution", caution="The report gives 64.")
    answer = post(signed_in(cast.drafter), "fact_correct", fact, data)
    assert answer.status_code == 409
    for words in ("Their words.", "The report gives 64.", "Kenya, African Group"):
        assert f"<ins>{words}</ins>" in answer.text


@pytest.mark.django_db
def test_a_fact_is_not_restored_beside_its_twin(fact: Fact, cast: SimpleNamespace) -> None:
    retired = fact_retire(fact=fact, actor=cast.drafter, seen=fact_fingerprint(fact), reason="Wrong.")
    make_fact(retired.campaign, "twin", retired.point, position=2, statement=retired.statement)
    with pytest.raises(DomainError, match="already says this"):
        fact_restore(fact=retired, actor=cast.drafter, seen=fact_fingerprint(retired), reason="Right.")


@pytest.mark.django_db
def test_the_history_names_sources_and_governments(fact: Fact, cast: SimpleNamespace) -> None:
    other = Source.objects.create(campaign=fact.campaign, key="src-other", kind="report", title="Another report")
    saved = correct(fact, cast.drafter, source=other, applies_to=["KE", "african-group"])
    (line,) = fact_history(saved)
    shown = {str(label): (before, after) for label, before, after in line.differences}
    assert shown["Source"][1] == "Another report"
    assert shown["Whom it concerns"] == ("Kenya, global", "Kenya, African Group")


@pytest.mark.django_db
def test_retiring_on_the_page_and_in_a_stale_window(fact: Fact, cast: SimpleNamespace, signed_in: Any) -> None:
    drafter, data = signed_in(cast.drafter), {"seen": fact_fingerprint(fact), "reason": "Wrong."}
    assert post(drafter, "fact_retire", fact, {**data, "reason": " "}).status_code == 400
    assert post(drafter, "fact_retire", fact, data).status_code == 302
    assert post(drafter, "fact_retire", fact, data).status_code == 409
    assert "Retired on" in drafter.get(reverse("evidence:fact", args=["mc11", fact.key])).text
    point = drafter.get(reverse("evidence:point", args=["mc11", 3])).text
    assert "Retired facts" in point
    restored = {"seen": fact_fingerprint(Fact.objects.get(pk=fact.pk)), "reason": "Right after all."}
    assert post(drafter, "fact_restore", fact, restored).status_code == 302
    assert post(signed_in(cast.observer), "fact_retire", fact, data).status_code == 403
