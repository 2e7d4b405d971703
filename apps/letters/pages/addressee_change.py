"""What follows when other governments get a letter."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language

from apps.core.types import JsonObject
from apps.governments.models import Group, Member
from apps.governments.selectors import audience_matcher, reference_day

from ..document.traversal import walk_nodes
from ..models import Adaptation, Letter
from ..selectors.letters import addressees_of, letter_addressees
from .audiences import audience_choices


@dataclass(frozen=True)
class UnaddressedPassage:
    """A passage that nobody would get any more, of the text in this language, by the names of its audience."""

    language: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class AddresseeChange:
    """Names of governments; `idle`: passages that are then for nobody, `adapted`: how many passages of their own the
    governments have that no longer get it."""

    before: int
    after: int
    added: list[str]
    removed: list[str]
    idle: list[UnaddressedPassage]
    adapted: int

    @property
    def nothing(self) -> bool:
        return not (self.added or self.removed)


def addressee_change(
    letter: Letter, *, to_all: bool, groups: Iterable[Group], members: Iterable[Member]
) -> AddresseeChange:
    day, language = reference_day(letter.campaign), get_language() or "en"
    before = letter_addressees(letter, day)
    after = addressees_of(day, to_all=to_all, groups=groups, members=members)
    standing = Adaptation.objects.filter(text__letter=letter, text__removed_at=None, removed_at=None)
    kept = {member.pk for member in before} & {member.pk for member in after}
    return AddresseeChange(
        before=len(before),
        after=len(after),
        added=[member.name_on(day, language) for member in after if member.pk not in kept],
        removed=[member.name_on(day, language) for member in before if member.pk not in kept],
        idle=_idle(letter, before, after),
        adapted=standing.filter(member__in=[member.pk for member in before if member.pk not in kept]).count(),
    )


def _idle(letter: Letter, before: list[Member], after: list[Member]) -> list[UnaddressedPassage]:
    matcher = audience_matcher(letter.campaign, reference_day(letter.campaign))

    def gets_it(attrs: JsonObject, member: Member) -> bool:
        only, without = attrs.get("only", []), attrs.get("except", [])
        return (not only or matcher(member, only)) and not (without and matcher(member, without))

    audiences = [
        (text.language, node["attrs"])
        for text in letter.texts.order_by("pk")
        for node in walk_nodes(text.body)
        if node["type"] == "audience"
    ]
    idle = [
        (language, attrs)
        for language, attrs in audiences
        if any(gets_it(attrs, member) for member in before) and not any(gets_it(attrs, member) for member in after)
    ]
    if not idle:
        return []
    labels = {choice["entry"]: choice["label"] for choice in audience_choices(letter.campaign)}
    return [
        UnaddressedPassage(
            language, tuple(labels.get(entry, entry) for entry in attrs.get("only") or attrs.get("except", []))
        )
        for language, attrs in idle
    ]
