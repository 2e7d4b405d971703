"""One reason with its evidence: facts, and a footnote for each source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils.text import slugify
from django.utils.translation import gettext_lazy

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOnCall
from apps.core.languages import citation_language
from apps.core.types import Label
from apps.governments.models import Group, Member, names_language
from apps.governments.selectors import reference_day
from apps.letters.models import LetterVersion
from apps.sources.citation.footnotes import Footnotes
from apps.sources.citation.formatter import Citation, accessed_text, citation_url, point_text, short_text
from apps.sources.models import Source
from apps.sources.selectors import campaign_document
from apps.talkingpoints.models import Ask, Fact, TalkingPoint
from apps.talkingpoints.pages.facts import figure_words
from apps.talkingpoints.selectors import facts_of
from apps.talkingpoints.translated_words import public_titles

from .content_languages import original_language
from .points import ShownPoint, shown_points

#: verification: glyph, tone, words
VERIFICATIONS = {
    Fact.Verification.VERIFIED: ("ok", "ok", gettext_lazy("Checked against the source")),
    Fact.Verification.CONSISTENT: ("half", "ok", gettext_lazy("Agrees with other sources")),
    Fact.Verification.UNVERIFIED: ("ring", "idle", gettext_lazy("Rests on one source")),
    Fact.Verification.CAUTION: ("warn", "warn", gettext_lazy("Read with the caution")),
}


def anchor(kind: str, key: str) -> str:
    """The id of an element, which does not depend on its position: "fact-tp09-f01"."""
    return f"{kind}-{slugify(key, allow_unicode=True)}"


#: (name, its language)
type Named = tuple[str, str]


@dataclass
class Note:
    """A footnote: a source, and the facts that cite it."""

    number: int
    anchor: str
    citation: Citation
    url: str
    accessed: str
    archived: str
    facts: list[ShownFact] = field(default_factory=list)


@dataclass(frozen=True)
class ShownFact:
    """A fact. `locator` says where its source does, `where` in the file's own words."""

    fact: Fact
    anchor: str
    figure: str
    year: str
    concerns: list[Named]
    glyph: str
    tone: str
    verified: Label
    short: str
    locator: str
    where: str
    notes: list[Note]


@dataclass(frozen=True)
class PointPage:
    point: TalkingPoint
    shown: ShownPoint
    titles: list[Named]
    facts: list[ShownFact]
    notes: list[Note]
    checked_on: date | None
    asks: list[Ask]
    groups: list[Named]
    used_in: list[LetterVersion]
    citation_language: str
    before: ShownPoint | None
    after: ShownPoint | None
    total: int


def point_page(campaign: Campaign, number: int, language: str) -> PointPage | None:
    """The reason of that number with its neighbours; None if it does not exist."""
    points = shown_points(campaign, language)
    index = next((i for i, point in enumerate(points) if point.number == number), None)
    if index is None:
        return None
    point = TalkingPoint.objects.prefetch_related("translations").get(campaign=campaign, number=number)
    facts = list(facts_of(campaign).filter(point=point))
    shown, notes = _footnoted(facts, campaign, language)
    days = [fact.source.checked_on for fact in facts if fact.source.checked_on]
    titles = {original_language(campaign): point.title} | public_titles(point)
    return PointPage(
        point=point,
        shown=points[index],
        titles=[(code, title) for code, title in titles.items() if title and code != points[index].language],
        facts=shown,
        notes=notes,
        checked_on=max(days, default=None),
        asks=list(campaign.asks.filter(supports__contains=[point.number])),
        groups=list(_group_labels(point.related_groups, names_language(language)).values()),
        used_in=_letters_using(campaign, number),
        citation_language=citation_language(language),
        before=points[index - 1] if index else None,
        after=points[index + 1] if index + 1 < len(points) else None,
        total=len(points),
    )


def _footnoted(facts: list[Fact], campaign: Campaign, language: str) -> tuple[list[ShownFact], list[Note]]:
    notes: dict[int, Note] = {}
    shown = []
    names = _names({slug for fact in facts for slug in fact.applies_to}, language, reference_day(campaign))
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
        anchor=anchor("note", source.key),
        citation=footnote.citation,
        url=footnote.url,
        accessed=accessed_text(source, language),
        archived=archived_copy(source),
    )


def archived_copy(source: Source) -> str:
    """The URL of an archived copy, unless the citation names it already; or ""."""
    archived = source.archived_url
    return archived if archived != citation_url(source) and archived.startswith(("https://", "http://")) else ""


def _shown_fact(
    fact: Fact, notes: list[Note], document: Source | None, language: str, names: dict[str, Named]
) -> ShownFact:
    years = {str(figure.get("year") or "") for figure in fact.figures}
    glyph, tone, words = VERIFICATIONS[Fact.Verification(fact.verification)]
    return ShownFact(
        fact=fact,
        anchor=anchor("fact", fact.key),
        figure=figure_words(fact.figures),
        year=years.pop() if len(years) == 1 else "",
        concerns=[names[slug] for slug in fact.applies_to if slug in names],
        glyph=glyph,
        tone=tone,
        verified=words,
        short=short_text(fact.source, language),
        locator=point_text(fact.locator, document, language),
        where=str(fact.locator.get("where") or ""),
        notes=notes,
    )


def _names(slugs: set[str], language: str, day: date) -> dict[str, Named]:
    """{slug or code: name on that day}, for the groups and members among the slugs."""
    own = names_language(language)
    members = {member.code: (member.name_on(day, own), own) for member in Member.objects.filter(code__in=slugs)}
    return _group_labels(slugs, own) | members


def _group_labels(slugs: Iterable[str], language: str) -> dict[str, Named]:
    """{slug: label}, in English if the group has none in that language."""
    labels = {}
    for group in Group.objects.filter(slug__in=list(slugs)):
        own = getattr(group, f"label_{language}", "")
        labels[group.slug] = (own, language) if own else (group.label, "en")
    return labels


def _letters_using(campaign: Campaign, number: int) -> list[LetterVersion]:
    """The newest public version of each letter, if its frozen evidence cites a fact of this point."""
    calls = SignOnCall.objects.shown().filter(campaign=campaign)
    newest = calls.order_by("letter_id", "-opens_at", "-id").distinct("letter_id").select_related("version__letter")
    cites = f"{number}."
    return [
        call.version for call in newest if any(entry["number"].startswith(cites) for entry in call.version.evidence)
    ]
