"""Receive mail: stored whole before it is accepted, then matched to the message it answers."""

from contextlib import suppress
from dataclasses import dataclass, replace
from email.utils import parseaddr

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from apps.core.canonical_json import canonical_json, sha256_hex
from apps.core.encryption import UnreadableValue
from apps.core.logs import ADDRESS
from apps.core.tokens import token_hash
from apps.core.types import Actor

from ..inbound.classification import classify_mail
from ..inbound.classified import Classification, MailKind
from ..inbound.parsing import ParsedMail, parse_mail
from ..inbound.references import TOKEN, referred_ids, reply_tokens
from ..models import InboundMail, Message, SinkMail
from .delivery_reports import message_event_record
from .suppressions import address_suppress
from .transitions import event_record

log = structlog.get_logger(__name__)

EVENTS: dict[str, str] = {
    MailKind.REPLY: "replied",
    MailKind.AUTO_REPLY: "auto_replied",
    MailKind.ACKNOWLEDGEMENT: "auto_replied",
    MailKind.BOUNCE: "bounced",
    MailKind.FORWARDING_FAILED: "forwarding_failed",
    MailKind.DELAY: "delayed",
    MailKind.DELIVERED: "delivered",
    MailKind.COMPLAINT: "complained",
    MailKind.UNREADABLE: "unreadable",
}
DUPLICATE = "duplicate"


@dataclass(frozen=True)
class Arrival:
    """A mail as it came over SMTP, for one recipient."""

    envelope_from: str
    envelope_to: str
    raw: bytes


def address_is_ours(address: str) -> bool:
    """Whether it is a reply address (even with an unknown token) or postmaster there (RFC 5321 §4.5.1)."""
    local, _at, domain = address.strip().rpartition("@")
    if domain.lower() != str(settings.POSTBOX["REPLY_DOMAIN"]).lower():
        return False
    return local.lower().startswith("reply+") or local.lower() == "postmaster"


def mails_receive(*, arrivals: list[Arrival], sink: bool) -> None:
    """Store mail for each recipient, all or none, duplicates once. In sink mode, mail to other than our reply addresses
    goes to the local inbox."""
    with transaction.atomic():
        for arrival in arrivals:
            if sink and not address_is_ours(arrival.envelope_to):
                _keep_sink(arrival)
            else:
                _keep_answer(arrival)


@transaction.atomic
def mail_too_large_record(*, addresses: list[str]) -> int:
    """Tell the campaign, once a day, that a mail to these reply addresses was refused for its size. Returns of how many
    letters."""
    told = 0
    for token in {token.lower() for address in addresses for token in TOKEN.findall(address)}:
        rows = Message.objects.without_contents().select_for_update()
        if message := rows.filter(reply_token_hash=token_hash(token)).first():
            provider_id = f"too_large:{message.pk}:{timezone.now():%Y-%m-%d}"
            told += event_record(message=message, kind="too_large", provider_id=provider_id)
    return told


def _keep_sink(arrival: Arrival) -> None:
    read = parse_mail(arrival.raw)
    SinkMail.objects.create(
        envelope_from=arrival.envelope_from[:254],
        envelope_to=arrival.envelope_to,
        message_id="".join(char for char in read.header("Message-ID") if char.isprintable())[:200],
        subject=read.subject,
        files=len(read.files),
        raw=arrival.raw,
        size=len(arrival.raw),
    )


