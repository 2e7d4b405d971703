"""When a letter left for governments, for the pages where people still sign it."""

from django.db.models import Count, Min

from apps.core.registries import LetterDeparture
from apps.postbox.models import MessageState

from ..models import Delivery


def letter_departure(version_id: int) -> LetterDeparture | None:
    """How the version first left: time, list of signatories, and how many governments have it; None before that."""
    left = Delivery.objects.filter(
        dispatch__version=version_id, message__state__in=MessageState.MAY_HAVE_LEFT, message__accepted_at__isnull=False
    )
    first = left.order_by("message__accepted_at").select_related("dispatch__annex").first()
    if first is None or first.dispatch.annex is None:
        return None
    sums = left.aggregate(at=Min("message__accepted_at"), governments=Count("member", distinct=True))
    annex = first.dispatch.annex
    return LetterDeparture(
        at=sums["at"],
        governments=sums["governments"],
        signatures=annex.counts["organisations"] + annex.counts["people"],
        annex_id=annex.pk,
    )
