"""Recording what became of a try."""

from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from ..models import Message, MessageState, Policy
from ..transports.results import SendResult, SendStatus
from .delivery_reports import proofs_apply
from .transitions import attempt_close, event_record, message_move, message_requeue

log = structlog.get_logger(__name__)


def message_finish(*, message: Message, attempt: int, result: SendResult) -> str:
    """Record the result of try `attempt`. Returns the state the message is in afterwards.

    A report that comes after the sweep gave the worker up is evidence: it settles a doubt, and else only completes
    the record of the try.
    """
    with transaction.atomic(durable=True):
        row = Message.objects.unread().select_for_update().get(pk=message.pk)
        current = row.attempt == attempt
        _close(row, attempt, result)
        if current and row.state in MessageState.IN_PROGRESS:
            _finish(row, result)
        elif current and row.state == MessageState.IN_DOUBT:
            _settle(row, result)
        else:
            log.warning("late_report", message=str(row.pk), attempt=attempt, status=result.status, state=row.state)
        proofs_apply(message=row)
        return row.state


def _finish(row: Message, result: SendResult) -> None:
    final = row.state == MessageState.FINAL
    if result.status == SendStatus.ACCEPTED and final:
        _accept(row, result, result.reason)
    elif result.status == SendStatus.REFUSED:
        _refuse(row, result)
    elif result.status == SendStatus.DEFERRED and (not final or _temporary(result) or row.policy == Policy.REPEATABLE):
        _defer(row, result, result.reason)
    elif final:
        message_doubt(message=row, reason=result.reason, last_reply=result.reply)
    else:
        log.error("impossible_outcome", message=str(row.pk), state=row.state, status=result.status)


def message_doubt(*, message: Message, reason: str, **fields: Any) -> None:
    """In `final` without an answer, in the caller's transaction: a letter stays in doubt until a person or a proof
    decides; what may be repeated is tried again."""
    attempt = message.attempt
    if message.policy == Policy.REPEATABLE:
        reason = f"{reason} It may arrive twice, which does no harm."
        event_record(message=message, kind="deferred", provider_id=f"{message.pk}:{attempt}:deferred", detail=reason)
        message_requeue(message=message, reason=reason, **fields)
        return
    explanation = (
        f"{reason} It may have arrived or not. It is not sent again by itself: "
        "look for an answer or ask the server's log, then decide."
    )
    if message_move(message=message, to=MessageState.IN_DOUBT, explanation=explanation, **fields):
        event_record(message=message, kind="in_doubt", provider_id=f"{message.pk}:{attempt}:in_doubt", detail=reason)


def _settle(row: Message, result: SendResult) -> None:
    """A worker that was given up reports: its word is the evidence that was missing."""
    if result.status == SendStatus.ACCEPTED:
        _accept(row, result, f"{result.reason} Its answer was recorded late.")
    elif result.code is not None and 400 <= result.code <= 599 and result.stage == "dot":
        _defer(row, result, f"{result.reason} (recorded late)")


def _accept(row: Message, result: SendResult, explanation: str) -> None:
    now = timezone.now()
    code, reply = result.code, result.reply
    if message_move(
        message=row,
        to=MessageState.ACCEPTED,
        accepted_at=now,
        last_code=code,
        last_reply=reply,
        explanation=explanation,
    ):
        event_record(
            message=row,
            kind="accepted",
            provider_id=f"{row.pk}:{row.attempt}:accepted",
            at=now,
            code=str(code or ""),
            detail=reply,
        )


def _refuse(row: Message, result: SendResult) -> None:
    if message_move(
        message=row,
        to=MessageState.REFUSED,
        last_code=result.code,
        last_reply=result.reply,
        explanation=f"Refused for good. {result.reason}",
    ):
        event_record(
            message=row,
            kind="refused",
            provider_id=f"{row.pk}:{row.attempt}:refused",
            code=str(result.code or ""),
            detail=result.reply or result.reason,
        )


def _defer(row: Message, result: SendResult, reason: str) -> None:
    event_record(
        message=row,
        kind="deferred",
        provider_id=f"{row.pk}:{row.attempt}:deferred",
        code=str(result.code or ""),
        detail=reason,
    )
    message_requeue(message=row, reason=reason, last_code=result.code, last_reply=result.reply)


def _temporary(result: SendResult) -> bool:
    return result.code is not None and 400 <= result.code <= 499


def _close(row: Message, attempt: int, result: SendResult) -> None:
    attempt_close(
        message=row,
        attempt=attempt,
        outcome=result.status,
        stage=result.stage,
        code=result.code,
        reply=result.reply or result.reason,
    )
