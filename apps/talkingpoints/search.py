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
#: what stands in the row itself counts more than what it hangs on; a word that is only like it counts less than 1
THERE, IN_SOURCE, IN_POINT = 2.0, 1.9, 1.8
#: so many rows of a kind are shown; who gets more narrows the search
MOST_ROWS = 100


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
    """What a search found, best first. `more`: there is more than is shown."""

    points: list[TalkingPoint] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    more: bool = False

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
    found = Found(
        list(_best(points, words, _in_point, "number")[: MOST_ROWS + 1]),
        list(_best(_facts_with(campaign, facts, words), words, None, "point__number", "position")[: MOST_ROWS + 1]),
        list(_best(sources, words, _in_source, "title")[: MOST_ROWS + 1]),
    )
    for rows in (found.points, found.facts, found.sources):
        found.more = found.more or len(rows) > MOST_ROWS
        del rows[MOST_ROWS:]
    return found


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
    """The rows in which every word is found, best first. Without `score`, the rows carry their scores already."""
    if not words:
        return rows.order_by(*order)
    names = [f"score_{place}" for place in range(len(words))]
    if score is not None:
        for name, word in zip(names, words, strict=True):
            rows = rows.annotate(**{name: score(word)}).filter(**{f"{name}__gte": ALIKE})
    return rows.annotate(score=reduce(add, (F(name) for name in names))).order_by("-score", *order)


def _facts_with(campaign: Campaign, facts: QuerySet[Fact], words: list[str]) -> QuerySet[Fact]:
    """Facts in which every word is found, with `score_0` … Sources and points are compared once, not fact by fact;
    how like a word a statement is, is only asked where the word stands nowhere."""
    sources = _rows_with(Source.objects.filter(campaign=campaign), words, _in_source)
    points = _rows_with(TalkingPoint.objects.filter(campaign=campaign), words, _in_point)
    for place, word in enumerate(words):
        (in_source, like_source), (in_point, like_point) = sources[place], points[place]
        near = f"near_{place}"
        facts = facts.alias(**{near: _near("search", word)}).filter(
            Q(search__contains=word)
            | Q(source__in=in_source + like_source)
            | Q(point__in=in_point + like_point)
            | Q(**{f"{near}__gte": ALIKE})
        )
        score = Case(
            When(search__contains=word, then=Value(THERE)),
            When(source__in=in_source, then=Value(IN_SOURCE)),
            When(point__in=in_point, then=Value(IN_POINT)),
            default=F(near),
            output_field=FloatField(),
        )
        facts = facts.annotate(**{f"score_{place}": score})
    return facts


def _rows_with(rows: QuerySet[Any], words: list[str], score: Any) -> list[tuple[list[int], list[int]]]:
    """For each word: ids of the rows in which it stands, and of those in which one like it does."""
    names = [f"score_{place}" for place in range(len(words))]
    if not words:
        return []
    found = list(
        rows.order_by().annotate(**{name: score(word) for name, word in zip(names, words, strict=True)})
        .values_list("pk", *names)
    )  # fmt: skip
    return [
        ([row[0] for row in found if row[place] > 1], [row[0] for row in found if ALIKE <= row[place] <= 1])
        for place in range(1, len(words) + 1)
    ]


def _in_source(word: str) -> Any:
    return _score("search", word)


def _in_point(word: str) -> Any:
    translated = (
        PointTranslation.objects.filter(point=OuterRef("pk"))
        .annotate(alike=_score("search", word))
        .order_by("-alike")
        .values("alike")[:1]
    )
    return Greatest(_score("search", word), Coalesce(Subquery(translated), 0.0))


def _score(column: str, word: str) -> Any:
    """More than 1 where the word stands in the column, else how like it the likeliest piece of the column is."""
    there = When(**{f"{column}__contains": word}, then=Value(THERE))
    return Case(there, default=_near(column, word), output_field=FloatField())


def _near(column: str, word: str) -> Any:
    if len(word) >= SHORTEST and not any(sign.isdigit() for sign in word):
        return TrigramWordSimilarity(word, column)
    return Value(0.0, output_field=FloatField())


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
