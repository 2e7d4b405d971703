"""Validation of email addresses for SMTP (RFC 5321 §4.1.2, RFC 6531)."""

import re
from email.utils import quote
from functools import lru_cache

from django.utils.translation import gettext as _

from apps.core.errors import DomainError

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\u0080-\U0010ffff]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


class BadAddress(DomainError):
    """Mail cannot be sent to it."""


def address_check(address: str, *, field: str = "to_address") -> str:
    """The address, trimmed, its domain in IDNA. Quoted local parts and address literals are refused. Raises BadAddress,
    without the address, since the message may be logged."""
    local, at, domain = address.strip().rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or not local.isprintable() or len(local.encode()) > 64:
        raise BadAddress(_("Enter an email address like name@domain."), field=field)
    ascii_domain = _ascii_domain(domain)
    if not ascii_domain:
        raise BadAddress(_("The part after the @ is not a domain name."), field=field)
    return f"{local}@{ascii_domain}"


@lru_cache(maxsize=1000)
def _ascii_domain(domain: str) -> str:
    """In IDNA, lower case; "" if it is not a domain name."""
    try:
        found = domain.encode("idna").decode().lower()
    except UnicodeError:
        return ""
    return found if len(found) <= 253 and all(map(_LABEL.fullmatch, found.split("."))) else ""


def address_header(name: str, address: str) -> str:
    """The reverse of `address_split`. Not encoded: `mail_bytes` does that, and an encoded word in quotes stays one
    (RFC 2047 §5)."""
    return f'"{quote(name)}" <{address}>' if name else address


def address_split(text: str, *, field: str) -> tuple[str, str]:
    """("Name", "name@domain") of `Name <name@domain>` or a bare address. Raises BadAddress."""
    name, bracket, rest = text.strip().rpartition("<")
    if not bracket:
        return "", address_check(rest, field=field)
    if not rest.endswith(">"):
        raise BadAddress(_("Enter an email address like Name <name@domain>."), field=field)
    name = name.strip()
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    return name, address_check(rest[:-1], field=field)
