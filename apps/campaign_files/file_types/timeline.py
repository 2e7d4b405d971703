"""timeline.yaml: dated events of the campaign's subject."""

from typing import Any

from apps.talkingpoints.models import CalendarEntry

from ..schema import KEY, Entry, Flag, Integer, ListOf, LooseDate, Mapping, Text, choice
from .base import FileType, given, renamed, rest

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
COLUMNS = {"date": "date", "title": "event"}


def values(entry: Entry, position: int) -> dict[str, Any]:
    """The event's fields."""
    return {
        **renamed(entry, **COLUMNS),
        "extra": rest(entry, {"id", *COLUMNS.values()}),
        "position": position,
    }


def to_file(event: CalendarEntry) -> dict[str, Any]:
    """The fields of timeline.yaml."""
    return {**event.extra, "id": event.key, **given(event, COLUMNS, SHAPE)}


FILE_TYPE = FileType(
    name="events",
    file="timeline.yaml",
    section="timeline",
    shape=SHAPE,
    model=CalendarEntry,
    id="id",
    key="key",
    values=values,
    to_file=to_file,
    columns=COLUMNS,
    order=("id", "date", "end_date", "precision", "event", "basis", "points", "sources", "after_document"),
)
