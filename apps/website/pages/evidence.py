"""The reasons, and one of them with its evidence, footnoted: a note for each source, with the places it is cited at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOnCall
from apps.core.languages import citation_language
from apps.governments.models import Group, Member
from apps.governments.names import names_language
from apps.governments.selectors import reference_day
from apps.letters.models import LetterVersion
from apps.sources.citation import (
    Citation,
    Footnotes,
    accessed_text,
    citation_url,
    place_text,
    short_text,
)
from apps.sources.models import Source
from apps.sources.selectors import campaign_document
from apps.talkingpoints.models import Fact, TalkingPoint
from apps.talkingpoints.pages.facts import figure_words
from apps.talkingpoints.selectors import asks_for_point, facts_of, points_of
from apps.talkingpoints.translation_status import public_titles, reviewed_claim

from .languages import original_language

#: verification: glyph, tone, words
VERIFICATIONS = {
    Fact.Verification.VERIFIED: ("ok", "ok", gettext_lazy("Checked against the source")),
    Fact.Verification.CONSISTENT: ("half", "ok", gettext_lazy("Agrees with other sources")),
    Fact.Verification.UNVERIFIED: ("ring", "idle", gettext_lazy("Rests on one source")),
    Fact.Verification.CAUTION: ("warn", "warn", gettext_lazy("Read with the caution")),
}


def anchor_of(kind: str, key: str) -> str:
    """A name within a page that stays when rows move: "fact-tp09-f01", "source-src-gfi-2017"."""
    return f"{kind}-{slugify(key, allow_unicode=True)}"


#: a name and the language it is in
type Named = tuple[str, str]


@dataclass(frozen=True)
class ShownPoint:
    """A reason in the page's language as far as it may be read in it; `language` and `claim_language` say in which."""

    number: int
    title: str
    language: str
    claim: str
    claim_language: str
    fact_count: int


@dataclass
class Note:
    """A source in the notes of a page: its number there, how it is cited, and the facts that lead to it."""

    number: int
    anchor: str
    citation: Citation
    url: str
    accessed: str
    archived: str
    facts: list[ShownFact] = field(default_factory=list)


@dataclass(frozen=True)
class ShownFact:
    """A fact with its figure in words, whom it concerns, where the document says it, and all its notes."""

    fact: Fact
    anchor: str
    figure: str
    year: str
    concerns: list[Named]
    glyph: str
    tone: str
    verified: Any
    short: str
    place: str
    where: str
    notes: list[Note]


@dataclass(frozen=True)
class PointPage:
    point: TalkingPoint
    shown: ShownPoint
    titles: list[tuple[str, str]]
    facts: list[ShownFact]
    notes: list[Note]
    checked_on: date | None
    asks: list[Any]
    groups: list[Named]
    used_in: list[LetterVersion]
    cited_in: str
    before: ShownPoint | None
    after: ShownPoint | None
    total: int


def points_shown(campaign: Campaign, language: str) -> list[ShownPoint]:
    """All reasons in order, without their facts."""
    written = original_language(campaign)
    points = points_of(campaign).prefetch_related(None).prefetch_related("translations")
    return [_shown_point(point, language, written) for point in points]


def _shown_point(point: Any, language: str, written: str) -> ShownPoint:
    title = public_titles(point).get(language, "")
    claim = reviewed_claim(point, language)
    return ShownPoint(
        number=point.number,
        title=title or point.title,
        language=language if title else written,
        claim=claim or point.claim,
        claim_language=language if claim else written,
        fact_count=point.fact_count,
    )


def point_page(campaign: Campaign, number: int, language: str) -> PointPage | None:
    """A point with its evidence, what follows from it, and its neighbours; None where there is no such point."""
    points = points_shown(campaign, language)
    place = next((i for i, point in enumerate(points) if point.number == number), None)
    if place is None:
        return None
    point = TalkingPoint.objects.prefetch_related("translations").get(campaign=campaign, number=number)
    facts = list(facts_of(campaign).filter(point=point))
    shown, notes = _footnoted(facts, campaign, language)
    days = [fact.source.checked_on for fact in facts if fact.source.checked_on]
    titles = {original_language(campaign): point.title} | public_titles(point)
    return PointPage(
        point=point,
        shown=points[place],
        titles=[(code, title) for code, title in titles.items() if title and code != points[place].language],
        facts=shown,
        notes=notes,
        checked_on=max(days, default=None),
        asks=list(asks_for_point(campaign, point)),
        groups=list(_group_labels(point.related_groups, names_language(language)).values()),
        used_in=_letters_using(campaign, number),
        cited_in=citation_language(language),
        before=points[place - 1] if place else None,
        after=points[place + 1] if place + 1 < len(points) else None,
        total=len(points),
    )


