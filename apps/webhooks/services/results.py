"""What a try changes: the delivery by compare-and-set on its attempt, then the endpoint."""

import random
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from ..models import Attempt, Endpoint, EventDelivery
from ..transports.http_post import Answer
from .claims import DOUBTFUL, Job
from .stopping import endpoint_stop

log = structlog.get_logger(__name__)

#: after each failure; the last is repeated until GIVE_UP_AFTER is over
WAITS = [
    timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (1, 2, 4, 8, 12)),
]  # fmt: skip
#: how long an endpoint rests when failures follow each other, at first and at most
FIRST_REST, LONGEST_REST = timedelta(seconds=5), timedelta(minutes=10)
#: an endpoint at which nothing arrives for so long is paused
FAILING_FOR = timedelta(days=3)
GONE = 410


@transaction.atomic
def delivery_finish(*, job: Job, answer: Answer) -> str:
    """Record the answer. Returns the delivery's state; "" where another worker has the event meanwhile, or nobody."""
    Attempt.objects.filter(delivery=job.delivery_id, number=job.attempt).update(
        outcome=answer.outcome, status=answer.status, milliseconds=answer.milliseconds, excerpt=answer.excerpt
    )
    endpoint = Endpoint.objects.without_contents().select_for_update(no_key=True).filter(pk=job.endpoint_id).first()
    row = EventDelivery.objects.select_for_update().filter(pk=job.delivery_id, attempt=job.attempt).first()
    if endpoint is None or row is None or row.lease_until is None:
        return ""
    now, row.lease_until = timezone.now(), None
    if answer.outcome == Attempt.Outcome.DELIVERED:
        row.state, row.finished_at = EventDelivery.State.DELIVERED, now
        _succeeded(endpoint, now)
    else:
        _put_off(row, now, answer)
        _failed(endpoint, now, answer)
    row.save(update_fields=["state", "next_at", "lease_until", "finished_at"])
    log.info("webhook_tried", endpoint=endpoint.pk, event_id=row.event_id, outcome=answer.outcome, now=row.state)
    return row.state


def _put_off(row: EventDelivery, now: datetime, answer: Answer) -> None:
    row.next_at = now + wait_after(row.tries)
    if row.next_at > row.give_up_at and answer.status != GONE:
        row.state, row.finished_at = EventDelivery.State.GIVEN_UP, now


def wait_after(tries: int) -> timedelta:
    """Grows with the tries; up to a fifth longer or shorter, so that events do not all come back at once."""
    wait = WAITS[min(tries, len(WAITS)) - 1]
    return wait * random.uniform(0.8, 1.2)  # noqa: S311 – spreads load, protects nothing


def _succeeded(endpoint: Endpoint, now: datetime) -> None:
    endpoint.failures, endpoint.failing_since, endpoint.delivered_at, endpoint.next_at = 0, None, now, now
    endpoint.save(update_fields=["failures", "failing_since", "delivered_at", "next_at", "updated_at"])


def _failed(endpoint: Endpoint, now: datetime, answer: Answer) -> None:
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or now
    if endpoint.failures >= DOUBTFUL:
        rest = FIRST_REST * 2 ** min(endpoint.failures - DOUBTFUL, 10)
        endpoint.next_at = now + min(rest, LONGEST_REST)
    endpoint.save(update_fields=["failures", "failing_since", "next_at", "updated_at"])
    if answer.status == GONE:
        endpoint_stop(endpoint, Endpoint.PauseReason.GONE)
    elif now - endpoint.failing_since >= FAILING_FOR:
        endpoint_stop(endpoint, Endpoint.PauseReason.FAILING)
