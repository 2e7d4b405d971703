"""The languages of the interface, and the addresses of a public page in each: `/en/c/mc11/`, `/fr/c/mc11/`."""

from django.conf import settings
from django.utils.translation import get_supported_language_variant


def interface_language(code: str) -> str:
    """The language of the interface for a reader of `code`, which may be one that the interface does not have."""
    try:
        return get_supported_language_variant(code)
    except LookupError:
        return settings.LANGUAGE_CODE


def split_language(address: str) -> tuple[str, str]:
    """("fr", "/c/mc11/") of "/fr/c/mc11/"; ("", address) of one without a language."""
    _start, first, *rest = address.split("/", 2)
    return (first, f"/{rest[0] if rest else ''}") if first in dict(settings.LANGUAGES) else ("", address)


def address_in_language(address: str, code: str) -> str:
    """The same page of the site (a path with its query) in another language; `address` has a prefix or none."""
    return f"/{code}{split_language(address)[1]}"


def choice_address(address: str, code: str) -> str:
    """What leads to the page at `address` in another language, and has it remembered (language:choose)."""
    return f"/language/{code}{address}"
