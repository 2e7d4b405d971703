"""What a fact said before, and where it is cited."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.registries import FactCitation, fact_users
from apps.core.types import JsonObject

from ..models import Fact, FactRevision
from ..services.facts import fact_contents
from .facts import VERIFICATIONS

LABELS = {
    "point": gettext_lazy("Point"),
    "statement": gettext_lazy("Statement"),
    "kind": gettext_lazy("Kind"),
    "figures": gettext_lazy("Figures"),
    "applies_to": gettext_lazy("Whom it concerns"),
    "source": gettext_lazy("Source"),
    "further_sources": gettext_lazy("Further sources"),
    "locator": gettext_lazy("Place in the source"),
    "verification": gettext_lazy("Verification"),
    "caution": gettext_lazy("Caution"),
}
SOURCE_LABELS = {
    "form": gettext_lazy("Form of the source"),
    "authors": gettext_lazy("Authors"),
    "title": gettext_lazy("Title of the source"),
    "publisher": gettext_lazy("Publisher"),
    "date": gettext_lazy("Date"),
    "year": gettext_lazy("Year"),
    "url": gettext_lazy("Link"),
    "other_url": gettext_lazy("Other link"),
    "doi": gettext_lazy("DOI"),
}


@dataclass(frozen=True)
class PastChange:
    """One change: who, when, why, and (label, before, after) of what differs."""

    at: datetime
    by: str
    act: str
    reason: str
    revision: int
    differences: list[tuple[Any, str, str]]


@dataclass(frozen=True)
class FactUses:
    """The drafts and frozen versions that cite a fact, and the templates from which letters begin with it."""

    drafts: list[FactCitation]
    versions: list[FactCitation]
    templates: list[FactCitation]

    @property
    def any(self) -> bool:
        return bool(self.drafts or self.versions or self.templates)


@dataclass
class SourceUse:
    """A draft or version that cites facts of one source: which, and whether one of them changed since."""

    place: FactCitation
    numbers: list[str]
    stale: bool


def fact_uses(fact: Fact) -> FactUses:
    """Everything that cites the fact, as the apps above say."""
    places = _places_of([fact])[fact.pk]
    letters = [place for place in places if not place.template]
    return FactUses(
        drafts=[place for place in letters if not place.frozen],
        versions=[place for place in letters if place.frozen],
        templates=[place for place in places if place.template],
    )


def source_uses(facts: Iterable[Fact]) -> list[SourceUse]:
    """The drafts, then the frozen versions, that cite one of the facts of a source. One look, however many facts."""
    facts = list(facts)
    places = _places_of(facts)
    found: dict[str, SourceUse] = {}
    for fact in facts:
        for place in places[fact.pk]:
            if place.template:  # it is no letter yet
                continue
            use = found.setdefault(place.url, SourceUse(place, [], stale=False))
            use.numbers.append(fact.number)
            use.stale = use.stale or place.stale
    return sorted(found.values(), key=lambda use: use.place.frozen)


def acts_since(uses: dict[int, int]) -> dict[int, set[str]]:
    """{fact: what was done to it since}, for {fact: revision at which it is cited}. Ids of facts that changed."""
    found: dict[int, set[str]] = {}
    for pk, revision, act in FactRevision.objects.filter(fact__in=uses).values_list("fact", "revision", "act"):
        if revision >= uses[pk]:
            found.setdefault(pk, set()).add(act)
    return found


def _places_of(facts: list[Fact]) -> dict[int, list[FactCitation]]:
    found: dict[int, list[FactCitation]] = {fact.pk: [] for fact in facts}
    for _name, user in fact_users.items():
        for pk, places in user(facts).items():
            found[pk] += places
    return found


def fact_history(fact: Fact) -> list[PastChange]:
    """Changes of the fact, newest first."""
    after = fact_contents(fact)
    lines = []
    for row in fact.history.select_related("made_by"):
        lines.append(_past(row, after))
        after = row.said
    return lines


def _past(row: FactRevision, after: JsonObject) -> PastChange:
    return PastChange(
        at=row.made_at,
        by=str(row.made_by or ""),
        act=str(FactRevision.Act(row.act).label),
        reason=row.reason,
        revision=row.revision,
        differences=contents_differences(row.said, after) + _of_source(row.said),
    )


def _of_source(said: JsonObject) -> list[tuple[Any, str, str]]:
    """(label, before, after) of a source that was corrected under the fact."""
    return [
        (SOURCE_LABELS.get(name, name), _shown(name, before), _shown(name, after))
        for name, before, after in said.get("source_was", [])
    ]


def contents_differences(before: JsonObject, after: JsonObject) -> list[tuple[Any, str, str]]:
    """(label, before, after) for what differs between two contents of a fact. Contents kept long ago lack what was not
    yet kept then: of that nothing is said."""
    return [
        (label, _shown(name, before.get(name)), _shown(name, after.get(name)))
        for name, label in LABELS.items()
        if name in before and name in after and before[name] != after[name]
    ]


def _shown(name: str, value: Any) -> str:
    if name == "figures":
        return "; ".join(_figure(figure) for figure in value or ())
    if name == "locator":
        return str((value or {}).get("where", ""))
    if name == "point":
        return str(_("Context")) if value is None else str(value)
    if name == "kind":
        return str(Fact.Kind(value).label)
    if name == "verification":
        return str(VERIFICATIONS[Fact.Verification(value)][2])
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(value)
    return str(value or "")


def _figure(figure: JsonObject) -> str:
    amount = figure.get("value") if figure.get("value") is not None else figure.get("as_stated", "")
    year = f" ({figure['year']})" if figure.get("year") else ""
    return _("%(amount)s %(unit)s") % {"amount": amount, "unit": figure.get("unit", "")} + year
