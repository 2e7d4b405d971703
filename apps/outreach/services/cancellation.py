"""Stop a mailing: by a person, by expiry, or because signatories changed before anything left.

Lock order: dispatch, deliveries, messages. A worker rendering a letter locks its delivery, one sending a mail its
message; stopping waits for either and then sees the result.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.campaigns.roles import Permission
from apps.campaigns.selectors import has_permission
from apps.core.audit import audit_record
from apps.core.types import Actor
from apps.postbox.models import Message, MessageState
from apps.postbox.services.queue import messages_cancel

from ..models import Dispatch, Exclusion
from ..sending_terms import Terms
from .exceptions import DispatchClosed, NotEntitled
from .preparation import dispatch_locked

UNFINISHED = (Dispatch.State.PREPARED, Dispatch.State.AUTHORISED, Dispatch.State.PAUSED)


@dataclass(frozen=True)
class Stopped:
    """Numbers of letters that had left, are being sent now, and will never leave."""

    left: int
    underway: int
    kept: int


@transaction.atomic
def dispatch_cancel(*, dispatch: Dispatch, actor: User) -> Stopped:
    """Queue nothing more and cancel what is queued. Raises NotEntitled, DispatchClosed."""
    if not has_permission(dispatch.campaign, actor, Permission.PREPARE):
        raise NotEntitled
    locked = dispatch_locked(dispatch)
    if locked.state not in UNFINISHED:
        raise DispatchClosed(locked.get_state_display())
    messages = messages_held(locked)
    underway = sum(message.state in MessageState.IN_PROGRESS for message in messages)
    left = sum(message.state in set(MessageState.MAY_HAVE_LEFT) - {MessageState.FINAL} for message in messages)
    kept = locked.deliveries.count() - left - underway
    _cancel_open(messages, "The mailing was cancelled.", actor)
    _end(locked, Dispatch.State.CANCELLED)
    audit_record(verb="dispatch.cancel", subject=locked, actor=actor, left=left, underway=underway, kept=kept)
    return Stopped(left=left, underway=underway, kept=kept)


@transaction.atomic
def dispatch_reopen(*, dispatch: Dispatch, reason: str) -> bool:
    """If nothing has left, set an authorised or paused mailing back to "prepared", so that it is authorised again,
    with a new list of signatories. Returns whether it did."""
    locked = dispatch_locked(dispatch)
    if locked.state not in (Dispatch.State.AUTHORISED, Dispatch.State.PAUSED):
        return False
    messages = messages_held(locked)
    if any(message.state not in {MessageState.QUEUED, *MessageState.DEAD} for message in messages):
        return False  # one is being handed over: it comes back to the queue, or the dispatch has begun
    _cancel_open(messages, "The mailing needs a new authorisation. The letter waits for it.", None)
    annex = locked.annex_id
    locked.deliveries.update(message=None, pdf=None)
    locked.state = Dispatch.State.PREPARED
    locked.annex = locked.authorised_by = locked.authorised_at = None
    locked.paused_at, locked.paused_by, locked.pause_reason = timezone.now(), None, reason
    locked.expires_at = Terms.of(locked).expiry(timezone.now())
    locked.save()
    audit_record(verb="dispatch.pause", subject=locked, annex=annex, letters=len(messages))
    return True


@transaction.atomic
def dispatch_expire(*, dispatch: Dispatch) -> bool:
    """End a mailing not authorised, or with nothing sent, in time. If letters have left, unready ones become exclusions
    and queued ones expire. Returns whether the mailing ended."""
    locked = dispatch_locked(dispatch)
    if locked.state not in UNFINISHED or locked.expires_at > timezone.now():
        return False
    messages = messages_held(locked)
    if locked.state == Dispatch.State.AUTHORISED and any(
        message.state not in {MessageState.QUEUED, *MessageState.DEAD} for message in messages
    ):
        _leave_out_unready(locked)
        return False
    _cancel_open(messages, "The mailing ended before the letter could be sent.", None)
    _end(locked, Dispatch.State.EXPIRED)
    audit_record(verb="dispatch.expire", subject=locked, letters=locked.deliveries.count())
    return True


def messages_held(dispatch: Dispatch) -> list[Message]:
    """Locks its deliveries first, so that no message is being made."""
    held = dispatch.deliveries.select_for_update(no_key=True).order_by("pk").values_list("message_id", flat=True)
    ids = [message_id for message_id in held if message_id]
    return list(Message.objects.without_contents().select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))


def _cancel_open(messages: list[Message], reason: str, actor: Actor) -> None:
    """What waits is cancelled; what is being sent or in doubt is never queued again. `reason` is stored, so it is in
    English like all that the postbox explains, not in the actor's language."""
    still_open = [message for message in messages if message.state in MessageState.OPEN]
    if still_open:
        messages_cancel(messages=still_open, reason=reason, actor=actor)


def _leave_out_unready(dispatch: Dispatch) -> None:
    unready = dispatch.deliveries.filter(message=None)
    Exclusion.objects.bulk_create(
        Exclusion(
            dispatch=dispatch, member_id=row.member_id, recipient_id=row.recipient_id, reason=Exclusion.Reason.EXPIRED
        )
        for row in unready
    )
    unready.delete()


def _end(dispatch: Dispatch, state: Dispatch.State) -> None:
    dispatch.state, dispatch.ended_at = state, timezone.now()
    dispatch.save(update_fields=["state", "ended_at", "updated_at"])
