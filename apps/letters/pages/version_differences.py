"""The difference between two versions as pages show it: with the names of governments."""

from dataclasses import dataclass

from django.utils.translation import get_language

from apps.core.text import first_names
from apps.governments.models import Member

from ..document.differences import Change
from ..models import LetterVersion
from ..selectors.version_differences import TextDifference, VersionDifference, version_difference

#: governments named at a change, and groups of governments whose changes are shown; others are counted
MOST_NAMES, MOST_PARTS = 8, 20


@dataclass(frozen=True)
class ShownPart:
    """Changes in the letters to some governments only."""

    names: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class ShownText:
    language: str
    kind: str
    changes: tuple[Change, ...]
    parts: list[ShownPart]
    #: further groups of governments whose letters changed in yet another way
    more: int


@dataclass(frozen=True)
class ShownDifference:
    texts: list[ShownText]
    evidence: tuple[Change, ...]
    first_language: str


def shown_difference(before: LetterVersion, after: LetterVersion, first: str = "") -> ShownDifference:
    """In the language of the page, the text of the language `first` before the others."""
    found = version_difference(before, after)
    names = _names(found, after)
    texts = [_shown(text, names) for text in found.texts]
    texts.sort(key=lambda text: text.language != first)
    return ShownDifference(texts, found.evidence, found.first_language)


def _names(found: VersionDifference, version: LetterVersion) -> dict[str, str]:
    codes = {code for text in found.texts for part in text.members for code in part.codes}
    if not codes:
        return {}
    members = Member.objects.filter(code__in=codes)
    return {member.code: member.name_on(version.frozen_on, get_language() or "en") for member in members}


def _shown(text: TextDifference, names: dict[str, str]) -> ShownText:
    parts = [
        ShownPart(first_names(sorted(names.get(code, code) for code in part.codes), MOST_NAMES), part.changes)
        for part in text.members[:MOST_PARTS]
    ]
    return ShownText(text.language, text.kind, text.changes, parts, len(text.members) - len(parts))
