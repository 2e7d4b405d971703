"""The page of one government, as a team member may see it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.campaigns.models import Campaign, TeamMember
from apps.campaigns.roles import Permission
from apps.coalitions.selectors.calls import main_letter, newest_call
from apps.coalitions.selectors.signatory_counts import version_counts
from apps.coalitions.selectors.signatory_lists import Signatory, country_signatories
from apps.core.language_names import language_name
from apps.core.registries import TIMELINE_KINDS, TimelineEntry, timeline_sources
from apps.core.types import Label
from apps.governments.models import (
    Group,
    GroupMembership,
    Member,
    Office,
    Position,
    Recipient,
    RecipientAddress,
    name_languages,
)
from apps.governments.selectors import groups_of, recipients_of
from apps.letters.models import Letter
from apps.letters.selectors.drafts import letter_state, letters_with_state
from apps.letters.selectors.letters import kept_letters, letters_to
from apps.outreach.models import FollowUp
from apps.outreach.selectors.tracking import campaign_follow_ups, campaign_today, reply_of_positions
from apps.talkingpoints.pages.suggested_points import RankedPoint, points_for_member

from .positions import PositionLine, position_lines, position_on
from .stance_chart import STANCES

Health = RecipientAddress.Health
#: shown without unfolding: points, names of signatories
OPEN_POINTS, SHOWN_NAMES = 6, 3
#: kinds of the timeline that are contacts
CONTACTS = {"letter", "bounce", "answer", "touch"}
KINDS: dict[str, Label] = {
    Office.Kind.CAPITAL: gettext_lazy("Capital"),
    Office.Kind.MISSION: gettext_lazy("Mission"),
    Office.Kind.HEAD: gettext_lazy("Head of state or government"),
    Office.Kind.PARLIAMENT: gettext_lazy("Parliament"),
    Office.Kind.OTHER: gettext_lazy("Elsewhere"),
}


@dataclass(frozen=True)
class RecipientLine:
    """Name and (address, status) in order of use: "" for people who may not see contact data."""

    recipient: Recipient
    name: str
    addresses: list[tuple[str, str]]
    retired: list[str]
    kind: Label


@dataclass(frozen=True)
class GovernmentPage:
    member: Member
    name: str
    other_names: list[tuple[str, str]]
    language: str
    groups: list[Group]
    memberships: list[GroupMembership]
    positions: list[PositionLine]
    withdrawn: list[PositionLine]
    current: PositionLine | None
    span: list[tuple[str, int, int]]
    recipients: list[RecipientLine]
    letters: list[tuple[Letter, str]]
    points: list[RankedPoint]
    timeline: list[TimelineEntry]
    signatories: int
    inactive: list[Recipient] = field(default_factory=list)
    signatory_names: list[Signatory] = field(default_factory=list)
    next_step: FollowUp | None = None
    overdue: bool = False

    @property
    def last_contact(self) -> TimelineEntry | None:
        """The newest letter, answer or other contact; a bounce only where nothing else has been tried."""
        found = [entry for entry in self.timeline if entry.kind in CONTACTS and not entry.due]
        return next((entry for entry in found if entry.kind != "bounce"), found[0] if found else None)

    @property
    def came_back(self) -> TimelineEntry | None:
        """The newest bounce, where it is newer than the last contact."""
        newest = next((entry for entry in self.timeline if entry.kind in CONTACTS and not entry.due), None)
        return newest if newest and newest.kind == "bounce" and newest is not self.last_contact else None

    @property
    def points_open(self) -> list[RankedPoint]:
        return self.points[:OPEN_POINTS]

    @property
    def points_folded(self) -> list[RankedPoint]:
        return self.points[OPEN_POINTS:]

    @property
    def fits(self) -> bool:
        """Whether any point has a reason for this government."""
        return any(ranked.fits for ranked in self.points)

    @property
    def kinds(self) -> dict[str, tuple[Label, int]]:
        """{kind: (label, count)} for the timeline's filters."""
        found = Counter(entry.kind for entry in self.timeline)
        return {kind: (words, found[kind]) for kind, words in TIMELINE_KINDS.items() if found[kind]}

    def timeline_of(self, kind: str) -> list[TimelineEntry]:
        return [entry for entry in self.timeline if entry.kind == kind] or self.timeline


