"""What became of a letter, told by the postbox in the transaction that records it."""

import re
from datetime import datetime

from apps.core.services import audit_record
from apps.core.wakeups import wake
from apps.governments.services import address_mark_bounced, address_mark_good
from apps.postbox.models import InboundMail, Message

from ..models import Delivery, Reply
from ..selectors import has_ended

#: enhanced status codes (RFC 3463): the second number says whom the refusal is about; 1 is the address, 2 its mailbox
ENHANCED = re.compile(r"\b[45]\.(\d{1,3})\.\d{1,3}\b")
ABOUT_THE_ADDRESS = {"1", "2"}
#: what proves that a letter reached the mailbox; that our server took it proves nothing
ARRIVED = {"delivered", "replied", "auto_replied"}
REPLIES = {"replied": Reply.Kind.REPLY, "auto_replied": Reply.Kind.AUTO_REPLY}


def mail_heard(
    *, message: Message, kind: str, at: datetime, code: str = "", detail: str = "", mail: InboundMail | None = None
) -> None:
    """Registered as a mail listener. Of mail that is no letter of ours it takes no notice."""
    if message.origin != "outreach.delivery":
        return
    delivery = Delivery.objects.select_related("dispatch", "address").filter(message=message).first()
    if delivery is None:
        return
    if kind in {"refused", "bounced"} and blames_address(f"{code} {detail}"):
        address_mark_bounced(address_hash=delivery.address.address_hash, at=at)
    if kind in ARRIVED:
        address_mark_good(address_hash=delivery.address.address_hash, at=at)
    if kind in REPLIES and mail is not None:
        reply_file(delivery=delivery, mail=mail, kind=REPLIES[kind])
    if has_ended(delivery.dispatch):
        wake("outreach")  # the last letter has its fate: the dispatch can be closed


def blames_address(answer: str) -> bool:
    """Whether a permanent refusal speaks about the address. A refusal of our server, policy or text (5.3 to 5.7)
    does not; one without an enhanced code is taken to."""
    found = ENHANCED.search(answer)
    return found is None or found[1] in ABOUT_THE_ADDRESS


def reply_file(*, delivery: Delivery, mail: InboundMail, kind: str) -> Reply:
    """File an answer to the letter it belongs to; filing the same mail twice is one reply."""
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
    if made:
        audit_record(verb="reply.file", subject=reply, delivery=delivery.pk, kind=kind)
    return reply
