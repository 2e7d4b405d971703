"""glossary.yaml: terms and actors, explained. timeline.yaml: dated events of the campaign's subject."""

from apps.talkingpoints.models import CalendarEntry, GlossaryTerm

from ..schema import KEY, Flag, Integer, ListOf, LooseDate, Text, choice
from .base import Field, FileType, Reference

GLOSSARY = FileType(
    file="glossary.yaml",
    name="glossary terms",
    model=GlossaryTerm,
    fields=(
        Field("id", KEY, "key", required=True),
        Field("kind", required=True),
        Field("term", required=True),
        Field("in_document", Flag(), within="extra"),
        Field("points", ListOf(Integer(1)), within="extra", refers=Reference.POINT),
        Field("definition", required=True),
    ),
)


TIMELINE = FileType(
    file="timeline.yaml",
    name="events",
    model=CalendarEntry,
    fields=(
        Field("id", KEY, "key", required=True),
        Field("date", LooseDate(), required=True),
        Field("end_date", LooseDate(), within="extra"),
        Field("precision", choice("day", "month", "year"), within="extra"),
        Field("event", Text(), "title", required=True),
        Field("basis", Text(40), within="extra"),
        Field("points", ListOf(Integer(1)), within="extra", refers=Reference.POINT),
        Field("sources", ListOf(KEY), within="extra", refers=Reference.SOURCE),
        Field("after_document", Flag(), within="extra"),
    ),
)
