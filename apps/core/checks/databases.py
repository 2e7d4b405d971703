"""Database and broker are configured. URLs contain passwords, so no message shows them."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

REDIS_SCHEMES = {"redis", "rediss", "unix"}


@register(Tags.security)
def stores_are_named(app_configs: object, **kwargs: object) -> Iterator[CheckMessage]:
    """ecom.E050–E051. In production nothing has a default: it could lead to a database that nobody meant."""
    missing = getattr(settings, "NOT_GIVEN", ())
    database = settings.DATABASES["default"]
    named = database.get("NAME") or database.get("OPTIONS", {}).get("service")
    if "DATABASE_URL" in missing or not named:
        yield Error(
            "DATABASE_URL is missing, or does not name a PostgreSQL database.",
            hint="Give DATABASE_URL=postgresql://user:password@host/database, or its file as DATABASE_URL_FILE. "
            "Special characters in the password are written as %40 and the like.",
            id="ecom.E050",
        )
    if "REDIS_URL" in missing or not is_redis(settings.REDIS_URL):
        yield Error(
            "REDIS_URL is missing or names no Valkey or Redis.",
            hint="Give REDIS_URL=redis://host:6379/0, rediss:// with TLS, or unix:///path/of/the.sock?db=0.",
            id="ecom.E051",
        )


def is_redis(url: str) -> bool:
    """Whether the URL has one of the schemes, and its host or the path of its socket."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises where it is not a number
    except ValueError:
        return False
    return parts.scheme in REDIS_SCHEMES and bool(parts.path if parts.scheme == "unix" else parts.hostname)
