"""The campaign's home page: the positions of governments as chart and map, and the countdown."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import ngettext

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOnCall
from apps.core.text import joined, name_sort_key
from apps.core.types import Label
from apps.governments.models import Member, Position, names_language
from apps.governments.pages.stance_labels import NO_STANCE, STANCES
from apps.governments.pages.world_map import shapes
from apps.governments.selectors import members_on, stances_on

#: width of a stroke with its gap, and the gap between groups, in units of the chart
STROKE, GROUP_GAP = 6, 8


class ListedMember(NamedTuple):
    member: Member
    name: str
    position: Position | None


@dataclass(frozen=True)
class StanceGroup:
    """The members with one position. `strokes` are the x coordinates of their strokes in the chart."""

    stance: str
    label: Label
    members: list[ListedMember]
    strokes: list[int]


@dataclass(frozen=True)
class StanceChart:
    groups: list[StanceGroup]
    width: int
    total: int
    day: date
    sentence: str
    language: str


def stance_chart(campaign: Campaign, day: date, language: str) -> StanceChart:
    """The organisation's members on that day, by position and name."""
    positions, language = stances_on(campaign, day), names_language(language)
    members = [ListedMember(row, row.name_on(day, language), positions.get(row.pk)) for row in members_on(day)]
    by_stance: dict[str, list[ListedMember]] = {stance: [] for stance in STANCES}
    for listed in sorted(members, key=lambda listed: name_sort_key(listed.name, language)):
        by_stance[listed.position.stance if listed.position else NO_STANCE].append(listed)
    groups, x = [], 0
    for stance, rows in by_stance.items():
        if rows:
            groups.append(StanceGroup(stance, STANCES[stance], rows, [x + STROKE * i for i in range(len(rows))]))
            x += STROKE * len(rows) + GROUP_GAP
    parts = joined(f"{group.label} ({len(group.members)})" for group in groups)
    words = ngettext(
        "Positions of %(total)s government: %(parts)s", "Positions of %(total)s governments: %(parts)s", len(members)
    )
    sentence = words % {"total": len(members), "parts": parts}
    return StanceChart(groups, max(x - GROUP_GAP - 2, 1), len(members), day, sentence, language)


@dataclass(frozen=True)
class StanceMap:
    """`areas` are (stance, label, path), `dots` (stance, x, y), `land` the path of other territories."""

    areas: list[tuple[str, Label, str]]
    dots: list[tuple[str, str, str]]
    land: str


def stance_map(chart: StanceChart) -> StanceMap:
    """The chart as a map with one path for each position: the page stays small, and the list has the names."""
    stances = {listed.member.code: group.stance for group in chart.groups for listed in group.members}
    paths = {group.stance: "" for group in chart.groups}
    land, dots = "", []
    for code, shape in shapes().items():
        stance = stances.get(code)
        if stance is None:
            land += shape.get("d", "")
        elif "d" in shape:
            paths[stance] += shape["d"]
        else:
            dots.append((stance, shape["cx"], shape["cy"]))
    return StanceMap([(group.stance, group.label, paths[group.stance]) for group in chart.groups], dots, land)


@dataclass(frozen=True)
class Countdown:
    days_to_conference: int | None
    days_to_sign: int | None
    held: bool


def countdown(campaign: Campaign, call: SignOnCall | None) -> Countdown:
    """The days left until the conference, in the venue's time zone, and to sign, in the campaign's."""
    today = campaign.venue_today()
    to_sign = None
    if call is not None and call.is_open():
        zone = ZoneInfo(campaign.time_zone)
        to_sign = (call.closes_at.astimezone(zone).date() - timezone.localdate(timezone=zone)).days
    to_conference = (campaign.starts_on - today).days
    return Countdown(to_conference if to_conference > 0 else None, to_sign, today > campaign.ends_on)
