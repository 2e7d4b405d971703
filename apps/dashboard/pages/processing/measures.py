"""How personal data are protected, in general words, as the installation is set up now."""

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext as _

from apps.campaigns.roles import SECOND_FACTOR, Permission
from apps.core.encryption import parse_keys
from apps.core.text import joined
from apps.postbox.transports.smtp_connection import is_loopback


def measures() -> list[str]:
    return [*_stored(), *_sent(), *_people()]


def _stored() -> Iterator[str]:
    yield _(
        "Contact data, email and files are stored encrypted (AES-256). Keys in use, newest first: %(versions)s."
    ) % {"versions": _versions(settings.FIELD_KEYS)}
    yield _("Addresses are found by a code (HMAC-SHA-256). Keys in use, newest first: %(versions)s.") % {
        "versions": _versions(settings.LOOKUP_KEYS)
    }
    yield _("Links in emails and tokens are stored as hashes.")


def _versions(keys: list[str]) -> str:
    return joined(parse_keys(list(keys)))


def _sent() -> Iterator[str]:
    by_proxy = getattr(settings, "PROXY_FORCES_HTTPS", False)
    if settings.SECURE_SSL_REDIRECT or by_proxy:
        yield _("Pages are served over HTTPS only.")
    else:
        yield _("Pages are not limited to HTTPS.")
    box = settings.POSTBOX
    if box["PROVIDER"] or box["SECURITY"] != "none":
        yield _("Email is sent over an encrypted connection.")
    elif not is_loopback(box["HOST"]):
        yield _("Email is sent over a connection that is not encrypted.")
    if box["CLAMD"]:
        yield _("Files of incoming email are checked for viruses.")


def _people() -> Iterator[str]:
    needed = joined(str(right.label) for right in Permission if right in SECOND_FACTOR)
    yield _("A second factor at sign-in is needed for: %(permissions)s.") % {"permissions": needed}
    yield _("What people see and do depends on their roles, and what they do is in a log that nobody can change.")
    yield _("Mailings, and large exports of contact data, need a second person.")
