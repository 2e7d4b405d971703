"""The last step before the final dot: claimed → final, under the kill switch."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import BooleanField, CharField, ExpressionWrapper, F, Q, Value
from django.db.models.functions import Cast, Concat, Now
from django.utils.translation import gettext_noop

from ..models import Message, MessageState
from ..selectors.kill_switch import hold_reason, switch_read
from ..selectors.messages import may_leave
from .transitions import attempt_close, event_record, message_requeue

#: longer than any wait for the answer to the dot, so only a dead worker's lease runs out
FINAL_MARGIN = timedelta(seconds=60)


def message_to_final(*, message: Message, attempt: int) -> bool:
    """`messages_to_final` for one."""
    return message.pk in messages_to_final(claims=[(message, attempt)])


def messages_to_final(*, claims: Collection[tuple[Message, int]], again: bool = False) -> set[UUID]:
    """Commit that these attempts may send the dot: claimed → final by compare-and-swap, while holding the switch.
    Messages whose ids are returned may have left from then on. The others were killed, cancelled, or their lease went
    to another worker: their dot must not be sent. `again`: the answer to the commit was lost, so that what is in its
    last step by now, in the same attempt, got there by that."""
    attempts = {message.pk: attempt for message, attempt in claims}
    with transaction.atomic(durable=True):
        reason = hold_reason(switch_read(share=True))
        # also those that will not go: all at once, in the order of those who cancel
        rows = Message.objects.filter(pk__in=attempts).order_by("pk").select_for_update()
        allowed = ExpressionWrapper(may_leave() & Q(cancel_reason=""), BooleanField())
        moved = {
            pk
            for pk, attempt, state, may_go in rows.values_list("pk", "attempt", "state", allowed)
            if attempts[pk] == attempt
            and ((state == MessageState.CLAIMED and may_go and not reason) or (state == MessageState.FINAL and again))
        }
        _move(moved)
        for message, attempt in sorted(claims, key=lambda claim: claim[0].pk):
            if message.pk not in moved:
                claim_give_back(message=message, attempt=attempt, reason=reason)
    return moved


def _move(ids: set[UUID]) -> None:
    if not ids:
        return
    attempt, waits = Cast(F("attempt"), CharField()), Value(" was handed over; waiting for the server’s reply.")
    Message.objects.filter(pk__in=ids).update(
        state=MessageState.FINAL,
        lease_until=Now() + timedelta(seconds=settings.POSTBOX["DOT_TIMEOUT"]) + FINAL_MARGIN,
        updated_at=Now(),
        explanation=Concat(Value("Attempt "), attempt, waits),
    )


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