def _footnoted(facts: list[Fact], campaign: Campaign, language: str) -> tuple[list[ShownFact], list[Note]]:
    """The facts, and the notes of their sources in the order in which they are first cited."""
    notes: dict[int, Note] = {}
    shown = []
    names = _names_of({slug for fact in facts for slug in fact.applies_to}, language, reference_day(campaign))
    document, language = campaign_document(campaign), citation_language(language)
    footnotes = Footnotes(language, document)
    for fact in facts:
        cited = {source.pk: source for source in (fact.source, *fact.additional_sources.all())}
        for pk, source in cited.items():
            if pk not in notes:
                notes[pk] = _note(len(notes) + 1, source, footnotes, language)
        line = _shown_fact(fact, [notes[pk] for pk in cited], document, language, names)
        for note in line.notes:
            note.facts.append(line)
        shown.append(line)
    return shown, list(notes.values())


def _note(number: int, source: Source, footnotes: Footnotes, language: str) -> Note:
    footnote = footnotes.add(number, source)
    return Note(
        number=number,
        anchor=anchor_of("note", source.key),
        citation=footnote.citation,
        url=footnote.url,
        accessed=accessed_text(source, language),
        archived=archived_copy(source),
    )


def archived_copy(source: Source) -> str:
    """The address of an archived copy, where the citation does not name it already; or ""."""
    archived = source.archived_url
    return archived if archived != citation_url(source) and archived.startswith(("https://", "http://")) else ""


def _shown_fact(
    fact: Fact, notes: list[Note], document: Source | None, language: str, names: dict[str, Named]
) -> ShownFact:
    glyph, tone, words = VERIFICATIONS[Fact.Verification(fact.verification)]
    return ShownFact(
        fact=fact,
        anchor=anchor_of("fact", fact.key),
        figure=figure_words(fact.figures),
        year=_year_of(fact.figures),
        concerns=[names[slug] for slug in fact.applies_to if slug in names],
        glyph=glyph,
        tone=tone,
        verified=words,
        short=short_text(fact.source, language),
        place=place_text(fact.locator, document, language),
        where=str(fact.locator.get("where") or ""),
        notes=notes,
    )


def _year_of(figures: list[dict[str, Any]]) -> str:
    """The year of which the figures speak, where it is one."""
    years = {str(figure.get("year") or "") for figure in figures}
    return years.pop() if len(years) == 1 else ""


def _names_of(slugs: set[str], language: str, day: date) -> dict[str, Named]:
    """{slug or code: name on that day} of the groups and members among them; "global" is neither."""
    own = names_language(language)
    members = {member.code: (member.name_on(day, own), own) for member in Member.objects.filter(code__in=slugs)}
    return _group_labels(slugs, own) | members


def _group_labels(slugs: Iterable[str], language: str) -> dict[str, Named]:
    """{slug: label}, in that language where it is known, else in English."""
    labels = {}
    for group in Group.objects.filter(slug__in=list(slugs)):
        own = getattr(group, f"label_{language}", "")
        labels[group.slug] = (own, language) if own else (group.label, "en")
    return labels


def _letters_using(campaign: Campaign, number: int) -> list[LetterVersion]:
    """Texts of public letters, now open or opened last, that cite a fact of this point in its frozen evidence."""
    newest = (
        SignOnCall.objects.filter(campaign=campaign, opens_at__lte=timezone.now())
        .select_related("version__letter")
        .order_by("letter_id", "-opens_at", "-id")
        .distinct("letter_id")
    )
    cites = f"{number}."
    return [
        call.version for call in newest if any(entry["number"].startswith(cites) for entry in call.version.evidence)
    ]
