"""What readers look up: the sources of the campaign, its terms, and the order of events."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext_lazy

from apps.campaigns.models import Campaign
from apps.core.languages import citation_language, language_for
from apps.core.text import sort_key
from apps.sources.citation import Entry, bibliography, goes_through_document, short_text
from apps.sources.models import Source
from apps.sources.selectors import campaign_document
from apps.talkingpoints.models import CalendarEntry, GlossaryTerm
from apps.talkingpoints.selectors import calendar_of, facts_of, glossary_of, point_numbers

from .evidence import anchor_of, archived_copy

#: where terms stand that begin with a figure or a sign
OTHER = "#"
KINDS = {
    "agreement": gettext_lazy("agreement"),
    "company": gettext_lazy("company"),
    "concept": gettext_lazy("concept"),
    "forum": gettext_lazy("forum"),
    "group": gettext_lazy("group"),
    "negotiation": gettext_lazy("negotiation"),
    "network": gettext_lazy("network"),
    "organisation": gettext_lazy("organisation"),
    "person": gettext_lazy("person"),
    "programme": gettext_lazy("programme"),
}
#: on what an event's date rests
BASES = {
    "document": gettext_lazy("Dated as in the document"),
    "document+general": gettext_lazy("In the document, with a date from elsewhere"),
    "general": gettext_lazy("Not in the document"),
}
#: how much of 2017-05-12 each precision keeps
PRECISIONS = {"year": 4, "month": 7, "day": 10}


@dataclass(frozen=True)
class ListedSource:
    """A source in the bibliography, and the reasons whose facts in force rest on it."""

    entry: Entry
    anchor: str
    archived: str
    reasons: list[int]


@dataclass(frozen=True)
class Term:
    term: str
    anchor: str
    kind: Any
    definition: str
    reasons: list[int]


@dataclass(frozen=True)
class Letter:
    """The terms under one letter of the alphabet."""

    letter: str
    anchor: str
    terms: list[Term]


@dataclass(frozen=True)
class Event:
    """An event with its date as exact as it is known. `after`: later than the document of the campaign."""

    anchor: str
    date: str
    when: str
    title: str
    basis: Any
    after: bool
    reasons: list[int]
    sources: list[tuple[str, str]]


@dataclass(frozen=True)
class Year:
    year: str
    events: list[Event]


def bibliography_page(campaign: Campaign, language: str) -> list[ListedSource]:
    """Every source of a fact in force or of an event, and the document through which others are cited."""
    document = campaign_document(campaign)
    cited: dict[int, Source] = {}
    reasons: dict[int, set[int]] = defaultdict(set)
    for fact in facts_of(campaign):
        for source in (fact.source, *fact.additional_sources.all()):
            cited[source.pk] = source
            if fact.point:
                reasons[source.pk].add(fact.point.number)
    events = list(calendar_of(campaign))
    cited |= {source.pk: source for source in _named(campaign, events).values()}
    if document and (
        any(goes_through_document(source) for source in cited.values())
        or any(_rests_on_document(event) for event in events)
    ):
        cited[document.pk] = document
    return [
        ListedSource(
            entry, anchor_of("source", entry.source.key), archived_copy(entry.source), sorted(reasons[entry.source.pk])
        )
        for entry in bibliography(cited.values(), citation_language(language), document)
    ]


def glossary_page(campaign: Campaign, language: str) -> list[Letter]:
    """The terms as the language sorts them, by their first letter; figures and signs come first."""
    numbers = point_numbers(campaign)

    def order(term: GlossaryTerm) -> tuple[bool, str]:
        return _initial(term, language) != OTHER, sort_key(term.term, language)

    terms = sorted(glossary_of(campaign), key=order)
    return [
        Letter(
            letter, anchor_of("letter", "other" if letter == OTHER else letter), [_term(row, numbers) for row in rows]
        )
        for letter, rows in groupby(terms, key=lambda term: _initial(term, language))
    ]


def _initial(term: GlossaryTerm, language: str) -> str:
    """The letter under which a term stands: É under E, in Spanish Ñ under Ñ."""
    words = sort_key(term.term, language)
    if words.startswith(sort_key("ñ", "es")):
        return "Ñ"
    return words[0].upper() if words and words[0].isalpha() else OTHER


def _term(row: GlossaryTerm, numbers: set[int]) -> Term:
    return Term(
        term=row.term,
        anchor=anchor_of("term", row.key),
        kind=KINDS.get(row.kind, row.kind),
        definition=row.definition,
        reasons=_reasons(row.extra, numbers),
    )


def timeline_page(campaign: Campaign, language: str) -> list[Year]:
    """The events in order, by year; "" holds those without a date, last."""
    rows = sorted(calendar_of(campaign), key=lambda row: not row.date)
    document, numbers, named = campaign_document(campaign), point_numbers(campaign), _named(campaign, rows)
    return [
        Year(year, [_event(row, document, named, numbers, language) for row in group])
        for year, group in groupby(rows, key=lambda row: row.date[:4])
    ]


def _event(
    row: CalendarEntry, document: Source | None, named: dict[str, Source], numbers: set[int], language: str
) -> Event:
    date, end = (_as_known(value, row.extra) for value in (row.date, str(row.extra.get("end_date") or "")))
    sources = {document.key: document} if document and _rests_on_document(row) else {}
    sources |= {key: named[key] for key in row.extra.get("sources", []) if key in named}
    written, wording = document.date if document else "", citation_language(language)
    return Event(
        anchor=anchor_of("event", row.key),
        date=date,
        when=language_for(language).period(date, end),
        title=row.title,
        basis=BASES.get(row.extra.get("basis", ""), ""),
        after=bool(row.extra.get("after_document", written and row.date[: len(written)] > written)),
        reasons=_reasons(row.extra, numbers),
        sources=[(short_text(source, wording), anchor_of("source", source.key)) for source in sources.values()],
    )


def _as_known(value: str, extra: dict[str, Any]) -> str:
    """The date as exact as the file says it is known; where it says nothing, as it is written."""
    return value[: PRECISIONS.get(extra.get("precision", ""), len(value))]


def _rests_on_document(row: CalendarEntry) -> bool:
    return str(row.extra.get("basis", "")).startswith("document")


def _named(campaign: Campaign, rows: Iterable[CalendarEntry]) -> dict[str, Source]:
    """{key: source} of those that events name."""
    keys = {str(key) for key in _sources_of(rows)}
    return {source.key: source for source in Source.objects.filter(campaign=campaign, key__in=keys)} if keys else {}


def _sources_of(rows: Iterable[CalendarEntry]) -> Iterator[Any]:
    for row in rows:
        yield from row.extra.get("sources", [])


def _reasons(extra: dict[str, Any], numbers: set[int]) -> list[int]:
    """The reasons that a term or an event belongs to, as far as they are there."""
    return sorted(numbers.intersection(extra.get("points", [])))