def _keep_answer(arrival: Arrival) -> None:
    digest = sha256_hex(arrival.envelope_to.strip().lower().encode() + b"\0" + arrival.raw)
    if InboundMail.objects.filter(sha256=digest).exists():
        return
    read = parse_mail(arrival.raw)
    message = _message_of(arrival, read)
    found = classify_mail(read, sender=arrival.envelope_from, recipient=recipient_of(message))
    if message:  # two routes at once: the second waits here, and then sees the first
        Message.objects.without_contents().select_for_update().get(pk=message.pk)
    fingerprint, kind, reason = fingerprint_of(read), str(found.kind), found.reason
    if message is None and fingerprint and _came_before(fingerprint):
        log.info("mail_came_twice", matched=False)
        return
    if message is None:
        kind, reason = MailKind.UNKNOWN, gettext_noop("Neither its address nor its headers name an email of ours.")
    elif fingerprint and InboundMail.objects.filter(message=message, fingerprint=fingerprint).exists():
        kind, reason = DUPLICATE, gettext_noop("The same email came before by another route.")
    contents: dict[str, object] = {
        "raw": arrival.raw,
        "envelope_to": arrival.envelope_to,
        "sender": read.sender or parseaddr(arrival.envelope_from)[1],
        "subject": read.subject,
        "text": read.text,
    }
    if message and is_erased(message):  # nor is anything kept that comes later
        contents = {name: b"" if name == "raw" else "" for name in contents}
        found, reason, fingerprint = replace(found, detail="", words=""), "", ""
    mail, made = InboundMail.objects.get_or_create(
        sha256=digest,
        defaults={
            **contents,
            "kind": kind,
            "bounce_reason": found.bounce_reason if kind == MailKind.BOUNCE else "",
            "reason": reason,
            "evidence": evidence_of(found) if kind == found.kind else "",
            "fingerprint": fingerprint,
            "message": message,
            "size": len(arrival.raw),
        },
    )
    log.info("mail_received", inbound=mail.pk, kind=mail.kind, matched=message is not None)
    if made and message and mail.kind in EVENTS:
        mail_record(mail, message, f"inbound:{digest}", found)


def evidence_of(found: Classification) -> str:
    """The words that a kind rests on, without addresses."""
    return ADDRESS.sub("[address]", found.words)[:300]


def mail_record(
    mail: InboundMail, message: Message, provider_id: str, found: Classification, actor: Actor = None
) -> None:
    message_event_record(
        message=message,
        kind=EVENTS[mail.kind],
        provider_id=provider_id,
        occurred_at=timezone.now() if actor else mail.received_at,
        code=found.code if found.kind == mail.kind else "",
        detail=ADDRESS.sub("[address]", found.detail) if found.kind == mail.kind else "",
        bounce_reason=mail.bounce_reason,
        actor=actor,
        mail=mail,
    )
    if mail.kind == MailKind.COMPLAINT and message.to_address:
        reason = gettext_noop("Its reader reported our email as spam.")
        address_suppress(address=message.to_address, reason=reason, actor=None, campaign_id=message.campaign_id)


def recipient_of(message: Message | None) -> str:
    with suppress(UnreadableValue):
        return message.to_address if message else ""
    return ""


def is_erased(message: Message) -> bool:
    with suppress(UnreadableValue):
        return message.to_address == ""
    return False


def _came_before(fingerprint: str) -> bool:
    """Whether another route brought the mail that matches no message. Two routes at once wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [fingerprint])
    return InboundMail.objects.filter(message=None, fingerprint=fingerprint).exists()


def fingerprint_of(read: ParsedMail) -> str:
    """A hash of what is the same on every route; "" without a Message-ID."""
    own_id = read.header("Message-ID").strip()
    if not own_id:
        return ""
    files = [sha256_hex(file.content) for file in read.files]
    return sha256_hex(canonical_json([own_id, read.sender, read.subject, read.text.split(), files]))


def _message_of(arrival: Arrival, read: ParsedMail) -> Message | None:
    """The answered message, by the token in an address or by Message-IDs, which only its reader knows."""
    rows = Message.objects.without_contents()
    for token in reply_tokens(read, arrival.envelope_to):
        if found := rows.filter(reply_token_hash=token_hash(token)).first():
            return found
    ids = referred_ids(read)
    known = {row.message_id: row for row in rows.filter(message_id__in=ids)} if ids else {}
    return next((known[message_id] for message_id in ids if message_id in known), None)
