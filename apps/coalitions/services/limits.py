"""How many forms one connection may send: a brake on machines, generous to a room full of people."""

from contextlib import suppress

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from apps.core.encryption import lookup_hashes
from apps.core.errors import DomainError

FORMS_PER_HOUR = 30
HOUR = 3600


class TooManyForms(DomainError):
    def __init__(self) -> None:
        super().__init__(
            _(
                "Many forms came from your connection within an hour, so this one was not taken. Nothing is lost: send "
                "it again later, or from another connection."
            )
        )


def submission_admit(*, ip: str) -> None:
    """Count a form from this connection. Raises TooManyForms from the FORMS_PER_HOUR-th on; admits where the cache
    does not answer. The cache holds a keyed hash of the address, for an hour."""
    key = f"coalitions:forms:{lookup_hashes(ip)[0].digest}"
    count = 0
    with suppress(RedisError, ValueError):  # ValueError: the key ran out between the two calls
        cache.add(key, 0, timeout=HOUR)
        count = cache.incr(key)
    if count > FORMS_PER_HOUR:
        raise TooManyForms
