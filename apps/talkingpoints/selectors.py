"""Reads about points, facts, asks and audiences, always of one campaign."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from apps.campaigns.models import Campaign

from .models import Ask, CalendarEntry, Fact, GlossaryTerm, TalkingPoint

#: means every member in lists of groups
EVERYBODY = "all"


def facts_of(campaign: Campaign) -> QuerySet[Fact]:
    """The campaign's facts in use, with point, source and further sources at hand."""
    return (
        Fact.objects.filter(campaign=campaign, retired_at__isnull=True)
        .select_related("point", "source")
        .prefetch_related("additional_sources")
    )


def points_of(campaign: Campaign) -> QuerySet[TalkingPoint]:
    """The campaign's points in order, each with `fact_count` and its facts in use (`point.facts.all()`)."""
    return (
        TalkingPoint.objects.filter(campaign=campaign)
        .annotate(fact_count=Count("facts", filter=Q(facts__retired_at__isnull=True)))
        .prefetch_related(Prefetch("facts", facts_of(campaign)), "translations")
        .order_by("number")  # said here: Django drops the order of the model where it groups
    )


def context_facts_of(campaign: Campaign) -> QuerySet[Fact]:
    """Facts in use that stand outside the numbered points."""
    return facts_of(campaign).filter(point__isnull=True)


def facts_by_key(campaign: Campaign, keys: Iterable[str]) -> dict[str, Fact]:
    """{key: fact} for those that exist; retired ones included, since letters may still cite them."""
    found = Fact.objects.filter(campaign=campaign, key__in=list(keys))
    return {fact.key: fact for fact in found.select_related("point", "source").prefetch_related("additional_sources")}


def facts_narrowed(
    facts: QuerySet[Fact], *, topic: str = "", member: str = "", group: str = "", kind: str = "", verification: str = ""
) -> QuerySet[Fact]:
    """The facts that all of these leave; "" leaves every one. The library's filters and the read API are this selector.

    A fact belongs to a member, or to a group, when it names it itself. That its point concerns the member is no reason
    (under the point on jobs stand figures of four countries), nor is that it speaks of a group to which the member
    belongs: the library leads from a member to the facts about its groups, group by group, and `points_for_member`
    gives them with the reason.
    """
    asked = {
        "point__topics__contains": [topic] if topic else [],
        "applies_to__contains": [whom for whom in (member, group) if whom],
        "kind": kind,
        "verification": verification,
    }
    return facts.filter(**{lookup: value for lookup, value in asked.items() if value})


@dataclass(frozen=True)
class PointOverview:
    """A point, or the context (None), with the number of its facts in use: all, sure ones, those with a caution."""

    point: TalkingPoint | None
    facts: int
    sure: int
    cautions: int


def evidence_overview(campaign: Campaign) -> list[PointOverview]:
    """Every point in order and, last, the context where there is any. Facts are counted, not fetched."""
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


def asks_for_point(campaign: Campaign, point: TalkingPoint) -> QuerySet[Ask]:
    """What letters can ask for on the ground of this point."""
    return Ask.objects.filter(campaign=campaign, supports__contains=[point.number])


def point_numbers(campaign: Campaign) -> set[int]:
    """The numbers of the campaign's points, for terms and events that name some."""
    return set(TalkingPoint.objects.filter(campaign=campaign).values_list("number", flat=True))


def glossary_of(campaign: Campaign) -> QuerySet[GlossaryTerm]:
    """The campaign's terms in the order of its file; pages sort them as their language does."""
    return GlossaryTerm.objects.filter(campaign=campaign)


def calendar_of(campaign: Campaign) -> QuerySet[CalendarEntry]:
    """The campaign's events by date, what is known less exactly first."""
    return CalendarEntry.objects.filter(campaign=campaign)
