"""Next steps with a government: what, who, by when."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.audit import audit_record
from apps.core.errors import Conflict, DomainError
from apps.governments.models import Member
from apps.postbox.models import InboundMail

from ..models import FollowUp
from ..selectors.tracking import campaign_today, possible_assignees
from .tracking_rights import tracking_check


class FollowUpDone(Conflict):
    default_message = _("Somebody has marked this step as done. Add a new one if there is more to do.")


class DayPast(DomainError):
    default_message = _("This day has passed. Enter today or a later day.")


class NotInTeam(DomainError):
    default_message = _("This person is no longer in the team. Choose somebody else.")


@transaction.atomic
def follow_up_add(
    *, campaign: Campaign, member: Member, actor: User, what: str, due_on: date, assignee: User | None = None,
    mail: InboundMail | None = None,
) -> FollowUp:  # fmt: skip
    """Raises NotYourGovernment, DayPast, NotInTeam."""
    tracking_check(campaign=campaign, member=member, actor=actor)
    _day_check(campaign, due_on)
    if assignee is not None and not possible_assignees(campaign).filter(pk=assignee.pk).exists():
        raise NotInTeam(field="assignee")
    row = FollowUp.objects.create(
        campaign=campaign, member=member, mail=mail, what=what, due_on=due_on, assignee=assignee, created_by=actor
    )
    audit_record(verb="follow_up.add", subject=row, actor=actor, member=member.code, on=due_on.isoformat())
    return row


@transaction.atomic
def follow_up_finish(*, follow_up: FollowUp, actor: User) -> FollowUp:
    """Mark it as done. Idempotent. Raises NotYourGovernment."""
    row = _locked(follow_up, actor)
    if row.done_at is None:
        row.done_at, row.done_by = timezone.now(), actor
        row.save(update_fields=["done_at", "done_by", "updated_at"])
        audit_record(verb="follow_up.finish", subject=row, actor=actor, member=row.member.code)
    return row


@transaction.atomic
def follow_up_postpone(*, follow_up: FollowUp, actor: User, due_on: date) -> FollowUp:
    """Raises NotYourGovernment, FollowUpDone, DayPast."""
    row = _locked(follow_up, actor)
    if row.done_at is not None:
        raise FollowUpDone
    _day_check(row.campaign, due_on)
    if row.due_on != due_on:
        audit_record(verb="follow_up.postpone", subject=row, actor=actor, member=row.member.code, on=due_on.isoformat())
        row.due_on, row.postponed = due_on, row.postponed + 1
        row.save(update_fields=["due_on", "postponed", "updated_at"])
    return row


def _locked(follow_up: FollowUp, actor: User) -> FollowUp:
    rows = FollowUp.objects.select_for_update(of=("self",)).select_related("member", "campaign")
    row = rows.get(pk=follow_up.pk)
    tracking_check(campaign=row.campaign, member=row.member, actor=actor)
    return row


def _day_check(campaign: Campaign, day: date) -> None:
    if day < campaign_today(campaign):
        raise DayPast(field="due_on")
