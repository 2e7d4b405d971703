"""Pause a mailing and resume it. What waits is called back, and made anew when it is resumed."""

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.campaigns.roles import Permission
from apps.campaigns.selectors import has_permission
from apps.core.audit import audit_record
from apps.core.text import first_names, joined_clauses
from apps.core.wakeups import wake
from apps.postbox.models import MessageState
from apps.postbox.services.queue import messages_cancel

from ..models import Dispatch
from ..selectors.dispatch_plan import plan_again
from ..selectors.dispatches import PAUSED, annex_changed, has_begun, letters_unsent, text_replaced
from ..selectors.plan_differences import letters_changed
from ..sending_terms import TIME_TO_SEND, Terms
from .authorisation import MOST_CHANGES
from .cancellation import Stopped, dispatch_reopen, messages_held
from .exceptions import ChangedWhilePaused, DispatchClosed, DispatchOverdue, NotEntitled, SecondPersonNeeded
from .preparation import dispatch_locked

Reason = Dispatch.PauseReason


@transaction.atomic
def dispatch_pause(*, dispatch: Dispatch, actor: User) -> Stopped:
    """Call back what has not left. After the commit no letter of the mailing is claimed, and none that a worker has
    begins its last step. Raises NotEntitled, DispatchClosed."""
    if not has_permission(dispatch.campaign, actor, Permission.PREPARE):
        raise NotEntitled
    locked = dispatch_locked(dispatch)
    if locked.state != Dispatch.State.AUTHORISED:
        raise DispatchClosed(locked.get_state_display())
    messages = messages_held(locked)
    waiting = [message for message in messages if message.state in MessageState.OPEN]
    messages_cancel(messages=waiting, reason=PAUSED, actor=actor)
    locked.state = Dispatch.State.PAUSED
    locked.paused_at, locked.paused_by, locked.pause_reason = timezone.now(), actor, Reason.PERSON
    locked.save(update_fields=["state", "paused_at", "paused_by", "pause_reason", "updated_at"])
    underway = sum(message.state in MessageState.IN_PROGRESS for message in messages)
    left = sum(message.state in set(MessageState.MAY_HAVE_LEFT) - {MessageState.FINAL} for message in messages)
    kept = locked.deliveries.count() - left - underway
    audit_record(verb="dispatch.pause", subject=locked, actor=actor, left=left, underway=underway, kept=kept)
    return Stopped(left=left, underway=underway, kept=kept)


@transaction.atomic
def dispatch_resume(*, dispatch: Dispatch, actor: User) -> Dispatch:
    """Go on as authorised. Where nothing has left and something has changed, the mailing is "prepared" again instead:
    it needs a new authorisation. Raises NotEntitled, SecondPersonNeeded, DispatchClosed, DispatchOverdue,
    ChangedWhilePaused."""
    if not has_permission(dispatch.campaign, actor, Permission.AUTHORISE):
        raise NotEntitled
    locked, now = dispatch_locked(dispatch), timezone.now()
    if locked.state != Dispatch.State.PAUSED:
        raise DispatchClosed(locked.get_state_display())
    if actor.pk in locked.maker_ids:
        raise SecondPersonNeeded
    if locked.expires_at <= now:
        raise DispatchOverdue
    if reason := _reason_to_reopen(locked):
        dispatch_reopen(dispatch=locked, reason=reason)
        return dispatch_locked(dispatch)
    locked.state, locked.expires_at = Dispatch.State.AUTHORISED, Terms.of(locked).expiry(now, TIME_TO_SEND)
    locked.paused_at, locked.paused_by, locked.pause_reason = None, None, ""
    locked.save(update_fields=["state", "expires_at", "paused_at", "paused_by", "pause_reason", "updated_at"])
    audit_record(verb="dispatch.resume", subject=locked, actor=actor, terms=Terms.of(locked).record)
    wake("outreach")
    return locked


def _reason_to_reopen(dispatch: Dispatch) -> str:
    plan = plan_again(dispatch)
    if has_begun(dispatch):
        _check_rest(letters_changed(letters_unsent(dispatch), plan))
        return ""
    if text_replaced(dispatch):
        return Reason.TEXT_REPLACED
    if annex_changed(dispatch):
        return Reason.LIST_CHANGED
    if dispatch.send_at and dispatch.send_at <= timezone.now():
        return Reason.SCHEDULE_MISSED
    return "" if plan.sha256 == dispatch.plan else Reason.PLAN_CHANGED


def _check_rest(changes: list[str]) -> None:
    if changes:
        raise ChangedWhilePaused(first_names(changes, MOST_CHANGES, joined_clauses))
