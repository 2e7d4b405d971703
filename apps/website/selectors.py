"""What public pages show, put together from the apps below. Only published campaigns, only public names."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOnCall
from apps.coalitions.selectors import SignatoryCounts, counts_cached, main_letter, newest_call
from apps.governments.models import Group, Member, Position
from apps.governments.selectors import members_of_groups, members_on, reference_day, stances_on
from apps.letters.models import Edition, Letter, LetterVersion
from apps.letters.rendering import render_html
from apps.letters.selectors import edition_for, editions_of, envelope_preview
from apps.sources.citation import citation_text, citation_url, locator_text
from apps.sources.models import Source
from apps.sources.selectors import document_of
from apps.talkingpoints.models import Fact, TalkingPoint
from apps.talkingpoints.presentation import figure_words
from apps.talkingpoints.selectors import asks_for_point, points_of

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
#: verification: glyph, tone, words
VERIFICATIONS = {
    Fact.Verification.VERIFIED: ("ok", "ok", gettext_lazy("Checked against the source")),
    Fact.Verification.CONSISTENT: ("half", "ok", gettext_lazy("Agrees with other sources")),
    Fact.Verification.UNVERIFIED: ("ring", "idle", gettext_lazy("Rests on one source")),
    Fact.Verification.CAUTION: ("warn", "warn", gettext_lazy("Read with the caution")),
}


def campaign_public(slug: str) -> Campaign:
    """A published campaign. Raises Http404."""
    campaign = Campaign.objects.public().filter(slug=slug).first()
    if campaign is None:
        raise Http404
    return campaign


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


def roll_call(campaign: Campaign) -> RollCall:
    """Every member of the organisation on the campaign's day, grouped by the position known then."""
    day = reference_day(campaign)
    positions = stances_on(campaign, day)
    held: dict[str, list[tuple[Member, str, Position | None]]] = {stance: [] for stance in STANCES}
    for member in members_on(day):
        position = positions.get(member.pk)
        held[position.stance if position else "none"].append((member, member.name_on(day), position))
    groups, x = [], 0
    for stance, members in held.items():
        if members:
            groups.append(StanceGroup(stance, STANCES[stance], members, [x + STROKE * i for i in range(len(members))]))
            x += STROKE * len(members) + GROUP_GAP
    total = sum(len(group.members) for group in groups)
    parts = ", ".join(f"{len(group.members)} {group.label}" for group in groups)
    sentence = _("Roll call of %(total)s governments: %(parts)s") % {"total": total, "parts": parts}
    return RollCall(groups, max(x - GROUP_GAP - 2, 1), total, day, sentence)


def addressees_line(letter: Letter, day: date) -> str:
    """ "To the governments of the 164 members of the World Trade Organization", or of groups, or of single members."""
    body = letter.campaign.body_name
    if letter.to_all:
        values = {"n": members_on(day).count(), "body": body}
        return _("To the governments of the %(n)s members of the %(body)s") % values
    names = [member.name_on(day) for member in letter.to_members.all()]
    groups: list[Group] = list(letter.to_groups.all())
    if len(names) == 1 and not groups:
        return _("To the Government of %(member)s") % {"member": names[0]}
    named = ", ".join([*(group.label for group in groups), *names])
    count = members_of_groups(groups, day).exclude(pk__in=letter.to_members.values("pk")).count() + len(names)
    return _("To the governments of: %(named)s (%(n)s in all)") % {"named": named, "n": count}


@dataclass(frozen=True)
class LetterPage:
    """The text that is signed, rendered, with what says which text it is."""

    call: SignOnCall
    edition: Edition
    languages: list[str]
    addressees: str
    counts: SignatoryCounts
    html: str

    @property
    def title(self) -> str:
        return str(self.edition.body["subject"])


