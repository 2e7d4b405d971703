"""sources.yaml: where statements come from."""

from typing import Any

from apps.core.text_lengths import NOTE
from apps.sources.models import Source

from ..schema import KEY, URL, Date, Entry, Integer, ListOf, LooseDate, MapOf, Mapping, Text, choice, fit, prose
from .base import FileType, given, renamed, rest

SHAPE = Mapping(
    required={"id": KEY, "kind": fit(Source, "kind"), "title": fit(Source, "title")},
    optional={
        "form": choice(*Source.Form.values),
        "footnote": Integer(1),
        "authors": ListOf(Text(200)),
        "publisher": fit(Source, "publisher"),
        "year": Integer(1000, 2999),
        "date": LooseDate(),
        "url_as_printed": URL,
        "other_url": URL,
        "archived_url": URL,
        "doi": Text(120, r"10\.[0-9]+/\S+", 'a DOI such as "10.1596/978-1-4648-0671-1"'),
        "checked_on": Date(),
        "cited_in_points": ListOf(Integer(1)),
        "from_document": ListOf(Text(80)),
        "sort_as": Text(200),
        "short_title": Text(200),
        "point_word": MapOf(Text(2), Text(40)),
        "note": prose(NOTE),
    },
)
COLUMNS = {
    "kind": "kind",
    "form": "form",
    "footnote": "footnote",
    "authors": "authors",
    "title": "title",
    "publisher": "publisher",
    "year": "year",
    "date": "date",
    "url": "url_as_printed",
    "other_url": "other_url",
    "archived_url": "archived_url",
    "doi": "doi",
    "checked_on": "checked_on",
    "note": "note",
}


def values(entry: Entry, position: int) -> dict[str, Any]:
    """The source's fields; what has no column of its own goes to `extra`."""
    return {
        **dict.fromkeys(("publisher", "date", "url", "other_url", "archived_url", "doi", "note"), ""),
        "form": Source.Form.WORK.value,
        "footnote": None,
        "authors": [],
        "year": None,
        "checked_on": None,
        **renamed(entry, **COLUMNS),
        "extra": rest(entry, {"id", *COLUMNS.values()}),
    }


def to_file(source: Source) -> dict[str, Any]:
    """The fields of sources.yaml."""
    return {**source.extra, "id": source.key, **given(source, COLUMNS, SHAPE)}


FILE_TYPE = FileType(
    name="sources",
    file="sources.yaml",
    section="sources",
    shape=SHAPE,
    model=Source,
    id="id",
    key="key",
    values=values,
    to_file=to_file,
    columns=COLUMNS,
    order=(
        "id",
        "form",
        "kind",
        "footnote",
        "authors",
        "sort_as",
        "title",
        "short_title",
        "publisher",
        "point_word",
        "year",
        "date",
        "url_as_printed",
        "other_url",
        "archived_url",
        "doi",
        "checked_on",
        "cited_in_points",
        "from_document",
        "note",
    ),
    not_in_file=frozenset({"edited_at", "search"}),
)
