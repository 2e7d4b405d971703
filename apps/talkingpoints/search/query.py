"""One search over points, facts and sources that ignores accents and finds words with typos.

Every word must be found in a row or in its relations: for a fact its point, source, number and whom it concerns.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from operator import add, or_
from typing import Any

from django.db.models import Case, Count, F, FloatField, Func, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest

from apps.campaigns.models import Campaign
from apps.sources.models import Source

from ..models import Fact, PointTranslation, TalkingPoint
from .filters import Filters, facts_within, points_within
from .terms import SearchTerm, search_terms

#: scores of a word as typed: in a fact's number, the row, a name, the source, the point; a similar word scores below 1
NUMBERED, IN_ROW, NAMED, IN_SOURCE, IN_POINT = 3.0, 2.0, 1.95, 1.9, 1.8
#: a similar word in the source, the point or a name
SIMILAR_ELSEWHERE = 0.4
#: rows of each kind on the page
MAX_ROWS = 100

type Score = Callable[[SearchTerm], Case | Func]


@dataclass
class SearchResults:
    """The rows found, best first. `more`: there are more than MAX_ROWS of a kind."""

    terms: list[SearchTerm] = field(default_factory=list)
    points: list[TalkingPoint] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    more: bool = False

    def __len__(self) -> int:
        return len(self.points) + len(self.facts) + len(self.sources)


def evidence_search(campaign: Campaign, words: list[str], filters: Filters) -> SearchResults:
    """Points, facts and sources within the filters that contain every one of the (folded) words."""
    facts = facts_within(campaign, filters)
    terms = search_terms(campaign, words)
    points = TalkingPoint.objects.filter(campaign=campaign).prefetch_related("translations")
    sources = Source.objects.filter(campaign=campaign).annotate(
        fact_count=Count("facts", filter=Q(facts__retired_at__isnull=True))
    )
    if filters:
        points = points_within(points, filters, facts)
        sources = sources.filter(pk__in=facts.order_by().values("source"))
    found = SearchResults(
        terms,
        list(_best(points, terms, _in_point_or_named, "number")[: MAX_ROWS + 1]),
        list(_best(_facts_with(campaign, facts, terms), terms, None, "point__number", "position")[: MAX_ROWS + 1]),
        list(_best(sources, terms, _in_text, "title")[: MAX_ROWS + 1]),
    )
    found.more = any(len(rows) > MAX_ROWS for rows in (found.points, found.facts, found.sources))
    del found.points[MAX_ROWS:], found.facts[MAX_ROWS:], found.sources[MAX_ROWS:]
    return found


def evidence_matching(campaign: Campaign, words: list[str]) -> tuple[set[int], set[int]]:
    """The ids of all points, and of all facts in use, that contain every one of the (folded) words."""
    terms = search_terms(campaign, words)
    points = TalkingPoint.objects.filter(campaign=campaign)
    facts = Fact.objects.filter(campaign=campaign, retired_at__isnull=True)
    return (
        set(_best(points, terms, _in_point_or_named).values_list("pk", flat=True)),
        set(_best(_facts_with(campaign, facts, terms), terms, None).values_list("pk", flat=True)),
    )


def _best(rows: QuerySet[Any], terms: list[SearchTerm], score: Score | None, *order: str) -> QuerySet[Any]:
    """The rows that contain every word, best first. Without `score`, they are annotated with scores already."""
    if not terms:
        return rows.order_by(*order)
    names = [f"score_{index}" for index in range(len(terms))]
    if score is not None:
        for name, term in zip(names, terms, strict=True):
            rows = rows.annotate(**{name: score(term)}).filter(**{f"{name}__gt": 0})
    return rows.annotate(score=reduce(add, (F(name) for name in names))).order_by("-score", *order)


def _facts_with(campaign: Campaign, facts: QuerySet[Fact], terms: list[SearchTerm]) -> QuerySet[Fact]:
    """Facts that contain every word, with `score_0` …; sources and points are compared once, not for each fact."""
    sources = _rows_with(Source.objects.filter(campaign=campaign), terms, _in_text)
    points = _rows_with(TalkingPoint.objects.filter(campaign=campaign), terms, _in_point)
    for index, term in enumerate(terms):
        (in_source, like_source), (in_point, like_point) = sources[index], points[index]
        elsewhere = Q(source__in=in_source + like_source) | Q(point__in=in_point + like_point)
        facts = facts.filter(
            _found_in_text(term) | elsewhere | _about(term.named) | _about(term.named_alike) | _numbered(term)
        )
        score = Case(
            *_when(_numbered(term), NUMBERED),
            When(search__contains=term.word, then=Value(IN_ROW)),
            *_when(_about(term.named), NAMED),
            When(source__in=in_source, then=Value(IN_SOURCE)),
            When(point__in=in_point, then=Value(IN_POINT)),
            *_similar_in_text(term),
            default=Value(SIMILAR_ELSEWHERE),
            output_field=FloatField(),
        )
        facts = facts.annotate(**{f"score_{index}": score})
    return facts


def _rows_with(rows: QuerySet[Any], terms: list[SearchTerm], score: Score) -> list[tuple[list[int], list[int]]]:
    """For each word: ids of the rows that contain it, and of those that contain a similar word."""
    if not terms:
        return []
    scores = {f"score_{index}": score(term) for index, term in enumerate(terms)}
    found = list(rows.order_by().annotate(**scores).values_list("pk", *scores))
    return [
        ([row[0] for row in found if row[index] > 1], [row[0] for row in found if 0 < row[index] <= 1])
        for index in range(1, len(terms) + 1)
    ]


def _in_text(term: SearchTerm) -> Case:
    """More than 1 if the row contains the word, otherwise the similarity of its most similar word."""
    there = When(search__contains=term.word, then=Value(IN_ROW))
    return Case(there, *_similar_in_text(term), default=Value(0.0), output_field=FloatField())


def _in_point(term: SearchTerm) -> Func:
    translated = (
        PointTranslation.objects.filter(point=OuterRef("pk"))
        .annotate(alike=_in_text(term))
        .order_by("-alike")
        .values("alike")[:1]
    )
    return Greatest(_in_text(term), Coalesce(Subquery(translated), 0.0))


def _in_point_or_named(term: SearchTerm) -> Func:
    is_number = term.word.isdecimal() and len(term.word) < 4
    named = Case(
        *_when(Q(number=int(term.word)) if is_number else Q(), NUMBERED),
        *_when(_concerns(term.named), NAMED),
        *_when(_concerns(term.named_alike), SIMILAR_ELSEWHERE),
        default=Value(0.0),
        output_field=FloatField(),
    )
    return Greatest(_in_point(term), named)


def _similar_in_text(term: SearchTerm) -> list[When]:
    return [When(search__contains=word, then=Value(similarity)) for word, similarity in term.alike]


def _found_in_text(term: SearchTerm) -> Q:
    return reduce(or_, (Q(search__contains=word) for word in (term.word, *dict(term.alike))))


# Each of these is an empty Q, which adds nothing to an OR, where there is nothing to compare with.


def _about(named: dict[str, str]) -> Q:
    return Q(applies_to__overlap=list(named)) if named else Q()


def _concerns(named: dict[str, str]) -> Q:
    codes = list(named)
    return Q(related_countries__overlap=codes) | Q(related_groups__overlap=codes) if codes else Q()


def _numbered(term: SearchTerm) -> Q:
    if term.fact_number is None:
        return Q()
    number, position = term.fact_number
    return Q(point__isnull=True, position=position) if number is None else Q(point__number=number, position=position)


def _when(condition: Q, score: float) -> list[When]:
    return [When(condition, then=Value(score))] if condition else []
