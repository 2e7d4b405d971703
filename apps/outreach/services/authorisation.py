"""Authorise a mailing: a second person freezes the list of signatories and lets the letters go."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.campaigns.roles import Permission
from apps.campaigns.selectors import has_permission
from apps.coalitions.services.annexes import annex_freeze
from apps.core.audit import audit_record
from apps.core.text import first_names, joined_clauses
from apps.core.times import reader_time
from apps.core.wakeups import wake

from ..models import Dispatch
from ..selectors.dispatch_plan import plan_again
from ..selectors.dispatches import text_replaced
from ..selectors.plan_differences import plan_changes
from ..sending_terms import TIME_TO_SEND, Terms
from .exceptions import (
    DispatchClosed,
    DispatchOverdue,
    NotEntitled,
    NothingToSend,
    NumberDiffers,
    PlanChanged,
    ScheduleMissed,
    SecondPersonNeeded,
    TextReplaced,
)
from .preparation import dispatch_locked

#: named to those who have to read the plan again
MOST_CHANGES = 3


@transaction.atomic
def dispatch_authorise(*, dispatch: Dispatch, actor: User, typed_count: int, plan: str) -> Dispatch:
    """Freeze the list of signatories and let workers send. `plan` is the hash of the plan the person saw. Raises
    NotEntitled, SecondPersonNeeded, DispatchClosed, DispatchOverdue, ScheduleMissed, NothingToSend, NumberDiffers,
    PlanChanged, TextReplaced."""
    now = timezone.now()
    locked = dispatch_locked(dispatch)
    _check_person(locked, actor)
    _check_plan(locked, plan, now)
    letters = locked.deliveries.count()
    if letters == 0:
        raise NothingToSend
    if typed_count != letters:
        raise NumberDiffers(letters)
    annex = locked.addendum or annex_freeze(version=locked.version, actor=actor)
    locked.annex = annex
    locked.authorised_by, locked.authorised_at = actor, now
    locked.state = Dispatch.State.AUTHORISED
    locked.expires_at = Terms.of(locked).expiry(now, TIME_TO_SEND)
    locked.paused_at, locked.paused_by, locked.pause_reason = None, None, ""
    locked.save()
    audit_record(
        verb="dispatch.authorise",
        subject=locked,
        actor=actor,
        version=locked.version_id,
        prepared_by=locked.prepared_by_id,
        plan=locked.plan,
        letters=letters,
        annex=annex.pk,
        annex_sha256=annex.sha256,
        terms=Terms.of(locked).record,
    )
    wake("outreach")
    return locked


def _check_person(dispatch: Dispatch, actor: User) -> None:
    if not has_permission(dispatch.campaign, actor, Permission.AUTHORISE):
        raise NotEntitled
    if actor.pk in dispatch.maker_ids:
        raise SecondPersonNeeded


def _check_plan(dispatch: Dispatch, seen: str, now: datetime) -> None:
    if dispatch.state != Dispatch.State.PREPARED:
        raise DispatchClosed(dispatch.get_state_display())
    if dispatch.expires_at <= now:
        raise DispatchOverdue
    if dispatch.send_at and dispatch.send_at <= now:
        raise ScheduleMissed
    if text_replaced(dispatch):
        raise TextReplaced
    fresh = plan_again(dispatch)
    if not seen == dispatch.plan == fresh.sha256:
        raise PlanChanged(
            first_names(plan_changes(dispatch, fresh), MOST_CHANGES, joined_clauses) or _computed_since(dispatch)
        )


def _computed_since(dispatch: Dispatch) -> str:
    return _("Somebody updated the list on %(time)s") % {"time": reader_time(dispatch.planned_at, dispatch.campaign)}
