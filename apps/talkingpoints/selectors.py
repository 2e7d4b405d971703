"""Reads of a campaign's points, facts and asks."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from apps.campaigns.models import Campaign

from .models import Fact, TalkingPoint

#: every member, in lists of groups; and in what facts apply to
EVERYBODY, GLOBAL = "all", "global"


def facts_of(campaign: Campaign) -> QuerySet[Fact]:
    """Facts in use, with point and sources."""
    return (
        Fact.objects.filter(campaign=campaign, retired_at__isnull=True)
        .select_related("point", "source")
        .prefetch_related("additional_sources")
    )


def points_of(campaign: Campaign) -> QuerySet[TalkingPoint]:
    """Points in order, with `fact_count` and their facts in use (`point.facts.all()`)."""
    return (
        TalkingPoint.objects.filter(campaign=campaign)
        .annotate(fact_count=Count("facts", filter=Q(facts__retired_at__isnull=True)))
        .prefetch_related(Prefetch("facts", facts_of(campaign)), "translations")
        .order_by("number")  # grouping drops the model's ordering
    )


def facts_by_key(campaign: Campaign, keys: Iterable[str]) -> dict[str, Fact]:
    """{key: fact}, retired ones included, since letters may cite them."""
    found = Fact.objects.filter(campaign=campaign, key__in=list(keys))
    return {fact.key: fact for fact in found.select_related("point", "source").prefetch_related("additional_sources")}


def facts_narrowed(
    facts: QuerySet[Fact], *, topic: str = "", member: str = "", group: str = "", kind: str = "", verification: str = ""
) -> QuerySet[Fact]:
    """For the search and the API. A fact is about a member or group that it names itself, not through its point (which
    may have figures of several countries) or the member's groups."""
    lookups = {
        "point__topics__contains": [topic] if topic else [],
        "applies_to__contains": [whom for whom in (member, group) if whom],
        "kind": kind,
        "verification": verification,
    }
    return facts.filter(**{lookup: value for lookup, value in lookups.items() if value})


@dataclass(frozen=True)
class PointOverview:
    """A point, or None for the context, with the numbers of its facts in use."""

    point: TalkingPoint | None
    facts: int
    sure: int
    cautions: int


def evidence_overview(campaign: Campaign) -> list[PointOverview]:
    """Every point in order, then the context if it has facts."""
    rows = Fact.objects.filter(campaign=campaign, retired_at__isnull=True).order_by().values("point")
    sure = Q(verification__in=(Fact.Verification.VERIFIED, Fact.Verification.CONSISTENT))
    counts: dict[int | None, tuple[int, int, int]] = {
        row["point"]: (row["facts"], row["sure"], row["cautions"])
        for row in rows.annotate(
            facts=Count("pk"), sure=Count("pk", filter=sure), cautions=Count("pk", filter=~Q(caution=""))
        )
    }
    points: list[TalkingPoint | None] = [*TalkingPoint.objects.filter(campaign=campaign)]
    shown = [*points, None] if None in counts else points
    return [PointOverview(point, *counts.get(point.pk if point else None, (0, 0, 0))) for point in shown]


def point_numbers(campaign: Campaign) -> set[int]:
    return set(TalkingPoint.objects.filter(campaign=campaign).values_list("number", flat=True))
