"""Where a request may go: the URL as it is typed, and each address to which its name leads.

A name is resolved once for each try, every address is checked, and the connection goes to exactly such an address: a
name that leads elsewhere a moment later leads nowhere (DNS rebinding).
"""

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri

from apps.core.web_origins import host_name

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address

#: what of IPv6 is in use; ::ffff:0:0/96, 64:ff9b::/96 (NAT64) and other embeddings of IPv4 are outside (RFC 4291)
UNICAST = ipaddress.ip_network("2000::/3")
#: global by the registries or by Python, and yet no receiver: relays of 6to4, Azure's server of its machines,
#: documentation (RFC 9637), and anycast, which the nearest machine answers: PCP and TURN (RFC 7723, 8155), AS112
#: (RFC 7534, 7535), AMT (RFC 7450)
REFUSED = [
    ipaddress.ip_network(one)
    for one in (
        "192.88.99.0/24", "168.63.129.16/32", "3fff::/20", "192.0.0.0/24", "192.31.196.0/24", "192.52.193.0/24",
        "192.175.48.0/24", "2001::/23", "2620:4f:8000::/48",
    )
]  # fmt: skip
THIS_MACHINE = {"localhost", "127.0.0.1"}
MAX_URL = 500


class UnusableUrl(ValueError):
    """No address that may be written to. `str()` is one of scheme, user, host, local, port, long."""


class NoAddress(OSError):
    """The name does not resolve."""


class AddressNotAllowed(OSError):
    """The name leads to an address to which nothing may be sent."""


@dataclass(frozen=True)
class Target:
    """A URL in its parts. `authority` is the value of the Host header, `path` has the query."""

    secure: bool
    host: str
    port: int
    authority: str
    path: str


def target_of(url: str) -> Target:
    """The parts of a URL that may be written to. Hosts are names: an address in any notation (127.0.0.1, 0x7f.1,
    2130706433, [::1]) is refused. With LOOPBACK_ONLY it is this machine, by http and at any port. Raises
    UnusableUrl."""
    if len(url) > MAX_URL or any(character <= " " or character == "\\" for character in url):
        raise UnusableUrl("long" if len(url) > MAX_URL else "host")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = parts.hostname or ""
    except ValueError:
        raise UnusableUrl("host") from None
    local = settings.WEBHOOKS["LOOPBACK_ONLY"]
    if parts.scheme != "https" and not (local and parts.scheme == "http"):
        raise UnusableUrl("scheme")
    if "@" in parts.netloc:
        raise UnusableUrl("user")
    name = host if local and host in THIS_MACHINE else host_name(host)
    if not name or (local and name not in THIS_MACHINE):
        raise UnusableUrl("local" if local else "host")
    standard = 443 if parts.scheme == "https" else 80
    port = standard if port is None else port
    if not local and port not in settings.WEBHOOKS["PORTS"]:
        raise UnusableUrl("port")
    path = iri_to_uri((parts.path or "/") + (f"?{parts.query}" if parts.query else "")) or "/"
    authority = name if port == standard else f"{name}:{port}"
    return Target(parts.scheme == "https", name, port, authority, path)


def addresses_of(target: Target) -> list[str]:
    """The addresses to which the name leads, all of them allowed. Raises NoAddress, AddressNotAllowed."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError):
        raise NoAddress(target.host) from None
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    if not addresses:
        raise NoAddress(target.host)
    if not all_allowed(addresses):
        raise AddressNotAllowed(target.host)
    return addresses


def all_allowed(addresses: Iterable[str]) -> bool:
    allowed = _is_loopback if settings.WEBHOOKS["LOOPBACK_ONLY"] else is_public
    return all(allowed(one) for one in addresses)


def is_public(text: str) -> bool:
    """Whether it is an address of the public internet, and of nothing that embeds another one (IPv4-mapped, 6to4,
    NAT64, Teredo)."""
    try:
        address: Address = ipaddress.ip_address(text)
    except ValueError:  # with a zone ("fe80::1%eth0"), or no address
        return False
    if address.version == 6 and address not in UNICAST:
        return False
    return (
        address.is_global
        and not address.is_multicast
        and not any(address in network for network in REFUSED if network.version == address.version)
    )


def _is_loopback(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).is_loopback
    except ValueError:
        return False
