"""Erasure: what the postbox holds about a person goes, what proves that a mail was handled stays."""

from django.db import transaction

from apps.core.services import audit_record

from ..models import OPEN_STATES, InboundMail, Message, MessageAttachment, MessageState
from .queueing import messages_cancel


def mails_erase(address_hash: str) -> int:
    """Empty the contents of every finished mail to this address and of the answers to it; what still waits is
    cancelled first. Returns how many mails are on their way or in doubt and must be erased later."""
    with transaction.atomic():
        rows = Message.objects.unread().filter(to_hash=address_hash)
        messages_cancel(messages=list(rows.filter(state=MessageState.QUEUED)), reason="erasure", actor=None)
        done = rows.exclude(state__in=OPEN_STATES)
        MessageAttachment.objects.filter(message__in=done).delete()
        InboundMail.objects.filter(message__in=done).update(raw=b"", sender="", subject="", text="", envelope_to="")
        for row in done:
            audit_record(verb="message.erase", subject=row)
        done.update(to_address="", subject="", text_body="", html_body="", reply_to="", envelope_from="")
        return rows.filter(state__in=OPEN_STATES).count()
