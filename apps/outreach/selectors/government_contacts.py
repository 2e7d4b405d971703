"""What has passed between a campaign and each government, by mailing and by other ways."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min, Q

from apps.campaigns.models import Campaign
from apps.governments.models import Position
from apps.postbox.models import MessageState

from ..models import Delivery, Reply, SentAnswer, Touch
from .mail_conditions import arrived, came_back


@dataclass(frozen=True)
class GovernmentContact:
    """Of one government. `letters` left or were refused; `contacts` are letters, touches and answers of ours."""

    letters: int = 0
    delivered: int = 0
    returned: int = 0
    touches: int = 0
    contacts: int = 0
    first_on: date | None = None
    last_on: date | None = None
    answered_on: date | None = None
    changed: bool = False

    @property
    def bounced(self) -> bool:
        """Every letter that left came back."""
        return bool(self.returned) and not self.delivered

    @property
    def reached(self) -> bool:
        """A letter stayed, we met, or they answered."""
        return bool(self.delivered or self.touches or self.answered_on)


def government_contacts(campaign: Campaign) -> dict[int, GovernmentContact]:
    """By id of the member, for those with any contact. Five statements, however many there are."""
    zone = ZoneInfo(campaign.time_zone)
    letters, answers = _letters(campaign), _our_answers(campaign)
    touches, replies = _touches(campaign), _replies(campaign)
    stances = _stances(campaign)
    found = {}
    for member in {*letters, *answers, *touches, *replies}:
        letter, answer, touch = letters.get(member, {}), answers.get(member, {}), touches.get(member, {})
        begun = [_day(letter.get("first"), zone), touch.get("first")]
        ended = [_day(letter.get("last"), zone), _day(answer.get("last"), zone), touch.get("last")]
        heard = [_day(replies.get(member), zone), touch.get("answered")]
        first = min((day for day in begun if day), default=None)
        found[member] = GovernmentContact(
            letters=letter.get("n", 0), delivered=letter.get("delivered", 0), returned=letter.get("returned", 0),
            touches=touch.get("n", 0),
            contacts=letter.get("n", 0) + answer.get("n", 0) + touch.get("n", 0), first_on=first,
            last_on=max((day for day in [*ended, *heard] if day), default=None),
            answered_on=min((day for day in heard if day), default=None),
            changed=_changed(stances[member], first),
        )  # fmt: skip
    return found


def _day(at: datetime | None, zone: ZoneInfo) -> date | None:
    return at.astimezone(zone).date() if at else None


def _letters(campaign: Campaign) -> dict[int, dict[str, Any]]:
    left = Q(message__accepted_at__isnull=False) | Q(message__state=MessageState.REFUSED) | arrived()
    rows: Any = Delivery.objects.filter(left, dispatch__campaign=campaign).order_by().values("member").annotate(
        n=Count("pk"), delivered=Count("pk", filter=arrived()), returned=Count("pk", filter=came_back()),
        first=Min("message__accepted_at"), last=Max("message__accepted_at"),
    )  # fmt: skip
    return {row["member"]: row for row in rows}


def _our_answers(campaign: Campaign) -> dict[int, dict[str, Any]]:
    sent = SentAnswer.objects.filter(campaign=campaign, message__accepted_at__isnull=False)
    rows: Any = sent.order_by().values("delivery__member").annotate(n=Count("pk"), last=Max("message__accepted_at"))
    return {row["delivery__member"]: row for row in rows}


def _touches(campaign: Campaign) -> dict[int, dict[str, Any]]:
    rows: Any = Touch.objects.filter(campaign=campaign, withdrawn_at=None).order_by().values("member").annotate(
        n=Count("pk"), first=Min("on"), last=Max("on"), answered=Min("on", filter=Q(answered=True))
    )  # fmt: skip
    return {row["member"]: row for row in rows}


def _replies(campaign: Campaign) -> dict[int, datetime]:
    answers = Reply.objects.filter(campaign=campaign, kind=Reply.Kind.REPLY).order_by()
    return dict(answers.values_list("member").annotate(Min("received_at")))


def _stances(campaign: Campaign) -> dict[int, list[tuple[date, str]]]:
    """The positions that stand, the earliest first."""
    found: dict[int, list[tuple[date, str]]] = defaultdict(list)
    rows = Position.objects.filter(campaign=campaign, withdrawn_at=None).order_by("on", "pk")
    for member, on, stance in rows.values_list("member", "on", "stance"):
        found[member].append((on, stance))
    return found


def _changed(stances: list[tuple[date, str]], first: date | None) -> bool:
    """Whether the latest position differs from the one before the first contact. A first one is no change."""
    if first is None:
        return False
    before = [stance for on, stance in stances if on < first]
    return bool(before) and stances[-1][1] != before[-1]
