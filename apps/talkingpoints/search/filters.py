"""The filters of the evidence search, and how many results each gives."""

from dataclasses import asdict, dataclass, field

from django.db.models import Q, QuerySet

from apps.campaigns.models import Campaign

from ..models import Fact, TalkingPoint
from ..selectors import facts_narrowed, facts_of


@dataclass(frozen=True)
class Filters:
    """ "" is no filter."""

    topic: str = ""
    group: str = ""
    country: str = ""
    kind: str = ""
    verification: str = ""

    def __bool__(self) -> bool:
        return any(asdict(self).values())


def facts_within(campaign: Campaign, filters: Filters) -> QuerySet[Fact]:
    """The facts in use that the filters leave."""
    return facts_narrowed(
        facts_of(campaign),
        topic=filters.topic,
        member=filters.country,
        group=filters.group,
        kind=filters.kind,
        verification=filters.verification,
    )


def points_within(points: QuerySet[TalkingPoint], filters: Filters, facts: QuerySet[Fact]) -> QuerySet[TalkingPoint]:
    """The points of the facts, and those that have the topic and concern the group and country themselves."""
    with_facts = Q(pk__in=facts.order_by().values("point"))
    lookups = {"topics": filters.topic, "related_groups": filters.group, "related_countries": filters.country}
    about = {f"{name}__contains": [value] for name, value in lookups.items() if value}
    if filters.kind or filters.verification or not about:
        return points.filter(with_facts)
    return points.filter(with_facts | Q(**about))


@dataclass
class _Results:
    facts: int = 0
    sources: set[int] = field(default_factory=set)
    points: set[int] = field(default_factory=set)

    def __len__(self) -> int:
        return self.facts + len(self.sources) + len(self.points)


def filter_counts(campaign: Campaign) -> dict[str, dict[str, int]]:
    """{"topics", "concerned", "kinds", "verifications"} → {value: number of results under that filter alone}: facts,
    their points and sources, and points with that topic or concern. Two queries."""
    found: dict[str, dict[str, _Results]] = {name: {} for name in ("topics", "concerned", "kinds", "verifications")}
    facts = facts_of(campaign).prefetch_related(None).order_by()
    columns = ("point_id", "source_id", "point__topics", "applies_to", "kind", "verification")
    for point, source, topics, applies_to, kind, verification in facts.values_list(*columns):
        values_by_filter = zip(found, (topics or (), applies_to, (kind,), (verification,)), strict=True)
        for name, values in values_by_filter:
            for value in dict.fromkeys(values):
                results = found[name].setdefault(value, _Results())
                results.facts += 1
                results.sources.add(source)
                results.points |= {point} if point else set()
    points = TalkingPoint.objects.filter(campaign=campaign).order_by()
    for pk, topics, groups, countries in points.values_list("pk", "topics", "related_groups", "related_countries"):
        for name, values in (("topics", topics), ("concerned", (*groups, *countries))):
            for value in values:
                found[name].setdefault(value, _Results()).points.add(pk)
    return {name: {value: len(results) for value, results in values.items()} for name, values in found.items()}
