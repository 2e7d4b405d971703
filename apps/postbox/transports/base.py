"""The interface of a mail provider's class, named by POSTBOX["TRANSPORT"]."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self

from django.conf import settings
from django.utils.module_loading import import_string

from apps.core.logs import ADDRESS

_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")


class SendStatus(StrEnum):
    ACCEPTED = "accepted"
    REFUSED = "refused"
    DEFERRED = "deferred"
    IN_DOUBT = "in_doubt"
    WITHHELD = "withheld"


@dataclass(frozen=True)
class SendResult:
    """`stage` is prepare, connect, hello, secure, login, reset, mail, rcpt, data, body, dot or done. `code` and `reply`
    are the server's answer, `reason` a sentence for people, all without addresses. `connection_failed`: the next
    mail would fail too."""

    status: SendStatus
    stage: str
    code: int | None = None
    reply: str = ""
    reason: str = ""
    connection_failed: bool = False

    @property
    def enhanced_code(self) -> str:
        """The server's code of RFC 3463, "5.7.1"; "" if it gave none."""
        found = _ENHANCED.match(self.reply)
        return found.group() if found else ""


@dataclass(frozen=True)
class OutgoingMail:
    """`content` has CRLF line ends and is not dot-stuffed."""

    envelope_from: str
    envelope_to: str
    content: bytes

    @property
    def utf8(self) -> bool:
        return not (self.envelope_to.isascii() and self.envelope_from.isascii() and self.content.isascii())


def clean_reply(reply: bytes | str) -> str:
    """A server's reply on one line, without addresses and control characters, at most 500 characters."""
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    text = "".join(sign if sign.isprintable() else " " for sign in text)
    return ADDRESS.sub("[address]", " ".join(text.split()))[:500]


class Transport(Protocol):
    """Hands mail to a provider, one recipient at a time. A worker opens one per connection, as a context manager, in a
    thread of its own. The thread has no database: what `send` needs is in `mail`, and `commit` asks the worker.

    `send` keeps this contract, so that a letter leaves at most once (docs/decisions/0013):

    1. Before anything else, it goes as far as the provider lets it go without having the mail. A failure up to here
       is REFUSED (the provider said no for good) or DEFERRED, and `commit` is not called.
    2. Then it calls `commit()`, once. Over SMTP that is between the body and the final dot; over HTTP, before the
       request is sent. If `commit` returns False, nothing leaves and the status is WITHHELD. If it raises, nothing
       leaves and the exception passes through. `send` raises nothing else.
    3. Only then does the mail leave. ACCEPTED, REFUSED and DEFERRED are the provider's definite answer; without one
       (a timeout, a lost connection, an unknown code) the status is IN_DOUBT.

    After the commit `code` is the provider's: 2xx for ACCEPTED, 4xx for DEFERRED, 5xx for REFUSED, as the database
    demands it; SMTP's and HTTP's codes fit. `reply` and `reason` contain no addresses (`clean_reply`).
    Unless POSTBOX["MODE"] is "live", a transport reaches this machine only.
    `apps/postbox/tests/test_transports.py` checks the contract: add your class to its list.
    """

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...

    def send(self, mail: OutgoingMail, commit: Callable[[], bool]) -> SendResult: ...


def get_transport() -> Transport:
    """A new instance of the configured transport. Raises ImportError."""
    transport: type[Transport] = import_string(settings.POSTBOX["TRANSPORT"])
    return transport()
