"""Letters and frozen versions by title, subject, number, fingerprint, and the words of their texts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from apps.campaigns.models import TeamMember
from apps.core.search_query import Rank, SearchQuery, best_first
from apps.sources.search_triggers import folded

from ..document.traversal import plain_text
from ..models import WORDS, Approval, Edition, Letter, LetterText, LetterVersion, TextRevision
from .drafts import letters_with_state
from .letters import letters_visible_to


@dataclass(frozen=True)
class LetterFound:
    """A letter, or one of its frozen versions. `text` is the text that has the words, "" where something else has."""

    letter: Letter
    version: LetterVersion | None = None
    text: str = ""


@dataclass(frozen=True)
class _Candidate:
    """The same before it is read. Ids of what has the words: a text, or the revision of it that was frozen."""

    letter_id: int
    version: LetterVersion | None = None
    draft: int | None = None
    revision: int | None = None


@dataclass
class _Known:
    """What is compared of a letter. `drafts`: ids of its texts that have the words; `versions`: newest first;
    `approved`: {language: [(when it was saved, id, whether it has the words)]} of revisions, oldest first."""

    pk: int
    number: int
    title: str
    subjects: list[str] = field(default_factory=list)
    drafts: list[int] = field(default_factory=list)
    versions: list[LetterVersion] = field(default_factory=list)
    approved: dict[str, list[tuple[datetime, int, bool]]] = field(default_factory=dict)

    def candidates(self, query: SearchQuery) -> Iterator[tuple[Rank | None, _Candidate]]:
        """The letter; of its versions those named, and the newest with words that the letter no longer has."""
        rank = self._rank(query)
        yield rank, _Candidate(self.pk, draft=next(iter(self.drafts), None))
        for version in self.versions:
            revision = self._frozen_with_words(version)
            if self._names(query, version):
                yield Rank.EXACT, _Candidate(self.pk, version)
            elif rank is None and (revision or query.rank(*version.subjects.values()) is not None):
                rank = Rank.PART
                yield rank, _Candidate(self.pk, version, revision=revision)

    def _rank(self, query: SearchQuery) -> Rank | None:
        if query.number == self.number:
            return Rank.EXACT
        named = [_("Letter %(number)s") % {"number": self.number}, f"letter {self.number}"]
        rank = query.rank(self.title, *self.subjects, *named, similar=True)
        return min(Rank.SIMILAR if rank is None else rank, Rank.PART) if self.drafts else rank

    def _frozen_with_words(self, version: LetterVersion) -> int | None:
        """The revision with the words among those that the version froze: the last that was approved by then."""
        for language in version.subjects:
            before = [row for row in self.approved.get(language, ()) if row[0] <= version.frozen_at]
            if before and before[-1][2]:
                return before[-1][1]
        return None

    def _names(self, query: SearchQuery, version: LetterVersion) -> bool:
        names = f"{self.number} v{version.number}", f"{self.number} version {version.number}"
        fingerprint = query.fingerprint and version.sha256.startswith(query.fingerprint)
        return bool(fingerprint) or query.folded.removeprefix("letter ") in names


def letters_matching(membership: TeamMember, query: SearchQuery, most: int) -> list[tuple[Rank, LetterFound]]:
    """At most `most`, best first."""
    visible = letters_visible_to(membership.user, membership.campaign)
    ranked = [pair for letter in _known(visible, _text_words(query)) for pair in letter.candidates(query)]
    best = best_first(ranked)[:most]
    letters = letters_with_state(Letter.objects.filter(pk__in=[row.letter_id for _rank, row in best])).in_bulk()
    drafts = _texts(LetterText.objects.all(), [row.draft for _rank, row in best if row.draft])
    frozen = _texts(TextRevision.objects.all(), [row.revision for _rank, row in best if row.revision])
    return [
        (
            rank,
            LetterFound(letters[row.letter_id], row.version, drafts.get(row.draft, "") or frozen.get(row.revision, "")),
        )
        for rank, row in best
    ]


def editions_with_fingerprint(membership: TeamMember, query: SearchQuery, most: int) -> list[Edition]:
    """Editions whose SHA-256 begins so."""
    visible = letters_visible_to(membership.user, membership.campaign)
    rows = Edition.objects.filter(sha256__startswith=query.fingerprint, version__letter__in=visible)
    return list(rows.select_related("version__letter", "member").defer("body", "version__evidence")[:most])


def _text_words(query: SearchQuery) -> list[str]:
    """As the database folds texts; [] where an index cannot find them."""
    words = folded(query.text).split()
    return words if any(len(word) >= 3 for word in words) else []


def _with_words(rows: QuerySet[Any], words: list[str]) -> QuerySet[Any]:
    rows = rows.alias(words=WORDS)
    for word in words:
        rows = rows.filter(words__contains=word)
    return rows if words else rows.none()


def _known(visible: QuerySet[Letter], words: list[str]) -> list[_Known]:
    """Every visible letter, the newest first, in at most five statements."""
    texts = LetterText.objects.filter(letter__in=visible).order_by("-letter__number", "pk")
    drafts = set(_with_words(texts, words).values_list("pk", flat=True))
    known: dict[int, _Known] = {}
    for pk, subject, letter, number, title in texts.values_list(
        "pk", "subject", "letter_id", "letter__number", "letter__title"
    ):
        row = known.setdefault(letter, _Known(letter, number, title))
        row.subjects.append(subject)
        row.drafts += [pk] if pk in drafts else []
    for version in LetterVersion.objects.filter(letter__in=known).defer("evidence").order_by("-number"):
        known[version.letter_id].versions.append(version)
    _add_approved(known, words)
    return list(known.values())


def _add_approved(known: dict[int, _Known], words: list[str]) -> None:
    """Approved revisions, of languages in which some of a letter's have the words."""
    approvals = Approval.objects.filter(text=OuterRef("text"), sha256=OuterRef("sha256"))
    revisions = TextRevision.objects.filter(Exists(approvals), text__letter__in=known).order_by("saved_at", "pk")
    found = dict(_with_words(revisions, words).values_list("pk", "text"))
    rows = revisions.filter(text__in=set(found.values())) if found else revisions.none()
    for pk, letter, language, at in rows.values_list("pk", "text__letter", "text__language", "saved_at"):
        known[letter].approved.setdefault(language, []).append((at, pk, pk in found))


def _texts(rows: QuerySet[Any], ids: list[int]) -> dict[int | None, str]:
    found = rows.filter(pk__in=ids).values_list("pk", "body") if ids else ()
    return {pk: plain_text(body) for pk, body in found}
