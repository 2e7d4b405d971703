"""Rows that stand still: leases whose worker is gone, mails whose time is over. One transaction each."""

from django.db import transaction
from django.db.models.functions import Now

from ..models import Message, MessageState
from .events import event_record, events_retell
from .finishing import message_doubt
from .moves import attempt_close, message_expire, message_requeue
from .proofs import proofs_apply


def leases_sweep(*, limit: int = 500) -> int:
    """Deal with messages whose worker did not come back, one transaction each. Returns how many.

    claimed → queued: nothing was handed over. final → in_doubt for letters, → queued for what may be repeated.
    """
    swept = 0
    overdue = Message.objects.unread().overdue_leases(Now())
    for pk in list(overdue.order_by("lease_until").values_list("pk", flat=True)[:limit]):
        with transaction.atomic(durable=True):
            row = overdue.select_for_update(skip_locked=True).filter(pk=pk).first()
            if row is None:
                continue
            attempt_close(message=row, attempt=row.attempt, outcome="lost")
            if row.state == MessageState.CLAIMED:
                reason = "The worker that had it did not come back; nothing was handed over."
                event_record(message=row, kind="lost", provider_id=f"{row.pk}:{row.attempt}:lost", detail=reason)
                message_requeue(message=row, reason=reason)
            else:
                message_doubt(message=row, reason="The worker did not come back after the last step began.")
            proofs_apply(message=row)
            swept += 1
    return swept


def expiries_sweep(*, limit: int = 500) -> int:
    """queued → expired where the time is over, also while sending is stopped. Returns how many."""
    swept = 0
    over = Message.objects.unread().filter(state=MessageState.QUEUED, expires_at__lte=Now())
    for pk in list(over.order_by("expires_at").values_list("pk", flat=True)[:limit]):
        with transaction.atomic(durable=True):
            row = over.select_for_update(skip_locked=True).filter(pk=pk).first()
            if row is not None and message_expire(message=row, why="Its time was over before it could leave."):
                swept += 1
    return swept


def postbox_sweep() -> dict[str, int]:
    """Everything that the clock does, safe at any time and from several workers at once. Returns what was done."""
    return {"leases": leases_sweep(), "expired": expiries_sweep(), "retold": events_retell()}
