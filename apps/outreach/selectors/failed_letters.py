"""Letters that came back and can be sent again, because the contact has been corrected since."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from apps.campaigns.models import Campaign
from apps.governments.models import RecipientAddress
from apps.postbox.models import MessageState

from ..models import Delivery
from .mail_conditions import came_back


def letters_to_repeat(campaign: Campaign) -> QuerySet[Delivery]:
    """Those of active recipients with another usable address, or whose own is used again. None for which a newer letter
    is prepared, waits or has left."""
    usable = RecipientAddress.objects.usable()
    another = usable.filter(recipient=OuterRef("recipient")).exclude(pk=OuterRef("address"))
    restored = usable.filter(pk=OuterRef("address"), bounced_at__isnull=False)
    alive = Q(message__isnull=False) & ~Q(message__state__in=MessageState.DEAD)
    coming = Q(message=None, dispatch__state__in=["prepared", "authorised", "paused"])
    same = Delivery.objects.filter(dispatch__letter=OuterRef("dispatch__letter"), recipient=OuterRef("recipient"))
    same = same.filter(dispatch__addendum=None)
    newer = same.filter(came_back(), pk__gt=OuterRef("pk"))
    rows = Delivery.objects.filter(came_back(), dispatch__campaign=campaign, dispatch__addendum=None, is_copy=False)
    rows = rows.filter(Exists(another) | Exists(restored), recipient__active=True, recipient__merged_into=None)
    rows = rows.filter(~Exists(same.filter(alive | coming)), ~Exists(newer))
    return rows.select_related("member", "dispatch__letter").order_by(F("member__sort_en"), "pk")
