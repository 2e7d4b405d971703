"""The next number of a fact or point, given out once even when several people write at the same time."""

from django.db.models import Max

from apps.campaigns.models import Campaign

from ..models import Fact, TalkingPoint


def hold_campaign(campaign_id: int) -> Campaign:
    """The campaign's row until the end of the transaction: whoever numbers or names something waits here.

    In the same mode as `source_save` takes it, so that nobody has to ask for more of it later.
    """
    return Campaign.objects.select_for_update().get(pk=campaign_id)


def next_place(campaign_id: int, point: TalkingPoint | None) -> int:
    """The place behind all facts of the point (or of the context), retired ones too: their numbers are written down."""
    last = Fact.objects.filter(campaign=campaign_id, point=point).aggregate(last=Max("position"))["last"]
    return (last or 0) + 1


def next_number(campaign_id: int) -> int:
    """The number behind all points."""
    return (TalkingPoint.objects.filter(campaign=campaign_id).aggregate(last=Max("number"))["last"] or 0) + 1
