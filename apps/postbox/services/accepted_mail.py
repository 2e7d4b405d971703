"""Record many acceptances at once: the usual end of an attempt, in few statements."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from ..models import Message, MessageEvent, MessageState
from ..transports.base import SendResult
from .delivery_reports import PROOFS, reports_apply
from .recipient_domains import domains_close
from .transitions import events_tell

_RECORD = """
WITH given AS (
  SELECT * FROM unnest(%s::uuid[], %s::int[], %s::text[], %s::int[], %s::text[], %s::text[])
    AS given (id, number, stage, code, reply, why)
), attempts AS (
  UPDATE postbox_attempt SET outcome = 'accepted', finished_at = now(), stage = given.stage, code = given.code,
    reply = CASE given.reply WHEN '' THEN given.why ELSE given.reply END
  FROM given
  WHERE message_id = given.id AND postbox_attempt.number = given.number AND outcome IN ('', 'lost')
)
UPDATE postbox_message SET state = 'accepted', accepted_at = %s, lease_until = NULL, updated_at = now(),
  explanation = given.why, last_code = given.code, last_reply = given.reply
FROM given WHERE postbox_message.id = given.id
"""
#: domains with failures to forget, and mails with reports that came before the server's answer
_FOLLOWS = """
SELECT 'domain', key FROM postbox_recipientdomain WHERE key = ANY(%s) AND failures > 0
UNION ALL
SELECT DISTINCT 'report', message_id::text FROM postbox_messageevent WHERE message_id = ANY(%s) AND kind = ANY(%s)
"""


@dataclass(frozen=True)
class Acceptance:
    """`row` is locked, in `final`, and in the attempt that `result` is about."""

    row: Message
    result: SendResult


def messages_accept(*, accepted: Collection[Acceptance]) -> None:
    """final → accepted, in the caller's transaction, with attempts, events, listeners and reports that came before."""
    if not accepted:
        return
    now = timezone.now()
    ids = [each.row.pk for each in accepted]
    answers = [
        (each.row.attempt, each.result.stage, each.result.code, each.result.reply, each.result.reason)
        for each in accepted
    ]
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, [ids, *map(list, zip(*answers, strict=True)), now])
    for each in accepted:
        each.row.state, each.row.accepted_at = MessageState.ACCEPTED, now
    events = MessageEvent.objects.bulk_create(
        MessageEvent(
            message=each.row,
            kind="accepted",
            occurred_at=now,
            provider_id=f"{each.row.pk}:{each.row.attempt}:accepted",
            code=str(each.result.code or ""),
            detail=each.result.reply[:2000],
            told_at=now,
        )
        for each in accepted
    )
    events_tell(told=list(zip(events, [each.row for each in accepted], strict=True)))
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOWS, [list({each.row.to_domain for each in accepted}), ids, list(PROOFS)])
        follows = set(cursor.fetchall())
    domains_close(keys={key for what, key in follows if what == "domain"})
    for each in accepted:
        if ("report", str(each.row.pk)) in follows:
            reports_apply(message=each.row)
