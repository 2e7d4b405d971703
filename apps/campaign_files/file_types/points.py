"""points.yaml: the numbered points with their facts, and facts of the context."""

from django.utils.translation import gettext as _

from apps.core.partial_dates import FIRST_YEAR, LAST_YEAR
from apps.core.text import clean_lines
from apps.core.text_lengths import CAUTION, CLAIM, PASSAGE, REASON, STATEMENT
from apps.core.types import JsonObject
from apps.talkingpoints.models import Fact, FactRevision, TalkingPoint
from apps.talkingpoints.translation_status import ORIGINAL

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
from ..schema.scalars import DECIMAL, WHOLE
from .base import Field, Fields, FileType, Reference, Values, in_order

WORD = Text(80, r"[A-Za-z0-9][A-Za-z0-9-]*")
FIGURE = Mapping(
    required={"unit": Text(80)},
    optional={"value": Amount(), "year": Integer(FIRST_YEAR, LAST_YEAR), "as_stated": Text(120)},
)
LOCATOR = Mapping(required={}, optional={"where": Text(200), "point": Integer(1), "footnote": Integer(1)})
FACT = Fields(
    Fact,
    (
        Field("id", Text(40, KEY.pattern, KEY.meant), "key", required=True),
        Field("statement", prose(STATEMENT), required=True),
        Field("kind", choice(*Fact.Kind.values), required=True),
        Field("figures", ListOf(FIGURE, repeats=True)),
        Field("applies_to", ListOf(WORD), refers=Reference.MEMBER_OR_GROUP),
        Field("source_id", KEY, None, required=True, refers=Reference.SOURCE),
        Field("additional_source_ids", ListOf(KEY), None, refers=Reference.SOURCE),
        Field("exact_locator", LOCATOR, "locator"),
        Field("verification", choice(*Fact.Verification.values), required=True),
        Field("caution", prose(CAUTION)),
        Field("retired", prose(REASON), None),
    ),
)
TITLE = fit(TalkingPoint, "title")
#: titles in these languages have fields of their own
TITLE_LANGUAGES = ("fr", "es")
#: a point in another language; in the campaign's own, only the passage
TRANSLATION = Mapping(required={}, optional={"title": TITLE, "claim": prose(CLAIM), "passage": prose(PASSAGE)})
LABELS = ListOf(Mapping(required={"slug": SLUG, "label": Text(120)}), repeats=True)
SECTIONS = {"topics": LABELS, "actors": LABELS, "context_facts": ListOf(FACT.shape, repeats=True)}


def translations(entry: Entry) -> dict[str, dict[str, str]]:
    """{language: {title, claim, passage: text}}; the original language first, since the others are made from it."""
    found: dict[str, dict[str, str]] = {ORIGINAL: {}}
    found |= {language: dict(words) for language, words in entry.get("translations", {}).items()}
    for language in TITLE_LANGUAGES:
        if title := entry.get(f"short_title_{language}", ""):
            found.setdefault(language, {})["title"] = title
    return {language: words for language, words in found.items() if words}


def translated_name(language: str, name: str) -> str:
    if name == "title" and language in TITLE_LANGUAGES:
        return f"short_title_{language}"
    return f"translations.{language}.{name}"


def translations_to_file(point: TalkingPoint) -> Values:
    fields: Values = {}
    further: dict[str, dict[str, str]] = {}
    for row in sorted(point.translations.all(), key=lambda row: row.language):
        words = {name: getattr(row, name) for name in ("title", "claim", "passage") if getattr(row, name)}
        if row.language in TITLE_LANGUAGES and "title" in words:
            fields[translated_name(row.language, "title")] = words.pop("title")
        if words:
            further[row.language] = words
    return {**fields, "translations": further} if further else fields


def fact_to_file(fact: Fact) -> Values:
    more: Values = {"source_id": fact.source.key}
    if further := sorted(source.key for source in fact.additional_sources.all()):
        more["additional_source_ids"] = further
    if fact.figures:
        more["figures"] = [_figure_to_file(figure) for figure in fact.figures]
    if fact.locator:
        more["exact_locator"] = in_order(fact.locator, ("point", "footnote", "where"))
    if fact.retired_at:
        more["retired"] = _retirement_reason(fact)
    return FACT.to_file(fact, **more)


def _retirement_reason(fact: Fact) -> str:
    """The latest reason, short enough for a file; the history keeps it whole."""
    reasons = (row.reason for row in fact.history.all() if row.act == FactRevision.Act.RETIRE)
    return clean_lines(next(reasons, ""))[:REASON].strip() or _("No reason was given.")


def _figure_to_file(figure: JsonObject) -> JsonObject:
    """A number stored as text is written so that Amount reads the same text."""
    value = figure.get("value")
    if isinstance(value, str) and (DECIMAL.fullmatch(value) or (WHOLE.fullmatch(value) and len(value) > 20)):
        value = Plain(value)
    elif isinstance(value, str) and WHOLE.fullmatch(value) and len(value) != 4:
        value = Plain(f"{value}.0")
    return in_order(figure | ({"value": value} if "value" in figure else {}), ("value", "unit", "year", "as_stated"))


def labels_to_file(points: list[TalkingPoint], field: str) -> list[dict[str, str]]:
    """In the order of first use; a topic without a label is its own."""
    labels: dict[str, str] = {}
    for point in points:
        own = point.extra.get("labels", {})
        labels |= {slug: own.get(slug) or labels.get(slug, slug) for slug in getattr(point, field)}
    return [{"slug": slug, "label": label} for slug, label in labels.items()]


POINTS = FileType(
    file="points.yaml",
    name="points",
    model=TalkingPoint,
    fields=(
        Field("number", Integer(1, 999), required=True),
        Field("slug", SLUG, required=True),
        Field("short_title", TITLE, "title", required=True),
        Field("short_title_fr", TITLE, None),
        Field("short_title_es", TITLE, None),
        Field("claim", prose(CLAIM), required=True),
        Field("topics", ListOf(WORD), refers=Reference.TOPIC),
        Field("actors_affected", ListOf(WORD), "actors", refers=Reference.ACTOR),
        Field("related_groups", ListOf(SLUG), refers=Reference.GROUP),
        Field("related_countries", ListOf(COUNTRY), refers=Reference.MEMBER),
        Field("related_non_members", ListOf(COUNTRY), within="extra"),
        Field("translations", MapOf(LANGUAGE, TRANSLATION), None),
        Field("facts", ListOf(FACT.shape, repeats=True), None, required=True),
    ),
    unique=("slug",),
    more_fields=translations_to_file,
)
