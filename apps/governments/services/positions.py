"""Writes about positions."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.errors import DomainError
from apps.core.services import audit_record
from apps.sources.models import Source

from ..models import Member, Position

#: where the day begins first (UTC+14): nobody who says "today" is refused
FURTHEST_EAST = timedelta(hours=14)


class UnknownStance(DomainError):
    """The stance is none of those a position can have."""


class SaidInFuture(DomainError):
    """A position cannot be dated after today."""


class ForeignSource(DomainError):
    """The source belongs to another campaign."""


@transaction.atomic
def position_record(
    *,
    campaign: Campaign,
    member: Member,
    stance: str,
    on: date,
    actor: User | None,
    statement: str = "",
    source: Source | None = None,
    confidence: str = "medium",
    note: str = "",
) -> Position:
    """Record what a member said on a day; earlier positions stay. Saying the same again gives the row there is.

    Raises UnknownStance, SaidInFuture, ForeignSource.
    """
    if stance not in Position.Stance.values:
        raise UnknownStance(
            _("“%(stance)s” is no stance. Choose one of: %(known)s.")
            % {"stance": stance, "known": ", ".join(Position.Stance.values)},
            field="stance",
        )
    if on > (timezone.now() + FURTHEST_EAST).date():
        raise SaidInFuture(_("The day lies in the future. Give the day on which it was said."), field="on")
    if source is not None and source.campaign_id != campaign.pk:
        raise ForeignSource(_("That source belongs to another campaign. Choose one of this campaign."), field="source")
    position, created = Position.objects.get_or_create(
        campaign=campaign,
        member=member,
        stance=stance,
        on=on,
        source=source,
        statement=statement,
        defaults={"confidence": confidence, "note": note, "recorded_by": actor},
    )
    if created:
        audit_record(
            verb="position.record", subject=position, actor=actor, member=member.code, stance=stance, on=on.isoformat()
        )
    return position
