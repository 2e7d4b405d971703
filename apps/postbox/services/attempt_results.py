"""Record how an attempt to send ended, and settle attempts in doubt."""

from collections.abc import Collection
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.audit import audit_record
from apps.core.errors import Conflict, DomainError
from apps.core.logs import ADDRESS
from apps.core.types import Actor
from apps.core.wakeups import wake

from ..models import Message, MessageState, Policy
from ..transports.base import SendResult, SendStatus
from .accepted_mail import Outcome, messages_accept
from .delivery_reports import reports_apply
from .recipient_domains import domain_result_record, domains_locked
from .transitions import attempt_close, event_record, message_cancel_one, message_move, message_requeue

log = structlog.get_logger(__name__)


FULL = "The mailbox is full."
POLICY = "Refused by a rule of the mail server, not because of the address."
TOO_LARGE = "The mail is too large for this server."
REFUSED = "Refused for good."


def refusal_class(result: SendResult) -> str:
    """What a refusal is about, in words (RFC 3463 §3)."""
    if mailbox_is_full(result):
        return FULL
    subject = result.enhanced_code[2:]
    if subject.startswith("7."):
        return POLICY
    return TOO_LARGE if subject in {"3.4", "2.3"} else REFUSED


def mailbox_is_full(result: SendResult) -> bool:
    return result.enhanced_code[2:] == "2.2" or (result.code == 552 and not result.enhanced_code)


def message_finish(*, message: Message, attempt: int, result: SendResult) -> str:
    """Record one result; returns the state afterwards."""
    return messages_finish(outcomes=[Outcome(message, attempt, result)])[message.pk]


def messages_finish(*, outcomes: Collection[Outcome]) -> dict[UUID, str]:
    """Record results, each of another message; returns the states afterwards. A result that arrives after the sweep
    gave up on the worker settles a doubt, or only completes the attempt."""
    accepted = [each for each in outcomes if each.result.status == SendStatus.ACCEPTED]
    with transaction.atomic(durable=True):
        moved = messages_accept(accepted=accepted)
    states = {each.message.pk: each.message.state for each in accepted if each.message.pk in moved}
    others = [each for each in outcomes if each.message.pk not in moved]
    return states | _record_closely(others) if others else states


def _record_closely(outcomes: Collection[Outcome]) -> dict[UUID, str]:
    """Failures, and what has moved, or was to be cancelled, while its server answered."""
    with transaction.atomic(durable=True):
        ids = [outcome.message.pk for outcome in outcomes]
        locked = Message.objects.without_contents().filter(pk__in=ids).order_by("pk").select_for_update()
        rows = {row.pk: row for row in locked}
        domains_locked(keys=[row.to_domain for row in rows.values()])  # in the order of those who claim
        for outcome in sorted(outcomes, key=lambda each: each.message.to_domain):
            _record(rows[outcome.message.pk], outcome)
    return {pk: row.state for pk, row in rows.items()}


def _record(row: Message, outcome: Outcome) -> None:
    result, current = outcome.result, row.attempt == outcome.attempt
    attempt_close(
        message=row,
        attempt=outcome.attempt,
        outcome=result.status,
        stage=result.stage,
        code=result.code,
        reply=result.reply or result.reason,
    )
    if current and row.state in MessageState.IN_PROGRESS:
        _finish(row, result)
    elif current and row.state == MessageState.IN_DOUBT:
        _settle(row, result)
    else:
        log.warning("late_result", message=str(row.pk), attempt=outcome.attempt, status=result.status, state=row.state)
    domain_result_record(message=row, result=result)
    reports_apply(message=row)


def _finish(row: Message, result: SendResult) -> None:
    final = row.state == MessageState.FINAL
    temporary = result.code is not None and 400 <= result.code <= 499
    if result.status == SendStatus.ACCEPTED and final:
        _accept(row, result, result.reason)
    elif result.status == SendStatus.REFUSED and not final and mailbox_is_full(result):
        _defer(row, result, f"{FULL} {result.reason}")  # RFC 5321 §4.5.3.1.10: 552 may be temporary
    elif result.status == SendStatus.REFUSED:
        _refuse(row, result)
    elif result.status == SendStatus.DEFERRED and (not final or temporary or row.policy == Policy.REPEATABLE):
        _defer(row, result, result.reason)
    elif final:
        message_mark_in_doubt(message=row, reason=result.reason, last_reply=result.reply)
    else:
        log.error("impossible_result", message=str(row.pk), state=row.state, status=result.status)


