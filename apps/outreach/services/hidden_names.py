"""Letters of a mailing whose names were hidden at once: those that have not left wait for a list without names."""

from django.db import transaction

from apps.core.wakeups import wake
from apps.postbox.models import MessageState
from apps.postbox.services.queue import messages_cancel

from ..models import Delivery, Dispatch
from ..selectors.dispatches import CALLED_BACK, NAMES_HIDDEN, annex_changed
from .cancellation import dispatch_reopen, messages_held
from .preparation import dispatch_locked


@transaction.atomic
def letters_hold(*, letter_id: int, **_: object) -> None:
    """Receiver of `names_hidden`: pause mailings of which nothing has left, and call back what waits of the others. A
    letter being handed over at that moment cannot be called back, but is not tried again as it is."""
    for dispatch in Dispatch.objects.filter(letter=letter_id, state=Dispatch.State.AUTHORISED).order_by("pk"):
        if annex_changed(dispatch) and dispatch_reopen(dispatch=dispatch, reason=Dispatch.PauseReason.LIST_CHANGED):
            continue
        locked = dispatch_locked(dispatch)
        if locked.state == Dispatch.State.AUTHORISED:
            waiting = [message for message in messages_held(locked) if message.state in MessageState.OPEN]
            messages_cancel(messages=waiting, reason=NAMES_HIDDEN, actor=None)
    wake("outreach")


@transaction.atomic
def letters_remake() -> int:
    """Let those that were called back be made anew. Returns how many."""
    called_back = Delivery.objects.filter(
        dispatch__state=Dispatch.State.AUTHORISED, message__state=MessageState.CANCELLED,
        message__cancel_reason__in=CALLED_BACK,
    )  # fmt: skip
    held = called_back.select_for_update(no_key=True, skip_locked=True, of=("self",)).order_by("pk")
    return Delivery.objects.filter(pk__in=list(held.values_list("pk", flat=True))).update(message=None, pdf=None)
