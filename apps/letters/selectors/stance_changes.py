"""Governments that said something else since a version was frozen, where that decides what their letter says."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from apps.campaigns.models import Campaign
from apps.core.types import JsonObject
from apps.governments.models import Member
from apps.governments.selectors import reference_day, stances_on

from ..document.traversal import walk_nodes
from ..models import FrozenSource, LetterVersion

STANCE = "stance:"
#: versions whose passages a process keeps: they never change
KEPT = 64


@dataclass(frozen=True)
class StanceChange:
    """As values of Position.Stance; "" where none is known."""

    before: str
    now: str


def stances_changed(version: LetterVersion, campaign: Campaign) -> dict[str, StanceChange]:
    """{code: change} of the addressees whose letter would have other passages today than when it was frozen."""
    passages, addressees = _frozen(version.pk)
    if not passages:
        return {}
    codes = dict(Member.objects.filter(code__in=addressees).values_list("pk", "code"))
    stances = stances_on(campaign, reference_day(campaign))
    now = {codes[pk]: position.stance for pk, position in stances.items() if pk in codes}
    found = {code: StanceChange(was["stance"], now.get(code, "")) for code, was in addressees.items()}
    return {
        code: change
        for code, change in found.items()
        if change.before != change.now and _differs(passages, code, addressees[code]["groups"], change)
    }


@lru_cache(maxsize=KEPT)
def _frozen(version_id: int) -> tuple[tuple[JsonObject, ...], JsonObject]:
    """The limits of passages that depend on a position, and the addressees as of the freeze."""
    source = FrozenSource.objects.filter(version=version_id).first()
    if source is None:
        return (), {}
    nodes = (node for text in source.texts.values() for node in walk_nodes(text["body"]))
    limits = (node["attrs"] for node in nodes if node["type"] == "audience")
    passages = tuple(attrs for attrs in limits if any(entry.startswith(STANCE) for entry in _entries(attrs)))
    return passages, source.addressees if passages else {}


def _entries(attrs: JsonObject) -> Iterable[str]:
    return [*attrs.get("only", []), *attrs.get("except", [])]


def _differs(passages: Iterable[JsonObject], code: str, groups: list[str], change: StanceChange) -> bool:
    same = {f"member:{code}", *(f"group:{slug}" for slug in groups)}
    before, now = ({*same, f"{STANCE}{stance}"} for stance in (change.before, change.now))
    return any(_gets(attrs, before) != _gets(attrs, now) for attrs in passages)


def _gets(attrs: JsonObject, held: set[str]) -> bool:
    only, without = attrs.get("only", []), attrs.get("except", [])
    return (not only or not held.isdisjoint(only)) and held.isdisjoint(without)
