"""Taking a message to hand it over, and the last step before it: the two commits that make it at most once."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from ..models import Attempt, Message, MessageState
from ..selectors import address_is_suppressed, hold_reason, messages_due, switch_read
from ..selectors.sending import may_leave
from .events import event_record
from .moves import attempt_close, message_expire, message_move, message_requeue

#: beyond the longest wait for the answer to the dot, so that only a dead worker's lease runs out there
FINAL_MARGIN = timedelta(seconds=60)


def _seconds(name: str) -> timedelta:
    box: dict[str, Any] = settings.POSTBOX
    return timedelta(seconds=box[name])


def message_claim(*, worker: str) -> Message | None:
    """Take the next due message for LEASE seconds and number the try; None when nothing is due.

    On the way, due messages whose time is over expire, and those to suppressed addresses end. `worker` says who
    tries (host:pid). Contents stay unread here: a row that cannot be decrypted must not stop the others.
    """
    while True:
        with transaction.atomic(durable=True):
            rows = messages_due().unread().annotate(over=Q(expires_at__isnull=False, expires_at__lte=Now()))
            message = rows.select_for_update(skip_locked=True).first()
            if message is None:
                return None
            if _ended(message):
                continue
            lease = Now() + _seconds("LEASE")
            message_move(
                message=message,
                to=MessageState.CLAIMED,
                attempt=message.attempt + 1,
                lease_until=lease,
                last_code=None,
                explanation=f"Is being handed over, try {message.attempt + 1}.",
            )
            Attempt.objects.create(message=message, number=message.attempt, worker=worker[:80], started_at=Now())
        return message


def _ended(message: Message) -> bool:
    """End a due message that must not go out any more. True where it was one."""
    if message.over:  # type: ignore[attr-defined]  # annotated by message_claim
        message_expire(message=message, why="Its time was over before it could leave.")
        return True
    if address_is_suppressed(message):
        why = "The address is on the list of addresses that get nothing from this installation."
        message_move(message=message, to=MessageState.SUPPRESSED, explanation=why)
        event_record(message=message, kind="suppressed", provider_id=f"{message.pk}:suppressed", detail=why)
        return True
    return False


def message_to_final(*, message: Message, attempt: int) -> bool:
    """Commit that this try may end with the dot: claimed → final, by compare-and-set on id and attempt, while the
    switch is held so that nobody kills in between. After True the message counts as possibly handed over.

    False: somebody killed or cancelled, or the lease went to another worker. No dot may be sent then.
    """
    with transaction.atomic(durable=True):
        reason = hold_reason(switch_read(share=True))
        if not reason:
            lease = Now() + _seconds("DOT_TIMEOUT") + FINAL_MARGIN
            rows = Message.objects.filter(may_leave(), cancel_reason="", pk=message.pk, attempt=attempt)
            moved = rows.filter(state=MessageState.CLAIMED).update(
                state=MessageState.FINAL,
                lease_until=lease,
                updated_at=Now(),
                explanation=f"The last step of try {attempt} began; the server's answer is awaited.",
            )
            if moved == 1:
                return True
        _give_back(message, attempt, reason)
        return False


def _give_back(message: Message, attempt: int, reason: str) -> None:
    """The try ends without the dot: the row waits again, or is cancelled where that was asked for."""
    waiting = Message.objects.unread().filter(pk=message.pk, attempt=attempt, state=MessageState.CLAIMED)
    row = waiting.select_for_update().first()
    if row is None:
        return  # the lease ran out and the sweep has dealt with it
    attempt_close(message=row, attempt=attempt, outcome="killed" if reason else "withheld", stage="body")
    if reason:
        event_record(message=row, kind="held", provider_id=f"{row.pk}:{attempt}:held", detail=reason)
    why = reason or row.cancel_reason or "It lost its authorisation."
    message_requeue(message=row, reason=f"Stopped before its last step; nothing left. {why}", pause=timedelta(0))
