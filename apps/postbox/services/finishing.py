"""Recording what became of a try."""

from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from ..models import Message, MessageState, Policy
from ..transports.parcels import Outcome, Verdict
from .events import event_record
from .moves import attempt_close, message_move, message_requeue
from .proofs import proofs_apply

log = structlog.get_logger(__name__)


def message_finish(*, message: Message, attempt: int, outcome: Outcome) -> str:
    """Record the outcome of try `attempt`. Returns the state the message is in afterwards.

    A report that comes after the sweep gave the worker up is evidence: it settles a doubt, and else only completes
    the record of the try.
    """
    with transaction.atomic(durable=True):
        row = Message.objects.unread().select_for_update().get(pk=message.pk)
        current = row.attempt == attempt
        _close(row, attempt, outcome)
        if current and row.state in {MessageState.CLAIMED, MessageState.FINAL}:
            _finish(row, outcome)
        elif current and row.state == MessageState.IN_DOUBT:
            _settle(row, outcome)
        else:
            log.warning("late_report", message=str(row.pk), attempt=attempt, verdict=outcome.verdict, state=row.state)
        proofs_apply(message=row)
        return row.state


def _finish(row: Message, outcome: Outcome) -> None:
    final = row.state == MessageState.FINAL
    if outcome.verdict == Verdict.ACCEPTED and final:
        _accept(row, outcome, outcome.reason)
    elif outcome.verdict == Verdict.REFUSED:
        _refuse(row, outcome)
    elif outcome.verdict == Verdict.DEFERRED and (not final or _temporary(outcome) or row.policy == Policy.REPEATABLE):
        _defer(row, outcome, outcome.reason)
    elif final:
        message_doubt(message=row, reason=outcome.reason, last_reply=outcome.reply)
    else:
        log.error("impossible_outcome", message=str(row.pk), state=row.state, verdict=outcome.verdict)


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


def _settle(row: Message, outcome: Outcome) -> None:
    """A worker that was given up reports: its word is the evidence that was missing."""
    if outcome.verdict == Verdict.ACCEPTED:
        _accept(row, outcome, f"{outcome.reason} Its answer was recorded late.")
    elif outcome.code is not None and 400 <= outcome.code <= 599 and outcome.stage == "dot":
        _defer(row, outcome, f"{outcome.reason} (recorded late)")


def _accept(row: Message, outcome: Outcome, explanation: str) -> None:
    now = timezone.now()
    code, reply = outcome.code, outcome.reply
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


def _refuse(row: Message, outcome: Outcome) -> None:
    if message_move(
        message=row,
        to=MessageState.REFUSED,
        last_code=outcome.code,
        last_reply=outcome.reply,
        explanation=f"Refused for good. {outcome.reason}",
    ):
        event_record(
            message=row,
            kind="refused",
            provider_id=f"{row.pk}:{row.attempt}:refused",
            code=str(outcome.code or ""),
            detail=outcome.reply or outcome.reason,
        )


def _defer(row: Message, outcome: Outcome, reason: str) -> None:
    event_record(
        message=row,
        kind="deferred",
        provider_id=f"{row.pk}:{row.attempt}:deferred",
        code=str(outcome.code or ""),
        detail=reason,
    )
    message_requeue(message=row, reason=reason, last_code=outcome.code, last_reply=outcome.reply)


def _temporary(outcome: Outcome) -> bool:
    return outcome.code is not None and 400 <= outcome.code <= 499


def _close(row: Message, attempt: int, outcome: Outcome) -> None:
    attempt_close(
        message=row,
        attempt=attempt,
        outcome=outcome.verdict,
        stage=outcome.stage,
        code=outcome.code,
        reply=outcome.reply or outcome.reason,
    )
