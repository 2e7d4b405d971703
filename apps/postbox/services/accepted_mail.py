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

_ATTEMPTS = """
UPDATE postbox_attempt SET outcome = 'accepted', finished_at = now(), stage = given.stage, code = given.code,
  reply = given.reply
FROM unnest(%s::uuid[], %s::int[], %s::text[], %s::int[], %s::text[]) AS given (id, number, stage, code, reply)
WHERE message_id = given.id AND postbox_attempt.number = given.number AND outcome IN ('', 'lost')
"""
_MESSAGES = """
UPDATE postbox_message SET state = 'accepted', accepted_at = %s, lease_until = NULL, updated_at = now(),
  explanation = given.why, last_code = given.code, last_reply = given.reply
FROM unnest(%s::uuid[], %s::text[], %s::int[], %s::text[]) AS given (id, why, code, reply)
WHERE postbox_message.id = given.id
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
    codes = [each.result.code for each in accepted]
    replies = [each.result.reply for each in accepted]
    numbers, stages = [each.row.attempt for each in accepted], [each.result.stage for each in accepted]
    said = [each.result.reply or each.result.reason for each in accepted]
    with connection.cursor() as cursor:
        cursor.execute(_ATTEMPTS, [ids, numbers, stages, codes, said])
        cursor.execute(_MESSAGES, [now, ids, [each.result.reason for each in accepted], codes, replies])
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
    domains_close(keys={each.row.to_domain for each in accepted})
    early = MessageEvent.objects.filter(message__in=ids, kind__in=PROOFS).values_list("message", flat=True)
    for pk in set(early):
        reports_apply(message=next(each.row for each in accepted if each.row.pk == pk))
