"""Positions: recorded for one or for many, corrected and withdrawn without losing what was there."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.core.errors import DomainError
from apps.core.models import AuditEvent
from apps.governments.models import Position
from apps.governments.selectors import PositionContent, position_days, stance_on, stances_on
from apps.governments.services.positions import position_correct, position_record, position_withdraw, positions_record
from apps.sources.models import Source
from tests.factories import make_campaign, make_member

DAY = date(2017, 12, 13)
JOINED = PositionContent("joined", DAY, "Joint Statement on Electronic Commerce")


@pytest.fixture
def three(db: None) -> list[Any]:
    return [make_member(code, name) for code, name in (("KE", "Kenya"), ("ML", "Mali"), ("TG", "Togo"))]


def test_many_are_recorded_at_once_and_the_same_again_adds_nobody(
    campaign: Campaign, cast: SimpleNamespace, three: list[Any]
) -> None:
    position_record(campaign=campaign, member=three[0], actor=None, **vars(JOINED))
    first = positions_record(campaign=campaign, members=[*three, three[1]], content=JOINED, actor=cast.drafter)
    assert [len(part) for part in first] == [2, 1]
    again = positions_record(campaign=campaign, members=three, content=JOINED, actor=cast.drafter)
    assert [len(part) for part in again] == [0, 3]
    assert Position.objects.count() == AuditEvent.objects.filter(verb="position.record").count() == 3
    assert stances_on(campaign, DAY - timedelta(days=1)) == {}
    assert {position.stance for position in stances_on(campaign, DAY).values()} == {"joined"}
    assert position_days(campaign) == [DAY]


def test_one_that_cannot_be_recorded_leaves_out_all(
    campaign: Campaign, cast: SimpleNamespace, three: list[Any]
) -> None:
    comoros = make_member("KM", "Comoros", acceded_on=date(2024, 8, 21))
    with pytest.raises(DomainError, match="Not a member on that day: Comoros"):
        positions_record(campaign=campaign, members=[*three, comoros], content=JOINED, actor=cast.drafter)
    assert not Position.objects.exists()
    assert not AuditEvent.objects.filter(verb="position.record").exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda: {"stance": "sulks"}, "“sulks” is not a position"),
        (lambda: {"on": timezone.localdate() + timedelta(days=3)}, "The day is in the future"),
        (lambda: {"on": date(1994, 12, 31)}, "Not a member on that day"),
        (lambda: {"source": _foreign_source()}, "That source belongs to another campaign"),
    ],
)
def test_what_cannot_be_is_refused(
    campaign: Campaign, three: list[Any], change: Callable[[], dict[str, Any]], words: str
) -> None:
    with pytest.raises(DomainError, match=words):
        position_record(campaign=campaign, member=three[0], actor=None, **{**vars(JOINED), **change()})
    assert not Position.objects.exists()


def _foreign_source() -> Source:
    return Source.objects.create(campaign=make_campaign("mc12"), key="s", kind="report", title="Elsewhere")


def test_a_correction_keeps_what_was_recorded_and_says_why(
    campaign: Campaign, cast: SimpleNamespace, three: list[Any]
) -> None:
    old = position_record(campaign=campaign, member=three[0], actor=None, stance="supports", on=DAY)
    right = PositionContent("opposes", DAY - timedelta(days=2))
    new = position_correct(position=old, content=right, reason="Misread the minutes", actor=cast.drafter)
    again = position_correct(position=old, content=right, reason="Misread the minutes", actor=cast.drafter)
    assert again == new
    old.refresh_from_db()
    assert (old.replaced_by, old.withdrawn_by, old.withdrawn_reason) == (new, cast.drafter, "Misread the minutes")
    assert old.stance == "supports"
    assert stance_on(campaign, three[0], DAY) == new
    assert AuditEvent.objects.get(verb="position.correct").data["stance"] == ["supports", "opposes"]
    with pytest.raises(DomainError, match="Somebody else has withdr"):
        position_correct(
            position=old, content=PositionContent("joined", DAY), reason="No, this", actor=cast.coordinator
        )


def test_a_correction_that_changes_nothing_is_none(campaign: Campaign, cast: SimpleNamespace, three: list[Any]) -> None:
    row = position_record(campaign=campaign, member=three[0], actor=None, **vars(JOINED))
    assert position_correct(position=row, content=JOINED, reason="", actor=cast.drafter) == row
    assert Position.objects.standing().get() == row


def test_what_differs_only_in_its_note_is_corrected_in_its_place(
    campaign: Campaign, cast: SimpleNamespace, three: list[Any]
) -> None:
    """Note and confidence are no part of what makes two positions the same, so the old row must go first."""
    row = position_record(campaign=campaign, member=three[0], actor=None, **vars(JOINED))
    content = PositionContent(**{**vars(JOINED), "note": "Seen in the printed list", "confidence": "high"})
    new = position_correct(position=row, content=content, reason="The list is out", actor=cast.drafter)
    assert (new.note, new.confidence) == ("Seen in the printed list", "high")
    assert Position.objects.standing().get() == new


def test_a_withdrawn_position_counts_on_no_day(campaign: Campaign, cast: SimpleNamespace, three: list[Any]) -> None:
    earlier = position_record(campaign=campaign, member=three[0], actor=None, stance="opposes", on=date(2016, 10, 18))
    row = position_record(campaign=campaign, member=three[0], actor=None, **vars(JOINED))
    with pytest.raises(DomainError, match="Enter a reason"):
        position_withdraw(position=row, reason="  ", actor=cast.drafter)
    for _press in range(2):
        position_withdraw(position=row, reason="Not on the list", actor=cast.drafter)
    assert stance_on(campaign, three[0], DAY) == earlier
    assert stances_on(campaign, DAY)[three[0].pk] == earlier
    assert position_days(campaign) == [date(2016, 10, 18)]
    assert AuditEvent.objects.filter(verb="position.withdraw").count() == 1
    again = position_record(campaign=campaign, member=three[0], actor=None, **vars(JOINED))
    assert again != row, "the same can be recorded anew"


def test_the_database_holds_no_position_twice(campaign: Campaign, three: list[Any]) -> None:
    Position.objects.create(campaign=campaign, member=three[0], stance="joined", on=DAY)
    with pytest.raises(IntegrityError):
        Position.objects.create(campaign=campaign, member=three[0], stance="joined", on=DAY)


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_add_each_member_once(campaign: Campaign, three: list[Any]) -> None:
    def press(_number: int) -> int:
        try:
            return len(positions_record(campaign=campaign, members=three, content=JOINED, actor=None).added)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(press, range(4))) == [0, 0, 0, 3]
    assert Position.objects.count() == 3
