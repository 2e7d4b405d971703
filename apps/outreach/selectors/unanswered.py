"""Governments that were reached and have not answered, since a mailing or at all."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Min, QuerySet

from apps.campaigns.models import Campaign

from ..models import Delivery, Dispatch, Reply, Touch
from .government_contacts import government_contacts
from .mail_conditions import arrived

#: in place of the number of a mailing: whatever reached them, by whatever way
EVER = "ever"


@dataclass(frozen=True)
class AnswerStatus:
    """Ids of members: those that were `reached`, and those of them that have `answered` since."""

    reached: frozenset[int]
    answered: frozenset[int]


def answer_status(campaign: Campaign, since: str) -> AnswerStatus:
    """`since`: EVER, or the id of a mailing. What counts is what the list "Who has answered" counts."""
    if since != EVER:
        return _since_mailing(campaign, int(since))
    contacts = government_contacts(campaign).items()
    reached = frozenset(pk for pk, contact in contacts if contact.reached)
    return AnswerStatus(reached, frozenset(pk for pk, contact in contacts if contact.answered_on))


def _since_mailing(campaign: Campaign, dispatch_id: int) -> AnswerStatus:
    letters = Delivery.objects.filter(arrived(), dispatch=dispatch_id, dispatch__campaign=campaign).order_by()
    rows = letters.values_list("member").annotate(Min("message__accepted_at"), Min("dispatch__authorised_at"))
    reached: dict[int, datetime] = {member: accepted or authorised for member, accepted, authorised in rows}
    zone = ZoneInfo(campaign.time_zone)
    replies = Reply.objects.filter(campaign=campaign, kind=Reply.Kind.REPLY, member__in=reached)
    answered = {member for member, at in replies.values_list("member", "received_at") if at >= reached[member]}
    touches = Touch.objects.filter(campaign=campaign, withdrawn_at=None, answered=True, member__in=reached)
    answered |= {
        member for member, day in touches.values_list("member", "on") if day >= reached[member].astimezone(zone).date()
    }
    return AnswerStatus(frozenset(reached), frozenset(answered))


def mailings_that_left(campaign: Campaign) -> QuerySet[Dispatch]:
    """Those of which a letter arrived, the newest first."""
    left = Delivery.objects.filter(arrived(), dispatch__campaign=campaign)
    rows = Dispatch.objects.filter(campaign=campaign, pk__in=left.values("dispatch"))
    return rows.select_related("campaign", "letter", "version").order_by("-id")
