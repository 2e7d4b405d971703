"""sources.yaml: where statements come from."""

from django.utils.translation import gettext_lazy

from apps.core.partial_dates import FIRST_YEAR, LAST_YEAR
from apps.core.text_lengths import NOTE
from apps.sources.models import DOI_PATTERN, URL_PATTERN, Source

from ..schema import KEY, Date, Integer, ListOf, LooseDate, MapOf, Text, choice, prose
from .base import Field, FileType, Reference

URL = Text(600, URL_PATTERN, gettext_lazy("a URL that starts with https:// or http://"))

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
        Field("year", Integer(FIRST_YEAR, LAST_YEAR)),
        Field("date", LooseDate()),
        Field("url_as_printed", URL, "url"),
        Field("other_url", URL),
        Field("archived_url", URL),
        Field("doi", Text(120, DOI_PATTERN, 'a DOI such as "10.1596/978-1-4648-0671-1"')),
        Field("checked_on", Date()),
        Field("cited_in_points", ListOf(Integer(1)), within="extra", refers=Reference.POINT),
        Field("from_document", ListOf(Text(80)), within="extra"),
        Field("note", prose(NOTE)),
    ),
)
