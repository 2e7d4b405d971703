"""Mail: sending live needs three settings, encryption and our own addresses."""

import re
from collections.abc import Iterator
from email.utils import parseaddr

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.utils.module_loading import import_string

from .web import LOOPBACK

SECURITIES = ("none", "starttls", "tls")
DOMAIN = re.compile(r"(?!-)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
#: the example addresses in settings/base.py
EXAMPLE = re.compile(r"(^|[.@])ecomcampaign\.example$", re.IGNORECASE)


@register(Tags.security)
def postbox_is_clear(app_configs: object, **kwargs: object) -> Iterator[CheckMessage]:
    """ecom.E020–E023, E026."""
    box = settings.POSTBOX
    if box["MODE"] not in {"sink", "live"}:
        hint = "It is `sink` (nothing leaves) or `live`."
        yield Error(f"POSTBOX_MODE is {box['MODE']!r}.", hint=hint, id="ecom.E020")
    if box["MODE"] == "live" and not (box["LIVE_ALLOWED"] and box["EPOCH"]):
        yield Error(
            "The postbox is live without POSTBOX_LIVE=1 and POSTBOX_EPOCH.",
            hint="Both are kept outside the database, so that a restored backup sends nothing. See docs/operating.md.",
            id="ecom.E021",
        )
    if box["MODE"] == "live" and box["SECURITY"] == "none" and box["HOST"] not in LOOPBACK:
        yield Error("Email would leave unencrypted.", hint="Set SMTP_SECURITY to starttls or tls.", id="ecom.E022")
    try:
        import_string(box["TRANSPORT"])
    except ImportError as error:
        hint = "Name a class that implements apps.postbox.transports.base.Transport."
        yield Error(f"POSTBOX_TRANSPORT cannot be imported: {error}", hint=hint, id="ecom.E026")
    if box["SECURITY"] not in SECURITIES:
        yield Error(
            f"SMTP_SECURITY is {box['SECURITY']!r}: no email is handed over.",
            hint="It is `starttls` (mostly port 587), `tls` (mostly 465), or `none`, to this machine only.",
            id="ecom.E023",
        )


@register(Tags.security)
def mailbox_is_clear(app_configs: object, **kwargs: object) -> Iterator[CheckMessage]:
    """ecom.E027–E029: the account that answers come to, where there is one."""
    box = settings.POSTBOX
    if not box["IMAP_HOST"]:
        return
    if box["IMAP_SECURITY"] not in SECURITIES or (box["IMAP_SECURITY"] == "none" and box["IMAP_HOST"] not in LOOPBACK):
        yield Error(
            f"IMAP_SECURITY is {box['IMAP_SECURITY']!r}: the mailbox is not read.",
            hint="It is `tls` (mostly port 993), `starttls` (mostly 143), or `none`, to this machine only.",
            id="ecom.E027",
        )
    if not (box["IMAP_USERNAME"] and box["IMAP_PASSWORD"]):
        yield Error(
            "IMAP_HOST is given without IMAP_USERNAME and IMAP_PASSWORD.",
            hint="Give both, the password best as a file: IMAP_PASSWORD_FILE=/run/secrets/imap_password.",
            id="ecom.E028",
        )
    if not box["IMAP_FOLDERS"] or box["IMAP_DONE_FOLDER"] in box["IMAP_FOLDERS"]:
        yield Error(
            "IMAP_FOLDERS is empty, or IMAP_DONE_FOLDER is one of them.",
            hint="Name the folders to which answers come (INBOX), and another one for email that has been stored.",
            id="ecom.E029",
        )


@register(Tags.security)
def mail_names_are_ours(app_configs: object, **kwargs: object) -> Iterator[CheckMessage]:
    """ecom.E024–E025: answers to the example addresses of the settings would be lost. They are enough for trying the
    product, outside production and not live."""
    if settings.POSTBOX["MODE"] != "live" and not hasattr(settings, "NOT_GIVEN"):
        return
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    local, _, domain = sender.rpartition("@")
    if not (local and DOMAIN.fullmatch(domain)) or EXAMPLE.search(sender):
        yield Error(
            "DEFAULT_FROM_EMAIL is missing, an example, or not an email address.",
            hint="Give the sender of sign-in codes: DEFAULT_FROM_EMAIL=campaign@example.org, at a domain of yours.",
            id="ecom.E024",
        )
    reply = settings.POSTBOX["REPLY_DOMAIN"]
    if not DOMAIN.fullmatch(reply) or EXAMPLE.search(reply):
        yield Error(
            "REPLY_DOMAIN is missing, an example, or not a domain: answers to letters would be lost.",
            hint="Give the domain whose MX record points to the listener: REPLY_DOMAIN=reply.example.org.",
            id="ecom.E025",
        )