def message_mark_in_doubt(*, message: Message, reason: str, last_reply: str = "") -> None:
    """Handle a message in `final` without an answer, in the caller's transaction: a letter is in doubt until a person
    or report decides, a repeatable message is tried again."""
    if message.policy == Policy.REPEATABLE:
        reason = f"{reason} It may arrive twice, which does no harm."
        event_record(message=message, kind="deferred", detail=reason)
        message_requeue(message=message, reason=reason, last_reply=last_reply)
        return
    explanation = (
        f"{reason} Nobody knows whether it arrived. It is not sent again automatically: "
        "look for an answer or check the server's log, then decide."
    )
    if message_move(message=message, to=MessageState.IN_DOUBT, explanation=explanation, last_reply=last_reply):
        event_record(message=message, kind="in_doubt", detail=reason)


def _settle(row: Message, result: SendResult) -> None:
    """The worker that was given up reports after all."""
    if result.status == SendStatus.ACCEPTED:
        _accept(row, result, f"{result.reason} Its answer was recorded late.")
    elif result.code is not None and 400 <= result.code <= 599 and result.stage == "dot":
        _defer(row, result, f"{result.reason} (recorded late)")


def _accept(row: Message, result: SendResult, explanation: str) -> None:
    now = timezone.now()
    if message_move(message=row, to=MessageState.ACCEPTED, accepted_at=now, explanation=explanation, **_answer(result)):
        event_record(message=row, kind="accepted", at=now, code=str(result.code or ""), detail=result.reply)


def _refuse(row: Message, result: SendResult) -> None:
    explanation = f"{refusal_class(result)} {result.reason}"
    if message_move(message=row, to=MessageState.REFUSED, explanation=explanation, **_answer(result)):
        detail = result.reply or result.reason
        event_record(message=row, kind="refused", code=str(result.code or ""), detail=detail)


def _defer(row: Message, result: SendResult, reason: str) -> None:
    event_record(message=row, kind="deferred", code=str(result.code or ""), detail=reason)
    message_requeue(message=row, reason=reason, last_code=result.code, last_reply=result.reply)


def _answer(result: SendResult) -> dict[str, object]:
    return {"last_code": result.code, "last_reply": result.reply}


def message_decide(*, message: Message, decision: str, evidence: str, actor: Actor) -> Message:
    """Settle a message in doubt: `decision` is "accepted" (it arrived) or "queued" (send it again). `evidence` is kept
    without addresses. Raises Conflict, DomainError, ValueError."""
    if decision not in {MessageState.ACCEPTED, MessageState.QUEUED}:
        raise ValueError(f"{decision!r} is not a decision")
    evidence = ADDRESS.sub("[address]", " ".join(evidence.split()))[:1000]
    if not evidence:
        problem = _("Say how you know: a line of the server’s log, a phone call.")
        raise DomainError(problem, field="evidence")
    with transaction.atomic():
        row = Message.objects.without_contents().select_for_update().get(pk=message.pk)
        if row.state != MessageState.IN_DOUBT:
            raise Conflict(_("This email is no longer in doubt: somebody has decided, or its report has come."))
        now = timezone.now()
        event_record(message=row, kind="decided", at=now, code=decision, detail=evidence, actor=actor)
        audit_record(verb="message.decide", subject=row, actor=actor, decision=str(decision), attempt=row.attempt)
        if decision == MessageState.ACCEPTED:
            explanation = f"A person decided that it arrived: {evidence}"
            message_move(message=row, to=MessageState.ACCEPTED, accepted_at=now, explanation=explanation)
            event_record(message=row, kind="accepted", at=now, detail=evidence, actor=actor)
            return row
        explanation = f"A person decided that it did not arrive: {evidence} It waits for its turn."
        message_move(message=row, to=MessageState.QUEUED, next_at=now, explanation=explanation)
        if row.cancel_reason:
            message_cancel_one(message=row, actor=actor)
        wake("postbox")
    return row
