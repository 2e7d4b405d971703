"""points.yaml: the numbered points with their facts, and facts of the context."""

from typing import Any

from apps.talkingpoints.models import Fact, TalkingPoint

from ..shapes import COUNTRY, KEY, SLUG, Amount, Entry, Integer, ListOf, Mapping, Text, choice, fit
from .base import Kind, renamed, rest

WORD = Text(80, r"[A-Za-z0-9][A-Za-z0-9-]*")

FIGURE = Mapping(
    required={"unit": Text(80)},
    optional={"value": Amount(), "year": Integer(1000, 2999), "as_stated": Text(120)},
)
LOCATOR = Mapping(required={"where": Text(200)}, optional={"point": Integer(1), "footnote": Integer(1)})
FACT = Mapping(
    required={
        "id": Text(40, KEY.pattern, KEY.meant),
        "statement": Text(),
        "kind": choice(*Fact.Kind.values),
        "source_id": KEY,
        "verification": choice(*Fact.Verification.values),
    },
    optional={
        "figures": ListOf(FIGURE, repeats=True),
        "applies_to": ListOf(WORD),
        "additional_source_ids": ListOf(KEY),
        "exact_locator": LOCATOR,
        "caution": Text(),
    },
)
POINT = Mapping(
    required={
        "number": Integer(1, 999),
        "slug": SLUG,
        "short_title": fit(TalkingPoint, "title"),
        "claim": Text(),
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
    },
)
WORDS = ListOf(Mapping(required={"slug": SLUG, "label": Text(120)}), repeats=True)
#: further sections of the file
SECTIONS = {"topics": WORDS, "actors": WORDS, "context_facts": ListOf(FACT, repeats=True)}


def point_values(entry: Entry, position: int) -> dict[str, Any]:
    """The point's fields without its facts."""
    used = {"number", "slug", "short_title", "claim", "facts", "topics", "actors_affected"}
    used |= {"short_title_fr", "short_title_es", "related_groups", "related_countries"}
    return {
        "topics": [],
        "actors": [],
        "related_groups": [],
        "related_countries": [],
        **renamed(
            entry,
            slug="slug",
            title="short_title",
            claim="claim",
            topics="topics",
            actors="actors_affected",
            related_groups="related_groups",
            related_countries="related_countries",
        ),
        "extra": rest(entry, used),
    }


def titles(entry: Entry) -> dict[str, str]:
    """{language: the point's title}, where the file has one."""
    found = {language: entry.get(f"short_title_{language}", "") for language in ("fr", "es")}
    return {language: title for language, title in found.items() if title}


def fact_values(entry: Entry, position: int) -> dict[str, Any]:
    """The fact's fields without point and sources."""
    return {
        "figures": [],
        "applies_to": [],
        "locator": {},
        "caution": "",
        **renamed(
            entry,
            statement="statement",
            kind="kind",
            figures="figures",
            applies_to="applies_to",
            locator="exact_locator",
            verification="verification",
            caution="caution",
        ),
        "position": position,
    }


KIND = Kind(
    name="points",
    file="points.yaml",
    section="points",
    shape=POINT,
    model=TalkingPoint,
    id="number",
    key="number",
    values=point_values,
    unique=("slug",),
)
