"""sources.yaml: where statements come from."""

from apps.core.text_lengths import NOTE
from apps.sources.models import Source

from ..schema import KEY, URL, Date, Integer, ListOf, LooseDate, MapOf, Text, choice, prose
from .base import Field, FileType, Reference

SOURCES = FileType(
    file="sources.yaml",
    name="sources",
    model=Source,
    fields=(
        Field("id", KEY, "key", required=True),
        Field("form", choice(*Source.Form.values)),
        Field("kind", required=True),
        Field("footnote", Integer(1)),
        Field("authors", ListOf(Text(200))),
        Field("sort_as", Text(200), within="extra"),
        Field("title", required=True),
        Field("short_title", Text(200), within="extra"),
        Field("publisher"),
        Field("point_word", MapOf(Text(2), Text(40)), within="extra"),
        Field("year", Integer(1000, 2999)),
        Field("date", LooseDate()),
        Field("url_as_printed", URL, "url"),
        Field("other_url", URL),
        Field("archived_url", URL),
        Field("doi", Text(120, r"10\.[0-9]+/\S+", 'a DOI such as "10.1596/978-1-4648-0671-1"')),
        Field("checked_on", Date()),
        Field("cited_in_points", ListOf(Integer(1)), within="extra", refers=Reference.POINT),
        Field("from_document", ListOf(Text(80)), within="extra"),
        Field("note", prose(NOTE)),
    ),
    not_in_file=frozenset({"edited_at", "search"}),
)
