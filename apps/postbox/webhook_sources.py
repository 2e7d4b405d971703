"""Webhooks of mail providers: who sent a request, and when. django-anymail reads what stands in it."""

import base64
import binascii
import hashlib
import hmac
import json
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from inspect import isclass
from typing import Any

from anymail import signals
from anymail.exceptions import AnymailError, AnymailInsecureWebhookWarning, AnymailNotSupportedWarning
from anymail.signals import AnymailEvent, AnymailInboundEvent
from anymail.webhooks.base import AnymailCoreWebhookView
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.http import HttpRequest
from redis.exceptions import RedisError

from .webhook_fetching import READERS

KINDS = {"tracking": signals.tracking, "inbound": signals.inbound}
BASIC = "WEBHOOK_SECRET"
#: a provider tries for so long, some with the signature of the first time; what comes twice is recorded once anyway
MAX_AGE = 26 * 3600
CLOCK_OFF = 300


class WebhookRefused(Exception):
    """It does not come from the provider, is too old, or cannot be read. `str()` is for the log, without secrets."""


@dataclass(frozen=True)
class WebhookSource:
    """`tracking` and `inbound` name the setting (ANYMAIL_…) with the key or secret; "" where that kind is not taken.
    `signed_at` reads the time that the signature covers."""

    tracking: str
    inbound: str = ""
    signed_at: Callable[[HttpRequest], str] | None = None
    max_age: int = MAX_AGE
    #: the setting with which mail is fetched that the webhook only announces
    fetches_with: str = ""
    #: reads what the provider never signs twice, where the signature does not cover the rest
    signed_once: Callable[[HttpRequest], str] | None = None

    def secret_setting(self, kind: str) -> str:
        return self.tracking if kind == "tracking" else self.inbound


def _mailgun(name: str) -> Callable[[HttpRequest], str]:
    def read(request: HttpRequest) -> str:
        if request.content_type == "application/json":
            return str(json.loads(request.body)["signature"][name])
        return str(request.POST.get(name, ""))

    return read


def _header_time(name: str) -> Callable[[HttpRequest], str]:
    return lambda request: request.headers.get(name, "")


#: Before these take the address of a webhook, they ask for its head.
ASK_FOR_HEAD = frozenset({"mandrill"})

SOURCES = {
    "brevo": WebhookSource(BASIC, BASIC, fetches_with="BREVO_API_KEY"),
    "mailersend": WebhookSource("MAILERSEND_SIGNING_SECRET", "MAILERSEND_INBOUND_SECRET"),
    "mailgun": WebhookSource(
        "MAILGUN_WEBHOOK_SIGNING_KEY",
        "MAILGUN_WEBHOOK_SIGNING_KEY",
        _mailgun("timestamp"),
        signed_once=_mailgun("token"),
    ),
    "mailjet": WebhookSource(BASIC, BASIC),
    "mailtrap": WebhookSource("MAILTRAP_TRACKING_SECRET", "MAILTRAP_INBOUND_SECRET", fetches_with="MAILTRAP_API_TOKEN"),
    "mandrill": WebhookSource("MANDRILL_WEBHOOK_KEY", "MANDRILL_WEBHOOK_KEY"),
    "postal": WebhookSource("POSTAL_WEBHOOK_KEY", "POSTAL_WEBHOOK_KEY"),
    "postmark": WebhookSource(BASIC, BASIC),
    "resend": WebhookSource(
        "RESEND_SIGNING_SECRET", "RESEND_INBOUND_SECRET", _header_time("svix-timestamp"), 300, "RESEND_API_KEY"
    ),
    "sendgrid": WebhookSource(
        "SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY",
        BASIC,
        _header_time("X-Twilio-Email-Event-Webhook-Timestamp"),
    ),
    "sparkpost": WebhookSource(BASIC, BASIC),
}


def webhook_is_taken(provider: str, kind: str) -> bool:
    """Whether the settings name this provider, and its secret is there: without one, anybody could write."""
    source = SOURCES.get(provider)
    if source is None or kind not in KINDS or provider not in settings.POSTBOX["WEBHOOKS"]:
        return False
    needed = [source.secret_setting(kind)]
    if kind == "inbound" and source.fetches_with:
        needed.append(source.fetches_with)
    return all(name and settings.ANYMAIL.get(name) for name in needed)


