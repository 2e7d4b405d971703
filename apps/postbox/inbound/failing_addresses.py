"""Addresses that a report in words is about, as flufl.bounce (GNU Mailman's) finds them."""

import logging
import re
from contextlib import suppress
from copy import copy
from email.message import Message

from flufl.bounce import all_failures

from .parsing import header_text

#: what its detectors trip over is no failure of ours
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)

ADDRESS = re.compile(r"(?<![^\s<>;:,\"()\[\]])[^\s<>;:,\"()\[\]]+@[^\s<>;:,\"()\[\]]+")
#: beyond these flufl.bounce is not asked: each of its fifty patterns reads every line, some in the square of its length
MAX_PAYLOAD, MAX_LINES, MAX_EFFORT = 300_000, 5_000, 30_000_000


def failing_addresses(mail: Message) -> tuple[set[str], set[str]]:
    """Those that fail for now, and those that fail for good."""
    payloads = [part.get_payload() for part in mail.walk()]
    texts = [payload for payload in payloads if isinstance(payload, str)]
    if sum(map(len, texts)) > MAX_PAYLOAD:
        return set(), set()
    lengths = [len(line) for text in texts for line in text.splitlines()]
    if len(lengths) > MAX_LINES or sum(length**2 for length in lengths) > MAX_EFFORT:
        return set(), set()
    try:
        temporary, permanent = all_failures(_with_plain_sender(mail))
    except Exception:  # noqa: BLE001 – its detectors meet hostile mail; ours have spoken already
        return set(), set()
    return _readable(temporary), _readable(permanent)


def _with_plain_sender(mail: Message) -> Message:
    """A shallow copy whose sender is a string: raw bytes in a header come as an object that flufl.bounce trips over."""
    asked = copy(mail)
    del asked["from"]
    asked["From"] = header_text(str(mail.get("from", ""))).encode("ascii", "replace").decode()
    return asked


def same_mailbox(one: str, other: str) -> bool:
    """Same name at the same domain or a subdomain: servers often write their host's name. A domain in letters of its
    language is the same as in IDNA."""
    (name, _at, domain), (other_name, _at, other_domain) = one.rpartition("@"), other.rpartition("@")
    domain, other_domain = _in_idna(domain), _in_idna(other_domain)
    nested = f".{domain}".endswith(f".{other_domain}") or f".{other_domain}".endswith(f".{domain}")
    return nested and name.partition("+")[0] == other_name.partition("+")[0]


def _in_idna(domain: str) -> str:
    if not domain.isascii():
        with suppress(UnicodeError):
            return domain.encode("idna").decode()
    return domain


def _readable(addresses: frozenset[bytes]) -> set[str]:
    return {address.decode("utf-8", "replace").strip().lower() for address in addresses if b"@" in address}
