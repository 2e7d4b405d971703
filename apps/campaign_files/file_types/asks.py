"""asks.yaml: what a letter can ask for."""

from typing import Any

from apps.talkingpoints.models import Ask

from ..schema import KEY, SLUG, Entry, Integer, ListOf, Mapping, Text, choice, fit
from .base import FileType, given, renamed

SHAPE = Mapping(
    required={
        "id": KEY,
        "text": Text(),
        "short": fit(Ask, "short"),
        "supports": ListOf(Integer(1)),
        "strength": choice("core", "strong", "optional"),
        "from_document": choice("explicit", "derived", "general"),
    },
    optional={
        "short_fr": fit(Ask, "short"),
        "short_es": fit(Ask, "short"),
        "fits_groups": ListOf(SLUG),
        "not_for_groups": ListOf(SLUG),
        "note": Text(),
    },
)
COLUMNS = {
    "text": "text",
    "short": "short",
    "supports": "supports",
    "fits_groups": "fits_groups",
    "not_for_groups": "not_for_groups",
    "strength": "strength",
    "basis": "from_document",
    "note": "note",
}


def values(entry: Entry, position: int) -> dict[str, Any]:
    """The ask's fields."""
    shorts = {language: entry.get(f"short_{language}", "") for language in ("fr", "es")}
    return {
        "fits_groups": [],
        "not_for_groups": [],
        "note": "",
        **renamed(entry, **COLUMNS),
        "shorts": {language: short for language, short in shorts.items() if short},
        "position": position,
    }


def to_file(ask: Ask) -> dict[str, Any]:
    """The fields of asks.yaml."""
    shorts = {f"short_{language}": short for language, short in ask.shorts.items()}
    return {"id": ask.key, **given(ask, COLUMNS, SHAPE), **shorts}


FILE_TYPE = FileType(
    name="asks",
    file="asks.yaml",
    section="asks",
    shape=SHAPE,
    model=Ask,
    id="id",
    key="key",
    values=values,
    to_file=to_file,
    columns=COLUMNS,
    order=(
        "id",
        "text",
        "short",
        "short_fr",
        "short_es",
        "supports",
        "fits_groups",
        "not_for_groups",
        "strength",
        "from_document",
        "note",
    ),
)
