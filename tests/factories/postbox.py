"""Messages as they are now, time that passes for them, and what must hold for each."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from apps.postbox.models import Message, RecipientDomain
from apps.postbox.services.delivery_reports import message_event_record
from tests.factories.smtp_server import ScriptedServer


def again(message: Message) -> Message:
    """The row as it is now."""
    return Message.objects.get(pk=message.pk)


def make_due() -> None:
    """As if the pause before the next try were over, and that of held domains."""
    with transaction.atomic():
        domains = RecipientDomain.objects.order_by("key").select_for_update()  # in the order of the workers
        RecipientDomain.objects.filter(pk__in=list(domains.values_list("pk", flat=True))).update(
            held_until=timezone.now() - timedelta(seconds=1)
        )
    change_all(Message.objects.filter(state="queued"), next_at=timezone.now() - timedelta(seconds=1))


def end_leases() -> None:
    """As if every lease had run out."""
    change_all(Message.objects.filter(lease_until__isnull=False), lease_until=timezone.now() - timedelta(seconds=1))


def change_all(rows: Any, **values: Any) -> None:
    """Change rows, locking them in the one order in which several may be locked."""
    with transaction.atomic():
        locked = list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))
        Message.objects.filter(pk__in=locked).update(**values)


def eventually(happened: Callable[[], Any], seconds: float = 60) -> Any:
    """Ask again and again until the answer is true or the time is over; the last answer."""
    ends = time.monotonic() + seconds
    while not (answer := happened()) and time.monotonic() < ends:
        time.sleep(0.02)
    return answer


def assert_accounted(message: Message, server: ScriptedServer) -> None:
    """What must hold for every message at any time: explained, at most once, its tries closed, no address leaked."""
    row = again(message)
    times = server.acceptances[row.message_id]
    assert row.explanation
    assert "@" not in row.explanation + row.last_reply
    if row.policy == "once":
        assert times <= 1, f"sent {times} times"
    if row.state == "accepted":
        assert times >= 1, "said to be accepted, but it was not"
        assert row.accepted_at
    if row.state in {"queued", "refused"} and row.policy == "once":
        assert times == 0, f"{row.state}, but the server took it"
    for attempt in row.attempts.all():
        assert attempt.worker
        assert attempt.outcome or row.state in {"claimed", "final"}, "a try without an end"
        assert "@" not in attempt.reply
    assert [attempt.number for attempt in row.attempts.all()] == list(range(1, row.attempt + 1))
    assert not any("@" in event.detail for event in row.events.all())


def come_back(message: Message) -> None:
    """As if it had left, and its recipient's server had sent it back."""
    rows = Message.objects.filter(pk=message.pk)
    rows.update(state="claimed", attempt=F("attempt") + 1, lease_until=timezone.now())
    rows.update(state="final")
    rows.update(state="accepted", lease_until=None, accepted_at=timezone.now(), last_code=250)
    message_event_record(message=message, kind="bounced", provider_id=f"test:{message.pk}", code="5.1.1")
