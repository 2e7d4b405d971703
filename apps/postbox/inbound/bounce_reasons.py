"""Why a mail was not delivered, from codes (RFC 3463) and words of mail servers."""

import re
from enum import StrEnum

from .bounce_reason_phrases import FULL, POLICY, SPAM, TOO_LARGE
from .phrase_matching import fold
from .unknown_address_phrases import NO_SUCH_ADDRESS


class BounceReason(StrEnum):
    """Only ADDRESS says something about the address; the others may be gone tomorrow."""

    ADDRESS = "address"
    FULL = "full"
    POLICY = "policy"
    TOO_LARGE = "too_large"
    OTHER = "other"


ENHANCED = re.compile(r"(?<![\d.])#?([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
#: codes that servers use for anything, so that the words decide first
_VAGUE = frozenset({"5.0.0", "4.0.0", "5.1.0", "5.2.0", "5.3.0", "5.4.1", "5.5.0", "5.5.4", "5.7.0", "5.7.1"})
_BY_CODE = {
    **dict.fromkeys(["5.2.2", "4.2.2", "5.3.1"], BounceReason.FULL),
    **dict.fromkeys(["5.2.3", "5.3.4"], BounceReason.TOO_LARGE),
    # the sender's address is refused, not the recipient's
    **dict.fromkeys(["5.1.7", "5.1.8"], BounceReason.POLICY),
    **dict.fromkeys(["5.2.4", "5.4.4"], BounceReason.OTHER),
    "5.4.1": BounceReason.ADDRESS,
}
_BY_SUBJECT = {
    "1": BounceReason.ADDRESS,
    "2": BounceReason.ADDRESS,
    "6": BounceReason.POLICY,
    "7": BounceReason.POLICY,
}
#: how IronPort introduces each refusal, whatever its reason; and what networks refuse, not people
_NO_REASON = re.compile(
    "unknown address error|connection (was )?(refused|rejected|denied)|refused to talk"
    r"|host not found,? (please )?try again( later)?|host or domain name not found(?=.{0,120}try again)"
)
#: what is wrong with our address says nothing about theirs
_OF_SENDER = re.compile(
    r"(sender|mail from|from|return|envelope)( address| domain)?( is| was)? (rejected|refused|denied|invalid)\b[^.;(]*"
)
#: in this order: "mailbox full" is also in sentences that call the address unavailable
_WORDS = (
    (FULL, BounceReason.FULL),
    (TOO_LARGE, BounceReason.TOO_LARGE),
    (NO_SUCH_ADDRESS, BounceReason.ADDRESS),
    (POLICY, BounceReason.POLICY),
)

#: a server that knows the address says so, whatever its code
_OUTWEIGH = ((FULL, BounceReason.FULL), (TOO_LARGE, BounceReason.TOO_LARGE), (SPAM, BounceReason.POLICY))


def bounce_reason(answer: str) -> BounceReason:
    """The reason in a server's answer: by a code that has one meaning, else by its words, else by a vague code. Words
    of a full mailbox or a blocked sender outweigh a code that calls the address unknown."""
    codes = [code for code in ENHANCED.findall(answer) if code[0] in "45"]
    clear = next((_of_code(code) for code in codes if code not in _VAGUE), BounceReason.OTHER)
    words = _OF_SENDER.sub("sender rejected", _NO_REASON.sub("", fold(answer)))
    if clear == BounceReason.ADDRESS and not NO_SUCH_ADDRESS.search(words):
        return next((reason for phrases, reason in _OUTWEIGH if phrases.search(words)), clear)
    if clear != BounceReason.OTHER:
        return clear
    said = next((reason for phrases, reason in _WORDS if phrases.search(words)), None)
    if said:
        return said
    vague = (_of_code(code) for code in codes if code in _VAGUE)
    return next((reason for reason in vague if reason != BounceReason.OTHER), BounceReason.OTHER)


def address_is_dead(answer: str) -> bool:
    """Whether the answer says that the address, or the mailbox behind it, is not there."""
    return bounce_reason(answer) == BounceReason.ADDRESS


def _of_code(code: str) -> BounceReason:
    if code in _BY_CODE:
        return _BY_CODE[code]
    if code[0] == "4" or code.endswith(".0.0"):
        return BounceReason.OTHER
    return _BY_SUBJECT.get(code[2:].partition(".")[0], BounceReason.OTHER)
