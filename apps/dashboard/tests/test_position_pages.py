"""Positions on screen: one, many at once after a preview, put right, withdrawn; by who drafts."""

from datetime import date, timedelta
from typing import Any

import pytest

from apps.campaigns.models import Campaign
from apps.core.models import AuditEvent
from apps.governments.models import Position
from apps.governments.services.positions import position_record
from apps.sources.models import Source
from tests.factories import html_of, make_campaign, make_group, make_member

DAY = date(2017, 12, 13)
SAID = {"stance": "joined", "on": "2017-12-13", "confidence": "high", "statement": "Joint Statement"}


@pytest.fixture
def drafter(cast: Any, signed_in: Any) -> Any:
    return signed_in(cast.drafter)


def test_one_position_is_recorded_with_its_source(drafter: Any, campaign: Campaign, cast: Any, members: Any) -> None:
    source = Source.objects.create(campaign=campaign, key="jsi", kind="document", title="WT/MIN(17)/60")
    path = f"/work/{campaign.slug}/governments/KE/position/"
    assert "WT/MIN(17)/60" in html_of(drafter.get(path))
    for _press in range(2):
        answer = drafter.post(path, {**SAID, "source": source.pk, "note": "Seen"}, follow=True)
    row = Position.objects.get()
    assert (row.stance, row.on, row.source, row.confidence, row.note, row.recorded_by) == (
        "joined", DAY, source, "high", "Seen", cast.drafter,
    )  # fmt: skip
    text = html_of(answer)
    assert "Joined a statement for negotiations" in text
    assert "Confidence high" in text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"on": "2099-01-01"}, "The day is in the future."),
        ({"on": "1990-01-01"}, "Not a member on that day: Kenya"),
        ({"on": "13/12/2017"}, "Enter a valid date"),
        ({"stance": "sulks"}, "Select a valid choice"),
        ({"stance": ""}, "Choose one."),
        ({"source": "999999"}, "Select a valid choice"),
        ({"statement": "x" * 301}, "at most 300"),
    ],
)
def test_bad_input_says_what_to_do_and_loses_nothing(
    drafter: Any, campaign: Campaign, members: Any, change: dict[str, str], said: str
) -> None:
    answer = drafter.post(f"/work/{campaign.slug}/governments/KE/position/", {**SAID, "note": "كلمة", **change})
    text = html_of(answer)
    assert said in text
    assert "كلمة" in text or "note" in change
    assert not Position.objects.exists()


def test_a_position_is_put_right_and_its_history_is_shown(drafter: Any, campaign: Campaign, members: Any) -> None:
    row = position_record(campaign=campaign, member=members.kenya, actor=None, stance="supports", on=DAY)
    path = f"/work/{campaign.slug}/positions/{row.pk}/"
    assert 'value="supports"' in html_of(drafter.get(path))
    refused = drafter.post(path, {**SAID, "reason": ""})
    assert "Reason for the correction" in html_of(refused)
    assert Position.objects.count() == 1
    text = html_of(drafter.post(path, {**SAID, "reason": "Misread the list"}, follow=True))
    assert "Misread the list" in text
    assert "1 withdrawn or corrected" in text
    late = drafter.post(path, {**SAID, "stance": "opposes", "reason": "No"})
    assert "Somebody else has withdrawn or corrected this position." in html_of(late)
    assert Position.objects.standing().get().stance == "joined"


def test_a_position_is_withdrawn_with_a_reason_after_a_question(drafter: Any, campaign: Campaign, members: Any) -> None:
    row = position_record(campaign=campaign, member=members.kenya, actor=None, stance="supports", on=DAY)
    path = f"/work/{campaign.slug}/positions/{row.pk}/withdraw/"
    assert drafter.get(path).status_code == 200
    assert Position.objects.standing().exists(), "asking changes nothing"
    drafter.post(path, {"reason": "   "})
    assert Position.objects.standing().exists()
    text = html_of(drafter.post(path, {"reason": "<b>draft</b> list"}, follow=True))
    assert "No position known." in text
    assert "&lt;b&gt;draft&lt;/b&gt; list" in text


def test_positions_of_another_campaign_are_not_found(drafter: Any, campaign: Campaign, members: Any) -> None:
    row = position_record(campaign=make_campaign("mc12"), member=members.kenya, actor=None, stance="supports", on=DAY)
    for tail in ("", "withdraw/"):
        assert drafter.get(f"/work/{campaign.slug}/positions/{row.pk}/{tail}").status_code == 404


@pytest.fixture
def path(campaign: Campaign) -> str:
    return f"/work/{campaign.slug}/positions/"


