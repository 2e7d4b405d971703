"""One search over points, facts and sources, which forgives accents and typing errors, and the filters of the library.

Every word has to be found in a row or in what it hangs on (a fact also by its point and source, by whom it concerns,
and by its number). What a word may also mean is in `terms.py`.
"""

from dataclasses import dataclass, field
from functools import reduce
from operator import add, or_
from typing import Any

from django.db.models import Case, Count, F, FloatField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest

from apps.campaigns.models import Campaign
from apps.sources.models import Source

from ..models import Fact, PointTranslation, TalkingPoint
from ..selectors import facts_narrowed, facts_of
from .terms import Sought, sought_in

#: the number itself, then what stands in the row, counts more than whom it names and what it hangs on; a word that is
#: only like it counts less than 1
NUMBERED, THERE, NAMED, IN_SOURCE, IN_POINT = 3.0, 2.0, 1.95, 1.9, 1.8
#: a word that is only like one in the source, the point or a name counts least
LIKE_ELSEWHERE = 0.4
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
    """What a search found, best first, and for what words. `more`: there is more than is shown."""

    sought: list[Sought] = field(default_factory=list)
    points: list[TalkingPoint] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    more: bool = False

    def __len__(self) -> int:
        return len(self.points) + len(self.facts) + len(self.sources)


def library_search(campaign: Campaign, words: list[str], filters: Filters) -> Found:
    """Points, facts and sources in which every one of the (folded) words is found, within the filters."""
    facts = facts_within(campaign, filters)
    sought = sought_in(campaign, words)
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
        sought,
        list(_best(points, sought, _in_point_or_named, "number")[: MOST_ROWS + 1]),
        list(_best(_facts_with(campaign, facts, sought), sought, None, "point__number", "position")[: MOST_ROWS + 1]),
        list(_best(sources, sought, _in_text, "title")[: MOST_ROWS + 1]),
    )
    for rows in (found.points, found.facts, found.sources):
        found.more = found.more or len(rows) > MOST_ROWS
        del rows[MOST_ROWS:]
    return found


def evidence_matching(campaign: Campaign, words: list[str]) -> tuple[set[int], set[int]]:
    """The ids of all points, and of all facts in use, in which every one of the (folded) words is found."""
    sought = sought_in(campaign, words)
    points = TalkingPoint.objects.filter(campaign=campaign)
    facts = Fact.objects.filter(campaign=campaign, retired_at__isnull=True)
    return (
        set(_best(points, sought, _in_point_or_named).values_list("pk", flat=True)),
        set(_best(_facts_with(campaign, facts, sought), sought, None).values_list("pk", flat=True)),
    )


def facts_within(campaign: Campaign, filters: Filters) -> QuerySet[Fact]:
    """The facts in use that the filters leave; what is a country's or a group's is said in `facts_narrowed`."""
    return facts_narrowed(
        facts_of(campaign),
        topic=filters.topic,
        member=filters.country,
        group=filters.group,
        kind=filters.kind,
        verification=filters.verification,
    )


def _point_about(filters: Filters) -> Q:
    about = Q()
    if filters.topic:
        about &= Q(topics__contains=[filters.topic])
    if filters.group:
        about &= Q(related_groups__contains=[filters.group])
    if filters.country:
        about &= Q(related_countries__contains=[filters.country])
    return about


def _best(rows: QuerySet[Any], words: list[Sought], score: Any, *order: str) -> QuerySet[Any]:
    """The rows in which every word is found, best first. Without `score`, the rows carry their scores already."""
    if not words:
        return rows.order_by(*order)
    names = [f"score_{place}" for place in range(len(words))]
    if score is not None:
        for name, word in zip(names, words, strict=True):
            rows = rows.annotate(**{name: score(word)}).filter(**{f"{name}__gt": 0})
    return rows.annotate(score=reduce(add, (F(name) for name in names))).order_by("-score", *order)


def _facts_with(campaign: Campaign, facts: QuerySet[Fact], words: list[Sought]) -> QuerySet[Fact]:
    """Facts in which every word is found, with `score_0` … Sources and points are compared once, not fact by fact. That
    its point concerns a country is no reason for a fact, as in the filters."""
    sources = _rows_with(Source.objects.filter(campaign=campaign), words, _in_text)
    points = _rows_with(TalkingPoint.objects.filter(campaign=campaign), words, _in_point)
    for place, word in enumerate(words):
        (in_source, like_source), (in_point, like_point) = sources[place], points[place]
        elsewhere = Q(source__in=in_source + like_source) | Q(point__in=in_point + like_point)
        facts = facts.filter(
            _found_in_text(word) | elsewhere | _about(word.named) | _about(word.named_alike) | _numbered(word)
        )
        score = Case(
            *_when(_numbered(word), NUMBERED),
            When(search__contains=word.word, then=Value(THERE)),
            *_when(_about(word.named), NAMED),
            When(source__in=in_source, then=Value(IN_SOURCE)),
            When(point__in=in_point, then=Value(IN_POINT)),
            *_alike_in_text(word),
            default=Value(LIKE_ELSEWHERE),
            output_field=FloatField(),
        )
        facts = facts.annotate(**{f"score_{place}": score})
    return facts


