"""How many have signed. Counted from confirmed rows in one aggregate, kept for a minute for public pages."""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db.models import Count
from redis.exceptions import RedisError

from apps.letters.models import Letter, LetterVersion

from ..models import SignOn
from .calls import newest_call

#: seconds that a public page may be behind where the note that it changed got lost
PUBLIC_AGE = 60


@dataclass(frozen=True)
class SignatoryCounts:
    """Confirmed signatures: organisations, people, and how many countries they are from; `by_country` maps a code to
    both kinds together."""

    organisations: int = 0
    people: int = 0
    countries: int = 0
    by_country: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return self.organisations + self.people


def signatory_counts(letter: Letter) -> SignatoryCounts:
    """The counts for the version that is, or was last, open for signature; signatures to older ones do not cover it."""
    call = newest_call(letter)
    return version_counts(call.version) if call is not None else SignatoryCounts()


def version_counts(version: LetterVersion) -> SignatoryCounts:
    """The counts of signatures that cover exactly this text."""
    rows = SignOn.objects.confirmed().covering(version).order_by().values("country", "kind").annotate(n=Count("id"))
    by_country: dict[str, int] = {}
    by_kind = {SignOn.Kind.ORGANISATION: 0, SignOn.Kind.PERSON: 0}
    for row in rows:
        by_country[row["country"]] = by_country.get(row["country"], 0) + row["n"]
        by_kind[SignOn.Kind(row["kind"])] += row["n"]
    return SignatoryCounts(by_kind[SignOn.Kind.ORGANISATION], by_kind[SignOn.Kind.PERSON], len(by_country), by_country)


def public_cache_key(what: str, letter_id: int) -> str:
    """Where a public figure of a letter is kept; services forget it when a signature changes."""
    return f"coalitions:{what}:{letter_id}"


def counts_cached(letter: Letter) -> SignatoryCounts:
    """`signatory_counts`, at most a minute old."""
    return kept_for_a_minute(public_cache_key("counts", letter.pk), lambda: signatory_counts(letter))


def kept_for_a_minute(key: str, compute: Any) -> Any:
    """What the cache holds under `key`, else what `compute()` gives. A cache that does not answer is done without."""
    with suppress(RedisError):
        kept = cache.get(key)
        if kept is not None:
            return kept
    fresh = compute()
    with suppress(RedisError):
        cache.set(key, fresh, timeout=PUBLIC_AGE)
    return fresh
