"""/healthz on mail: a dead listener, and mail that is due and does not leave."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from apps.core import health
from apps.postbox.models import Message
from apps.postbox.services.advisory_locks import sender_places
from apps.postbox.services.kill_switch import switch_kill, switch_release
from apps.postbox.services.send_worker import Run
from apps.postbox.tasks import deliver_due
from tests.factories.postbox import again, change_all, eventually
from tests.factories.processes import another_connection, listening
from tests.factories.smtp_server import ScriptedServer


@pytest.fixture(autouse=True)
def others_are_well() -> Iterator[None]:
    for process in health.PROCESSES:
        health.record_heartbeat(process)
    yield
    health.forget_heartbeats()


def reasons() -> list[str]:
    response = Client().get("/healthz")
    found: list[str] = response.json()["reasons"]
    assert response.status_code == (503 if found else 200)
    return found


@pytest.mark.django_db(transaction=True)
def test_a_listener_that_ended_is_a_reason(monkeypatch: Any) -> None:
    cache.delete(health._key("listener"))
    assert "listener" in reasons()[0]
    with listening():
        assert eventually(lambda: not reasons())
    later = time.time() + 60
    monkeypatch.setattr("apps.core.health.time.time", lambda: later)
    health.record_heartbeat("worker")
    health.record_heartbeat("beat")
    health.record_heartbeat("live")
    [reason] = reasons()
    assert "answers and bounces do not arrive" in reason


def since(message: Message, age: timedelta) -> None:
    change_all(Message.objects.filter(pk=message.pk), next_at=timezone.now() - age)


def test_mail_that_is_due_and_does_not_leave_is_a_reason(make_message: Callable[..., Message], settings: Any) -> None:
    waiting, _other = make_message(), make_message()
    since(waiting, timedelta(minutes=5))
    assert reasons() == []
    since(waiting, timedelta(minutes=25))
    [reason] = reasons()
    assert reason.startswith("1 email is overdue. The oldest should have been sent 25 minutes ago.")
    settings.HEALTH = {**settings.HEALTH, "DUE_MAIL": 3600}
    assert reasons() == []


def test_what_is_meant_to_wait_is_no_fault(make_message: Callable[..., Message], cast: Any) -> None:
    waiting = make_message()
    since(waiting, -timedelta(hours=3))
    assert reasons() == [], "its next try lies ahead"
    since(waiting, timedelta(hours=3))
    assert reasons()
    switch_kill(actor=cast.coordinator, reason="We look at something first.")
    assert reasons() == []
    switch_release(actor=cast.coordinator)
    assert reasons()


def test_live_sending_that_is_held_by_the_settings_says_so(make_message: Callable[..., Message], settings: Any) -> None:
    since(make_message(authorisation="dispatch:1"), timedelta(hours=3))
    settings.POSTBOX = {**settings.POSTBOX, "MODE": "live", "LIVE_ALLOWED": True, "EPOCH": "another"}
    [reason] = reasons()
    assert "does not carry this installation’s epoch" in reason
    change_all(Message.objects.all(), authorisation="")
    assert reasons() == [], "a letter that nobody authorised waits for a person"


def test_one_run_sends_at_a_time_and_the_other_slot_stays_free(
    server: ScriptedServer, make_message: Callable[..., Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second task gives way at once; the first, when it ends, sees what came meanwhile."""
    rung: list[str] = []
    monkeypatch.setattr("apps.postbox.tasks.wake", rung.append)
    message = make_message()
    with another_connection() as other, other.cursor() as cursor:
        for place in sender_places():
            cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [place])
        deliver_due()
        assert (server.taken, again(message).state, rung) == ([], "queued", [])
        cursor.execute("SELECT pg_advisory_unlock_all()")
    deliver_due()
    assert again(message).state == "accepted"
    make_message()
    monkeypatch.setattr("apps.postbox.tasks.messages_deliver", Run)
    deliver_due()
    assert rung == ["postbox"]
