"""Reports that a mail arrived or bounced, and the state that follows."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop

from apps.core.logs import ADDRESS
from apps.core.types import Actor

from ..inbound.bounce_reasons import bounce_reason as reason_of
from ..models import InboundMail, Message, MessageEvent, MessageState
from .transitions import event_record, message_move

#: events that prove that the mail arrived somewhere
PROOFS = ("replied", "auto_replied", "delivered", "bounced", "forwarding_failed", "complained")
#: the state that a report leads to
REPORTED = {"bounced": MessageState.BOUNCED, "delivered": MessageState.DELIVERED}


def message_event_record(
    *,
    message: Message,
    kind: str,
    provider_id: str,
    occurred_at: datetime | None = None,
    code: str = "",
    detail: str = "",
    bounce_reason: str = "",
    actor: Actor = None,
    mail: InboundMail | None = None,
) -> bool:
    """Record a report, and let the state follow. `bounce_reason` of a bounce is read from code and words where it is
    not given. Returns False if it was recorded before."""
    if kind == "bounced" and not bounce_reason:
        bounce_reason = reason_of(f"{code} {detail}")
    with transaction.atomic():
        row = Message.objects.without_contents().select_for_update().get(pk=message.pk)
        at = occurred_at or timezone.now()
        if MessageEvent.objects.filter(provider_id=provider_id).exists():
            return False
        if kind == "replied" and row.replied_at is None:
            Message.objects.filter(pk=row.pk).update(replied_at=at, updated_at=Now())
            row.replied_at = at
        proof = MessageEvent(message=row, kind=kind, occurred_at=at, code=code, detail=detail)
        if kind in PROOFS:
            _follow(row, kind, proof)
        return event_record(
            message=row,
            kind=kind,
            provider_id=provider_id,
            at=at,
            code=code,
            detail=detail,
            bounce_reason=bounce_reason,
            actor=actor,
            mail=mail,
        )


def reports_apply(*, message: Message) -> None:
    """Apply reports that came before the state was ready (a bounce that overtook the server's answer). In the caller's
    transaction; `message` must be locked."""
    if message.state not in {MessageState.ACCEPTED, MessageState.IN_DOUBT}:
        return
    for proof in _standing(message).filter(kind__in=PROOFS).order_by("occurred_at", "id"):
        _follow(message, proof.kind, proof)


def reports_withdraw(*, message: Message, mail: InboundMail, actor: Actor) -> None:
    """Take back what this mail reported, since a person says that it says something else: a state that rests on
    nothing else becomes accepted again. In the caller's transaction; `message` must be locked. Where the letter was
    sent again meanwhile, the newer one counts and this one keeps its state."""
    was = _standing(message).filter(provider_id__startswith=f"inbound:{mail.sha256}")
    kinds = set(was.values_list("kind", flat=True))
    was.update(corrected=True)
    number = MessageEvent.objects.filter(message=message, kind="corrected").count()
    provider_id = f"corrected:{mail.sha256}:{number}"
    event_record(message=message, kind="corrected", provider_id=provider_id, actor=actor, mail=mail)
    rests = [kind for kind, state in REPORTED.items() if state == message.state]
    if not rests or not kinds & set(rests) or _standing(message).filter(kind__in=rests).exists():
        return
    explanation = gettext_noop("A person corrected what an email says: nothing else says that it came back or arrived.")
    try:
        with transaction.atomic():
            message_move(
                message=message,
                to=MessageState.ACCEPTED,
                accepted_at=message.accepted_at or timezone.now(),
                bounced_at=None,
                delivered_at=None,
                explanation=explanation,
            )
    except IntegrityError:  # of once_key: the letter was sent again
        message.refresh_from_db(fields=["state", "bounced_at", "delivered_at", "explanation"])


def _standing(message: Message) -> QuerySet[MessageEvent]:
    return MessageEvent.objects.filter(message=message, corrected=False)


def _follow(row: Message, kind: str, proof: MessageEvent) -> None:
    at = proof.occurred_at
    if row.state == MessageState.IN_DOUBT:
        explanation = gettext_noop("Proved by what came back: it arrived.")
        left = row.attempts.get(number=row.attempt).started_at  # before its answer
        if not message_move(message=row, to=MessageState.ACCEPTED, accepted_at=left, explanation=explanation):
            return
        event_record(message=row, kind="accepted", at=left, detail=explanation)
    if row.state != MessageState.ACCEPTED:
        return
    if kind == "bounced":
        why = f"Came back later: {proof.code} {ADDRESS.sub('[address]', proof.detail)}".strip()
        message_move(message=row, to=MessageState.BOUNCED, bounced_at=at, explanation=why[:1000])
    elif kind == "delivered":
        message_move(
            message=row,
            to=MessageState.DELIVERED,
            delivered_at=at,
            explanation=gettext_noop("Reported as delivered to the mailbox."),
        )