def test_many_are_seen_before_they_are_written_and_written_once(
    drafter: Any, campaign: Campaign, members: Any, path: str
) -> None:
    """A group and a pasted list, one who has it already, one who was no member, one with a letter wrong."""
    position_record(campaign=campaign, member=members.kenya, actor=None, stance="joined", on=DAY,
                    statement="Joint Statement")  # fmt: skip
    make_member("KM", "Comoros", acceded_on=date(2024, 8, 21))
    make_member("NO", "Norway")
    make_member("TG", "Togo")
    group = make_group("ldc-too", members.kenya, members.ivory_coast)
    posted = {**SAID, "group": group.pk, "names": "Togo, Comoros\nNorwey"}
    answer = drafter.post(path, posted)
    plan = answer.context["plan"]
    assert [name for _member, name in plan.add] == ["Côte d'Ivoire", "Togo"]
    assert [name for _member, name in plan.had] == ["Kenya"]
    assert [name for _member, name in plan.strangers] == ["Comoros"]
    assert [(text, [name for _member, name in close]) for text, close in plan.unknown] == [("Norwey", ["Norway"])]
    text = html_of(answer)
    assert "Nothing has been recorded yet." in text
    assert Position.objects.count() == 1
    undecided = drafter.post(path, {**posted, "accept": "1", "member": ["TG"], "decision": [""]})
    assert undecided.status_code == 422
    assert "Choose a government for every name" in html_of(undecided)
    assert 'value="TG" checked' in html_of(undecided)
    assert 'value="CI" checked' not in html_of(undecided), "what was unticked stays so"
    assert Position.objects.count() == 1, "all or nothing"
    accepted = {**posted, "accept": "1", "member": ["CI", "TG"], "decision": ["NO"]}
    done = drafter.post(path, accepted, follow=True)
    assert "Recorded for 3 governments." in html_of(done)
    assert [line.name for line in done.context["directory"].lines] == ["Côte d'Ivoire", "Kenya", "Norway", "Togo"]
    again = html_of(drafter.post(path, accepted, follow=True))
    assert "Recorded for 0 governments. 3 already had this position." in again
    assert Position.objects.count() == 4
    assert AuditEvent.objects.filter(verb="position.record").count() == 4


@pytest.mark.parametrize(
    ("picked", "said"),
    [
        ([], "Tick at least one government."),
        (["-"], "Tick at least one government."),
        (["CI", "ZZ"], "is no longer a member"),
        (["CI", "KM"], "Not a member on that day: Comoros"),
    ],
)
def test_what_cannot_be_accepted_writes_nothing(
    drafter: Any, campaign: Campaign, members: Any, path: str, picked: list[str], said: str
) -> None:
    make_member("KM", "Comoros", acceded_on=date(2024, 8, 21))
    answer = drafter.post(path, {**SAID, "names": "CI, KM", "accept": "1", "member": picked})
    assert said in html_of(answer)
    assert not Position.objects.exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"names": " \n "}, "Choose a group or enter governments."),
        ({"on": "2099-01-01"}, "The day is in the future."),
        ({"on": ""}, "Enter a day."),
        ({"names": "x" * 20_001}, "at most 20000"),
        ({"group": "999999"}, "Select a valid choice"),
    ],
)
def test_bad_input_for_many_comes_back_with_what_was_typed(
    drafter: Any, members: Any, path: str, change: dict[str, str], said: str
) -> None:
    answer = drafter.post(path, {**SAID, "names": "Kenya", "note": "كلمة", **change})
    text = html_of(answer)
    assert said in text
    assert "كلمة" in text
    assert "plan" not in answer.context


def test_the_form_comes_back_filled_in(drafter: Any, members: Any, path: str) -> None:
    answer = drafter.post(path, {**SAID, "names": "Kenya", "change": "1"})
    assert "Kenya</textarea>" in html_of(answer)


def test_all_of_a_filter_are_taken_over_from_the_directory(
    drafter: Any, campaign: Campaign, members: Any, path: str
) -> None:
    page = html_of(drafter.get(f"/work/{campaign.slug}/governments/?group=african-group"))
    assert f"{path}?group=african-group&amp;pick=1" in page
    assert "Record a position for these 2" in page
    form = drafter.get(f"{path}?group=african-group&pick=1").context["form"]
    assert form["names"].value() == "Côte d'Ivoire\nKenya"
    assert drafter.get(path).context["form"]["names"].value() == ""


def test_the_record_tells_it_in_words(drafter: Any, page: Any, campaign: Campaign, members: Any, path: str) -> None:
    drafter.post(path, {**SAID, "names": "Kenya", "accept": "1", "member": ["KE"]})
    assert "recorded a position" in html_of(page("record/"))


def test_who_only_reads_is_offered_nothing_to_press(page: Any, campaign: Campaign, members: Any) -> None:
    position_record(campaign=campaign, member=members.kenya, actor=None, stance="supports", on=DAY)
    for where in ("governments/", "governments/KE/", "map/"):
        text = html_of(page(where))
        assert "/positions/" not in text
        assert "Record" not in text.split("<main", 1)[1]


def test_a_governments_page_follows_the_day(page: Any, campaign: Campaign, members: Any) -> None:
    position_record(campaign=campaign, member=members.kenya, actor=None, stance="opposes", on=date(2016, 10, 18))
    position_record(campaign=campaign, member=members.kenya, actor=None, stance="joined", on=DAY)
    assert page("governments/KE/").context["page"].current.position.stance == "joined"
    assert page("governments/KE/?on=2017-12-12").context["page"].current.position.stance == "opposes"
    assert page("governments/KE/?on=2016-10-17").context["page"].current is None
    assert "Not a member of the World Trade Organization on 31 December 1994" in html_of(
        page("governments/KE/?on=1994-12-31")
    )


def test_a_position_after_the_conference_is_shown_at_once(drafter: Any, campaign: Campaign, members: Any) -> None:
    late = {**SAID, "on": (campaign.ends_on + timedelta(days=1)).isoformat(), "note": "Seen"}
    path = f"/work/{campaign.slug}/governments/KE/position/"
    assert drafter.post(path, late)["Location"].endswith(f"/governments/KE/?on={late['on']}")
