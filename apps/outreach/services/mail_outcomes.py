"""What the postbox reports about letters and addresses."""

import re
from datetime import datetime
from email.utils import parseaddr

from django.db import connection, transaction

from apps.core.audit import audit_record
from apps.core.encryption import lookup_hashes
from apps.core.page_cache import pages_drop, pages_invalidate
from apps.core.wakeups import wake
from apps.governments.services.addresses import address_mark_bounced, address_mark_good, address_marks_correct
from apps.postbox.inbound.bounce_reasons import BounceReason, address_is_dead
from apps.postbox.models import InboundMail, Message, MessageEvent
from apps.postbox.selectors.messages import recipient_hashes

from ..models import Delivery, Reply
from ..selectors.dispatches import any_has_ended, has_ended
from .webhook_events import delivery_change_record, letter_left_record, reply_filed_record

ENHANCED = re.compile(r"\b[45]\.\d{1,3}\.\d{1,3}\b")
#: events that prove that a mail reached the mailbox
ARRIVED = {"delivered", "replied"}
LETTER_ORIGIN, ANSWER_ORIGIN = "outreach.delivery", "outreach.answer"
REPLIES = {"replied": Reply.Kind.REPLY, "auto_replied": Reply.Kind.AUTO_REPLY}


def mail_event_handle(
    *,
    message: Message,
    kind: str,
    at: datetime,
    code: str = "",
    detail: str = "",
    bounce_reason: str = "",
    mail: InboundMail | None = None,
    **_: object,
) -> None:
    """Receiver of `mail_event`: what any mail says about an address, and what became of a letter."""
    if kind == "accepted":  # by the thousand, in one transaction with many others, and says nothing about an address
        if message.origin == LETTER_ORIGIN:
            _letter_left()
            letter_left_record(message=message, code=code)
        return
    delivery = _letter_of(message)
    hashes = recipient_hashes(message) | (delivery.address.hashes if delivery else set())
    if delivery is not None:
        delivery_change_record(delivery=delivery, state=message.state, kind=kind, code=code)
    if kind == "corrected":
        _addresses_follow(hashes)
        return
    if _says_dead(kind, bounce_reason, f"{code} {detail}"):
        address_mark_bounced(hashes=hashes, at=at)
    if kind in ARRIVED:
        from_it = kind == "delivered" or (mail is not None and _came_from(mail, hashes))
        address_mark_good(hashes=hashes, at=at, bounced_too=from_it)
    delivery = delivery or _answered_letter(message)
    if delivery is None:
        return
    pages_invalidate()  # the letter's page says what became of it
    if kind in REPLIES and mail is not None:
        reply_file(delivery=delivery, mail=mail, kind=REPLIES[kind])
    elif mail is not None:  # a person decided that it is not an answer
        Reply.objects.filter(mail=mail).delete()
        pages_drop()
    if has_ended(delivery.dispatch):
        wake("outreach")  # the mailing can be closed


def _letter_left() -> None:
    """Its page says so. Whether it was the last of its mailing, which can then be closed, is asked once a commit."""
    pages_invalidate()
    if _wake_if_ended not in (entry[1] for entry in connection.run_on_commit):
        transaction.on_commit(_wake_if_ended)


def _wake_if_ended() -> None:
    if any_has_ended():
        wake("outreach")


def _says_dead(kind: str, bounce_reason: str, answer: str) -> bool:
    if kind == "bounced":
        return bounce_reason == BounceReason.ADDRESS if bounce_reason else address_is_dead(answer)
    return kind == "refused" and rejects_address(answer)


def _addresses_follow(hashes: set[str]) -> None:
    """What is known of the address without the mail that a person corrected."""
    said = MessageEvent.objects.filter(message__to_hash__in=hashes, corrected=False)
    failures = said.filter(kind__in=["bounced", "refused"]).order_by("-occurred_at")
    dead = (
        event.occurred_at
        for event in failures
        if _says_dead(event.kind, event.bounce_reason, f"{event.code} {event.detail}")
    )
    delivers = said.filter(kind__in=ARRIVED).exists()
    address_marks_correct(hashes=hashes, bounced_at=next(dead, None), delivers=delivers)


def _letter_of(message: Message) -> Delivery | None:
    """Also of a mail that was called back and made anew: where it was in doubt, it may have arrived after all."""
    if message.origin != LETTER_ORIGIN:
        return None
    rows = Delivery.objects.select_related("dispatch__campaign", "address")
    return rows.filter(message=message).first() or rows.filter(pk=message.origin_id).first()


def _answered_letter(message: Message) -> Delivery | None:
    """The letter whose answer this message of ours answered: what comes back to it is about that letter too."""
    if message.origin != ANSWER_ORIGIN:
        return None
    rows = Delivery.objects.select_related("dispatch__campaign", "address")
    return rows.filter(sent_answers__message=message).first()


def _came_from(mail: InboundMail, hashes: set[str]) -> bool:
    """Whether the address itself answered: a colleague's answer does not show that a mailbox works again."""
    return any(found.digest in hashes for found in lookup_hashes(parseaddr(mail.sender)[1]))


def rejects_address(answer: str) -> bool:
    """Whether a refusal is about the address; without an enhanced code it is taken to be, unless a mailbox is full or
    the mail too large (RFC 5321 §4.2.3)."""
    return address_is_dead(answer) or (ENHANCED.search(answer) is None and not answer.startswith(("452", "552")))


def reply_file(*, delivery: Delivery, mail: InboundMail, kind: str) -> Reply:
    """File a mail as an answer to the letter. Repeating it changes only the kind."""
    reply, made = Reply.objects.get_or_create(
        mail=mail,
        defaults={
            "campaign_id": delivery.dispatch.campaign_id,
            "delivery": delivery,
            "member_id": delivery.member_id,
            "kind": kind,
            "received_at": mail.received_at,
        },
    )
    if not made and reply.kind != kind:
        reply.kind, made = kind, True
        reply.save(update_fields=["kind", "updated_at"])
        pages_drop()
    if made:
        audit_record(verb="reply.file", subject=reply, delivery=delivery.pk, kind=kind)
        reply_filed_record(reply=reply, delivery=delivery)
    return reply
