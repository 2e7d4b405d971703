"""Recorded positions, and the preview of recording one for many governments."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy

from apps.campaigns.models import Campaign
from apps.core.text import name_sort_key
from apps.core.types import Label
from apps.governments.country_names import CountryLookup
from apps.governments.models import Member, Position
from apps.governments.pages.stance_labels import STANCES
from apps.governments.selectors import PositionContent, same_position
from apps.sources.citation.formatter import citation_text, citation_url
from apps.sources.selectors import campaign_document

from .stance_chart import MARKS

CONFIDENCE: dict[str, Label] = {
    "high": gettext_lazy("confidence high"),
    "medium": gettext_lazy("confidence medium"),
    "low": gettext_lazy("confidence low"),
}


@dataclass(frozen=True)
class PositionLine:
    """A recorded position with the text and the URL of its source."""

    position: Position
    source: str
    url: str

    @property
    def mark(self) -> tuple[str, str]:
        return MARKS[self.position.stance]

    @property
    def words(self) -> str:
        return str(capfirst(STANCES[self.position.stance]))

    @property
    def confidence(self) -> Label:
        return CONFIDENCE.get(self.position.confidence, "")


type Named = list[tuple[Member, str]]


@dataclass(frozen=True)
class PositionsPlan:
    """By name. `had`: have it already; `strangers`: no members that day; `unknown`: pasted name, similar ones."""

    add: Named
    had: Named
    strangers: Named
    unknown: list[tuple[str, Named]]


def position_lines(campaign: Campaign, member: Member) -> list[PositionLine]:
    rows = Position.objects.filter(campaign=campaign, member=member)
    document = campaign_document(campaign)
    return [
        PositionLine(
            row,
            citation_text(row.source, {}, get_language() or "en", document) if row.source else "",
            citation_url(row.source) if row.source else "",
        )
        for row in rows.select_related("source", "withdrawn_by", "recorded_by")
    ]


def positions_plan(
    campaign: Campaign, content: PositionContent, chosen: Iterable[Member], pasted: str, language: str = "en"
) -> PositionsPlan:
    """The plan for the chosen members and the pasted names, which may be in any language and of any time."""
    reading = CountryLookup(Member.objects.all()).read(pasted)
    wanted = {*chosen, *reading.members}
    known = set(same_position(campaign, content).filter(member__in=wanted).values_list("member_id", flat=True))

    def shown(members: Iterable[Member]) -> Named:
        return [(member, member.name_on(content.on, language)) for member in members]

    def by_name(members: Iterable[Member]) -> Named:
        return sorted(shown(members), key=lambda pair: name_sort_key(pair[1], language))

    there = [member for member in wanted if member.belongs_on(content.on)]
    return PositionsPlan(
        add=by_name(member for member in there if member.pk not in known),
        had=by_name(member for member in there if member.pk in known),
        strangers=by_name(member for member in wanted if not member.belongs_on(content.on)),
        unknown=[(one.text, shown(one.close)) for one in reading.unknown],
    )


def position_on(lines: list[PositionLine], day: date) -> PositionLine | None:
    return next((line for line in lines if line.position.on <= day and line.position.withdrawn_at is None), None)
