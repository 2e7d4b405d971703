"""The points and facts that fit a government best, with the reasons."""

from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign
from apps.core.text import joined
from apps.core.times import written_day
from apps.governments.models import Member, Position
from apps.governments.pages.stance_labels import STANCES
from apps.governments.selectors import groups_of, stance_on

from ..models import Audience, Fact, TalkingPoint
from ..selectors import EVERYBODY, GLOBAL, points_of
from .facts import figure_words


@dataclass(frozen=True)
class RankedPoint:
    """A point with the reasons why it fits a member, and its facts, those about the member first. `near`: the facts
    about the member or its groups, with the reasons."""

    point: TalkingPoint
    reasons: list[str]
    facts: list[Fact]
    near: list[tuple[Fact, str]] = field(default_factory=list)

    @property
    def fits(self) -> bool:
        return bool(self.reasons or self.near)

    def why(self, fact: Fact) -> str:
        return next((why for near, why in self.near if near == fact), "")


@dataclass(frozen=True)
class Concern:
    """A member as points and facts refer to it: by its code, its groups {slug: label} and its position on a day."""

    code: str
    name: str
    groups: dict[str, str] = field(default_factory=dict)
    position: Position | None = None

    @property
    def stance(self) -> str:
        return self.position.stance if self.position else ""


def points_for_member(campaign: Campaign, member: Member, day: date) -> list[RankedPoint]:
    """Every point with the reasons: first those of the first matching audience, in its order; then by the number of
    reasons; then in the order of the last matching audience. Other audiences with a matching stance add reasons."""
    concern = Concern(
        member.code,
        member.name_on(day),
        {group.slug: group.label for group in groups_of(member, day)},
        stance_on(campaign, member, day),
    )
    matching = [audience for audience in campaign.audiences.all() if audience_fits(audience, concern)]
    lead = matching[0] if matching else None
    by_stance = [audience for audience in matching[1:] if audience.stances]
    general = matching[-1].order if matching else []

    def rank(ranked: RankedPoint) -> tuple[int, int, int, int]:
        number = ranked.point.number
        first = lead.order.index(number) if lead and number in lead.order else len(lead.order) if lead else 0
        rest = general.index(number) if number in general else len(general)
        return first, -len(ranked.reasons), rest, number

    ranked = [_ranked(point, concern, lead, by_stance) for point in points_of(campaign)]
    return sorted(ranked, key=rank)


def audience_fits(audience: Audience, concern: Concern) -> bool:
    """Whether the member is in a group or country and, for an audience with stances, has one of them."""
    if audience.stances:
        if concern.stance not in audience.stances:
            return False
        if not audience.groups and not audience.countries:
            return True
    named = concern.code in audience.countries or EVERYBODY in audience.groups
    return named or not concern.groups.keys().isdisjoint(audience.groups)


def _ranked(point: TalkingPoint, concern: Concern, lead: Audience | None, by_stance: list[Audience]) -> RankedPoint:
    facts = sorted(point.facts.all(), key=lambda fact: (_closeness(fact, concern), fact.position))
    reasons = []
    if lead and (why := lead.reasons.get(str(point.number))):
        reasons.append(why)
    if lead and lead.stances and point.number in lead.order:
        reasons.append(_("Comes early because of the position of %(member)s.") % {"member": concern.name})
    reasons += [
        _by_position(concern, why) for audience in by_stance if (why := audience.reasons.get(str(point.number)))
    ]
    if concern.code in point.related_countries:
        reasons.append(_("Names %(member)s.") % {"member": concern.name})
    if groups := [concern.groups[slug] for slug in point.related_groups if slug in concern.groups]:
        reasons.append(_("Concerns %(groups)s.") % {"groups": joined(groups)})
    if own := _own_figure(facts, concern):
        reasons.append(_("Figure for %(member)s: %(figure)s.") % {"member": concern.name, "figure": own})
    if whom := _with_figures(facts, concern, own=not own):
        reasons.append(_("Has figures for %(whom)s.") % {"whom": joined(whom)})
    near = [(fact, why) for fact in facts if (why := _fact_reason(fact, concern))]
    return RankedPoint(point, reasons, facts, near)


def _by_position(concern: Concern, why: str) -> str:
    """ "Kenya: opposes new rules (18 October 2016). Gives its refusal the reason that rules come too early."."""
    if concern.position is None:
        return why
    position = {"member": concern.name, "stance": STANCES[concern.stance], "day": written_day(concern.position.on)}
    return _("%(member)s: %(stance)s (%(day)s). %(why)s") % {**position, "why": why}


def _fact_reason(fact: Fact, concern: Concern) -> str:
    """ "figure for Argentina", "names Kenya", "is about African Group"; "" where the fact is about all or others."""
    own = concern.code in fact.applies_to
    whom = [concern.name] if own else [label for slug, label in concern.groups.items() if slug in fact.applies_to]
    if not whom:
        return ""
    if fact.kind == Fact.Kind.FIGURE:
        words = _("figure for %(whom)s")
    else:
        words = _("names %(whom)s") if own else _("is about %(whom)s")
    return words % {"whom": joined(whom)}


def _closeness(fact: Fact, concern: Concern) -> int:
    """0: about the member, 1: about one of its groups, 2: about all, 3: about others."""
    if concern.code in fact.applies_to:
        return 0
    if not concern.groups.keys().isdisjoint(fact.applies_to):
        return 1
    return 2 if GLOBAL in fact.applies_to else 3


def _own_figure(facts: list[Fact], concern: Concern) -> str:
    """The first figure about the member, or ""."""
    figures = (figure_words(fact.figures) for fact in facts if concern.code in fact.applies_to)
    return next(filter(None, figures), "")


def _with_figures(facts: list[Fact], concern: Concern, *, own: bool) -> list[str]:
    """The member's groups that figures are about; with `own`, also the member."""
    named = {slug for fact in facts if fact.kind == "figure" for slug in fact.applies_to}
    member = [concern.name] if own and concern.code in named else []
    return member + [label for slug, label in concern.groups.items() if slug in named]
