"""A draft as a government would get it if it were frozen now."""

from dataclasses import dataclass

from apps.campaigns.models import Campaign
from apps.core.types import JsonObject
from apps.governments.models import Member
from apps.governments.selectors import audience_matcher, reference_day
from apps.sources.selectors import campaign_document
from apps.talkingpoints.models import Fact

from ..document.resolution import resolve
from ..edition_content import edition_body, footnotes, frozen_values


@dataclass(frozen=True)
class EditionPreview:
    """An edition's body, and the keys of fields that have no value."""

    body: JsonObject
    missing: list[str]


def preview_edition(
    *,
    campaign: Campaign,
    body: JsonObject,
    subject: str,
    language: str,
    member: Member | None,
    facts: dict[str, Fact],
) -> EditionPreview:
    """Takes a valid body; drops citations of unknown facts."""
    day = reference_day(campaign)
    matcher = audience_matcher(campaign, day)
    resolution = resolve(body, frozen_values(campaign, member, day=day, language=language, matcher=matcher))
    notes = footnotes(resolution.facts, facts, language, campaign_document(campaign))
    edition = edition_body(subject=subject, language=language, member=member, blocks=resolution.blocks, notes=notes)
    return EditionPreview(edition, resolution.missing)
