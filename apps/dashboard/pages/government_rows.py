"""A row per government: its position, its recipients and its letters."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from apps.campaigns.models import Campaign
from apps.core.text import joined, name_sort_key
from apps.core.types import Label
from apps.governments.models import Group, GroupMembership, Member, Recipient, RecipientAddress
from apps.governments.selectors import members_on, stances_on
from apps.outreach.models import Delivery, Reply, Touch
from apps.outreach.selectors.mail_conditions import arrived, came_back
from apps.postbox.models import MessageState

from .stance_chart import MARKS, NO_STANCE, STANCES

#: state of recipients and of letters, in the order of the legends
REACH: dict[str, Label] = {
    "usable": gettext_lazy("has a usable address"),
    "dead": gettext_lazy("only dead addresses"),
    "none": gettext_lazy("no address"),
}
DELIVERY: dict[str, Label] = {
    "lost": gettext_lazy("bounced or refused, none got through"),
    "partly": gettext_lazy("bounced or refused in part"),
    "waiting": gettext_lazy("waiting to be sent, or in doubt"),
    "sent": gettext_lazy("sent, no answer yet"),
    "answered": pgettext_lazy("government", "answered"),
    "none": pgettext_lazy("government", "nothing sent"),
}


@dataclass(frozen=True)
class GovernmentLine:
    """A government. `reachable` are recipients with a usable address, `bounced` those with dead ones only."""

    member: Member
    name: str
    sort_key: str
    stance: str
    stance_on: date | None
    groups: list[Group]
    recipients: int = 0
    reachable: int = 0
    bounced: int = 0
    written: int = 0
    answered: int = 0
    returned: int = 0
    waiting: int = 0

    @property
    def mark(self) -> tuple[str, str]:
        return MARKS[self.stance]

    @property
    def stance_words(self) -> str:
        return str(capfirst(STANCES[self.stance]))

    @property
    def reach(self) -> str:
        """One of REACH, by its best address."""
        return "usable" if self.reachable else "dead" if self.bounced else "none"

    @property
    def delivery(self) -> str:
        """One of DELIVERY, the most urgent first, for the map."""
        through = self.written or self.answered
        counts = {
            "lost": 0 if through else self.returned,
            "partly": self.returned,
            "waiting": self.waiting,
            "answered": self.answered,
            "sent": self.written,
        }
        return next((state for state, number in counts.items() if number), "none")

    @property
    def letters(self) -> str:
        """ "2 sent, 1 bounced or refused, 1 answer"."""
        said = [
            (self.written, ngettext("%d sent", "%d sent", self.written)),
            (self.returned, ngettext("%d bounced or refused", "%d bounced or refused", self.returned)),
            (self.waiting, ngettext("%d waiting or in doubt", "%d waiting or in doubt", self.waiting)),
            (self.answered, ngettext("%d answer", "%d answers", self.answered)),
        ]
        return joined(words % number for number, words in said if number)


def all_lines(campaign: Campaign, day: date, language: str) -> list[GovernmentLine]:
    """The members, their groups and positions on that day, with recipients and letters as of now."""
    groups: dict[int, list[Group]] = defaultdict(list)
    for held in GroupMembership.objects.on(day).select_related("group").order_by("group__label"):
        groups[held.member_id].append(held.group)
    stances = stances_on(campaign, day)
    recipients = _recipient_counts(campaign)
    letters = _letter_counts(campaign)
    replies = Reply.objects.filter(campaign=campaign, kind=Reply.Kind.REPLY)
    talks = Touch.objects.filter(campaign=campaign, withdrawn_at=None, answered=True)
    answered = Counter(replies.values_list("member_id", flat=True)) + Counter(talks.values_list("member_id", flat=True))
    lines = []
    for member in members_on(day):
        position = stances.get(member.pk)
        name = member.name_on(day, language)
        lines.append(
            GovernmentLine(
                member=member,
                name=name,
                sort_key=name_sort_key(name, language),
                stance=position.stance if position else NO_STANCE,
                stance_on=position.on if position else None,
                groups=groups[member.pk],
                answered=answered[member.pk],
                **recipients.get(member.pk, {}),
                **letters.get(member.pk, {}),
            )
        )
    return lines


def _recipient_counts(campaign: Campaign) -> dict[int, dict[str, int]]:
    usable = Q(addresses__in=RecipientAddress.objects.usable())
    rows: Any = (
        Recipient.objects.filter(campaign=campaign, active=True)
        .order_by()
        .values(member=F("office__member"))
        .annotate(
            recipients=Count("pk", distinct=True),
            reachable=Count("pk", filter=usable, distinct=True),
            bounced=Count("pk", filter=Q(addresses__in=RecipientAddress.objects.dead()), distinct=True),
        )
    )
    return {row.pop("member"): row for row in rows}


def _letter_counts(campaign: Campaign) -> dict[int, dict[str, int]]:
    """Letters that were accepted, bounced or still wait. Those of a mailing that ended unsent do not count."""
    planned = Q(message__isnull=True, dispatch__state__in=["prepared", "authorised", "paused"])
    rows: Any = (
        Delivery.objects.filter(dispatch__campaign=campaign)
        .order_by()
        .values("member")
        .annotate(
            written=Count("pk", filter=arrived()),
            returned=Count("pk", filter=came_back()),
            waiting=Count("pk", filter=Q(message__state__in=MessageState.OPEN) | planned),
        )
    )
    return {row.pop("member"): row for row in rows}
