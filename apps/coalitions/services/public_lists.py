"""Public pages keep figures for a minute; whoever changes a signature makes them forget at once."""

from contextlib import suppress

from django.core.cache import cache
from django.db import transaction
from redis.exceptions import RedisError

from ..selectors import public_cache_key


def public_lists_forget(letter_id: int) -> None:
    """Drop the kept counts and lists of a letter when the transaction commits. A cache that does not answer is
    forgiven: what it holds is a minute old at most."""
    transaction.on_commit(lambda: _forget(letter_id))


def _forget(letter_id: int) -> None:
    with suppress(RedisError):
        cache.delete_many([public_cache_key("counts", letter_id), public_cache_key("roll", letter_id)])
