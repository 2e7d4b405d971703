"""Signatures whose mail came back."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from apps.campaigns.models import Campaign
from apps.core.encryption import lookup_hashes
from apps.postbox.models import Message, MessageState

from ..models import MAIL_ORIGIN, SignOn

#: states in which it matters
REACHABLE = (SignOn.State.PENDING, SignOn.State.CONFIRMED, SignOn.State.HELD)
OUTCOMES = [*MessageState.HANDED_OVER, *MessageState.RETURNED]


def returned_mail(sign_ons: Collection[SignOn]) -> dict[int, datetime]:
    """{id: when} of those to whose address the last mail came back, and who have not used a link since."""
    mails = Message.objects.filter(origin=MAIL_ORIGIN, origin_id__in=[str(sign_on.pk) for sign_on in sign_ons])
    last = {
        (int(origin_id), to_hash): (state, bounced_at or updated_at)
        for origin_id, to_hash, state, bounced_at, updated_at in mails.filter(state__in=OUTCOMES)
        .order_by("created_at")
        .values_list("origin_id", "to_hash", "state", "bounced_at", "updated_at")
    }
    found = {}
    for sign_on in sign_ons if last else ():
        for each in lookup_hashes(sign_on.email) if sign_on.email else ():
            state, at = last.get((sign_on.pk, each.digest), ("", None))
            is_newer = at is not None and (sign_on.confirmed_at is None or sign_on.confirmed_at < at)
            if at is not None and is_newer and state in MessageState.RETURNED and sign_on.state in REACHABLE:
                found[sign_on.pk] = at
    return found


def sign_ons_with_returned_mail(campaign: Campaign) -> QuerySet[SignOn]:
    mails = Message.objects.filter(origin=MAIL_ORIGIN, state__in=MessageState.RETURNED).order_by()
    ids = [int(pk) for pk in mails.values_list("origin_id", flat=True).distinct()]
    found = returned_mail(SignOn.objects.filter(campaign=campaign, pk__in=ids, state__in=REACHABLE))
    return SignOn.objects.filter(pk__in=found)


def mail_came_back(sign_on_id: int, *, since: datetime) -> bool:
    """Whether a mail about it that was queued since then came back."""
    mails = Message.objects.filter(origin=MAIL_ORIGIN, origin_id=str(sign_on_id), created_at__gte=since)
    return mails.filter(state__in=MessageState.RETURNED).exists()
