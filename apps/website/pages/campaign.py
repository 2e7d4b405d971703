"""The campaign's own page: which campaigns are public, where governments stand, which days are counted."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOnCall
from apps.coalitions.selectors import main_letter
from apps.core.text import name_sort_key
from apps.governments.models import Member, Position
from apps.governments.names import names_language
from apps.governments.selectors import members_on, stances_on
from apps.governments.world_map import shapes

#: stance: css class, what the legend calls it
STANCES = {
    "opposes": gettext_lazy("opposes new rules"),
    "undecided": gettext_lazy("undecided"),
    "supports": gettext_lazy("supports negotiations"),
    "joined": gettext_lazy("joined a statement for negotiations"),
    "none": gettext_lazy("no position known"),
}
#: width of a stroke with its gap, and the gap between groups, in the roll's own units
STROKE, GROUP_GAP = 6, 8


def public_context(campaign: Campaign) -> dict[str, Any]:
    """What every public page of the campaign needs: itself, and the letter that the navigation leads to."""
    return {"campaign": campaign, "main_letter": main_letter(campaign)}


@dataclass(frozen=True)
class StanceGroup:
    """Members of one stance in the roll call: where each stroke stands, and who they are."""

    stance: str
    label: Any
    members: list[tuple[Member, str, Position | None]]
    strokes: list[int]


@dataclass(frozen=True)
class RollCall:
    groups: list[StanceGroup]
    width: int
    total: int
    day: date
    sentence: str
    language: str


def roll_call(campaign: Campaign, day: date, language: str) -> RollCall:
    """Every member of the organisation on that day, grouped by position as of that day, in the language's order."""
    positions = stances_on(campaign, day)
    held: dict[str, list[tuple[Member, str, Position | None]]] = {stance: [] for stance in STANCES}
    language = names_language(language)
    named = [(member, member.name_on(day, language)) for member in members_on(day)]
    for member, name in sorted(named, key=lambda pair: name_sort_key(pair[1], language)):
        position = positions.get(member.pk)
        held[position.stance if position else "none"].append((member, name, position))
    groups, x = [], 0
    for stance, members in held.items():
        if members:
            groups.append(StanceGroup(stance, STANCES[stance], members, [x + STROKE * i for i in range(len(members))]))
            x += STROKE * len(members) + GROUP_GAP
    total = sum(len(group.members) for group in groups)
    parts = ", ".join(f"{len(group.members)} {group.label}" for group in groups)
    sentence = _("Roll call of %(total)s governments: %(parts)s") % {"total": total, "parts": parts}
    return RollCall(groups, max(x - GROUP_GAP - 2, 1), total, day, sentence, language)


@dataclass(frozen=True)
class StanceMap:
    """The world in as many parts as there are stances: `areas` are (stance, its words, path), `dots` (stance, x, y) of
    members too small to draw; `land` is what belongs to nobody in the roll call."""

    areas: list[tuple[str, Any, str]]
    dots: list[tuple[str, str, str]]
    land: str


def stance_map(roll: RollCall) -> StanceMap:
    """The roll call as a map. One path for each stance: names stand in the list, and the page stays light."""
    drawn = shapes()
    held = {member.code: group for group in roll.groups for member, _name, _position in group.members}
    paths: dict[str, str] = dict.fromkeys((group.stance for group in roll.groups), "")
    land, dots = "", []
    for code, shape in drawn.items():
        group = held.get(code)
        if group is None:
            land += shape.get("d", "")
        elif "d" in shape:
            paths[group.stance] += shape["d"]
        else:
            dots.append((group.stance, shape["cx"], shape["cy"]))
    return StanceMap([(group.stance, group.label, paths[group.stance]) for group in roll.groups], dots, land)


@dataclass(frozen=True)
class Clock:
    """Days that public pages count, in the campaign's own places. None where the day is over."""

    days_to_conference: int | None
    days_to_sign: int | None
    held: bool


def clock(campaign: Campaign, call: SignOnCall | None) -> Clock:
    """How many days are left, as of today at the conference's venue and at the place deadlines are meant for."""
    here = timezone.localdate(timezone=ZoneInfo(campaign.venue_time_zone))
    to_sign = None
    if call is not None and call.is_open():
        zone = ZoneInfo(campaign.time_zone)
        to_sign = (call.closes_at.astimezone(zone).date() - timezone.localdate(timezone=zone)).days
    to_conference = (campaign.starts_on - here).days
    return Clock(to_conference if to_conference > 0 else None, to_sign, here > campaign.ends_on)
