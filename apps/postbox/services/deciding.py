"""A person decides what only a person can: did a letter arrive whose hand-over nobody confirmed?"""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.errors import Conflict, DomainError
from apps.core.logs import ADDRESS
from apps.core.services import audit_record
from apps.core.wakeups import wake

from ..models import Message, MessageState
from .events import event_record
from .moves import message_cancel_one, message_move


class NotInDoubt(Conflict):
    """Somebody or some proof was faster."""


class EvidenceMissing(DomainError):
    """A decision needs what it rests on."""


def message_decide(*, message: Message, decision: str, evidence: str, actor: Any) -> Message:
    """Settle a message in doubt: `decision` is "accepted" (it arrived) or "queued" (it did not: send it again).

    `evidence` says what that rests on, for example the line of the server's log; it is kept, without addresses, with
    who decided. Raises NotInDoubt, EvidenceMissing, ValueError for another decision.
    """
    if decision not in {MessageState.ACCEPTED, MessageState.QUEUED}:
        raise ValueError(f"{decision!r} is not a decision")
    evidence = ADDRESS.sub("[address]", " ".join(evidence.split()))[:1000]
    if not evidence:
        raise EvidenceMissing(_("Say what you know this from: a line of the server's log, a call."), field="evidence")
    with transaction.atomic():
        row = Message.objects.unread().select_for_update().get(pk=message.pk)
        if row.state != MessageState.IN_DOUBT:
            raise NotInDoubt(_("This mail is no longer in doubt: it is %(state)s.") % {"state": row.state})
        now, key = timezone.now(), f"{row.pk}:{row.attempt}"
        event_record(
            message=row,
            kind="decided",
            provider_id=f"{key}:decided",
            at=now,
            code=decision,
            detail=evidence,
            actor=actor,
        )
        audit_record(verb="message.decide", subject=row, actor=actor, decision=str(decision), attempt=row.attempt)
        if decision == MessageState.ACCEPTED:
            explanation = f"A person decided that it arrived: {evidence}"
            message_move(message=row, to=MessageState.ACCEPTED, accepted_at=now, explanation=explanation)
            event_record(
                message=row, kind="accepted", provider_id=f"{key}:accepted", at=now, detail=evidence, actor=actor
            )
            return row
        explanation = f"A person decided that it did not arrive: {evidence} It waits for its turn."
        message_move(message=row, to=MessageState.QUEUED, next_at=now, explanation=explanation)
        if row.cancel_reason:
            message_cancel_one(message=row, actor=actor)
        wake("postbox")
    return row
