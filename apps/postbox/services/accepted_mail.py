"""Record many acceptances at once: the usual end of an attempt, in few statements."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from apps.core.prepared_statements import server_cursor

from ..models import Message, MessageEvent, MessageState
from ..transports.base import SendResult
from .delivery_reports import PROOFS, reports_apply
from .recipient_domains import domains_close
from .transitions import events_notify

#: locks in the order of those who cancel. What is no longer in `final`, or in another attempt, or was to be cancelled,
#: is left alone
_RECORD = """
WITH given AS (
  SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::int[], $5::text[],
    $6::text[]) AS given (id, number, stage, code, reply, why)
), locked AS (
  SELECT id, number FROM postbox_message JOIN given USING (id)
  WHERE state = 'final' AND attempt = number AND cancel_reason = '' ORDER BY id FOR UPDATE OF postbox_message
), moved AS (
  UPDATE postbox_message SET state = 'accepted', accepted_at = $7::timestamptz, lease_until = NULL,
    updated_at = statement_timestamp(), explanation = why, last_code = code, last_reply = reply
  FROM given JOIN locked USING (id, number) WHERE postbox_message.id = given.id
  RETURNING given.*
), attempts AS (
  UPDATE postbox_attempt SET outcome = 'accepted', finished_at = statement_timestamp(), stage = moved.stage,
    code = moved.code, reply = CASE moved.reply WHEN '' THEN moved.why ELSE moved.reply END
  FROM moved
  WHERE message_id = moved.id AND postbox_attempt.number = moved.number AND outcome IN ('', 'lost')
)
INSERT INTO postbox_messageevent (message_id, kind, occurred_at, provider_id, code, detail, bounce_reason, corrected,
  created_at, told_at)
SELECT id, 'accepted', $7::timestamptz, id || ':' || number || ':accepted', coalesce(code::text, ''),
  left(reply, 2000), '', false, statement_timestamp(), $7::timestamptz
FROM moved RETURNING message_id, id
"""
#: domains with failures to forget, and mails with reports that came before the server's answer
_FOLLOWS = """
SELECT 'domain', key FROM postbox_recipientdomain WHERE key = ANY($1) AND failures > 0
UNION ALL
SELECT DISTINCT 'report', message_id::text FROM postbox_messageevent WHERE message_id = ANY($2) AND kind = ANY($3)
"""


@dataclass(frozen=True)
class Outcome:
    """How an attempt to send ended."""

    message: Message
    attempt: int
    result: SendResult


def messages_accept(*, accepted: Collection[Outcome]) -> set[UUID]:
    """final → accepted, with attempts, events, listeners and reports that came before, in the caller's transaction.
    Returns the ids of those that moved; the others need a closer look."""
    if not accepted:
        return set()
    now = timezone.now()
    events = _record(accepted, now)
    moved = [each for each in accepted if each.message.pk in events]
    for each in moved:
        each.message.state, each.message.accepted_at = MessageState.ACCEPTED, now
    events_notify(told=[(_event(each, events[each.message.pk], now), each.message) for each in moved])
    _follow([each.message for each in moved])
    return set(events)


def _record(accepted: Collection[Outcome], now: datetime) -> dict[UUID, int]:
    """{message: its event} of those that moved."""
    results = [each.result for each in accepted]
    with server_cursor() as cursor:
        cursor.execute(
            _RECORD,
            [
                [each.message.pk for each in accepted],
                [each.attempt for each in accepted],
                [result.stage for result in results],
                [result.code for result in results],
                [result.reply for result in results],
                [result.reason for result in results],
                now,
            ],
        )
        return dict(cursor.fetchall())


def _event(outcome: Outcome, pk: int, now: datetime) -> MessageEvent:
    """What `_RECORD` has inserted, for listeners."""
    result = outcome.result
    code, detail = str(result.code or ""), result.reply[:2000]
    return MessageEvent(pk=pk, message=outcome.message, kind="accepted", occurred_at=now, code=code, detail=detail)


def _follow(messages: list[Message]) -> None:
    with server_cursor() as cursor:
        domains = list({message.to_domain for message in messages})
        cursor.execute(_FOLLOWS, [domains, [message.pk for message in messages], list(PROOFS)])
        follows = set(cursor.fetchall())
    domains_close(keys={key for what, key in follows if what == "domain"})
    for message in messages:
        if ("report", str(message.pk)) in follows:
            reports_apply(message=message)
