"""System checks of mail through providers: what is named must exist, and fit the rest."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from .transports.provider import provider_backend
from .transports.smtp_connection import is_loopback
from .webhook_sources import BASIC, SOURCES

MIN_SECRET = 24
PROVIDER_TRANSPORT = "apps.postbox.transports.provider.ProviderSession"


@register(Tags.security)
def provider_is_clear(app_configs: object, **kwargs: object) -> Iterator[CheckMessage]:
    """ecom.E060–E062."""
    box = settings.POSTBOX
    chosen, name = box["TRANSPORT"] == PROVIDER_TRANSPORT, box["PROVIDER"]
    if chosen != bool(name):
        yield Error(
            "MAIL_PROVIDER and POSTBOX_TRANSPORT do not fit.",
            hint=f"Give both, or neither: MAIL_PROVIDER=mailgun and POSTBOX_TRANSPORT={PROVIDER_TRANSPORT}.",
            id="ecom.E060",
        )
    if not (chosen and name):
        return
    try:
        url = str(getattr(provider_backend(name)(), "api_url", ""))
    except (ImportError, ImproperlyConfigured) as error:
        hint = "See “A provider” in docs/operating.md: its settings are ANYMAIL_…, as anymail’s documentation has them."
        yield Error(f"Email cannot be sent through MAIL_PROVIDER: {error}", hint=hint, id="ecom.E061")
        return
    where = urlsplit(url)
    if where.scheme != "https" and not is_loopback(where.hostname or ""):
        yield Error(
            "The provider’s address is not HTTPS: no email is handed over.",
            hint="Give an address that begins with https://, or none for the provider’s own.",
            id="ecom.E062",
        )


@register(Tags.security)
def webhooks_are_guarded(app_configs: object, **kwargs: object) -> Iterator[CheckMessage]:
    """ecom.E063–E065: whoever knows the address could report bounces and send answers."""
    for name in settings.POSTBOX["WEBHOOKS"]:
        source = SOURCES.get(name)
        if source is None:
            known = ", ".join(SOURCES)
            yield Error(f"MAIL_WEBHOOKS names {name!r}, which is not known.", hint=f"Known: {known}.", id="ecom.E063")
        elif not settings.ANYMAIL.get(source.tracking) and not settings.ANYMAIL.get(source.inbound):
            yield Error(
                f"The webhooks of {name} have no secret, so they are not taken.",
                hint=f"Give ANYMAIL_{source.tracking}, best as a file: ANYMAIL_{source.tracking}_FILE=/run/secrets/….",
                id="ecom.E064",
            )
    secrets = [one for one in str(settings.ANYMAIL.get(BASIC, "")).split(",") if one]
    if any(":" not in one or len(one) < MIN_SECRET for one in secrets):
        yield Error(
            "ANYMAIL_WEBHOOK_SECRET is no user name and password, or is too short.",
            hint=f"Give name:password with at least {MIN_SECRET} random characters; two with a comma while it changes.",
            id="ecom.E065",
        )


@register(Tags.security)
def scanner_is_named(app_configs: object, **kwargs: object) -> Iterator[CheckMessage]:
    """ecom.E066."""
    address = settings.POSTBOX["CLAMD"]
    _host, colon, port = address.rpartition(":")
    if address and not address.startswith("/") and not (colon and port.isdecimal()):
        yield Error(
            f"CLAMD is {address!r}: no file is scanned.",
            hint="Give host:port (127.0.0.1:3310) or the path of the daemon’s socket (/run/clamav/clamd.ctl).",
            id="ecom.E066",
        )
