"""What a fact said before, and where it is cited."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.registries import FactPlace, fact_users

from .contents import fact_contents
from .models import Fact, FactRevision
from .presentation import VERIFICATIONS

LABELS = {
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
    """The drafts and frozen versions that cite a fact."""

    drafts: list[FactPlace]
    versions: list[FactPlace]

    @property
    def any(self) -> bool:
        return bool(self.drafts or self.versions)


def fact_uses(fact: Fact) -> FactUses:
    """Everything that cites the fact, as the apps above say."""
    places = [place for _name, user in fact_users.items() for place in user(fact)]
    return FactUses([place for place in places if not place.frozen], [place for place in places if place.frozen])


def fact_history(fact: Fact) -> list[PastChange]:
    """Changes of the fact, newest first."""
    after = fact_contents(fact)
    lines = []
    for row in fact.history.select_related("made_by"):
        lines.append(_past(row, after))
        after = row.said
    return lines


def _past(row: FactRevision, after: dict[str, Any]) -> PastChange:
    return PastChange(
        at=row.made_at,
        by=str(row.made_by or ""),
        act=str(FactRevision.Act(row.act).label),
        reason=row.reason,
        revision=row.revision,
        differences=contents_differences(row.said, after),
    )


def contents_differences(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[Any, str, str]]:
    """(label, before, after) for what differs between two contents of a fact."""
    return [
        (label, _shown(name, before.get(name)), _shown(name, after.get(name)))
        for name, label in LABELS.items()
        if before.get(name) != after.get(name)
    ]


def _shown(name: str, value: Any) -> str:
    if name == "figures":
        return "; ".join(_figure(figure) for figure in value or ())
    if name == "locator":
        return str((value or {}).get("where", ""))
    if name == "kind":
        return str(Fact.Kind(value).label)
    if name == "verification":
        return str(VERIFICATIONS[Fact.Verification(value)][2])
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(value)
    return str(value or "")


def _figure(figure: dict[str, Any]) -> str:
    amount = figure.get("value") if figure.get("value") is not None else figure.get("as_stated", "")
    year = f" ({figure['year']})" if figure.get("year") else ""
    return _("%(amount)s %(unit)s") % {"amount": amount, "unit": figure.get("unit", "")} + year
