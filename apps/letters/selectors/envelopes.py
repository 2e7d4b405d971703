"""What varies from recipient to recipient, and who writes."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.governments.models import Member, Recipient
from apps.governments.selectors import recipients_of, reference_day

from ..merge_fields import field_values
from ..rendering.types import Letterhead


def envelope_values(
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


def campaign_letterhead(campaign: Campaign) -> Letterhead:
    """Who writes: name, postal address, address for answers."""
    lines = [line for line in (campaign.postal_address, campaign.contact_address) if line]
    return Letterhead(campaign.name, tuple(lines))


def recipient_or_first(campaign: Campaign, member: Member, recipient_id: int | None = None) -> Recipient | None:
    """The recipient with this id, if the member has it; otherwise the member's first."""
    found = list(recipients_of(campaign, [member]))
    return next((one for one in found if one.pk == recipient_id), found[0] if found else None)
