"""Which mail leaves when: priorities, first times and quiet hours."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from apps.core.errors import DomainError
from apps.postbox.models import Message, Priority
from apps.postbox.selectors.messages import messages_due
from apps.postbox.selectors.quiet_hours import quiet_end
from apps.postbox.services.claims import message_claim
from apps.postbox.services.send_worker import messages_deliver
from tests.factories.postbox import again
from tests.factories.smtp_server import ScriptedServer

NIGHT = {"quiet_from": time(22), "quiet_until": time(7)}


def test_somebody_waits_before_letters_before_updates(make_message: Callable[..., Message]) -> None:
    updates = [make_message(policy="repeatable", priority=Priority.UPDATE) for _ in range(3)]
    letter = make_message()
    code = make_message(policy="repeatable", kind="sign_in")
    assert [message_claim(worker="a:1") for _ in range(5)] == [code, letter, *updates]


def test_many_updates_are_not_read_to_find_a_confirmation(make_message: Callable[..., Message]) -> None:
    """The index holds the order: the first row is the first of the index, whatever waits behind it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    plan = str(messages_due()[:1].explain())
    assert "postbox_message_due" in plan
    assert "Sort" not in plan


def test_not_before(make_message: Callable[..., Message]) -> None:
    message = make_message(not_before=timezone.now() + timedelta(hours=1))
    assert message_claim(worker="a:1") is None
    assert again(message).next_at > timezone.now() + timedelta(minutes=59)


@pytest.mark.parametrize(
    ("zone", "now", "end"),
    [
        ("Asia/Kathmandu", datetime(2026, 6, 1, 17, 0, tzinfo=UTC), datetime(2026, 6, 2, 1, 15, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2026, 6, 1, 16, 14, tzinfo=UTC), None),
        ("Asia/Kathmandu", datetime(2026, 6, 2, 1, 15, tzinfo=UTC), None),
        # the night in which clocks go forward in Geneva is an hour shorter, the other one longer
        ("Europe/Zurich", datetime(2026, 3, 28, 22, 0, tzinfo=UTC), datetime(2026, 3, 29, 5, 0, tzinfo=UTC)),
        ("Europe/Zurich", datetime(2026, 10, 24, 22, 0, tzinfo=UTC), datetime(2026, 10, 25, 6, 0, tzinfo=UTC)),
        ("", datetime(2026, 6, 1, 23, 0, tzinfo=UTC), None),
        ("Atlantis/Capital", datetime(2026, 6, 1, 23, 0, tzinfo=UTC), None),
    ],
)
def test_the_end_of_quiet_hours(zone: str, now: datetime, end: datetime | None) -> None:
    assert quiet_end(Message(quiet_zone=zone, **NIGHT), now) == end


@pytest.mark.parametrize(
    ("now", "end"),
    [
        # 02:30 does not exist that night, and exists twice in autumn
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        (datetime(2026, 10, 24, 23, 45, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    ],
)
def test_quiet_hours_that_end_while_clocks_change(now: datetime, end: datetime) -> None:
    message = Message(quiet_zone="Europe/Zurich", quiet_from=time(1), quiet_until=time(2, 30))
    assert quiet_end(message, now) == end
    assert quiet_end(message, end) is None


def test_quiet_hours_put_off_the_first_try_and_every_other(
    server: ScriptedServer, make_message: Callable[..., Message]
) -> None:
    now = timezone.now().astimezone(UTC)
    around = {"quiet_from": (now - timedelta(hours=1)).time(), "quiet_until": (now + timedelta(hours=1)).time()}
    message = make_message(quiet_zone="UTC", **around)
    assert messages_deliver().tries == 0
    row = again(message)
    assert (row.state, row.attempt) == ("queued", 0)
    assert row.next_at == now + timedelta(hours=1)
    assert "quiet hours" in row.explanation
    Message.objects.update(quiet_zone="", next_at=now)
    server.faults = {"dot": "4xx"}
    assert messages_deliver().statuses == {"deferred": 1}
    Message.objects.update(quiet_zone="UTC", next_at=now)
    server.heal()
    assert messages_deliver().tries == 0
    assert "quiet hours" in again(message).explanation


def test_quiet_hours_outlast_an_expiry(server: ScriptedServer, make_message: Callable[..., Message]) -> None:
    now = timezone.now().astimezone(UTC)
    around = {"quiet_from": (now - timedelta(hours=1)).time(), "quiet_until": (now + timedelta(hours=1)).time()}
    message = make_message(quiet_zone="UTC", expires_at=now + timedelta(minutes=30), **around)
    messages_deliver()
    assert again(message).state == "expired"


def test_an_unknown_zone_is_refused_when_queued(make_message: Callable[..., Message]) -> None:
    with pytest.raises(DomainError, match="time zone"):
        make_message(quiet_zone="Atlantis/Capital", **NIGHT)
