"""What is handed to a server, and what became of it."""

import re
from dataclasses import dataclass
from enum import StrEnum

from apps.core.logs import ADDRESS

_LINE_START_DOT = re.compile(rb"(?m)^\.")
_BARE = re.compile(rb"\r(?!\n)|(?<!\r)\n")


class SendStatus(StrEnum):
    """What became of one try."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    DEFERRED = "deferred"
    IN_DOUBT = "in_doubt"
    WITHHELD = "withheld"


@dataclass(frozen=True)
class SendResult:
    """How one try ended. `stage` says where: prepare, connect, hello, secure, login, reset, mail, rcpt, data, body,
    dot, done. `code` and `reply` are the server's answer, without addresses; `reason` is a sentence for people.
    `connection_failed`: the next mail would fail in the same way."""

    status: SendStatus
    stage: str
    code: int | None = None
    reply: str = ""
    reason: str = ""
    connection_failed: bool = False


@dataclass(frozen=True)
class OutgoingMail:
    """One mail in its envelope. `content` has CRLF line ends and no dot-stuffing yet."""

    envelope_from: str
    envelope_to: str
    content: bytes

    @property
    def utf8(self) -> bool:
        return not (self.envelope_to.isascii() and self.envelope_from.isascii() and self.content.isascii())


def clean_reply(reply: bytes | str) -> str:
    """A server's words on one line, without addresses and control characters, at most 500 characters."""
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    text = "".join(sign if sign.isprintable() else " " for sign in text)
    return ADDRESS.sub("[address]", " ".join(text.split()))[:500]


def dot_stuffed(content: bytes) -> bytes:
    """The content as it goes over the wire, ending in CRLF, without the final dot (RFC 5321 §4.5.2).

    Raises ValueError for a lone CR or LF, by which a lenient server could see an end where there is none.
    """
    if _BARE.search(content):
        raise ValueError("the mail has a line end that is not CRLF")
    stuffed = _LINE_START_DOT.sub(b"..", content)
    return stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n"
