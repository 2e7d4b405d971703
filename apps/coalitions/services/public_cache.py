"""Dropping the public pages that are kept."""

from apps.core.page_cache import pages_drop


def public_cache_clear(letter_id: int) -> None:
    """Let nobody see public pages from before, on commit."""
    pages_drop()
