"""Answering an incoming mail from here: once, to its sender, in the same thread."""

import re
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Permission
from apps.campaigns.selectors import has_permission
from apps.core.audit import audit_record
from apps.core.errors import Conflict, DomainError
from apps.core.times import campaign_time
from apps.postbox.inbound.parsing import ParsedMail, parse_mail
from apps.postbox.models import InboundMail, Policy
from apps.postbox.services.queue import AlreadyQueued, message_queue
from apps.postbox.transports.email_addresses import address_header

from ..models import Delivery, SentAnswer
from .exceptions import NotEntitled
from .mail_outcomes import ANSWER_ORIGIN

MESSAGE_ID = re.compile(r"<[^<>\s]{1,198}>")
RE = re.compile(r"^\s*re\s*:", re.IGNORECASE)
#: an answer that could not leave for so long would surprise both sides
LIFETIME = timedelta(days=5)
#: Message-IDs kept in References, so that the header stays short; signs that are quoted
KEPT_IDS, MAX_QUOTE = 10, 20_000


class NoSender(DomainError):
    default_message = gettext_lazy("This email names no address to answer to. Write to a recipient of the government.")


class GoesToMany(DomainError):
    default_message = gettext_lazy(
        "This email came through a mailing list: all its readers would get the answer. Write to a recipient of the "
        "government."
    )


class AnsweredMeanwhile(Conflict):
    default_message = gettext_lazy(
        "Nothing was sent: this email has been answered since you opened the page. Read that answer first."
    )


@dataclass(frozen=True)
class AnswerDraft:
    """What an answer is made of, before anything typed."""

    to_address: str
    to_name: str
    subject: str
    quoted: str
    headers: dict[str, str]
    number: int


def answer_draft(mail: InboundMail, campaign: Campaign) -> AnswerDraft:
    """To the sender, "Re:", with the headers that keep the thread, and the mail quoted. Raises NoSender, GoesToMany."""
    read = parse_mail(bytes(mail.raw))
    if not read.sender:
        raise NoSender
    if read.sender.lower() in read.header("List-Post").lower():
        raise GoesToMany
    subject = read.subject if RE.match(read.subject) else f"Re: {read.subject}"
    return AnswerDraft(
        to_address=read.sender, to_name=read.sender_name, subject=subject[:900], quoted=_quoted(mail, read, campaign),
        headers=_thread_headers(read), number=SentAnswer.objects.filter(mail=mail).count(),
    )  # fmt: skip


def _thread_headers(read: ParsedMail) -> dict[str, str]:
    """RFC 5322 §3.6.4."""
    own = MESSAGE_ID.findall(read.header("Message-ID"))[:1]
    if not own:
        return {}
    before = MESSAGE_ID.findall(read.header("References")) or MESSAGE_ID.findall(read.header("In-Reply-To"))[:1]
    ids = [*before[-KEPT_IDS:], *own]
    return {name: value for name, value in (("In-Reply-To", own[0]), ("References", " ".join(ids))) if value.isascii()}


def _quoted(mail: InboundMail, read: ParsedMail, campaign: Campaign) -> str:
    lines = read.text[:MAX_QUOTE].strip().splitlines()
    if not lines:
        return ""
    values = {"day": campaign_time(mail.received_at, campaign), "name": read.sender_name or read.sender}
    head = _("On %(day)s, %(name)s wrote:") % values
    return "\n".join([head, *(f"> {line}".rstrip() for line in lines)])


@transaction.atomic
def answer_send(
    *, campaign: Campaign, mail: InboundMail, delivery: Delivery, actor: User, text: str, seen: int, quote: bool = True
) -> SentAnswer:
    """Queue the answer. `seen` is the number of answers that the person knew of: of two who press at once, one sends.
    Raises NotEntitled, NoSender, GoesToMany, AnsweredMeanwhile, and the errors of `message_queue`."""
    if not has_permission(campaign, actor, Permission.AUTHORISE):
        raise NotEntitled
    InboundMail.objects.select_for_update().only("pk").get(pk=mail.pk)
    draft = answer_draft(mail, campaign)
    if draft.number != seen:
        raise AnsweredMeanwhile
    try:
        message = message_queue(
            kind="answer", policy=Policy.ONCE, to_address=draft.to_address, subject=draft.subject,
            text_body="\n\n".join(part for part in (text.strip(), draft.quoted if quote else "") if part),
            from_header=address_header(delivery.dispatch.sender_name, delivery.dispatch.sender_address),
            headers=draft.headers, once_key=f"answer:{mail.pk}:{seen}", origin=ANSWER_ORIGIN,
            origin_id=str(mail.pk), campaign_id=campaign.pk, authorisation=f"answer:{mail.pk}",
            language=delivery.language, want_answers=True, expires_at=timezone.now() + LIFETIME,
        )  # fmt: skip
    except AlreadyQueued:
        raise AnsweredMeanwhile from None
    sent = SentAnswer.objects.create(campaign=campaign, mail=mail, delivery=delivery, message=message, written_by=actor)
    audit_record(verb="answer.send", subject=sent, actor=actor, member=delivery.member.code, number=seen + 1)
    return sent
