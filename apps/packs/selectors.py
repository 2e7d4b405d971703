"""What the database already knows: names that files may refer to although another campaign's files brought them."""

from dataclasses import dataclass
from datetime import date

from apps.campaigns.models import Campaign
from apps.governments.models import Group, Member
from apps.sources.models import Source
from apps.talkingpoints.models import Ask, Fact, TalkingPoint


@dataclass(frozen=True)
class Stored:
    """Names in the database: members with their dates and groups of the installation, the rest of one campaign."""

    members: dict[str, tuple[date, date | None]]
    groups: set[str]
    sources: set[str]
    points: set[int]
    facts: set[str]
    asks: set[str]


def stored_names(campaign_slug: str) -> Stored:
    """What is stored for a campaign; nothing of its own where it does not exist yet."""
    campaign = Campaign.objects.filter(slug=campaign_slug).first()
    return Stored(
        members={
            code: (since, until) for code, since, until in Member.objects.values_list("code", "acceded_on", "left_on")
        },
        groups=set(Group.objects.values_list("slug", flat=True)),
        sources=set(Source.objects.filter(campaign=campaign).values_list("key", flat=True)),
        points=set(TalkingPoint.objects.filter(campaign=campaign).values_list("number", flat=True)),
        facts=set(Fact.objects.filter(campaign=campaign, retired_at__isnull=True).values_list("key", flat=True)),
        asks=set(Ask.objects.filter(campaign=campaign).values_list("key", flat=True)),
    )
