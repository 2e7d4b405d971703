"""Database and broker are configured, and foreign keys follow the order of the apps."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
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


def upward_keys() -> Iterator[tuple[Any, Any]]:
    """(field, model) of each foreign key that points to an app above its own in APP_LAYERS."""
    depths = {label: depth for depth, label in enumerate(settings.APP_LAYERS)}  # 0 is the top
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields(include_hidden=True):
            target = getattr(field, "related_model", None)
            if not getattr(field, "concrete", False) or target is None or isinstance(target, str):
                continue
            here, there = model._meta.app_label, target._meta.app_label
            if here in depths and there in depths and depths[there] < depths[here]:
                yield field, target


@register(Tags.models)
def foreign_keys_point_down(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """ecom.E040: a foreign key of a lower app points to an app above it."""
    return [
        Error(
            f"A foreign key points up the APP_LAYERS list: {field} → {target._meta.label}.",
            hint="Move the key to the higher app, or pass its value in. See docs/README.md.",
            id="ecom.E040",
        )
        for field, target in upward_keys()
    ]
