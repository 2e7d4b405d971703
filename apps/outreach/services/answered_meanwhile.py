"""Call back letters to governments that have not answered, where one has answered since."""

from django.utils.translation import gettext_noop

from apps.postbox.models import Message, MessageState
from apps.postbox.services.queue import messages_cancel

from ..models import Dispatch
from ..selectors.dispatch_criteria import Criteria
from ..selectors.unanswered import silence

ANSWERED = gettext_noop("The government has answered meanwhile, so this letter is not sent.")


def letters_call_back() -> int:
    """Of mailings that are being sent. What a worker has is cancelled unless its last step began. Returns how many were
    still waiting."""
    cancelled = 0
    for dispatch in Dispatch.objects.filter(state=Dispatch.State.AUTHORISED, criteria__has_key="unanswered"):
        answered = silence(dispatch.campaign, Criteria.of(dispatch.criteria).unanswered).answered
        rows = Message.objects.without_contents().filter(
            delivery__dispatch=dispatch, delivery__member__in=answered, state__in=MessageState.WAITING, cancel_reason=""
        )
        if answered and (waiting := list(rows)):
            cancelled += len(messages_cancel(messages=waiting, reason=ANSWERED, actor=None))
    return cancelled
