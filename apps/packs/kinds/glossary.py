"""glossary.yaml: terms and actors, explained."""

from typing import Any

from apps.talkingpoints.models import GlossaryTerm

from ..shapes import KEY, Entry, Flag, Integer, ListOf, Mapping, Text, fit
from .base import Kind, renamed, rest

SHAPE = Mapping(
    required={
        "id": KEY,
        "kind": fit(GlossaryTerm, "kind"),
        "term": fit(GlossaryTerm, "term"),
        "definition": Text(),
    },
    optional={"in_document": Flag(), "points": ListOf(Integer(1))},
)


def values(entry: Entry, position: int) -> dict[str, Any]:
    """The term's fields."""
    columns = {"kind", "term", "definition"}
    return {
        **renamed(entry, **{name: name for name in columns}),
        "extra": rest(entry, {"id", *columns}),
        "position": position,
    }


KIND = Kind(
    name="glossary terms",
    file="glossary.yaml",
    section="glossary",
    shape=SHAPE,
    model=GlossaryTerm,
    id="id",
    key="key",
    values=values,
)
