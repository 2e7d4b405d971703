"""glossary.yaml: terms and actors, explained."""

from typing import Any

from apps.talkingpoints.models import GlossaryTerm

from ..schema import KEY, Entry, Flag, Integer, ListOf, Mapping, Text, fit
from .base import FileType, given, renamed, rest

SHAPE = Mapping(
    required={
        "id": KEY,
        "kind": fit(GlossaryTerm, "kind"),
        "term": fit(GlossaryTerm, "term"),
        "definition": Text(),
    },
    optional={"in_document": Flag(), "points": ListOf(Integer(1))},
)
COLUMNS = {"kind": "kind", "term": "term", "definition": "definition"}


def values(entry: Entry, position: int) -> dict[str, Any]:
    """The term's fields."""
    return {
        **renamed(entry, **COLUMNS),
        "extra": rest(entry, {"id", *COLUMNS.values()}),
        "position": position,
    }


def to_file(term: GlossaryTerm) -> dict[str, Any]:
    """The fields of glossary.yaml."""
    return {**term.extra, "id": term.key, **given(term, COLUMNS, SHAPE)}


FILE_TYPE = FileType(
    name="glossary terms",
    file="glossary.yaml",
    section="glossary",
    shape=SHAPE,
    model=GlossaryTerm,
    id="id",
    key="key",
    values=values,
    to_file=to_file,
    columns=COLUMNS,
    order=("id", "kind", "term", "in_document", "points", "definition"),
)
