"""What happened to a message, each thing once, and who is told."""

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from apps.core.logs import ADDRESS
from apps.core.registries import mail_listeners

from ..models import InboundMail, Message, MessageEvent

log = structlog.get_logger(__name__)

#: kinds that listeners hear of; the others are for the message's own history
TOLD = frozenset(
    {
        *("accepted", "refused", "bounced", "delivered", "replied"),
        *("auto_replied", "in_doubt", "expired", "cancelled"),
    }
)


def event_record(
    *,
    message: Message,
    kind: str,
    provider_id: str,
    at: datetime | None = None,
    code: str = "",
    detail: str = "",
    actor: Any = None,
    mail: InboundMail | None = None,
) -> bool:
    """Record in the caller's transaction, which holds the message's row, and tell the listeners. False where it was
    recorded before.

    `provider_id` (at most 200 signs) names the happening; addresses in `detail` are removed.
    """
    if MessageEvent.objects.filter(provider_id=provider_id).exists():
        return False
    event = MessageEvent.objects.create(
        message=message,
        kind=kind,
        occurred_at=at or timezone.now(),
        provider_id=provider_id,
        code=code[:20],
        detail=ADDRESS.sub("[address]", detail)[:2000],
        actor_id=getattr(actor, "pk", None),
        told_at=timezone.now(),
    )
    if kind in TOLD and not _tell(event, message, mail):
        MessageEvent.objects.filter(pk=event.pk).update(told_at=None)
    return True


def events_retell(*, older_than: timedelta = timedelta(minutes=1)) -> int:
    """Tell listeners again what one of them failed to take. Returns how many events were told."""
    told = 0
    waiting = MessageEvent.objects.filter(told_at__isnull=True, created_at__lt=timezone.now() - older_than)
    for pk in list(waiting.order_by("id").values_list("pk", flat=True)[:200]):
        with transaction.atomic():
            event = waiting.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
            if event is None:
                continue
            digest = event.provider_id.removeprefix("inbound:")
            message = Message.objects.unread().get(pk=event.message_id)
            if _tell(event, message, InboundMail.objects.filter(sha256=digest).first()):
                MessageEvent.objects.filter(pk=pk).update(told_at=Now())
                told += 1
    return told


def _tell(event: MessageEvent, message: Message, mail: InboundMail | None) -> bool:
    """Call every listener, all or none. A listener that fails must not undo what the mail server did: the event
    stays untold and the sweep tries again."""
    listeners = mail_listeners.items()
    if not listeners:
        return True
    try:
        with transaction.atomic():
            for _name, listener in listeners:
                listener(
                    message=message,
                    kind=event.kind,
                    at=event.occurred_at,
                    code=event.code,
                    detail=event.detail,
                    mail=mail,
                )
    except Exception:
        log.exception("mail_listener_failed", event_id=event.pk, kind=event.kind)
        return False
    return True
