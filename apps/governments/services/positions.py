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
from ..selectors import Said, same_position

#: the earliest time zone (UTC+14), so that "today" is accepted everywhere
FURTHEST_EAST = timedelta(hours=14)


class PositionsRecorded(NamedTuple):
    """The positions that were added, and those that were on record already."""

    added: list[Position]
    had: list[Position]


@transaction.atomic
def position_record(*, campaign: Campaign, member: Member, actor: User | None, **said: Any) -> Position:
    """Record what a member said on a day, by the fields of Said; earlier positions stay. Idempotent."""
    recorded = positions_record(campaign=campaign, members=[member], said=Said(**said), actor=actor)
    return next(iter(recorded.added or recorded.had))


@transaction.atomic
def positions_record(
    *, campaign: Campaign, members: Iterable[Member], said: Said, actor: User | None
) -> PositionsRecorded:
    """Record the same position for many members, all or none; those that have it keep it. Raises DomainError."""
    wanted = {member.pk: member for member in members}
    _check(campaign, wanted.values(), said)
    Campaign.objects.locked(campaign.pk)  # two who press at once add each one once
    had = list(same_position(campaign, said).filter(member__in=wanted).order_by("member__sort_en"))
    known = {position.member_id for position in had}
    added = Position.objects.bulk_create(
        Position(campaign=campaign, member=member, recorded_by=actor, **vars(said))
        for member in wanted.values()
        if member.pk not in known
    )
    for position in added:
        audit_record(
            verb="position.record", subject=position, actor=actor, member=wanted[position.member_id].code,
            stance=said.stance, on=said.on.isoformat(),
        )  # fmt: skip
    return PositionsRecorded(added, had)


@transaction.atomic
def position_correct(*, position: Position, said: Said, reason: str, actor: User) -> Position:
    """Replace a position that was recorded in error; it stays, as withdrawn. Idempotent. Raises DomainError."""
    row = Position.objects.select_for_update(of=("self",)).select_related("campaign", "member", "replaced_by").get(
        pk=position.pk
    )  # fmt: skip
    if row.replaced_by is not None and _says(row.replaced_by, said):
        return row.replaced_by
    if row.withdrawn_at is not None:
        raise DomainError(_("Somebody else has withdrawn or corrected this position. Load the page again."))
    if _says(row, said):
        return row
    _withdraw(row, reason, actor)
    row.replaced_by = position_record(campaign=row.campaign, member=row.member, actor=actor, **vars(said))
    row.save(update_fields=["replaced_by", "updated_at"])
    audit_record(
        verb="position.correct", subject=row, actor=actor, member=row.member.code, stance=[row.stance, said.stance],
        on=[row.on.isoformat(), said.on.isoformat()], replaced_by=row.replaced_by.pk,
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


def _check(campaign: Campaign, members: Iterable[Member], said: Said) -> None:
    if said.stance not in Position.Stance.values:
        raise DomainError(
            _("“%(stance)s” is not a position. Choose one of: %(known)s.")
            % {"stance": said.stance, "known": joined(Position.Stance.values)},
            field="stance",
        )
    if said.on > (timezone.now() + FURTHEST_EAST).date():
        raise DomainError(_("The day is in the future. Enter the day on which it was said."), field="on")
    if said.source is not None and said.source.campaign_id != campaign.pk:
        raise DomainError(_("That source belongs to another campaign. Choose one of this campaign."), field="source")
    strangers = [member.name for member in members if not member.belongs_on(said.on)]
    if strangers:
        raise DomainError(
            _("Not a member on that day: %(names)s. Enter the day on which it was said.")
            % {"names": joined(strangers)},
            field="on",
        )


def _says(position: Position, said: Said) -> bool:
    return all(getattr(position, name) == value for name, value in vars(said).items())


def _withdraw(row: Position, reason: str, actor: User) -> None:
    if not reason.strip():
        raise DomainError(_("Enter a reason. It stays on record with the old position."), field="reason")
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = timezone.now(), actor, reason.strip()
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason", "updated_at"])
