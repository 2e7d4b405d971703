"""What happened, recorded in the transaction in which it happens."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.core.batches import write_together
from apps.core.types import JsonObject
from apps.core.wakeups import wake

from ..models import EventKind

#: after so long without success an event is given up
GIVE_UP_AFTER = timedelta(days=3)

#: one statement for any number of events: the next numbers of their objects, the events, and one delivery for each
#: endpoint that wants them. Objects are taken in one order, so that two transactions do not wait for each other; an
#: endpoint that is being deleted is waited for, as its key must be there when the transaction ends
_INSERT = """
WITH endpoint AS MATERIALIZED (
    SELECT id, campaign_id, events FROM webhooks_endpoint
    WHERE campaign_id = ANY (%(campaigns)s::bigint[]) ORDER BY id FOR KEY SHARE
), given AS (
    SELECT * FROM unnest(%(campaigns)s::bigint[], %(kinds)s::text[], %(types)s::text[], %(keys)s::bigint[],
        %(data)s::jsonb[]) WITH ORDINALITY AS given (campaign_id, kind, type, key, data, place)
    WHERE EXISTS (
        SELECT FROM endpoint WHERE endpoint.campaign_id = given.campaign_id AND given.kind = ANY (endpoint.events))
), counted AS (
    INSERT INTO webhooks_eventobject AS object (campaign_id, type, key, last)
    SELECT campaign_id, type, key, count(*) FROM given GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (campaign_id, type, key) DO UPDATE SET last = object.last + excluded.last
    RETURNING id, campaign_id, type, key, last
), event AS (
    INSERT INTO webhooks_event (uid, campaign_id, kind, object_id, number, data, created_at)
    SELECT gen_random_uuid(), campaign_id, kind, counted.id,
        last - count(*) OVER (PARTITION BY counted.id) + row_number() OVER (PARTITION BY counted.id ORDER BY place),
        data, %(now)s
    FROM given JOIN counted USING (campaign_id, type, key) ORDER BY place
    RETURNING id, campaign_id, kind, object_id, number
)
INSERT INTO webhooks_eventdelivery
    (event_id, endpoint_id, object_id, number, state, tries, attempt, next_at, give_up_at)
SELECT event.id, endpoint.id, event.object_id, event.number, 'waiting', 0, 0, %(now)s, %(end)s
FROM event JOIN endpoint
    ON endpoint.campaign_id = event.campaign_id AND event.kind = ANY (endpoint.events)
ORDER BY event.id, endpoint.id
"""


class NewEvent(NamedTuple):
    campaign_id: int
    kind: EventKind
    key: int
    data: JsonObject


def webhook_event_record(*, campaign: Campaign, kind: EventKind, key: int, data: Callable[[], JsonObject]) -> None:
    """Record that something happened to the object `key` of that kind, for the campaign's endpoints. `data` makes ids,
    numbers, states and hashes, never names or addresses. No statement where no endpoint wants the kind, else one, or a
    share of one within `core.batches.written_together`."""
    if kind in campaign.webhook_events:
        write_together(_insert, NewEvent(campaign.pk, kind, key, data()))


def _insert(events: list[NewEvent]) -> None:
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            {
                "campaigns": [event.campaign_id for event in events],
                "kinds": [str(event.kind) for event in events],
                "types": [event.kind.object_type for event in events],
                "keys": [event.key for event in events],
                "data": [json.dumps(event.data) for event in events],
                "now": now,
                "end": now + GIVE_UP_AFTER,
            },
        )
    wake("webhooks")
