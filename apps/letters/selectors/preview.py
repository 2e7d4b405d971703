"""What a government, or one of its recipients, would get."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.governments.models import Member, Recipient
from apps.governments.selectors import audience_matcher, reference_day
from apps.talkingpoints.models import Fact

from ..document import Frozen, resolve
from ..merge import MEMBER_FIELDS, envelope_keys, field_values
from ..rendering import Letterhead
from .drafts import notes_of


@dataclass(frozen=True)
class Shown:
    """An edition's body as it would be frozen now (not stored), and the keys of fields that have no value."""

    body: dict[str, Any]
    missing: list[str]


def envelope_preview(
    campaign: Campaign,
    member: Member | None,
    recipient: Recipient | None = None,
    counts: Any = None,
    *,
    language: str = "",
    on: date | None = None,
    names: bool = True,
) -> dict[str, str]:
    """{envelope field: value} for one recipient. Without one, general words stand in; without a member, those of the
    general edition. `counts` is the signatories' (None: zero). `on` is the letter's date (today).
    `names=False` hides the person's name, and their own salutation, from those who may not see contact data. A value
    may be "": it is missing."""
    day = reference_day(campaign)
    context = {
        "campaign": campaign,
        "member": member,
        "recipient": recipient,
        "counts": counts,
        "language": language or (recipient.language if recipient else "") or "en",
        "day": day,
        "on": on or timezone.localdate(timezone=ZoneInfo(campaign.time_zone)),
        "names": names,
    }
    return field_values(context, envelope=True)


def frozen_values(campaign: Campaign, member: Member | None, *, day: date, language: str, matcher: Any) -> Frozen:
    """What resolves a document for one government; `member=None` is the general edition."""
    context = {"campaign": campaign, "member": member, "day": day, "language": language}
    return Frozen(
        values=field_values(context, envelope=False),
        envelope=envelope_keys(),
        matches=(lambda entries: matcher(member, entries)) if member else (lambda entries: False),
        prefer_fallback=frozenset() if member else MEMBER_FIELDS,
    )


def edition_body(
    *, subject: str, language: str, member: Member | None, blocks: list[dict[str, Any]], notes: list[dict[str, Any]]
) -> dict[str, Any]:
    """The body of an edition, as stored and as rendered."""
    return {
        "subject": subject,
        "language": language,
        "member": member.code if member else None,
        "blocks": blocks,
        "notes": notes,
    }


def shown_to(
    *,
    campaign: Campaign,
    body: dict[str, Any],
    subject: str,
    language: str,
    member: Member | None,
    facts: dict[str, Fact],
) -> Shown:
    """A draft as the government would get it today. The body is valid; citations of unknown facts are dropped."""
    day = reference_day(campaign)
    matcher = audience_matcher(campaign, day)
    resolution = resolve(body, frozen_values(campaign, member, day=day, language=language, matcher=matcher))
    notes = notes_of(campaign, resolution.facts, facts, language)
    edition = edition_body(subject=subject, language=language, member=member, blocks=resolution.blocks, notes=notes)
    return Shown(edition, resolution.missing)


def letterhead_of(campaign: Campaign) -> Letterhead:
    """Who writes: name, postal address, address for answers."""
    lines = [line for line in (campaign.postal_address, campaign.contact_address) if line]
    return Letterhead(campaign.name, tuple(lines))
