"""points.yaml: the numbered points with their facts, and facts of the context."""

from typing import Any

from django.utils.translation import gettext as _

from apps.core.text import clean_lines
from apps.core.text_lengths import CAUTION, CLAIM, PASSAGE, REASON, STATEMENT
from apps.talkingpoints.models import Fact, FactRevision, TalkingPoint
from apps.talkingpoints.snapshots import ORIGINAL

from ..formats import Plain
from ..schema import (
    COUNTRY,
    KEY,
    LANGUAGE,
    SLUG,
    Amount,
    Entry,
    Integer,
    ListOf,
    MapOf,
    Mapping,
    Text,
    choice,
    fit,
    prose,
)
from .base import FileType, given, in_order, renamed, rest

WORD = Text(80, r"[A-Za-z0-9][A-Za-z0-9-]*")

FIGURE = Mapping(
    required={"unit": Text(80)},
    optional={"value": Amount(), "year": Integer(1000, 2999), "as_stated": Text(120)},
)
LOCATOR = Mapping(required={}, optional={"where": Text(200), "point": Integer(1), "footnote": Integer(1)})
FACT = Mapping(
    required={
        "id": Text(40, KEY.pattern, KEY.meant),
        "statement": prose(STATEMENT),
        "kind": choice(*Fact.Kind.values),
        "source_id": KEY,
        "verification": choice(*Fact.Verification.values),
    },
    optional={
        "figures": ListOf(FIGURE, repeats=True),
        "applies_to": ListOf(WORD),
        "additional_source_ids": ListOf(KEY),
        "exact_locator": LOCATOR,
        "caution": prose(CAUTION),
        "retired": prose(REASON),
    },
)
#: a point in another language; in the campaign's own, the passage alone. French and Spanish titles have fields of old.
TRANSLATION = Mapping(
    required={}, optional={"title": fit(TalkingPoint, "title"), "claim": prose(CLAIM), "passage": prose(PASSAGE)}
)
POINT = Mapping(
    required={
        "number": Integer(1, 999),
        "slug": SLUG,
        "short_title": fit(TalkingPoint, "title"),
        "claim": prose(CLAIM),
        "facts": ListOf(FACT, repeats=True),
    },
    optional={
        "short_title_fr": fit(TalkingPoint, "title"),
        "short_title_es": fit(TalkingPoint, "title"),
        "topics": ListOf(WORD),
        "actors_affected": ListOf(WORD),
        "related_groups": ListOf(SLUG),
        "related_countries": ListOf(COUNTRY),
        "related_non_members": ListOf(COUNTRY),
        "translations": MapOf(LANGUAGE, TRANSLATION),
    },
)
WORDS = ListOf(Mapping(required={"slug": SLUG, "label": Text(120)}), repeats=True)
#: further sections of the file
SECTIONS = {"topics": WORDS, "actors": WORDS, "context_facts": ListOf(FACT, repeats=True)}
POINT_COLUMNS = {
    "slug": "slug",
    "title": "short_title",
    "claim": "claim",
    "topics": "topics",
    "actors": "actors_affected",
    "related_groups": "related_groups",
    "related_countries": "related_countries",
}
FACT_COLUMNS = {
    "statement": "statement",
    "kind": "kind",
    "figures": "figures",
    "applies_to": "applies_to",
    "locator": "exact_locator",
    "verification": "verification",
    "caution": "caution",
}
FACT_ORDER = (
    "id",
    "statement",
    "kind",
    "figures",
    "applies_to",
    "source_id",
    "additional_source_ids",
    "exact_locator",
    "verification",
    "caution",
    "retired",
)
#: fields of a fact that no file has, or has in another form (see fact_to_file)
FACT_APART = frozenset({"revision", "retired_at", "edited_at", "search", "point", "source", "additional_sources"})
#: languages in which the file has the titles of points
TITLE_LANGUAGES = ("fr", "es")


def point_values(entry: Entry, position: int) -> dict[str, Any]:
    """The point's fields without its facts."""
    used = {"number", "facts", "short_title_fr", "short_title_es", "translations", *POINT_COLUMNS.values()}
    return {
        "topics": [],
        "actors": [],
        "related_groups": [],
        "related_countries": [],
        **renamed(entry, **POINT_COLUMNS),
        "extra": rest(entry, used),
    }


