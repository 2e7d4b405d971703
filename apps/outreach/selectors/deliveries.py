"""What became of each letter, as one code: the state of its mail, or why it has none."""

from django.db.models import Case, CharField, F, Prefetch, Q, QuerySet, Value, When

from apps.campaigns.models import Campaign
from apps.postbox.models import SEALED, MessageEvent, MessageState

from ..models import Delivery, Dispatch, Reply
from .dispatches import CALLED_BACK

#: codes of letters without a mail, or whose mail was called back to be made anew
PLANNED, WAITING, NOT_SENT = "planned", "waiting", "not_sent"
DELIVERY_STATES = [PLANNED, WAITING, NOT_SENT, *MessageState.values]

_UNENDED = Q(dispatch__ended_at__isnull=True)
DELIVERY_STATE = Case(
    When(
        _UNENDED & Q(message__state=MessageState.CANCELLED, message__cancel_reason__in=CALLED_BACK),
        then=Value(WAITING),
    ),
    When(message__isnull=False, then=F("message__state")),
    When(dispatch__state=Dispatch.State.PREPARED, then=Value(PLANNED)),
    When(_UNENDED, then=Value(WAITING)),
    default=Value(NOT_SENT),
    output_field=CharField(),
)


def deliveries_with_state(campaign: Campaign) -> QuerySet[Delivery]:
    """The campaign's letters with `state`, answers and events, without contents."""
    sealed = [f"message__{name}" for name in SEALED]
    return (
        Delivery.objects.filter(dispatch__campaign=campaign)
        .annotate(state=DELIVERY_STATE)
        .select_related("dispatch__letter", "dispatch__version", "member", "recipient__office", "address", "message")
        .defer("envelope", "dispatch__version__evidence", "recipient__phone", "recipient__office__phone", *sealed)
        .prefetch_related(
            Prefetch("replies", Reply.objects.order_by("received_at")),
            Prefetch("message__events", MessageEvent.objects.filter(corrected=False).order_by("occurred_at", "pk")),
        )
    )
