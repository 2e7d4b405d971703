"""Machines whose clocks differ by minutes: claims, leases and turns go by the database's clock alone."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from apps.postbox.models import Message
from apps.postbox.services.claims import messages_claim
from apps.postbox.services.send_worker import leases_sweep, messages_deliver
from tests.factories.postbox import again, end_leases, make_due
from tests.factories.smtp_server import ScriptedServer

pytestmark = pytest.mark.django_db(transaction=True)

TEN_MINUTES = timedelta(minutes=10)


@contextmanager
def clock_off(by: timedelta) -> Iterator[None]:
    """On a machine whose clock shows another time."""
    right, right_seconds = timezone.now, time.time
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: right() + by)
        patch.setattr("apps.core.health.time.time", lambda: right_seconds() + by.total_seconds())
        yield


@pytest.mark.parametrize("slow", [-TEN_MINUTES, TEN_MINUTES])
def test_two_workers_whose_clocks_differ_send_it_once(
    server: ScriptedServer, make_message: Callable[..., Message], slow: timedelta
) -> None:
    message = make_message()
    with clock_off(slow):
        assert [taken.pk for taken in messages_claim(worker="one", limit=5)] == [message.pk]
    with clock_off(-slow):
        assert leases_sweep() == 0, "the first worker still has it"
        messages_deliver()
    assert not server.acceptances
    end_leases()
    with clock_off(-TEN_MINUTES):
        assert leases_sweep() == 1
    make_due()
    messages_deliver()
    assert server.acceptances == {message.message_id: 1}
    assert [each.outcome for each in again(message).attempts.all()] == ["lost", "accepted"]


def test_a_fast_clock_sends_nothing_before_its_time(
    server: ScriptedServer, make_message: Callable[..., Message]
) -> None:
    message = make_message(not_before=timezone.now() + timedelta(minutes=5))
    with clock_off(TEN_MINUTES):
        messages_deliver()
    assert again(message).state == "queued"
    assert not server.acceptances


def test_a_clock_that_is_off_is_a_reason() -> None:
    with clock_off(-TEN_MINUTES):
        reasons = Client().get("/healthz").json()["reasons"]
    assert "This machine’s clock is 600 seconds off the database’s. Let NTP set both." in reasons
