"""How many have signed, cached for a minute for public pages."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count
from redis.exceptions import RedisError

from apps.letters.models import Letter, LetterVersion

from ..models import SignOn
from .calls import newest_call

#: seconds; changes clear the cache at once, if it answers
PUBLIC_AGE = 60


@dataclass(frozen=True)
class SignatoryCounts:
    """Numbers of confirmed signatures and of their countries; `by_country` counts both kinds together."""

    organisations: int = 0
    people: int = 0
    countries: int = 0
    by_country: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return self.organisations + self.people


def signatory_counts(letter: Letter) -> SignatoryCounts:
    """The counts of the version that is, or was last, open for signature."""
    call = newest_call(letter)
    return version_counts(call.version) if call is not None else SignatoryCounts()


def version_counts(version: LetterVersion) -> SignatoryCounts:
    rows = SignOn.objects.confirmed().covering(version).order_by().values("country", "kind").annotate(n=Count("id"))
    by_country: Counter[str] = Counter()
    by_kind: Counter[str] = Counter()
    for row in rows:
        by_country[row["country"]] += row["n"]
        by_kind[row["kind"]] += row["n"]
    return SignatoryCounts(by_kind["organisation"], by_kind["person"], len(by_country), dict(by_country))


def public_cache_key(name: str, letter_id: int) -> str:
    return f"coalitions:{name}:{letter_id}"


def public_cache_keys(letter_id: int) -> list[str]:
    return [
        public_cache_key(name, letter_id) for name in ("counts", *(f"roll-{code}" for code, _ in settings.LANGUAGES))
    ]


def counts_cached(letter: Letter) -> SignatoryCounts:
    return cached_value(public_cache_key("counts", letter.pk), lambda: signatory_counts(letter))


def cached_value[T](key: str, compute: Callable[[], T]) -> T:
    """The cached value, or that of `compute()` if there is none or the cache does not answer."""
    with suppress(RedisError):
        cached: T | None = cache.get(key)
        if cached is not None:
            return cached
    fresh = compute()
    with suppress(RedisError):
        cache.set(key, fresh, timeout=PUBLIC_AGE)
    return fresh