def webhook_events(request: HttpRequest, provider: str, kind: str) -> list[AnymailEvent]:
    """What the provider reports in this request. Raises WebhookRefused."""
    source = SOURCES[provider]
    try:
        view = _reader(provider, kind)
        if provider == "resend":
            _check_svix(request, settings.ANYMAIL[source.secret_setting(kind)])
        view.run_validators(request)
        if source.signed_at and source.secret_setting(kind) != BASIC:
            _check_age(source.signed_at(request), source.max_age)
        events = list(view.parse_events(request))
        if any(isinstance(event, AnymailInboundEvent) != (kind == "inbound") for event in events):
            raise WebhookRefused("another kind of report")
        return events
    except WebhookRefused:
        raise
    except (AnymailError, SuspiciousOperation, ImproperlyConfigured) as error:
        raise WebhookRefused(type(error).__name__) from error
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError) as error:
        raise WebhookRefused(f"unreadable: {type(error).__name__}") from error


def webhook_is_used(request: HttpRequest, provider: str) -> bool:
    """Whether this was taken before. Without the cache, no: what it reports is recorded once all the same."""
    key = _once_key(request, provider)
    with suppress(RedisError):
        return bool(key and cache.get(key))
    return False


def webhook_use(request: HttpRequest, provider: str) -> None:
    """Remember what was taken for as long as its time is accepted."""
    with suppress(RedisError):
        if key := _once_key(request, provider):
            cache.set(key, True, timeout=SOURCES[provider].max_age + 2 * CLOCK_OFF)


def _once_key(request: HttpRequest, provider: str) -> str:
    read = SOURCES[provider].signed_once
    return f"webhook:{provider}:{hashlib.sha256(read(request).encode()).hexdigest()}" if read else ""


def _reader(provider: str, kind: str) -> AnymailCoreWebhookView:
    if kind == "inbound" and provider in READERS:
        return _made(READERS[provider], provider)
    names: dict[str, Any] = vars(import_module(f"anymail.webhooks.{provider}"))
    views: list[Any] = [one for one in names.values() if isclass(one) and issubclass(one, AnymailCoreWebhookView)]
    # Mandrill's one view takes both
    found = next(
        view for view in views if view.signal is KINDS[kind] or view.__name__ == f"{view.esp_name}CombinedWebhookView"
    )
    return _made(found, provider)


def _made(found: Any, provider: str) -> AnymailCoreWebhookView:
    given: dict[str, Any] = {"webhook_secret": [one for one in settings.ANYMAIL.get(BASIC, "").split(",") if one]}
    if provider == "resend":  # checked here: the library that anymail would use needs six more
        given[getattr(found, "_secret_setting_name", "signing_secret")] = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AnymailInsecureWebhookWarning)
        warnings.simplefilter("ignore", AnymailNotSupportedWarning)
        return found(**given)


def _check_svix(request: HttpRequest, secret: str) -> None:
    """Standard Webhooks: HMAC-SHA256 over id, time and raw body; several signatures while a secret is changed."""
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"))
    except binascii.Error as error:
        raise ImproperlyConfigured("RESEND_SIGNING_SECRET is not base64") from error
    stamp = ".".join(request.headers.get(name, "") for name in ("svix-id", "svix-timestamp"))
    digest = hmac.new(key, f"{stamp}.".encode() + request.body, hashlib.sha256).digest()
    expected = b"v1," + base64.b64encode(digest)
    given = request.headers.get("svix-signature", "").encode().split(b" ")
    if not request.headers.get("svix-id") or not any(hmac.compare_digest(one, expected) for one in given):
        raise WebhookRefused("wrong signature")


def _check_age(signed_at: str, max_age: int) -> None:
    try:
        age = time.time() - float(signed_at)
    except ValueError:
        raise WebhookRefused("no time") from None
    if not -CLOCK_OFF <= age <= max_age:
        raise WebhookRefused("too old, or from the future")
