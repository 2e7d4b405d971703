"""How many have signed, and how many names are public, at any number of signatures: totals and pending changes."""

from collections import Counter
from dataclasses import dataclass, field

from apps.core.territories import INTERNATIONAL
from apps.letters.models import Letter, LetterVersion

from ..models import SignatoryChange, SignatoryTotal
from .calls import newest_call

FIELDS = ("country", "kind", "signed", "named")


@dataclass(frozen=True)
class SignatoryCounts:
    """Numbers of confirmed signatures and of their countries. `by_country` counts both kinds together, `named` those
    whose name is public while names are not hidden; both also INTERNATIONAL, which is none of the `countries`."""

    organisations: int = 0
    people: int = 0
    countries: int = 0
    by_country: dict[str, int] = field(default_factory=dict)
    named: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return self.organisations + self.people


def signatory_counts(letter: Letter) -> SignatoryCounts:
    """The counts of the version that is, or was last, open for signature."""
    call = newest_call(letter)
    return version_counts(call.version) if call is not None else SignatoryCounts()


def version_counts(version: LetterVersion) -> SignatoryCounts:
    """In one statement, so that a change is seen either in the total or by itself."""
    totals = SignatoryTotal.objects.filter(version=version).values_list(*FIELDS)
    changes = SignatoryChange.objects.filter(version=version).values_list(*FIELDS)
    by_country: Counter[str] = Counter()
    by_kind: Counter[str] = Counter()
    named: Counter[str] = Counter()
    for country, kind, signed, shown in totals.union(changes, all=True):
        by_country[country] += signed
        by_kind[kind] += signed
        named[country] += shown
    counted = {country: number for country, number in by_country.items() if number}
    countries = len(counted.keys() - {INTERNATIONAL})
    return SignatoryCounts(by_kind["organisation"], by_kind["person"], countries, counted, +named)
