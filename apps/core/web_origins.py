"""Host names and web origins as people type them."""

import re
from contextlib import suppress
from urllib.parse import urlsplit

#: a name with at least one dot; no address of a machine, no port
HOST = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})")


def host_name(text: str) -> str:
    """The name in lower case and IDNA; "" if it is none."""
    host = ""
    with suppress(UnicodeError):
        host = text.encode("idna").decode().lower().rstrip(".")
    return host if HOST.fullmatch(host) else ""


def https_origin(text: str) -> str:
    """ "https://www.name.org" or "https://www.name.org:8443" of an address with or without a path and "https://"; "" if
    it has none. (RFC 6454 §6.1: a port of 443 is left out.)"""
    text = text.strip()
    with suppress(ValueError):
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, port = host_name(parts.hostname or ""), parts.port
        if parts.scheme == "https" and host and parts.username is None:
            return f"https://{host}" if port in {None, 443} else f"https://{host}:{port}"
    return ""
