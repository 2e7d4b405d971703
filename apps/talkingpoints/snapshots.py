"""What a fact, and a point, says: as data to keep, to compare and to hash."""

import json
from typing import Any

from apps.core.canonical import sha256_hex
from apps.core.types import JsonObject

from .models import Fact, PointTranslation, TalkingPoint

#: the language in which points and facts are written
ORIGINAL = "en"


def fact_contents(fact: Fact) -> JsonObject:
    """Everything a correction may change, and whether the fact is retired. Sources by key, the point by number."""
    return {
        "point": fact.point.number if fact.point else None,
        "statement": fact.statement,
        "kind": fact.kind,
        "figures": fact.figures,
        "applies_to": fact.applies_to,
        "source": fact.source.key,
        "further_sources": sorted(source.key for source in fact.additional_sources.all()),
        "locator": fact.locator,
        "verification": fact.verification,
        "caution": fact.caution,
        "retired": fact.retired_at is not None,
    }


def fact_seen(fact: Fact) -> str:
    """A hash of the contents: whoever corrects a fact names what they saw, so that nobody overwrites unread."""
    return _hash([fact.revision, fact_contents(fact)])


def point_seen(point: TalkingPoint) -> str:
    """The same for a point and what a correction of it may change."""
    return _hash([point.title, point.claim, point.topics, point.related_groups, point.related_countries, point.extra])


def original_hash(point: TalkingPoint, language: str) -> str:
    """A hash of what a translation is made from: title, claim and passage; for the passage itself, title and claim."""
    rows = {row.language: row for row in point.translations.all()}
    passage = rows[ORIGINAL].passage if ORIGINAL in rows and language != ORIGINAL else ""
    return _hash([point.title, point.claim, passage])


def translation_words(row: PointTranslation) -> dict[str, str]:
    """title, claim and passage of a translation."""
    return {"title": row.title, "claim": row.claim, "passage": row.passage}


def is_whole(row: PointTranslation) -> bool:
    """Whether there is enough to review: title and claim; in the points' own language, the passage."""
    return bool(row.passage if row.language == ORIGINAL else row.title and row.claim)


def _hash(value: Any) -> str:
    return sha256_hex(json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())