def translations(entry: Entry) -> dict[str, dict[str, str]]:
    """{language: {title, claim, passage: words}}, where the file has any; the points' own language first, since the
    others are made from it."""
    found: dict[str, dict[str, str]] = {ORIGINAL: {}}
    found |= {language: dict(words) for language, words in entry.get("translations", {}).items()}
    for language in TITLE_LANGUAGES:
        if title := entry.get(f"short_title_{language}", ""):
            found.setdefault(language, {})["title"] = title
    return {language: words for language, words in found.items() if words}


def translated_name(language: str, name: str) -> str:
    """The field of points.yaml for a word in a language."""
    if name == "title" and language in TITLE_LANGUAGES:
        return f"short_title_{language}"
    return f"translations.{language}.{name}"


def fact_values(entry: Entry, position: int) -> dict[str, Any]:
    """The fact's fields without point and sources."""
    return {
        "figures": [],
        "applies_to": [],
        "locator": {},
        "caution": "",
        **renamed(entry, **FACT_COLUMNS),
        "position": position,
    }


def point_to_file(point: TalkingPoint) -> dict[str, Any]:
    """The fields of a point in points.yaml but its facts. Labels of topics and actors come before all points."""
    titles: dict[str, str] = {}
    further: dict[str, dict[str, str]] = {}
    for row in sorted(point.translations.all(), key=lambda row: row.language):
        for name in ("title", "claim", "passage"):
            if not (words := getattr(row, name)):
                continue
            if name == "title" and row.language in TITLE_LANGUAGES:
                titles[translated_name(row.language, name)] = words
            else:
                further.setdefault(row.language, {})[name] = words
    extra = {name: value for name, value in point.extra.items() if name != "labels"}
    fields = {**extra, "number": point.number, **given(point, POINT_COLUMNS, POINT), **titles}
    return {**fields, "translations": further} if further else fields


def fact_to_file(fact: Fact) -> dict[str, Any]:
    """The fields of a fact in points.yaml."""
    fields = {"id": fact.key, **given(fact, FACT_COLUMNS, FACT), "source_id": fact.source.key}
    if further := sorted(source.key for source in fact.additional_sources.all()):
        fields["additional_source_ids"] = further
    if fact.figures:
        fields["figures"] = [_written_figure(figure) for figure in fact.figures]
    if fact.locator:
        fields["exact_locator"] = in_order(fact.locator, ("point", "footnote", "where"))
    if fact.retired_at:
        fields["retired"] = _why_retired(fact)
    return in_order(fields, FACT_ORDER)


def _why_retired(fact: Fact) -> str:
    """The reason given last, as a file may say it: the history keeps every reason whole."""
    reasons = (row.reason for row in fact.history.all() if row.act == FactRevision.Act.RETIRE)
    return clean_lines(next(reasons, ""))[:REASON].strip() or _("Nobody said why.")


def _written_figure(figure: dict[str, Any]) -> dict[str, Any]:
    fields = dict(figure)
    if isinstance(figure.get("value"), str):
        fields["value"] = Plain.figure(figure["value"])
    return in_order(fields, ("value", "unit", "year", "as_stated"))


def labels_to_file(points: list[TalkingPoint], field: str) -> list[dict[str, str]]:
    """The words for topics (or actors) of all points, in the order of their first use. Where some have words, the file
    has to name all: one without a word is its own."""
    labels: dict[str, str] = {}
    for point in points:
        own = point.extra.get("labels", {})
        labels |= {slug: own.get(slug) or labels.get(slug, slug) for slug in getattr(point, field)}
    return [{"slug": slug, "label": label} for slug, label in labels.items()]


FILE_TYPE = FileType(
    name="points",
    file="points.yaml",
    section="points",
    shape=POINT,
    model=TalkingPoint,
    id="number",
    key="number",
    values=point_values,
    to_file=point_to_file,
    columns=POINT_COLUMNS,
    order=(
        "number",
        "slug",
        "short_title",
        "short_title_fr",
        "short_title_es",
        "claim",
        "topics",
        "actors_affected",
        "related_groups",
        "related_countries",
        "related_non_members",
        "translations",
        "facts",
    ),
    unique=("slug",),
    not_in_file=frozenset({"edited_at", "search"}),
)
