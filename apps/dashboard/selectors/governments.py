"""Governments: the list, its filters and its order."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils.text import capfirst
from django.utils.translation import get_language

from apps.campaigns.models import Campaign
from apps.governments.models import Group, GroupMembership, Member, Recipient, RecipientAddress
from apps.governments.names import sort_key
from apps.governments.selectors import members_on, stances_on
from apps.outreach.models import Delivery, Reply

from .roll import MARKS, NO_STANCE, STANCES, StanceRoll, stance_roll
from .stages import HANDED_OVER

Health = RecipientAddress.Health
#: what ?show= may ask for
SHOW = {
    "unreachable": lambda line: not line.reachable,
    "bounced": lambda line: line.bounced > 0,
    "written": lambda line: line.written > 0,
    "answered": lambda line: line.answered > 0,
}


@dataclass(frozen=True)
class GovernmentLine:
    """A government in the list. `reachable` recipients have an address that is not known to be dead."""

    member: Member
    name: str
    stance: str
    stance_on: date | None
    groups: list[Group]
    recipients: int = 0
    reachable: int = 0
    bounced: int = 0
    written: int = 0
    answered: int = 0

    @property
    def mark(self) -> tuple[str, str]:
        """Tone and glyph of the stance."""
        return MARKS[self.stance]

    @property
    def stance_words(self) -> str:
        return capfirst(STANCES[self.stance])


def shown_name(member: Member, day: date) -> str:
    """The name in the reader's language where we have it, else the English one of that day."""
    return member.name_on(day, get_language() or "en")


def sorted_by_name(lines: Iterable[GovernmentLine]) -> list[GovernmentLine]:
    """By the name that is shown, without its article or accents: an earlier name stands in its own place."""
    return sorted(lines, key=lambda line: sort_key(line.name).removeprefix("the "))


def government_lines(
    campaign: Campaign,
    day: date,
    *,
    words: str = "",
    group: str = "",
    stance: str = "",
    show: str = "",
    descending: bool = False,
) -> list[GovernmentLine]:
    """The governments that match everything asked for; a filter that is not known leaves nothing out."""
    lines = _all_lines(campaign, day)
    wanted = sort_key(words)
    if wanted:
        lines = [line for line in lines if _named(line.member, wanted)]
    if group:
        lines = [line for line in lines if group in {held.slug for held in line.groups}]
    if stance in STANCES:
        lines = [line for line in lines if line.stance == stance]
    if show in SHOW:
        lines = [line for line in lines if SHOW[show](line)]
    found = sorted_by_name(lines)
    return found[::-1] if descending else found


def stance_counts(campaign: Campaign, day: date) -> StanceRoll:
    """The roll call of all members on that day."""
    stances = stances_on(campaign, day)
    return stance_roll(
        stances[member_id].stance if member_id in stances else NO_STANCE
        for member_id in members_on(day).values_list("pk", flat=True)
    )


def _named(member: Member, wanted: str) -> bool:
    names = (member.sort_en, member.sort_fr, member.sort_es, member.code.lower(), sort_key(member.official_name))
    return any(wanted in name for name in names)


def _all_lines(campaign: Campaign, day: date) -> list[GovernmentLine]:
    groups: dict[int, list[Group]] = defaultdict(list)
    for held in GroupMembership.objects.on(day).select_related("group").order_by("group__label"):
        groups[held.member_id].append(held.group)
    stances = stances_on(campaign, day)
    recipients = _recipient_counts(campaign)
    written = _counts_by_member(
        Delivery.objects.filter(dispatch__campaign=campaign, message__state__in=HANDED_OVER), "member"
    )
    answered = _counts_by_member(Reply.objects.filter(campaign=campaign, kind=Reply.Kind.REPLY), "member")
    lines = []
    for member in members_on(day):
        position = stances.get(member.pk)
        counts = recipients.get(member.pk, {})
        lines.append(
            GovernmentLine(
                member=member,
                name=shown_name(member, day),
                stance=position.stance if position else NO_STANCE,
                stance_on=position.on if position else None,
                groups=groups[member.pk],
                recipients=counts.get("all", 0),
                reachable=counts.get("reachable", 0),
                bounced=counts.get("bounced", 0),
                written=written[member.pk],
                answered=answered[member.pk],
            )
        )
    return lines


def _recipient_counts(campaign: Campaign) -> dict[int, Any]:
    usable = Q(addresses__health__in=[Health.GOOD, Health.UNVERIFIED])
    rows = (
        Recipient.objects.filter(campaign=campaign, active=True)
        .order_by()
        .values("office__member")
        .annotate(
            all=Count("pk", distinct=True),
            reachable=Count("pk", filter=usable, distinct=True),
            bounced=Count("pk", filter=Q(addresses__health=Health.BOUNCED), distinct=True),
        )
    )
    return {row["office__member"]: row for row in rows}


def _counts_by_member(rows: Any, column: str) -> Counter[int]:
    return Counter(dict(rows.order_by().values_list(column).annotate(n=Count("pk"))))
