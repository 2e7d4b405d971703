"""Insecure or missing settings are errors with an id and a hint, before the first request is served."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from .encryption import parse_keys

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@register(Tags.security)
def keys_are_given(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """ecom.E001–E003: secret key and data keys."""
    found: list[CheckMessage] = []
    try:
        secret = settings.SECRET_KEY
    except ImproperlyConfigured:  # Django's own answer to an empty one comes without a hint
        secret = ""
    if len(secret) < 50:
        found.append(
            Error(
                "SECRET_KEY is missing or shorter than 50 characters.",
                hint="Make one with `python -c 'import secrets; print(secrets.token_urlsafe(64))'` and give its file "
                "as SECRET_KEY_FILE.",
                id="ecom.E001",
            )
        )
    for name, number in (("FIELD_KEYS", 2), ("LOOKUP_KEYS", 3)):
        try:
            keys = parse_keys(getattr(settings, name))
        except ValueError as error:
            keys, reason = {}, str(error)
        else:
            reason = "none is given"
        if not keys:
            found.append(
                Error(
                    f"{name}: {reason}.",
                    hint='Give "1:" and 32 random bytes in URL-safe base64; newer keys go in front, old ones stay.',
                    id=f"ecom.E00{number}",
                )
            )
    return found


@register(Tags.security)
def demo_stays_home(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """ecom.E010–E011: one-click sign-in only on loopback and only where no mail can leave."""
    if not settings.DEMO:
        return []
    found: list[CheckMessage] = []
    if getattr(settings, "BIND_HOST", "") not in LOOPBACK:
        found.append(
            Error(
                "Demo mode would be reachable from other machines.",
                hint="Bind to 127.0.0.1 (BIND_HOST), or start without DEMO.",
                id="ecom.E010",
            )
        )
    if settings.POSTBOX["MODE"] != "sink":
        found.append(
            Error(
                "Demo mode with a postbox that is not in sink mode.",
                hint="Unset POSTBOX_MODE, or start without DEMO.",
                id="ecom.E011",
            )
        )
    return found


@register(Tags.security)
def postbox_is_clear(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """ecom.E020–E022: live sending is a decision made in three places."""
    box = settings.POSTBOX
    found: list[CheckMessage] = []
    if box["MODE"] not in {"sink", "live"}:
        found.append(
            Error(f"POSTBOX_MODE is {box['MODE']!r}.", hint="It is `sink` (nothing leaves) or `live`.", id="ecom.E020")
        )
    if box["MODE"] == "live" and not (box["LIVE_ALLOWED"] and box["EPOCH"]):
        found.append(
            Error(
                "The postbox is live without POSTBOX_LIVE=1 and POSTBOX_EPOCH.",
                hint="Both stand outside the database, so that a restored backup sends nothing. See docs/operating.md.",
                id="ecom.E021",
            )
        )
    if box["MODE"] == "live" and box["SECURITY"] == "none" and box["HOST"] not in LOOPBACK:
        found.append(
            Error("Mail would leave unencrypted.", hint="Set SMTP_SECURITY to starttls or tls.", id="ecom.E022")
        )
    return found


@register(Tags.security)
def visitors_are_told_apart(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """ecom.E031: behind a proxy every connection is the proxy's, and limits per address would be limits for all."""
    if not settings.SECURE_PROXY_SSL_HEADER or settings.ALLAUTH_TRUSTED_PROXY_COUNT > 0:
        return []
    return [
        Error(
            "Behind a proxy that is not trusted about visitors' addresses, all of them share one.",
            hint="Set TRUSTED_PROXIES to the number of proxies before us, mostly 1; or unset BEHIND_PROXY.",
            id="ecom.E031",
        )
    ]


def upward_keys() -> Iterator[tuple[Any, Any]]:
    """(field, model) of each foreign key of our apps that points to an app above its own in the HOUSE list."""
    floors = {label: floor for floor, label in enumerate(settings.HOUSE)}  # 0 is the roof
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields(include_hidden=True):
            target = getattr(field, "related_model", None)
            if not getattr(field, "concrete", False) or target is None or isinstance(target, str):
                continue
            here, there = model._meta.app_label, target._meta.app_label
            if here in floors and there in floors and floors[there] < floors[here]:
                yield field, target


@register(Tags.models)
def foreign_keys_point_down(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """ecom.E040: a row of a lower app knows nothing of the apps above."""
    return [
        Error(
            f"Foreign keys must point down the HOUSE list: {field} → {target._meta.label}.",
            hint="Keep the relation in the higher app, or hand its value in. See docs/README.md.",
            id="ecom.E040",
        )
        for field, target in upward_keys()
    ]


@register(Tags.security)
def hosts_are_given(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """ecom.E030: which names we answer to."""
    if settings.ALLOWED_HOSTS and "*" not in settings.ALLOWED_HOSTS:
        return []
    return [
        Error(
            "ALLOWED_HOSTS is empty or a wildcard.",
            hint="Give the site's names, for example ALLOWED_HOSTS=letters.example.org.",
            id="ecom.E030",
        )
    ]
