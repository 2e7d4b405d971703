"""Governments: the list, and everything that is known about one of them."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign, TeamMember
from apps.campaigns.roles import Permission
from apps.coalitions.selectors import Signatory, main_letter, signatories_of_country, signatory_counts
from apps.core.registries import TimelineEntry, timeline_sources
from apps.governments.models import Group, GroupMembership, Member, Position, Recipient, RecipientAddress
from apps.governments.names import sort_key
from apps.governments.selectors import groups_of, members_on, recipients_of, stances_on
from apps.letters.models import Letter
from apps.letters.selectors import letter_addressees, letters_with_state, state_of
from apps.letters.selectors.drafts import APPROVED, DRAFTING, FROZEN, IN_REVIEW
from apps.outreach.models import Delivery, Reply
from apps.sources.citation import citation_text, citation_url
from apps.talkingpoints.selectors import RankedPoint, points_for_member

from .roll import MARKS, NO_STANCE, STANCES, StanceRoll, stance_roll
from .stages import HANDED_OVER

Health = RecipientAddress.Health
#: points shown on a government's page, and names of signatories
SHOWN_POINTS, SHOWN_NAMES = 6, 3
STATES: dict[str, Any] = {
    DRAFTING: gettext_lazy("Being written"),
    IN_REVIEW: gettext_lazy("In review"),
    APPROVED: gettext_lazy("Approved"),
    FROZEN: gettext_lazy("Frozen"),
}
KINDS: dict[str, Any] = {"mission": gettext_lazy("Mission"), "capital": gettext_lazy("Capital")}
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


@dataclass(frozen=True)
class PositionLine:
    """A position on record, with its source as text and address."""

    position: Position
    source: str
    url: str

    @property
    def mark(self) -> tuple[str, str]:
        return MARKS[self.position.stance]

    @property
    def words(self) -> str:
        return capfirst(STANCES[self.position.stance])


@dataclass(frozen=True)
class RecipientLine:
    """A recipient; name and addresses only for who may see contact data (else "" and nothing)."""

    recipient: Recipient
    name: str
    addresses: list[str]
    health: str
    kind: str


@dataclass(frozen=True)
class GovernmentPage:
    """All that the page of one government shows."""

    member: Member
    name: str
    other_names: list[tuple[str, str]]
    language: str
    groups: list[Group]
    positions: list[PositionLine]
    span: list[tuple[str, int, int]]
    recipients: list[RecipientLine]
    letters: list[tuple[Letter, str]]
    points: list[RankedPoint]
    timeline: list[TimelineEntry]
    signatories: int
    signatory_names: list[Signatory] = field(default_factory=list)

    @property
    def current(self) -> PositionLine | None:
        return self.positions[0] if self.positions else None


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


def government_page(campaign: Campaign, member: Member, day: date, place: TeamMember) -> GovernmentPage:
    """Everything about one government, as this person may see it."""
    letter = main_letter(campaign)
    positions = _positions(campaign, member)
    return GovernmentPage(
        member=member,
        name=shown_name(member, day),
        other_names=[(language, member.name_on(day, language)) for language in ("en", "fr", "es")],
        language=str(get_language_info(member.working_language)["name_translated"]),
        groups=groups_of(member, day),
        positions=positions,
        span=_span([line.position for line in positions], day),
        recipients=_recipients(campaign, member, place),
        letters=_letters_to(campaign, member, day),
        points=points_for_member(campaign, member, day)[:SHOWN_POINTS],
        timeline=_timeline(campaign, member),
        signatories=signatory_counts(letter).by_country.get(member.code, 0) if letter else 0,
        signatory_names=signatories_of_country(letter, member.code)[:SHOWN_NAMES] if letter else [],
    )


def _positions(campaign: Campaign, member: Member) -> list[PositionLine]:
    rows = Position.objects.filter(campaign=campaign, member=member).select_related("source")
    return [
        PositionLine(
            row,
            citation_text(row.source, {}, get_language() or "en") if row.source else "",
            citation_url(row.source) if row.source else "",
        )
        for row in rows
    ]


def _span(positions: list[Position], day: date) -> list[tuple[str, int, int]]:
    """(class, x, width) of each position, oldest first, of 420; the last one at least a sliver."""
    past = [position for position in reversed(positions) if position.on <= day]
    if not past:
        return []
    first, whole = past[0].on, max((day - past[0].on).days, 1)
    starts = [round((position.on - first).days / whole * 410) for position in past]
    ends = [*starts[1:], 420]
    return [
        (f"f-{position.stance}", start, max(end - start - 3, 1))
        for position, start, end in zip(past, starts, ends, strict=True)
    ]


def _recipients(campaign: Campaign, member: Member, place: TeamMember) -> list[RecipientLine]:
    open_to_me = place.may(Permission.SEE_CONTACTS)
    lines = []
    for recipient in recipients_of(campaign, [member]):
        addresses = list(recipient.addresses.all())
        states = {address.health for address in addresses}
        best = next((state for state in (Health.GOOD, Health.UNVERIFIED, Health.BOUNCED) if state in states), "none")
        lines.append(
            RecipientLine(
                recipient=recipient,
                name=recipient.name if open_to_me else "",
                addresses=[address.address for address in addresses] if open_to_me else [],
                health=best,
                kind=str(KINDS.get(recipient.office.kind, "")),
            )
        )
    return lines


def _letters_to(campaign: Campaign, member: Member, day: date) -> list[tuple[Letter, str]]:
    """Letters addressed to the government, newest first, with their state."""
    letters = letters_with_state(Letter.objects.filter(campaign=campaign)).order_by("-number")
    return [(letter, str(STATES[state_of(letter)])) for letter in letters if member in letter_addressees(letter, day)]


def _timeline(campaign: Campaign, member: Member) -> list[TimelineEntry]:
    """What all apps know, newest first; what is still to come on top."""
    entries = list(_position_entries(campaign, member))
    for _name, source in timeline_sources.items():
        entries += source(campaign, member)
    return sorted(entries, key=lambda entry: (entry.due, entry.at), reverse=True)


def _position_entries(campaign: Campaign, member: Member) -> Iterable[TimelineEntry]:
    for line in _positions(campaign, member):
        tone, _glyph = line.mark
        yield TimelineEntry(
            at=datetime.combine(line.position.on, time(), timezone.get_current_timezone()),
            glyph="flag",
            tone="" if tone == "idle" else tone,
            title=_("Position: %(stance)s") % {"stance": STANCES[line.position.stance]},
            detail=". ".join(part.rstrip(".") for part in (line.position.statement, line.source) if part),
            links=[(_("Source"), line.url)] if line.url else [],
        )