def government_page(
    campaign: Campaign, member: Member, day: date, membership: TeamMember, language: str = "en"
) -> GovernmentPage:
    letter = main_letter(campaign, embargoed=True)
    call = newest_call(letter, embargoed=True) if letter else None
    recorded = position_lines(campaign, member)
    positions = [line for line in recorded if line.position.withdrawn_at is None]
    letters = letters_with_state(kept_letters(letters_to(campaign, member, day))).order_by("-number")
    inactive = Recipient.objects.filter(campaign=campaign, office__member=member, active=False)
    next_step = campaign_follow_ups(campaign).filter(member=member, done_at=None).first()
    return GovernmentPage(
        member=member,
        name=member.name_on(day, language),
        other_names=_other_names(member, day, language),
        language=language_name(member.working_language),
        groups=groups_of(member, day),
        memberships=list(member.memberships.select_related("group").order_by("group__label", "since")),
        positions=positions,
        withdrawn=[line for line in recorded if line.position.withdrawn_at is not None],
        current=position_on(positions, day),
        span=_span([line.position for line in positions], day),
        recipients=_recipients(campaign, member, membership),
        letters=[(row, letter_state(row)) for row in letters],
        points=points_for_member(campaign, member, day),
        timeline=_timeline(campaign, member, positions),
        next_step=next_step,
        overdue=next_step is not None and next_step.due_on < campaign_today(campaign),
        signatories=version_counts(call.version).by_country.get(member.code, 0) if call else 0,
        inactive=list(inactive.filter(merged_into=None)),
        signatory_names=country_signatories(letter, member.code, most=SHOWN_NAMES).names if letter else [],
    )


def _other_names(member: Member, day: date, language: str) -> list[tuple[str, str]]:
    """(language, name), each name once, without the one in the heading."""
    names = {member.name_on(day, language): ""}
    for language in name_languages():
        names.setdefault(member.name_on(day, language), language)
    return [(language, name) for name, language in names.items() if language]


def _span(positions: list[Position], day: date) -> list[tuple[str, int, int]]:
    """(class, x, width) of each position, oldest first, 420 wide in all."""
    past = [position for position in reversed(positions) if position.on <= day]
    if not past:
        return []
    first, whole = past[0].on, max((day - past[0].on).days, 1)
    starts = [round((position.on - first).days / whole * 410) for position in past]
    ends = [*starts[1:], 420]
    return [
        (f"fill-{position.stance}", start, max(end - start - 3, 1))
        for position, start, end in zip(past, starts, ends, strict=True)
    ]


def _recipients(campaign: Campaign, member: Member, membership: TeamMember) -> list[RecipientLine]:
    open_to_me = membership.may(Permission.SEE_CONTACTS)
    lines = []
    for recipient in recipients_of(campaign, [member]):
        rows = [(row.address if open_to_me else "", row.status) for row in recipient.addresses.all()]
        lines.append(
            RecipientLine(
                recipient=recipient,
                name=recipient.name if open_to_me else "",
                addresses=[(address, status) for address, status in rows if status != Health.RETIRED],
                retired=[address for address, status in rows if status == Health.RETIRED and address],
                kind=KINDS[recipient.office.kind],
            )
        )
    return lines


def _timeline(campaign: Campaign, member: Member, positions: list[PositionLine]) -> list[TimelineEntry]:
    """Entries of all apps, newest first, after those still to come."""
    entries = list(_position_entries(campaign, positions))
    for _name, source in timeline_sources.items():
        entries += source(campaign, member)
    return sorted(entries, key=lambda entry: (entry.due, entry.at), reverse=True)


def _position_entries(campaign: Campaign, positions: list[PositionLine]) -> Iterable[TimelineEntry]:
    answers = reply_of_positions([line.position.pk for line in positions])
    for line in positions:
        tone, _glyph = line.mark
        links = [(_("Source"), line.url)] if line.url else []
        if reply := answers.get(line.position.pk):
            links.append((_("The answer that states it"), reverse("outreach:reply", args=[campaign.slug, reply])))
        yield TimelineEntry(
            at=datetime.combine(line.position.on, time(), timezone.get_current_timezone()),
            glyph="flag",
            tone="" if tone == "idle" else tone,
            title=_("Position: %(stance)s") % {"stance": STANCES[line.position.stance]},
            detail=". ".join(part.rstrip(".") for part in (line.position.statement, line.source) if part),
            links=links,
            kind="position",
        )
