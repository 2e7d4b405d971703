"""Database and broker: named, and by an address of the right kind. Addresses hold passwords, so none is shown."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

REDIS_SCHEMES = {"redis", "rediss", "unix"}


@register(Tags.security)
def stores_are_named(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """ecom.E050–E051. In production nothing is assumed, else a request would find what nobody meant."""
    found: list[CheckMessage] = []
    missing = getattr(settings, "NOT_GIVEN", ())
    database = settings.DATABASES["default"]
    named = database.get("NAME") or database.get("OPTIONS", {}).get("service")
    if "DATABASE_URL" in missing or not named:
        found.append(
            Error(
                "DATABASE_URL is missing or names no PostgreSQL database.",
                hint="Give DATABASE_URL=postgresql://user:password@host/database, or its file as DATABASE_URL_FILE. "
                "Special characters in the password are written as %40 and the like.",
                id="ecom.E050",
            )
        )
    if "REDIS_URL" in missing or not is_redis(settings.REDIS_URL):
        found.append(
            Error(
                "REDIS_URL is missing or names no Valkey or Redis.",
                hint="Give REDIS_URL=redis://host:6379/0, rediss:// with TLS, or unix:///path/of/the.sock?db=0.",
                id="ecom.E051",
            )
        )
    return found


def is_redis(url: str) -> bool:
    """Whether the address has one of the schemes, and what that scheme needs: a host, or the path of a socket."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises where it is no number
    except ValueError:
        return False
    return parts.scheme in REDIS_SCHEMES and bool(parts.path if parts.scheme == "unix" else parts.hostname)
