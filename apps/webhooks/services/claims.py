"""Which events a worker sends now. A claim is a lease: when the worker dies, another sends the event again, with the
same webhook-id."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from apps.core.canonical_json import canonical_json
from apps.core.encryption import UnreadableValue
from apps.core.types import JsonObject

from ..models import Attempt, Endpoint, Event, EventDelivery
from ..signatures import signature_headers
from .stopping import endpoint_stop

#: after so many failures in a row an endpoint gets one request at a time
DOUBTFUL = 3

#: at most PER_ENDPOINT for each endpoint, whose row keeps other workers away from it meanwhile
_CLAIM = """
WITH endpoint AS MATERIALIZED (
    SELECT id, failures FROM webhooks_endpoint
    WHERE paused_at IS NULL AND next_at <= %(now)s AND EXISTS (
        SELECT FROM webhooks_eventdelivery AS due
        WHERE due.endpoint_id = webhooks_endpoint.id AND due.state = 'waiting' AND due.next_at <= %(now)s)
    ORDER BY next_at FOR NO KEY UPDATE SKIP LOCKED
), picked AS MATERIALIZED (
    SELECT due.id FROM endpoint CROSS JOIN LATERAL (
        SELECT id FROM webhooks_eventdelivery AS delivery
        WHERE delivery.endpoint_id = endpoint.id AND state = 'waiting' AND next_at <= %(now)s
            AND (lease_until IS NULL OR lease_until < %(now)s)
            AND NOT EXISTS (
                SELECT FROM webhooks_eventdelivery AS earlier
                WHERE earlier.endpoint_id = delivery.endpoint_id AND earlier.object_id = delivery.object_id
                    AND earlier.number < delivery.number AND earlier.state = 'waiting')
        ORDER BY next_at, id
        LIMIT greatest(0, CASE WHEN endpoint.failures >= %(doubtful)s THEN 1 ELSE %(each)s END - (
            SELECT count(*) FROM webhooks_eventdelivery AS sent
            WHERE sent.endpoint_id = endpoint.id AND sent.state = 'waiting' AND sent.lease_until >= %(now)s))
        FOR UPDATE SKIP LOCKED
    ) AS due LIMIT %(most)s
)
UPDATE webhooks_eventdelivery AS delivery
SET lease_until = %(until)s, attempt = delivery.attempt + 1, tries = delivery.tries + 1
FROM picked WHERE delivery.id = picked.id AND delivery.state = 'waiting'
    AND (delivery.lease_until IS NULL OR delivery.lease_until < %(now)s)
RETURNING delivery.id
"""


@dataclass(frozen=True)
class Job:
    """A claimed event, and the request that tells of it."""

    delivery_id: int
    endpoint_id: int
    attempt: int
    url: str
    headers: dict[str, str]
    body: bytes


@transaction.atomic
def deliveries_claim(*, most: int) -> list[Job]:
    """Up to so many, each with an attempt on record. An endpoint whose address or secret cannot be read is paused, and
    holds up no other."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            _CLAIM,
            {
                "now": now,
                "until": now + timedelta(seconds=settings.WEBHOOKS["LEASE"]),
                "each": settings.WEBHOOKS["PER_ENDPOINT"],
                "doubtful": DOUBTFUL,
                "most": most,
            },
        )
        ids = [pk for (pk,) in cursor.fetchall()]
    if not ids:
        return []
    Attempt.objects.filter(delivery__in=ids, outcome="").update(outcome=Attempt.Outcome.LOST)
    found = EventDelivery.objects.filter(pk__in=ids).select_related("event__object", "event__campaign")
    rows = list(found.order_by("next_at", "id"))
    endpoints = _readable({row.endpoint_id for row in rows})
    jobs = [_job(row, endpoints[row.endpoint_id]) for row in rows if row.endpoint_id in endpoints]
    Attempt.objects.bulk_create(
        Attempt(delivery_id=job.delivery_id, number=job.attempt, started_at=now, headers=job.headers) for job in jobs
    )
    if len(jobs) < len(rows):
        _give_back([row.pk for row in rows if row.endpoint_id not in endpoints])
    return jobs or deliveries_claim(most=most)  # only those that are paused now


def _readable(ids: Collection[int]) -> dict[int, Endpoint]:
    """Those whose address and secrets can be read, by id. The others are paused."""
    found = {}
    for pk in ids:
        try:
            found[pk] = Endpoint.objects.get(pk=pk)
        except UnreadableValue:
            endpoint_stop(Endpoint.objects.without_contents().get(pk=pk), Endpoint.PauseReason.UNREADABLE)
    return found


def _give_back(ids: Collection[int]) -> None:
    """No try was made."""
    EventDelivery.objects.filter(pk__in=ids).update(lease_until=None, attempt=F("attempt") - 1, tries=F("tries") - 1)


def _job(delivery: EventDelivery, endpoint: Endpoint) -> Job:
    event = delivery.event
    body = event_body(event)
    signed = signature_headers(
        webhook_id=event.webhook_id, timestamp=int(time.time()), body=body, secrets=secrets_now(endpoint)
    )
    headers = {"Content-Type": "application/json", "User-Agent": "ecomcampaign-webhooks/1", **signed}
    return Job(delivery.pk, endpoint.pk, delivery.attempt, endpoint.url, headers, body)


def event_body(event: Event) -> bytes:
    """The JSON that receivers get, the same in each try."""
    return canonical_json(event_payload(event))


def event_payload(event: Event) -> JsonObject:
    return {
        "type": event.kind,
        "timestamp": event.created_at.isoformat().replace("+00:00", "Z"),
        "data": {
            "campaign": event.campaign.slug,
            "object": {"type": event.object.type, "id": event.object.key},
            "sequence": event.number,
            **event.data,
        },
    }


def secrets_now(endpoint: Endpoint) -> list[str]:
    """The secret, and for a day after a change the one before."""
    until = endpoint.previous_until
    previous = [endpoint.previous_secret] if until is not None and until > timezone.now() else []
    return [endpoint.secret, *previous]
