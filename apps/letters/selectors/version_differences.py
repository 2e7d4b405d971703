"""What differs between two frozen versions, in each language, for everybody and for some governments only."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from apps.core.types import JsonObject

from ..document.differences import Change, changes, compared_lines
from ..models import Edition, LetterVersion
from .editions import first_language

#: versions whose differences a process keeps: their texts never change
KEPT = 16
#: kinds of changes, without their surroundings
SHOWN = frozenset({"added", "removed", "changed", "formatting"})
#: the number of a note, in the text and at the note
NOTE = re.compile(r" ?\[\d+\]|^\d+\. ")


@dataclass(frozen=True)
class MemberDifference:
    """Changes in the letters to the governments with these codes, beyond those for everybody."""

    codes: tuple[str, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class TextDifference:
    """Of one language. `kind`: same, changed, added (a text that the earlier version lacks) or removed."""

    language: str
    kind: str
    changes: tuple[Change, ...] = ()
    members: tuple[MemberDifference, ...] = ()


@dataclass(frozen=True)
class VersionDifference:
    texts: tuple[TextDifference, ...]
    #: of the facts behind the text, in the letter's first language
    evidence: tuple[Change, ...]
    first_language: str

    def text_for(self, language: str) -> TextDifference:
        """The one that a reader of that language reads: of the new version's texts."""
        found = {text.language: text for text in self.texts if text.kind != "removed"}
        return found.get(language) or found.get(self.first_language) or next(iter(found.values()))


def version_difference(before: LetterVersion, after: LetterVersion) -> VersionDifference:
    return _difference((before.pk, before.sha256), (after.pk, after.sha256))


@lru_cache(maxsize=KEPT)
def _difference(before: tuple[int, str], after: tuple[int, str]) -> VersionDifference:
    versions = {version.pk: version for version in LetterVersion.objects.filter(pk__in=[before[0], after[0]])}
    old, new = versions[before[0]], versions[after[0]]
    editions = Edition.objects.filter(version__in=versions).select_related("member").order_by("member__code")
    by_language: dict[str, dict[str, tuple[Edition | None, Edition | None]]] = defaultdict(dict)
    for edition in editions:
        code = edition.member.code if edition.member else ""
        pair = by_language[edition.language].get(code, (None, None))
        is_old = edition.version_id == old.pk
        by_language[edition.language][code] = (edition, pair[1]) if is_old else (pair[0], edition)
    order = [*new.subjects, *(code for code in old.subjects if code not in new.subjects)]
    texts = tuple(_of_language(code, by_language[code], old, new) for code in order)
    evidence = changes(list(_evidence(old)), list(_evidence(new)))
    return VersionDifference(texts, tuple(evidence), first_language(new))


def _of_language(
    code: str, pairs: dict[str, tuple[Edition | None, Edition | None]], old: LetterVersion, new: LetterVersion
) -> TextDifference:
    if code not in old.subjects or code not in new.subjects:
        return TextDifference(code, "added" if code in new.subjects else "removed")
    everybody = "" if "" in pairs or len(pairs) > 1 else next(iter(pairs), "")  # or the only government
    general = _changes(*pairs.get(everybody, (None, None)))
    grouped: dict[tuple[Change, ...], list[str]] = defaultdict(list)
    known = {_essence(change) for change in general}
    for member, pair in pairs.items():
        every = _changes(*pair) if member != everybody else ()
        own = {_essence(change): change for change in every if change.kind in SHOWN}
        if own.keys() - known:
            grouped[tuple(change for key, change in own.items() if key not in known)].append(member)
    members = tuple(MemberDifference(tuple(codes), own) for own, codes in grouped.items())
    return TextDifference(code, "changed" if general or members else "same", general, members)


def _essence(change: Change) -> tuple[object, ...]:
    """The same for two governments whose letters differ only in their name and in the numbers of notes."""
    if change.words:
        words = tuple((piece.kind, NOTE.sub("", piece.text)) for piece in change.words if piece.kind != "same")
        return (change.kind, *words, *(change.shapes if not words else ()))
    return (change.kind, NOTE.sub("", change.text))


def _changes(old: Edition | None, new: Edition | None) -> tuple[Change, ...]:
    """A government that gets the letter only in one of the versions has no changed text."""
    if old is None or new is None or old.sha256 == new.sha256:
        return ()
    return tuple(changes(edition_lines(old.body), edition_lines(new.body)))


def edition_lines(body: JsonObject) -> list[str]:
    """Fields as {key}, citations by the numbers of their notes, which follow the text of an edition."""

    def piece(node: JsonObject) -> str:
        attrs = node["attrs"]
        return f" [{attrs['n']}]" if node["type"] in {"citation", "note"} else f"{{{attrs['key']}}}"

    notes = (f"{note['n']}. {note['text']}" for note in body["notes"])
    return [*compared_lines(body["subject"], body["blocks"], piece), *notes]


def _evidence(version: LetterVersion) -> Iterable[str]:
    return (f"{entry['number']}: {entry['statement']}" for entry in version.evidence)
