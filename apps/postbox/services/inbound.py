"""Taking mail in: stored whole before the server says yes, then filed where it belongs."""

import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.canonical import sha256_hex
from apps.core.errors import DomainError, NotAllowed
from apps.core.logs import ADDRESS

from ..inbound.bounces import Classification, mail_classify
from ..inbound.parsing import mail_read
from ..models import InboundMail, Message, SinkMail
from ..transports.local import LocalInbox
from ..transports.results import OutgoingMail, SendStatus
from .delivery_reports import message_event_record
from .queue import token_digest

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
    found = mail_classify(arrival.raw, sender=arrival.envelope_from)
    message = _message_of(arrival, read.header("In-Reply-To"), read.header("References"))
    mail, made = InboundMail.objects.get_or_create(
        sha256=digest,
        defaults={
            "raw": arrival.raw,
            "envelope_to": arrival.envelope_to,
            "sender": read.sender or parseaddr(arrival.envelope_from)[1],
            "subject": read.subject,
            "text": read.text,
            "kind": _kind(found) if message else "unknown",
            "message": message,
            "size": len(arrival.raw),
        },
    )
    log.info("mail_received", inbound=mail.pk, kind=mail.kind, matched=message is not None)
    if made and message and found.kind in EVENTS:
        message_event_record(
            message=message,
            kind=EVENTS[found.kind],
            provider_id=f"inbound:{digest}",
            occurred_at=mail.received_at,
            code=found.code,
            detail=ADDRESS.sub("[address]", found.detail),
            mail=mail,
        )


def _kind(found: Classification) -> str:
    return "bounce" if found.kind == "delivered" else found.kind


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


FORMS = ("reply", "auto_reply", "bounce")


class NoReplyAddress(DomainError):
    """The mail asks for no answer."""


class ListenerAway(DomainError):
    """The local inbox's listener did not take the answer."""


def sink_mail_answer(*, mail: SinkMail, text: str, form: str = "reply") -> None:
    """Send an answer over SMTP to the listener, as if the recipient of `mail` had written it. `form` is "reply",
    "auto_reply" (an absence note) or "bounce" (a failure reported after acceptance).

    Raises NotAllowed outside sink mode, NoReplyAddress, ListenerAway.
    """
    if settings.POSTBOX["MODE"] != "sink":
        raise NotAllowed(_("Answers can be tried in sink mode only."))
    read = mail_read(bytes(mail.raw))
    to_address = parseaddr(read.header("Reply-To"))[1]
    if not to_address:
        raise NoReplyAddress(_("This mail has no address for answers, so there is nothing to try."))
    make = {"reply": _reply, "auto_reply": _absence, "bounce": _bounce}[form]
    content = make(mail.envelope_to, to_address, read.subject, read.header("Message-ID"), text)
    sender = mail.envelope_to if form == "reply" else ""
    with LocalInbox() as inbox:
        result = inbox.send(OutgoingMail(sender, to_address, content), lambda: True)
    if result.status != SendStatus.ACCEPTED:
        raise ListenerAway(
            _("The local inbox did not take the answer. %(reason)s It listens while `make run` runs.")
            % {"reason": result.reason}
        )


def _reply(sender: str, to: str, subject: str, answers: str, text: str) -> bytes:
    mail = _mail(sender, to, f"Re: {subject}", answers)
    mail.set_content(text)
    return mail.as_bytes(policy=mail.policy.clone(linesep="\r\n"))


def _absence(sender: str, to: str, subject: str, answers: str, text: str) -> bytes:
    mail = _mail(sender, to, f"Automatic reply: {subject}", answers)
    mail["Auto-Submitted"] = "auto-replied"
    mail.set_content(text)
    return mail.as_bytes(policy=mail.policy.clone(linesep="\r\n"))


def _bounce(sender: str, to: str, subject: str, answers: str, text: str) -> bytes:
    """A delivery report (RFC 3464) as the recipient's server would write it."""
    domain = sender.rpartition("@")[2]
    status = EmailMessage()
    status["Content-Type"] = "message/delivery-status"
    about_server, about_recipient = EmailMessage(), EmailMessage()
    about_server["Reporting-MTA"] = f"dns; {domain}"
    about_recipient["Final-Recipient"], about_recipient["Action"] = f"rfc822; {sender}", "failed"
    about_recipient["Status"], about_recipient["Diagnostic-Code"] = "5.1.1", "smtp; 550 5.1.1 mailbox unknown"
    status.set_payload([about_server, about_recipient])
    words = EmailMessage()
    words.set_content(text)
    report = _mail(f"MAILER-DAEMON@{domain}", to, "Undelivered mail", "")
    report["Auto-Submitted"] = "auto-replied"
    report["Content-Type"] = 'multipart/report; report-type="delivery-status"'
    report.set_payload([words, status])
    return report.as_bytes(policy=report.policy.clone(linesep="\r\n"))


def _mail(sender: str, to: str, subject: str, answers: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, " ".join(subject.split())[:200]
    mail["Date"], mail["Message-ID"] = format_datetime(timezone.now()), make_msgid(domain=sender.rpartition("@")[2])
    if answers:
        mail["In-Reply-To"] = mail["References"] = answers
    return mail