def letter_page(call: SignOnCall, language: str) -> LetterPage:
    """The letter as everybody reads it: the general edition, or the only one, in that language or in its first."""
    edition = edition_for(call.version, None, language)
    counts = counts_cached(call.letter)
    envelope = envelope_preview(call.campaign, edition.member, None, counts, language=edition.language, names=False)
    languages = editions_of(call.version).filter(member=edition.member).values_list("language", flat=True)
    return LetterPage(
        call=call,
        edition=edition,
        languages=[code for code in languages if code != edition.language],
        addressees=addressees_line(call.letter, call.version.frozen_on),
        counts=counts,
        html=render_html(edition.body, envelope, gaps=True),
    )


def version_published(campaign: Campaign, number: int, version: int) -> LetterVersion:
    """A version that was opened for signature, at any time. Raises Http404."""
    opened = SignOnCall.objects.filter(
        campaign=campaign, letter__number=number, version__number=version, opens_at__lte=timezone.now()
    )
    call = opened.select_related("version__letter").first()
    if call is None:
        raise Http404
    return call.version


def edition_published(version: LetterVersion, name: str) -> Edition:
    """An edition by its public name: "en" (general) or "ke-en". Raises Http404."""
    member, dash, language = name.rpartition("-")
    found = editions_of(version).filter(language=language)
    edition = (found.filter(member__code=member.upper()) if dash else found.filter(member=None)).first()
    if edition is None:
        raise Http404
    return edition


def edition_name(edition: Edition) -> str:
    """The name under which an edition's text is published: "en", "ke-en"."""
    return f"{edition.member.code.lower()}-{edition.language}" if edition.member else edition.language


@dataclass(frozen=True)
class ShownFact:
    """A fact with its figure in words, its source, and whether that is the source of the fact before."""

    fact: Fact
    figure: str
    glyph: str
    tone: str
    verified: Any
    citation: str
    url: str
    locator: str
    same: bool


@dataclass(frozen=True)
class PointPage:
    point: TalkingPoint
    facts: list[ShownFact]
    checked_on: date | None
    asks: list[Any]
    groups: list[str]
    used_in: list[LetterVersion]
    before: TalkingPoint | None
    after: TalkingPoint | None
    total: int


def point_page(campaign: Campaign, number: int) -> PointPage:
    """A point with its evidence, what follows from it, and its neighbours. Raises Http404."""
    points = list(points_of(campaign))
    place = next((i for i, point in enumerate(points) if point.number == number), None)
    if place is None:
        raise Http404
    point = points[place]
    facts = list(point.facts.all())
    days = [fact.source.checked_on for fact in facts if fact.source.checked_on]
    return PointPage(
        point=point,
        facts=_shown(facts, document_of(campaign)),
        checked_on=max(days, default=None),
        asks=list(asks_for_point(campaign, point)),
        groups=list(Group.objects.filter(slug__in=point.related_groups).values_list("label", flat=True)),
        used_in=_letters_using(campaign, number),
        before=points[place - 1] if place else None,
        after=points[place + 1] if place + 1 < len(points) else None,
        total=len(points),
    )


def _shown(facts: list[Fact], document: Source | None) -> list[ShownFact]:
    shown: list[ShownFact] = []
    before = None
    for fact in facts:
        glyph, tone, words = VERIFICATIONS[Fact.Verification(fact.verification)]
        shown.append(
            ShownFact(
                fact=fact, figure=figure_words(fact.figures), glyph=glyph, tone=tone, verified=words,
                citation=citation_text(fact.source, document=document), url=citation_url(fact.source),
                locator=locator_text(fact.locator, document), same=fact.source_id == before,
            )
        )  # fmt: skip
        before = fact.source_id
    return shown


def _letters_using(campaign: Campaign, number: int) -> list[LetterVersion]:
    """Texts of public letters whose frozen evidence has a fact of this point."""
    found = []
    for letter in Letter.objects.filter(campaign=campaign, calls__isnull=False).distinct():
        call = newest_call(letter)
        if call is not None and any(entry["number"].startswith(f"{number}.") for entry in call.version.evidence):
            found.append(call.version)
    return found


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
