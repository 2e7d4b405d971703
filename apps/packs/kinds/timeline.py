"""timeline.yaml: dated events of the campaign's subject."""

from typing import Any

from apps.talkingpoints.models import CalendarEntry

from ..shapes import KEY, Entry, Flag, Integer, ListOf, LooseDate, Mapping, Text, choice
from .base import Kind, renamed, rest

SHAPE = Mapping(
    required={"id": KEY, "date": LooseDate(), "event": Text()},
    optional={
        "end_date": LooseDate(),
        "precision": choice("day", "month", "year"),
        "basis": Text(40),
        "points": ListOf(Integer(1)),
        "sources": ListOf(KEY),
        "after_document": Flag(),
    },
)


def values(entry: Entry, position: int) -> dict[str, Any]:
    """The event's fields."""
    return {
        **renamed(entry, date="date", title="event"),
        "extra": rest(entry, {"id", "date", "event"}),
        "position": position,
    }


KIND = Kind(
    name="events",
    file="timeline.yaml",
    section="timeline",
    shape=SHAPE,
    model=CalendarEntry,
    id="id",
    key="key",
    values=values,
)
