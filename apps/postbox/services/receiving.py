"""Taking mail in: stored whole before the server says yes, then filed where it belongs."""

import re
from dataclasses import dataclass
from email.utils import parseaddr

import structlog
from django.conf import settings
from django.db import transaction

from apps.core.canonical import sha256_hex
from apps.core.logs import ADDRESS

from ..models import InboundMail, Message, SinkMail
from ..selectors import mail_read
from ..selectors.classifying import Verdict, mail_classify
from .proofs import message_event_record
from .queueing import token_digest

log = structlog.get_logger(__name__)

_TOKEN = re.compile(r"reply\+([a-z2-7]{52})", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,198}>")
#: kind of a mail → kind of the event it makes
EVENTS = {"reply": "replied", "auto_reply": "auto_replied", "bounce": "bounced", "delivered": "delivered"}


@dataclass(frozen=True)
class Arrival:
    """A mail as it came over SMTP, for one of its recipients."""

    envelope_from: str
    envelope_to: str
    raw: bytes


def address_is_ours(address: str) -> bool:
    """Whether the address is one that answers come to: reply+… (even with a token we do not know) or postmaster at
    the reply domain (RFC 5321 §4.5.1)."""
    local, _at, domain = address.strip().rpartition("@")
    if domain.lower() != str(settings.POSTBOX["REPLY_DOMAIN"]).lower():
        return False
    return local.lower().startswith("reply+") or local.lower() == "postmaster"


def mails_receive(*, arrivals: list[Arrival], sink: bool) -> None:
    """Store a mail for each of its recipients, all or none, and let messages learn of it. The same mail twice is
    stored once. In sink mode what is not for our reply addresses goes to the local inbox."""
    with transaction.atomic():
        for arrival in arrivals:
            if sink and not address_is_ours(arrival.envelope_to):
                _keep_sink(arrival)
            else:
                _keep_answer(arrival)


def _keep_sink(arrival: Arrival) -> None:
    message_id = mail_read(arrival.raw).header("Message-ID")
    SinkMail.objects.create(
        envelope_from=arrival.envelope_from[:254],
        envelope_to=arrival.envelope_to,
        message_id=_plain(message_id)[:200],
        raw=arrival.raw,
        size=len(arrival.raw),
    )


def _keep_answer(arrival: Arrival) -> None:
    digest = sha256_hex(arrival.envelope_to.strip().lower().encode() + b"\0" + arrival.raw)
    if InboundMail.objects.filter(sha256=digest).exists():
        return
    read = mail_read(arrival.raw)
    verdict = mail_classify(arrival.raw, sender=arrival.envelope_from)
    message = _message_of(arrival, read.header("In-Reply-To"), read.header("References"))
    mail, made = InboundMail.objects.get_or_create(
        sha256=digest,
        defaults={
            "raw": arrival.raw,
            "envelope_to": arrival.envelope_to,
            "sender": read.sender or parseaddr(arrival.envelope_from)[1],
            "subject": read.subject,
            "text": read.text,
            "kind": _kind(verdict) if message else "unknown",
            "message": message,
            "size": len(arrival.raw),
        },
    )
    log.info("mail_received", inbound=mail.pk, kind=mail.kind, matched=message is not None)
    if made and message and verdict.kind in EVENTS:
        message_event_record(
            message=message,
            kind=EVENTS[verdict.kind],
            provider_id=f"inbound:{digest}",
            occurred_at=mail.received_at,
            code=verdict.code,
            detail=ADDRESS.sub("[address]", verdict.detail),
            mail=mail,
        )


def _kind(verdict: Verdict) -> str:
    return "bounce" if verdict.kind == "delivered" else verdict.kind


def _message_of(arrival: Arrival, *references: str) -> Message | None:
    """The message it answers: by the token in the address, else by the Message-IDs it refers to, which nobody can
    guess who has not had the mail."""
    token = _TOKEN.match(arrival.envelope_to.strip().rpartition("@")[0])
    if token:
        found = Message.objects.unread().filter(reply_token_hash=token_digest(token.group(1))).first()
        if found:
            return found
    ids = _MESSAGE_ID.findall(" ".join(references))[-20:]
    return Message.objects.unread().filter(message_id__in=ids).first() if ids else None


def _plain(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable())
