"""Names that files may refer to, and rows to write to files."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Model, QuerySet

from apps.campaigns.models import Campaign
from apps.governments.models import Group, Member
from apps.sources.models import Source
from apps.talkingpoints.models import Ask, Fact, TalkingPoint

from .file_types import GROUPS, POINTS, FileType


@dataclass(frozen=True)
class Stored:
    """Names of the installation (members, groups) and of one campaign."""

    members: dict[str, tuple[date, date | None]]
    groups: set[str]
    sources: set[str]
    points: set[int]
    facts: set[str]
    asks: set[str]


def stored_names(campaign_slug: str) -> Stored:
    """The campaign need not exist yet."""
    campaign = Campaign.objects.filter(slug=campaign_slug).first()
    return Stored(
        members={
            code: (since, until) for code, since, until in Member.objects.values_list("code", "acceded_on", "left_on")
        },
        groups=set(Group.objects.values_list("slug", flat=True)),
        sources=set(Source.objects.filter(campaign=campaign).values_list("key", flat=True)),
        points=set(TalkingPoint.objects.filter(campaign=campaign).values_list("number", flat=True)),
        facts=set(Fact.objects.filter(campaign=campaign).values_list("key", flat=True)),
        asks=set(Ask.objects.filter(campaign=campaign).values_list("key", flat=True)),
    )


def rows_of(file_type: FileType, campaign: Campaign) -> QuerySet[Model]:
    """In the order in which they were loaded."""
    rows = file_type.model._default_manager.all()
    if file_type is GROUPS:
        rows = rows.prefetch_related("memberships__member")
    if hasattr(file_type.model, "campaign"):
        rows = rows.filter(campaign=campaign)
    if file_type is POINTS:
        return rows.order_by("number").prefetch_related("translations")
    return rows.order_by("position", "pk") if file_type.has_position else rows.order_by("pk")


def facts_to_write(campaign: Campaign) -> QuerySet[Fact]:
    """Retired ones too, since letters may cite them."""
    facts = Fact.objects.filter(campaign=campaign).select_related("source")
    return facts.prefetch_related("additional_sources", "history").order_by("position", "pk")


def shared_data_dates() -> dict[str, date | None]:
    """{code of a member or slug of a group: how new its data is}"""
    return {
        **dict(Member.objects.order_by("code").values_list("code", "data_as_of")),
        **dict(Group.objects.order_by("slug").values_list("slug", "data_as_of")),
    }
