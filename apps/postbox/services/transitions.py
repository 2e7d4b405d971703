"""The only way a message changes its state: compare-and-swap on id, state and attempt."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from apps.core.batches import written_together
from apps.core.logs import ADDRESS
from apps.core.signals import mail_event
from apps.core.types import Actor

from ..models import NEXT_STATES, SEALED, WAITS, Attempt, InboundMail, Message, MessageEvent, MessageState

log = structlog.get_logger(__name__)

#: about five days (RFC 5321 §4.5.4.1 asks for growing pauses over four to five)
MAX_ATTEMPTS = 29
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)
#: cancelled for this reason, a message loses its contents as soon as it ends
ERASURE = "erasure"
EMPTY: dict[str, object] = {**dict.fromkeys(SEALED, ""), "headers": {}}


class IllegalMove(RuntimeError):
    """A programming error: a state that may not follow. The database would refuse it too."""


def message_move(*, message: Message, to: str, **fields: object) -> bool:
    """Compare-and-swap from the state in which `message` was read; leases end. Returns False if it had moved."""
    if to not in NEXT_STATES.get(message.state, frozenset()):
        raise IllegalMove(f"{message.state} cannot become {to}")
    fields = {"lease_until": None, **fields, "state": to}
    if message.cancel_reason == ERASURE and to not in MessageState.OPEN:
        fields |= EMPTY
    rows = Message.objects.filter(pk=message.pk, state=message.state, attempt=message.attempt)
    if rows.update(**fields, updated_at=Now()) != 1:
        return False
    log.info("message_moved", message=str(message.pk), kind=message.kind, was=message.state, now=to)
    for name, value in fields.items():
        if not hasattr(value, "resolve_expression"):
            setattr(message, name, value)
    return True


def attempt_close(*, message: Message, attempt: int, outcome: str, stage: str = "", **fields: object) -> None:
    """Record the outcome of an attempt. A late report replaces "lost" only."""
    Attempt.objects.filter(message_id=message.pk, number=attempt, outcome__in=["", "lost"]).update(
        outcome=outcome, finished_at=Now(), **({"stage": stage} if stage else {}), **fields
    )


def pause_after(attempt: int) -> timedelta:
    """Exponential pause with 20 % jitter, so that mails do not all come back at once."""
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(attempt - 1, 20))
    return pause * random.uniform(0.8, 1.2)  # noqa: S311 – spreads load, protects nothing


def message_requeue(*, message: Message, reason: str, pause: timedelta | None = None, **fields: object) -> str:
    """Requeue a message that was not sent, or end it if cancelled or expired. Returns its state. In the caller's
    transaction. With `pause` (a kill, a lost lease) the attempt does not count."""
    next_at = timezone.now() + (pause_after(message.attempt) if pause is None else pause)
    if not message_move(message=message, to=MessageState.QUEUED, next_at=next_at, explanation=reason, **fields):
        return ""
    if message.cancel_reason:
        return message_cancel_one(message=message)
    if message.expires_at and next_at >= message.expires_at:
        return message_expire(message=message, why=f"{reason} Its time ends before the next try.")
    # not kills and lost workers: these asked no server
    tries = message.attempts.filter(outcome__in=["deferred", "in_doubt"])
    if pause is None and tries.count() >= MAX_ATTEMPTS:
        return message_expire(message=message, why=f"{reason} That was attempt {message.attempt}, the last.")
    then = "It is tried again." if next_at > timezone.now() else WAITS
    Message.objects.filter(pk=message.pk, state=MessageState.QUEUED).update(explanation=f"{reason} {then}")
    return MessageState.QUEUED


def message_expire(*, message: Message, why: str) -> str:
    """queued → expired. Returns the state, "" if somebody else was faster."""
    if not message_move(message=message, to=MessageState.EXPIRED, explanation=f"Given up. {why}"):
        return ""
    event_record(message=message, kind="expired", detail=why)
    return MessageState.EXPIRED


def message_cancel_one(*, message: Message, actor: Actor = None) -> str:
    """queued → cancelled for the reason in the row. Returns the state or ""."""
    reason = message.cancel_reason
    if not message_move(message=message, to=MessageState.CANCELLED, explanation=f"Cancelled: {reason}"):
        return ""
    event_record(message=message, kind="cancelled", detail=reason, actor=actor)
    return MessageState.CANCELLED


#: kinds that listeners hear of; the others are for the message's own history
TOLD = frozenset(
    {
        *("accepted", "refused", "bounced", "delivered", "replied"),
        *("auto_replied", "in_doubt", "expired", "cancelled", "delayed", "forwarding_failed", "complained", "allowed"),
        *("corrected", "suppressed"),
    }
)


def event_record(
    *,
    message: Message,
    kind: str,
    provider_id: str = "",
    at: datetime | None = None,
    code: str = "",
    detail: str = "",
    bounce_reason: str = "",
    actor: Actor = None,
    mail: InboundMail | None = None,
) -> bool:
    """Record an event and notify listeners, in the transaction that locked the message. Returns False if recorded
    before: `provider_id` identifies it, by default one per kind and attempt. Addresses in `detail` are removed."""
    provider_id = provider_id or f"{message.pk}:{message.attempt}:{kind}"
    if MessageEvent.objects.filter(provider_id=provider_id).exists():
        return False
    event = MessageEvent.objects.create(
        message=message,
        kind=kind,
        occurred_at=at or timezone.now(),
        provider_id=provider_id,
        code=code[:20],
        detail=ADDRESS.sub("[address]", detail)[:2000],
        bounce_reason=bounce_reason,
        actor_id=getattr(actor, "pk", None),
        told_at=timezone.now(),
    )
    if kind in TOLD and not _tell(event, message, mail):
        MessageEvent.objects.filter(pk=event.pk).update(told_at=None)
    return True


def events_renotify(*, older_than: timedelta = timedelta(minutes=1)) -> int:
    """Notify listeners again of events that one of them failed to handle. Returns how many were handled."""
    told = 0
    waiting = MessageEvent.objects.filter(told_at__isnull=True, created_at__lt=timezone.now() - older_than)
    for pk in list(waiting.order_by("id").values_list("pk", flat=True)[:200]):
        with transaction.atomic():
            event = waiting.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
            if event is None:
                continue
            message = Message.objects.without_contents().get(pk=event.message_id)
            if _tell(event, message, InboundMail.objects.filter(sha256=event.mail_sha256).first()):
                MessageEvent.objects.filter(pk=pk).update(told_at=Now())
                told += 1
    return told


def events_notify(*, told: Sequence[tuple[MessageEvent, Message]]) -> None:
    """Tell the listeners of new events in one savepoint; where one fails, each event has its own."""
    heard = [(event, message) for event, message in told if event.kind in TOLD]
    if not heard:
        return
    if len(heard) > 1:
        try:
            with transaction.atomic(), written_together():
                for event, message in heard:
                    _send(event, message, None)
        except Exception:
            log.exception("mail_listener_failed_for_one_of_many", number=len(heard))
        else:
            return
    for event, message in heard:
        if not _tell(event, message, None):
            MessageEvent.objects.filter(pk=event.pk).update(told_at=None)


def _tell(event: MessageEvent, message: Message, mail: InboundMail | None) -> bool:
    """Call every listener, all or none. The sweep tries again: a failure must not undo what the server did."""
    try:
        with transaction.atomic():
            _send(event, message, mail)
    except Exception:
        log.exception("mail_listener_failed", event_id=event.pk, kind=event.kind)
        return False
    return True


def _send(event: MessageEvent, message: Message, mail: InboundMail | None) -> None:
    mail_event.send(
        sender=MessageEvent,
        message=message,
        kind=event.kind,
        at=event.occurred_at,
        code=event.code,
        detail=event.detail,
        bounce_reason=event.bounce_reason,
        mail=mail,
    )
