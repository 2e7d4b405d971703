"""One search over points, facts and sources, which forgives accents and typing errors, and the filters of the library.

Every word has to be found in a row or in what it hangs on (a fact also by its point and source). A word counts as found
where it stands in the text, or where a word much like it does, by trigrams; short words and numbers have to stand
there as typed: 2016 is not nearly 2017. Likeness is asked of the words of the library, each once, not of the rows: five
thousand facts have six thousand words, and comparing with a whole statement costs as much as with a hundred words.
"""

from dataclasses import dataclass, field
from functools import reduce
from operator import add, or_
from typing import Any

from django.db import connection
from django.db.models import Case, Count, F, FloatField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest

from apps.campaigns.models import Campaign
from apps.sources.folding import folded
from apps.sources.models import Source

from .models import Fact, PointTranslation, TalkingPoint
from .selectors import facts_narrowed, facts_of

#: how alike two words have to be, from 0 to 1: "tarrif" finds "tariff", "agenda" does not find "legend"
ALIKE = 0.45
#: shorter words are not guessed at
SHORTEST = 4
#: of the words like one, the likeliest
MOST_ALIKE = 20
#: nobody looks for more words at once
MOST_WORDS = 10
#: what stands in the row itself counts more than what it hangs on; a word that is only like it counts less than 1
THERE, IN_SOURCE, IN_POINT = 2.0, 1.9, 1.8
#: so many rows of a kind are shown; who gets more narrows the search
MOST_ROWS = 100
#: words of a campaign's library that are like those looked for, the likeliest first; commas and the like fall away
LIKE_WORDS = """
WITH texts AS (
  SELECT search FROM talkingpoints_fact WHERE campaign_id = %(campaign)s AND retired_at IS NULL
  UNION ALL SELECT search FROM sources_source WHERE campaign_id = %(campaign)s
  UNION ALL SELECT search FROM talkingpoints_talkingpoint WHERE campaign_id = %(campaign)s
  UNION ALL SELECT translated.search FROM talkingpoints_pointtranslation translated
    JOIN talkingpoints_talkingpoint point ON point.id = translated.point_id AND point.campaign_id = %(campaign)s
), pieces AS (
  SELECT DISTINCT unnest(string_to_array(search, ' ')) AS piece FROM texts
), held AS (
  SELECT DISTINCT translate(piece, '.,;:!?()"“”«»', '') AS word FROM pieces
)
SELECT sought, word, word_similarity(sought, word) AS likeness FROM held, unnest(%(words)s::text[]) AS sought
  WHERE word_similarity(sought, word) >= %(alike)s AND strpos(word, sought) = 0
  ORDER BY likeness DESC, word
"""


@dataclass(frozen=True)
class Sought:
    """A word to look for, folded, and those like it in the library with how like they are, the likeliest first."""

    word: str
    alike: tuple[tuple[str, float], ...] = ()


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
    sought = _sought(campaign, words)
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
        list(_best(points, sought, _in_point, "number")[: MOST_ROWS + 1]),
        list(_best(_facts_with(campaign, facts, sought), sought, None, "point__number", "position")[: MOST_ROWS + 1]),
        list(_best(sources, sought, _in_source, "title")[: MOST_ROWS + 1]),
    )
    for rows in (found.points, found.facts, found.sources):
        found.more = found.more or len(rows) > MOST_ROWS
        del rows[MOST_ROWS:]
    return found


def _sought(campaign: Campaign, words: list[str]) -> list[Sought]:
    """The words with those like them, in one query."""
    guessed = [word for word in words if len(word) >= SHORTEST and not any(sign.isdigit() for sign in word)]
    alike: dict[str, list[tuple[str, float]]] = {word: [] for word in words}
    if guessed:
        with connection.cursor() as cursor:
            cursor.execute(LIKE_WORDS, {"campaign": campaign.pk, "words": guessed, "alike": ALIKE})
            for word, held, likeness in cursor.fetchall():
                alike[word].append((held, likeness))
    return [Sought(word, tuple(alike[word][:MOST_ALIKE])) for word in words]


def facts_within(campaign: Campaign, filters: Filters) -> QuerySet[Fact]:
    """The facts in force that the filters leave; what is a country's or a group's is said in `facts_narrowed`."""
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
            rows = rows.annotate(**{name: score(word)}).filter(**{f"{name}__gte": ALIKE})
    return rows.annotate(score=reduce(add, (F(name) for name in names))).order_by("-score", *order)


def _facts_with(campaign: Campaign, facts: QuerySet[Fact], words: list[Sought]) -> QuerySet[Fact]:
    """Facts in which every word is found, with `score_0` … Sources and points are compared once, not fact by fact; a
    word that is only like one in the source or the point counts least."""
    sources = _rows_with(Source.objects.filter(campaign=campaign), words, _in_source)
    points = _rows_with(TalkingPoint.objects.filter(campaign=campaign), words, _in_point)
    for place, word in enumerate(words):
        (in_source, like_source), (in_point, like_point) = sources[place], points[place]
        facts = facts.filter(
            _found_in("search", word) | Q(source__in=in_source + like_source) | Q(point__in=in_point + like_point)
        )
        score = Case(
            When(search__contains=word.word, then=Value(THERE)),
            When(source__in=in_source, then=Value(IN_SOURCE)),
            When(point__in=in_point, then=Value(IN_POINT)),
            *_alike_in("search", word),
            default=Value(ALIKE),
            output_field=FloatField(),
        )
        facts = facts.annotate(**{f"score_{place}": score})
    return facts


def _rows_with(rows: QuerySet[Any], words: list[Sought], score: Any) -> list[tuple[list[int], list[int]]]:
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


def _in_source(word: Sought) -> Any:
    return _score("search", word)


def _in_point(word: Sought) -> Any:
    translated = (
        PointTranslation.objects.filter(point=OuterRef("pk"))
        .annotate(alike=_score("search", word))
        .order_by("-alike")
        .values("alike")[:1]
    )
    return Greatest(_score("search", word), Coalesce(Subquery(translated), 0.0))


def _score(column: str, word: Sought) -> Any:
    """More than 1 where the word stands in the column, else how like it the likeliest word there is."""
    there = When(**{f"{column}__contains": word.word}, then=Value(THERE))
    return Case(there, *_alike_in(column, word), default=Value(0.0), output_field=FloatField())


def _alike_in(column: str, word: Sought) -> list[When]:
    return [When(**{f"{column}__contains": held}, then=Value(likeness)) for held, likeness in word.alike]


def _found_in(column: str, word: Sought) -> Q:
    """Whether the word, or one like it, stands in the column."""
    return reduce(or_, (Q(**{f"{column}__contains": held}) for held in (word.word, *dict(word.alike))))


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
