"""Writes about positions."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.audit import audit_record
from apps.core.errors import DomainError
from apps.core.text import joined

from ..models import Member, Position
from ..selectors import PositionContent, same_position

#: the earliest time zone (UTC+14), so that "today" is accepted everywhere
FURTHEST_EAST = timedelta(hours=14)


class PositionsRecorded(NamedTuple):
    """The positions that were added, and those that were on record already."""

    added: list[Position]
    had: list[Position]


@transaction.atomic
def position_record(*, campaign: Campaign, member: Member, actor: User | None, **content: Any) -> Position:
    """Record what a member said on a day, by the fields of PositionContent; earlier positions stay. Idempotent."""
    recorded = positions_record(campaign=campaign, members=[member], content=PositionContent(**content), actor=actor)
    return next(iter(recorded.added or recorded.had))


@transaction.atomic
def positions_record(
    *, campaign: Campaign, members: Iterable[Member], content: PositionContent, actor: User | None
) -> PositionsRecorded:
    """Record the same position for many members, all or none; those that have it keep it. Raises DomainError."""
    wanted = {member.pk: member for member in members}
    _check(campaign, wanted.values(), content)
    Campaign.objects.locked(campaign.pk)  # two who press at once add each one once
    had = list(same_position(campaign, content).filter(member__in=wanted).order_by("member__sort_en"))
    known = {position.member_id for position in had}
    added = Position.objects.bulk_create(
        Position(campaign=campaign, member=member, recorded_by=actor, **vars(content))
        for member in wanted.values()
        if member.pk not in known
    )
    for position in added:
        audit_record(
            verb="position.record", subject=position, actor=actor, member=wanted[position.member_id].code,
            stance=content.stance, on=content.on.isoformat(),
        )  # fmt: skip
    return PositionsRecorded(added, had)


@transaction.atomic
def position_correct(*, position: Position, content: PositionContent, reason: str, actor: User) -> Position:
    """Replace a position that was recorded in error; it stays, as withdrawn. Idempotent. Raises DomainError."""
    row = Position.objects.select_for_update(of=("self",)).select_related("campaign", "member", "replaced_by").get(
        pk=position.pk
    )  # fmt: skip
    if row.replaced_by is not None and _says(row.replaced_by, content):
        return row.replaced_by
    if row.withdrawn_at is not None:
        raise DomainError(_("Somebody else has withdrawn or corrected this position. Load the page again."))
    if _says(row, content):
        return row
    _withdraw(row, reason, actor)
    row.replaced_by = position_record(campaign=row.campaign, member=row.member, actor=actor, **vars(content))
    row.save(update_fields=["replaced_by", "updated_at"])
    audit_record(
        verb="position.correct", subject=row, actor=actor, member=row.member.code, stance=[row.stance, content.stance],
        on=[row.on.isoformat(), content.on.isoformat()], replaced_by=row.replaced_by.pk,
    )  # fmt: skip
    return row.replaced_by


@transaction.atomic
def position_withdraw(*, position: Position, reason: str, actor: User) -> Position:
    """Withdraw a position recorded in error; the row and the reason stay. Idempotent. Raises DomainError."""
    row = Position.objects.select_for_update(of=("self",)).select_related("member").get(pk=position.pk)
    if row.withdrawn_at is None:
        _withdraw(row, reason, actor)
        audit_record(verb="position.withdraw", subject=row, actor=actor, member=row.member.code, stance=row.stance)
    return row


def _check(campaign: Campaign, members: Iterable[Member], content: PositionContent) -> None:
    if content.stance not in Position.Stance.values:
        raise DomainError(
            _("“%(stance)s” is not a position. Choose one of: %(known)s.")
            % {"stance": content.stance, "known": joined(Position.Stance.values)},
            field="stance",
        )
    if content.on > (timezone.now() + FURTHEST_EAST).date():
        raise DomainError(_("The day is in the future. Enter the day on which it was said."), field="on")
    if content.source is not None and content.source.campaign_id != campaign.pk:
        raise DomainError(_("That source belongs to another campaign. Choose one of this campaign."), field="source")
    strangers = [member.name for member in members if not member.belongs_on(content.on)]
    if strangers:
        raise DomainError(
            _("Not a member on that day: %(names)s. Enter the day on which it was said.")
            % {"names": joined(strangers)},
            field="on",
        )


def _says(position: Position, content: PositionContent) -> bool:
    return all(getattr(position, name) == value for name, value in vars(content).items())


def _withdraw(row: Position, reason: str, actor: User) -> None:
    if not reason.strip():
        raise DomainError(_("Enter a reason. It stays on record with the old position."), field="reason")
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = timezone.now(), actor, reason.strip()
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason", "updated_at"])
