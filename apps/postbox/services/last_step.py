"""The last step before the final dot: claimed → final, under the kill switch."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from apps.core.prepared_statements import server_cursor

from ..models import Message, MessageState
from ..selectors.kill_switch import hold_reason, switch_read
from ..selectors.messages import MAY_LEAVE, unauthorised_may_leave
from .accepted_mail import Outcome, messages_accept
from .transitions import attempt_close, event_record, message_requeue

#: longer than any wait for the answer to the dot, so only a dead worker's lease runs out
FINAL_MARGIN = timedelta(seconds=60)

#: locks all at once, in the order of those who cancel, also those that will not go
_MOVE = f"""
WITH locked AS (
  SELECT id, state, cancel_reason = '' AND {MAY_LEAVE} AS may_go
  FROM postbox_message JOIN unnest($2::uuid[], $3::int[]) AS given (id, number) USING (id)
  WHERE attempt = number ORDER BY id FOR UPDATE OF postbox_message
), moved AS (
  UPDATE postbox_message SET state = 'final', lease_until = statement_timestamp() + make_interval(secs => $4),
    updated_at = statement_timestamp(),
    explanation = 'Attempt ' || attempt || ' was handed over; waiting for the server’s reply.'
  FROM locked
  WHERE postbox_message.id = locked.id AND locked.state = 'claimed' AND may_go AND NOT $5
  RETURNING postbox_message.id
)
SELECT id FROM moved UNION ALL SELECT id FROM locked WHERE state = 'final' AND $6
"""  # noqa: S608 – a condition of ours


def message_to_final(*, message: Message, attempt: int) -> bool:
    """`messages_to_final` for one."""
    return message.pk in messages_to_final(claims=[(message, attempt)])


def messages_to_final(*, claims: Collection[tuple[Message, int]], again: bool = False) -> set[UUID]:
    """Commit that these attempts may send the dot: claimed → final by compare-and-swap, while holding the switch.
    Messages whose ids are returned may have left from then on. The others were killed, cancelled, or their lease went
    to another worker: their dot must not be sent. `again`: the answer to the commit was lost, so that what is in its
    last step by now, in the same attempt, got there by that."""
    with transaction.atomic(durable=True):
        return _to_final(claims, again=again)


def messages_to_final_and_accepted(
    *, claims: Collection[tuple[Message, int]], accepted: Collection[Outcome]
) -> tuple[set[UUID], set[UUID]]:
    """`messages_to_final` and `messages_accept` in one transaction, so that one flush to disk serves both. No dot waits
    longer than for its own commit. Where it fails, nothing of either has happened, or its answer was lost."""
    with transaction.atomic(durable=True):
        with server_cursor() as cursor:
            ids = [message.pk for message, _attempt in claims] + [each.message.pk for each in accepted]
            cursor.execute("SELECT FROM postbox_message WHERE id = ANY($1) ORDER BY id FOR UPDATE", [ids])
        return _to_final(claims, again=False), messages_accept(accepted=accepted)


def _to_final(claims: Collection[tuple[Message, int]], *, again: bool) -> set[UUID]:
    reason = hold_reason(switch_read(share=True))
    moved = _move(claims, held=bool(reason), again=again)
    for message, attempt in sorted(claims, key=lambda claim: claim[0].pk):
        if message.pk not in moved:
            claim_give_back(message=message, attempt=attempt, reason=reason)
    return moved


def _move(claims: Collection[tuple[Message, int]], *, held: bool, again: bool) -> set[UUID]:
    lease = timedelta(seconds=settings.POSTBOX["DOT_TIMEOUT"]) + FINAL_MARGIN
    with server_cursor() as cursor:
        ids, attempts = [message.pk for message, _attempt in claims], [attempt for _message, attempt in claims]
        cursor.execute(_MOVE, [unauthorised_may_leave(), ids, attempts, lease.total_seconds(), held, again])
        return {pk for [pk] in cursor.fetchall()}


def claim_give_back(*, message: Message, attempt: int, reason: str) -> None:
    """Requeue the row without sending the dot, or cancel it if asked for. In the caller's transaction."""
    waiting = Message.objects.without_contents().filter(pk=message.pk, attempt=attempt, state=MessageState.CLAIMED)
    row = waiting.select_for_update().first()
    if row is None:
        return  # the lease ran out and the sweep has dealt with it
    attempt_close(message=row, attempt=attempt, outcome="killed" if reason else "withheld", stage="body")
    if reason:
        event_record(message=row, kind="held", detail=reason)
    why = reason or row.cancel_reason or gettext_noop("It lost its authorisation.")
    message_requeue(message=row, reason=f"Stopped before its last step; nothing left. {why}", pause=timedelta(0))


def claims_give_back(*, claims: Collection[tuple[Message, int]], reason: str) -> None:
    """Requeue messages that were claimed and not begun."""
    with transaction.atomic():
        for message, attempt in sorted(claims, key=lambda claim: claim[0].pk):
            waiting = Message.objects.without_contents().filter(
                pk=message.pk, attempt=attempt, state=MessageState.CLAIMED
            )
            row = waiting.select_for_update().first()
            if row is not None:
                attempt_close(message=row, attempt=attempt, outcome="withheld", stage="prepare")
                message_requeue(message=row, reason=reason, pause=timedelta(0))
