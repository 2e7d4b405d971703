"""Talking points, facts and audiences."""

from typing import Any

from apps.campaigns.models import Campaign
from apps.sources.models import Source
from apps.talkingpoints.models import Audience, Fact, TalkingPoint


def make_point(campaign: Campaign, number: int, **extra: Any) -> TalkingPoint:
    values = {"slug": f"point-{number}", "title": f"Point {number}", "claim": "Claim.", **extra}
    return TalkingPoint.objects.create(campaign=campaign, number=number, **values)


def make_fact(campaign: Campaign, key: str, point: TalkingPoint | None = None, **extra: Any) -> Fact:
    source, _made = Source.objects.get_or_create(
        campaign=campaign, key="src", defaults={"kind": "footnote", "title": "World Report", "authors": ["World Bank"]}
    )
    values = {"statement": f"Statement {key}.", "kind": "claim", "verification": "verified", "source": source, **extra}
    return Fact.objects.create(campaign=campaign, key=key, point=point, **values)


def make_audience(campaign: Campaign, slug: str, priority: int, order: list[int], **extra: Any) -> Audience:
    return Audience.objects.create(campaign=campaign, slug=slug, label=slug, priority=priority, order=order, **extra)