def _rows_with(rows: QuerySet[Any], words: list[Sought], score: Any) -> list[tuple[list[int], list[int]]]:
    """For each word: ids of the rows that contain it, and of those that contain a similar word."""
    names = [f"score_{place}" for place in range(len(words))]
    if not words:
        return []
    found = list(
        rows.order_by().annotate(**{name: score(word) for name, word in zip(names, words, strict=True)})
        .values_list("pk", *names)
    )  # fmt: skip
    return [
        ([row[0] for row in found if row[place] > 1], [row[0] for row in found if 0 < row[place] <= 1])
        for place in range(1, len(words) + 1)
    ]


def _in_text(word: Sought) -> Any:
    """More than 1 where the row contains the word, otherwise the similarity of its nearest word."""
    there = When(search__contains=word.word, then=Value(THERE))
    return Case(there, *_alike_in_text(word), default=Value(0.0), output_field=FloatField())


def _in_point(word: Sought) -> Any:
    translated = (
        PointTranslation.objects.filter(point=OuterRef("pk"))
        .annotate(alike=_in_text(word))
        .order_by("-alike")
        .values("alike")[:1]
    )
    return Greatest(_in_text(word), Coalesce(Subquery(translated), 0.0))


def _in_point_or_named(word: Sought) -> Any:
    is_number = word.word.isdecimal() and len(word.word) < 4
    named = Case(
        *_when(Q(number=int(word.word)) if is_number else Q(), NUMBERED),
        *_when(_concerns(word.named), NAMED),
        *_when(_concerns(word.named_alike), LIKE_ELSEWHERE),
        default=Value(0.0),
        output_field=FloatField(),
    )
    return Greatest(_in_point(word), named)


def _alike_in_text(word: Sought) -> list[When]:
    return [When(search__contains=held, then=Value(likeness)) for held, likeness in word.alike]


def _found_in_text(word: Sought) -> Q:
    """Whether the row contains the word or a similar one."""
    return reduce(or_, (Q(search__contains=held) for held in (word.word, *dict(word.alike))))


def _about(named: dict[str, str]) -> Q:
    """Whether a fact is about one of these; an empty Q, which leaves others as they are, where there are none."""
    return Q(applies_to__overlap=list(named)) if named else Q()


def _concerns(named: dict[str, str]) -> Q:
    codes = list(named)
    return Q(related_countries__overlap=codes) | Q(related_groups__overlap=codes) if codes else Q()


def _numbered(word: Sought) -> Q:
    """Whether a fact has the number."""
    if word.place is None:
        return Q()
    number, position = word.place
    return Q(point__isnull=True, position=position) if number is None else Q(point__number=number, position=position)


def _when(condition: Q, score: float) -> list[When]:
    return [When(condition, then=Value(score))] if condition else []


def filter_counts(campaign: Campaign) -> dict[str, dict[str, int]]:
    """{"topics", "concerned", "kinds", "verifications"} → {value: how many results it gives}, in two queries.

    As many as the library shows under that filter alone: facts, their points and sources, and points that concern whom
    it is about or have its topic.
    """
    found: dict[str, dict[str, _Results]] = {name: {} for name in ("topics", "concerned", "kinds", "verifications")}
    facts = facts_of(campaign).prefetch_related(None).order_by()
    columns = ("point_id", "source_id", "point__topics", "applies_to", "kind", "verification")
    for point, source, topics, applies_to, kind, verification in facts.values_list(*columns):
        for name, values in (
            ("topics", topics or ()), ("concerned", applies_to), ("kinds", (kind,)), ("verifications", (verification,))
        ):  # fmt: skip
            for value in dict.fromkeys(values):
                results = found[name].setdefault(value, _Results())
                results.facts += 1
                results.sources.add(source)
                results.points |= {point} if point else set()
    points = TalkingPoint.objects.filter(campaign=campaign).order_by()
    for pk, topics, groups, countries in points.values_list("pk", "topics", "related_groups", "related_countries"):
        for name, values in (("topics", topics), ("concerned", (*groups, *countries))):
            for value in values:
                found[name].setdefault(value, _Results()).points.add(pk)
    return {name: {value: len(results) for value, results in values.items()} for name, values in found.items()}


@dataclass
class _Results:
    """What one value of a filter gives."""

    facts: int = 0
    sources: set[int] = field(default_factory=set)
    points: set[int] = field(default_factory=set)

    def __len__(self) -> int:
        return self.facts + len(self.sources) + len(self.points)
