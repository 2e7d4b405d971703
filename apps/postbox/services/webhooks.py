"""What providers report by webhooks: what became of a mail, and mail that came in."""

import hashlib
import re
from contextlib import suppress
from email.errors import MessageError
from typing import Any

import structlog
from anymail.signals import AnymailInboundEvent, AnymailTrackingEvent, EventType
from django.db import transaction
from django.utils.translation import gettext_noop

from apps.core.encryption import UnreadableValue, lookup_hashes

from ..inbound.envelope import envelope_read, mail_header
from ..models import Message
from ..transports.provider import MESSAGE_KEY, mail_number
from .delivery_reports import message_event_record
from .inbound import Arrival, address_is_ours, mails_receive
from .suppressions import address_suppress

log = structlog.get_logger(__name__)

#: Opened and clicked are not recorded: we track nobody. Unsubscribing is ours.
EVENTS: dict[str, str] = {
    EventType.DELIVERED: "delivered",
    EventType.BOUNCED: "bounced",
    EventType.REJECTED: "bounced",
    EventType.FAILED: "bounced",
    EventType.DEFERRED: "delayed",
    EventType.COMPLAINED: "complained",
}
ENHANCED = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")


def tracking_event_record(*, provider: str, event: AnymailTrackingEvent) -> bool:
    """Record a report; False for one that was recorded before, is not about a mail of ours, or says nothing new."""
    kind = EVENTS.get(event.event_type)
    message = _message_of(event) if kind else None
    if kind is None or message is None:
        log.info("webhook_event_ignored", provider=provider, report=str(event.event_type), matched=message is not None)
        return False
    words = " ".join(str(part) for part in (event.mta_response, event.description) if part)[:2000].replace("\0", "")
    code = ENHANCED.search(words)
    if event.event_type in {EventType.REJECTED, EventType.FAILED}:
        words = " ".join(
            part for part in ("The provider did not send it.", str(event.reject_reason or ""), words) if part
        )
    with transaction.atomic():
        fresh = message_event_record(
            message=message,
            kind=kind,
            provider_id=_event_id(provider, event),
            occurred_at=event.timestamp,
            code=code.group() if code else "",
            detail=words,
        )
        if fresh and kind == "complained":
            _suppress(message)
    log.info("webhook_event", provider=provider, report=kind, message=str(message.pk), fresh=fresh)
    return fresh


def _suppress(message: Message) -> None:
    with suppress(UnreadableValue):
        if message.to_address:
            reason = gettext_noop("Its reader reported our email as spam.")
            address_suppress(address=message.to_address, reason=reason, actor=None, campaign_id=message.campaign_id)


def _message_of(event: AnymailTrackingEvent) -> Message | None:
    """By the Message-ID that we gave as metadata or that the provider kept, or by its own number."""
    metadata: Any = event.metadata
    given = metadata.get(MESSAGE_KEY) if isinstance(metadata, dict) else None
    ids = [str(one)[:200].replace("\0", "") for one in (given, event.message_id) if one]
    ids += [f"<{one}>" for one in ids if not one.startswith("<")]
    found = Message.objects.without_contents().filter(message_id__in=ids).first() if ids else None
    return found or _by_number(event)


def _by_number(event: AnymailTrackingEvent) -> Message | None:
    """MailerSend and Postal return nothing of ours: by the number that they gave when they took it, and the address."""
    if not (event.message_id and event.recipient):
        return None
    hashes = [each.digest for each in lookup_hashes(str(event.recipient))]
    sent = Message.objects.without_contents().filter(to_hash__in=hashes, accepted_at__isnull=False)
    return sent.filter(last_reply=mail_number(event.message_id)).first()


def _event_id(provider: str, event: AnymailTrackingEvent) -> str:
    """The provider's, or a hash of what makes the event: repeated, it is the same."""
    parts = (event.event_id,) if event.event_id else (event.message_id, event.timestamp, event.recipient)
    digest = hashlib.sha256("\0".join(map(str, (event.event_type, *parts))).encode()).hexdigest()
    return f"{provider}:{digest}"


def inbound_event_receive(*, provider: str, event: AnymailInboundEvent) -> None:
    """Store a mail that came in through a provider, like one over SMTP. Raises ValueError for one without contents."""
    message: Any = event.message
    if message is None:
        raise ValueError("an inbound event without a mail")
    raw = _raw_mail(message)
    sender, recipients = envelope_read(mail_header(raw), address_is_ours)
    if message.envelope_recipient:
        recipients = [str(message.envelope_recipient)]
    if message.envelope_sender is not None:
        sender = str(message.envelope_sender)
    mails_receive(arrivals=[Arrival(sender, recipient, raw) for recipient in recipients], sink=False)
    log.info("webhook_mail", provider=provider, size=len(raw))


def _raw_mail(message: Any) -> bytes:
    """The mail as bytes, the same each time the provider repeats it: put together from parts, it has boundaries of
    chance."""
    digest = hashlib.sha256()
    for part in message.walk():
        if not part.is_multipart():
            digest.update(str(part.get_payload()).encode("utf-8", "surrogateescape"))
    for number, part in enumerate(message.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{digest.hexdigest()[:32]}_{number}")
    try:
        return bytes(message.as_bytes(policy=message.policy.clone(linesep="\r\n")))
    except (MessageError, UnicodeError, LookupError) as error:
        raise ValueError(f"a mail that cannot be written ({type(error).__name__})") from error
