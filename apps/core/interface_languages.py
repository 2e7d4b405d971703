"""The languages of the interface, and the addresses of a public page in each: `/en/c/mc11/`, `/fr/c/mc11/`."""

from django.conf import settings
from django.utils.translation import get_supported_language_variant


def interface_language(code: str) -> str:
    """The language of the interface for a reader of `code`, which may be one that the interface does not have."""
    try:
        return get_supported_language_variant(code)
    except LookupError:
        return settings.LANGUAGE_CODE


def address_in_language(address: str, code: str) -> str:
    """The same page of the site (a path with its query) in another language; `address` has a prefix or none."""
    _start, first, *rest = address.split("/", 2)
    if first in dict(settings.LANGUAGES):
        address = f"/{rest[0] if rest else ''}"
    return f"/{code}{address}"
