"""What a mail that came in turned out to be."""

from dataclasses import dataclass
from enum import StrEnum


class MailKind(StrEnum):
    REPLY = "reply"
    #: an absence note, or another automatic reply
    AUTO_REPLY = "auto_reply"
    #: a machine confirms that it was received
    ACKNOWLEDGEMENT = "acknowledgement"
    BOUNCE = "bounce"
    #: the recipient's server took it, an address behind it did not
    FORWARDING_FAILED = "forwarding_failed"
    DELAY = "delay"
    #: a report or a receipt says that it arrived
    DELIVERED = "delivered"
    #: reported as spam
    COMPLAINT = "complaint"
    #: a mail system says something that nobody could make out, or the mail is broken
    UNREADABLE = "unreadable"
    #: answers none of our mails
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Classification:
    """`reason` is a sentence to translate, `words` what it rests on, `code` an enhanced status (5.1.1), `detail` the
    server's words, `bounce_reason` a BounceReason of a bounce. Words and detail may contain addresses."""

    kind: MailKind
    reason: str
    words: str = ""
    code: str = ""
    detail: str = ""
    bounce_reason: str = ""


def shortened(words: str) -> str:
    return " ".join(words.split())[:300]
