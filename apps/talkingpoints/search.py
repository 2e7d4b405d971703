"""One search over points, facts and sources, which forgives accents and typing errors, and the filters of the library.

Every word has to be found in a row or in what it hangs on (a fact also by its point and source). A word counts as found
where it stands in the text, or where a word much like it does, by trigrams; short words and numbers have to stand
there as typed: 2016 is not nearly 2017.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import add
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, Count, F, FloatField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest

from apps.campaigns.models import Campaign
from apps.sources.folding import folded
from apps.sources.models import Source

from .models import Fact, PointTranslation, TalkingPoint
from .selectors import facts_of

#: how alike two words have to be, from 0 to 1: "tarrif" finds "tariff", "agenda" does not find "legend"
ALIKE = 0.45
#: shorter words are not guessed at
SHORTEST = 4
#: nobody looks for more words at once
MOST_WORDS = 10
#: what stands in the row itself counts more than what it hangs on
IN_SOURCE, IN_POINT = 0.9, 0.8


@dataclass(frozen=True)
class Filters:
    """What the library is narrowed to; "" is everything."""

    topic: str = ""
    group: str = ""
    country: str = ""
    kind: str = ""
    verification: str = ""

    def __bool__(self) -> bool:
        return any((self.topic, self.group, self.country, self.kind, self.verification))


@dataclass
class Found:
    """What a search found, best first."""

    points: list[TalkingPoint] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.points) + len(self.facts) + len(self.sources)


def words_of(query: str) -> list[str]:
    """The words to look for, folded, each once."""
    return list(dict.fromkeys(folded(query).split()))[:MOST_WORDS]


def library_search(campaign: Campaign, words: list[str], filters: Filters) -> Found:
    """Points, facts and sources in which every one of the (folded) words is found, within the filters."""
    facts = facts_within(campaign, filters)
    points = TalkingPoint.objects.filter(campaign=campaign).prefetch_related("translations")
    sources = Source.objects.filter(campaign=campaign).annotate(
        fact_count=Count("facts", filter=Q(facts__retired_at__isnull=True))
    )
    if filters:
        narrow = facts.order_by().values("point")
        about = Q() if filters.kind or filters.verification else _point_about(filters)
        points = points.filter(Q(pk__in=narrow) | about if about else Q(pk__in=narrow))
        sources = sources.filter(pk__in=facts.order_by().values("source"))
    return Found(
        list(_best(points, words, _in_point, "number")),
        list(_best(facts, words, _in_fact, "point__number", "position")),
        list(_best(sources, words, lambda word: _score("search", word), "title")),
    )


def facts_within(campaign: Campaign, filters: Filters) -> QuerySet[Fact]:
    """The facts in force that the filters leave. A fact is about whom it names, and whom its point concerns."""
    facts = facts_of(campaign)
    if filters.topic:
        facts = facts.filter(point__topics__contains=[filters.topic])
    if filters.group:
        facts = facts.filter(
            Q(applies_to__contains=[filters.group]) | Q(point__related_groups__contains=[filters.group])
        )
    if filters.country:
        facts = facts.filter(
            Q(applies_to__contains=[filters.country]) | Q(point__related_countries__contains=[filters.country])
        )
    if filters.kind:
        facts = facts.filter(kind=filters.kind)
    if filters.verification:
        facts = facts.filter(verification=filters.verification)
    return facts


def _point_about(filters: Filters) -> Q:
    about = Q()
    if filters.topic:
        about &= Q(topics__contains=[filters.topic])
    if filters.group:
        about &= Q(related_groups__contains=[filters.group])
    if filters.country:
        about &= Q(related_countries__contains=[filters.country])
    return about


def _best(rows: QuerySet[Any], words: list[str], score: Any, *order: str) -> QuerySet[Any]:
    if not words:
        return rows.order_by(*order)
    names = []
    for place, word in enumerate(words):
        names.append(f"score_{place}")
        rows = rows.annotate(**{names[-1]: score(word)}).filter(**{f"{names[-1]}__gte": ALIKE})
    return rows.annotate(score=reduce(add, (F(name) for name in names))).order_by("-score", *order)


def _in_fact(word: str) -> Any:
    return Greatest(
        _score("search", word),
        _score("source__search", word, IN_SOURCE),
        Coalesce(_score("point__search", word, IN_POINT), 0.0),
    )


def _in_point(word: str) -> Any:
    translated = (
        PointTranslation.objects.filter(point=OuterRef("pk"))
        .annotate(alike=_score("search", word, IN_SOURCE))
        .order_by("-alike")
        .values("alike")[:1]
    )
    return Greatest(_score("search", word), Coalesce(Subquery(translated), 0.0))


def _score(column: str, word: str, weight: float = 1.0) -> Any:
    """More than 1 where the word stands in the column, else how like it the likeliest piece of the column is."""
    near: Any = Value(0.0)
    if len(word) >= SHORTEST and not any(sign.isdigit() for sign in word):
        near = TrigramWordSimilarity(word, column)
    there = When(**{f"{column}__contains": word}, then=Value(1 + weight))
    return Case(there, default=near, output_field=FloatField())


def filter_counts(campaign: Campaign) -> dict[str, dict[str, int]]:
    """{"topics", "concerned", "kinds", "verifications"} → {value: number of facts in force}, in one query."""
    counts: dict[str, dict[str, int]] = {name: {} for name in ("topics", "concerned", "kinds", "verifications")}
    rows = Fact.objects.filter(campaign=campaign, retired_at__isnull=True).values_list(
        "point__topics", "applies_to", "point__related_groups", "point__related_countries", "kind", "verification"
    )
    for topics, applies_to, groups, countries, kind, verification in rows:
        _count(counts["topics"], topics or ())
        _count(counts["concerned"], {*applies_to, *(groups or ()), *(countries or ())})
        _count(counts["kinds"], (kind,))
        _count(counts["verifications"], (verification,))
    return counts


def _count(counts: dict[str, int], values: Iterable[str]) -> None:
    for value in values:
        counts[value] = counts.get(value, 0) + 1
