"""When letters and addenda left, and to how many governments."""

from django.db.models import Count, Min, QuerySet

from apps.core.prepared_statements import Placeholder, PreparedQuery
from apps.core.registries import AddendumDeparture, LetterDeparture
from apps.postbox.models import MessageState

from ..models import Delivery
from .mail_conditions import came_back


def deliveries_left() -> QuerySet[Delivery]:
    """Those that left, also if they came back."""
    return Delivery.objects.filter(message__state__in=MessageState.MAY_HAVE_LEFT, message__accepted_at__isnull=False)


def addendum_departure(annex_id: int) -> AddendumDeparture | None:
    """When the addendum was first mailed, and to how many governments so far; else None."""
    sums = (
        deliveries_left()
        .filter(dispatch__addendum=annex_id)
        .aggregate(at=Min("message__accepted_at"), governments=Count("member", distinct=True))
    )
    return AddendumDeparture(**sums) if sums["at"] else None


def _left(version_id: int | Placeholder) -> QuerySet[Delivery]:
    return deliveries_left().filter(dispatch__version=version_id, dispatch__addendum=None)


FIRST_LEFT = PreparedQuery(
    lambda: _left(Placeholder("version")).select_related("dispatch__annex").order_by("message__accepted_at")[:1]
)


def letter_departure(version_id: int) -> LetterDeparture | None:
    """When the version first left, with which list, to how many governments, and how many it reached; else None."""
    first = FIRST_LEFT.row(version=version_id)
    if first is None or first.dispatch.annex is None:
        return None
    sums = _left(version_id).aggregate(
        at=Min("message__accepted_at"),
        governments=Count("member", distinct=True),
        not_returned=Count("member", distinct=True, filter=~came_back()),
    )
    annex = first.dispatch.annex
    return LetterDeparture(
        at=sums["at"],
        governments=sums["governments"],
        returned=sums["governments"] - sums["not_returned"],
        signatures=annex.counts["organisations"] + annex.counts["people"],
        annex_id=annex.pk,
    )
