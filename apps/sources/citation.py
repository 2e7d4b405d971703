"""How a source is cited in a footnote: one style, words and dates per language.

Style: authors, title, publisher, date, place. The title of an article stands in quotation marks, that of a work stands
alone; a source without a known title is described, and one without an address either is cited through the campaign's
own document. A locator counts points of that document, so it is printed only after it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import dateformat, translation

from .models import Source
from .selectors import document_of


@dataclass(frozen=True)
class Words:
    """What differs between languages: quotation marks, date formats (Django's letters), words."""

    opens: str
    closes: str
    day: str
    month: str
    others: str
    cited_in: str
    point: str


WORDS = {
    "en": Words("“", "”", "j F Y", "F Y", "et al.", "cited in", "point"),
    "fr": Words("« ", " »", "j F Y", "F Y", "et al.", "cité dans", "point"),
    "es": Words("«", "»", r"j \d\e F \d\e Y", r"F \d\e Y", "et al.", "citado en", "punto"),
}
#: more authors than this, and only the first is named
MOST_AUTHORS = 3


def citation_text(
    source: Source, locator: dict[str, Any] | None = None, language: str = "en", document: Source | None = None
) -> str:
    """The footnote as plain text, without full stop and without empty pieces.

    `locator` is a fact's: {point, footnote, where}. `document` is the campaign's own document (kind "document"); where
    it is needed and not given, it is looked up. Example: "Deborah James, Twelve Reasons …, 12 May 2017, reason 7".
    """
    words = WORDS.get(language[:2], WORDS["en"])
    pieces = [*_own_pieces(source, words, language)]
    if source.kind == "document":
        pieces += _place(source, locator, words, language)
    elif source.form == Source.Form.DESCRIBED and not citation_url(source):
        document = document or document_of(source.campaign_id)
        if document is not None:
            cited = ", ".join([*_own_pieces(document, words, language), *_place(document, locator, words, language)])
            pieces.append(f"{words.cited_in} {cited}")
    return ", ".join(pieces)


def citation_url(source: Source) -> str:
    """The address to print or link: as printed in the document, else another, else the DOI, else an archive; or ""."""
    doi = f"https://doi.org/{source.doi}" if source.doi else ""
    for url in (source.url, source.other_url, doi, source.archived_url):
        if url.startswith(("https://", "http://")):
            return url
    return ""


def locator_text(locator: dict[str, Any], document: Source | None = None, language: str = "en") -> str:
    """Where the document says it, for pages: "reason 9, second sentence"; "introduction, third paragraph"."""
    words = WORDS.get(language[:2], WORDS["en"])
    pieces = _place(document, locator, words, language)
    if locator.get("where"):
        pieces.append(str(locator["where"]))
    return ", ".join(pieces)


def _own_pieces(source: Source, words: Words, language: str) -> Iterator[str]:
    """Authors, title, publisher, date; what the authors already say is not repeated."""
    authors = list(source.authors)
    title, publisher = source.title, source.publisher
    if any(publisher and author.endswith(publisher) for author in authors):
        publisher = ""
    elif len(authors) == 1 and publisher.startswith(f"{authors[0]}, "):
        publisher = publisher.removeprefix(f"{authors[0]}, ")
    if len(authors) > MOST_AUTHORS:
        authors = [f"{authors[0]} {words.others}"]
    if source.form == Source.Form.ARTICLE:
        title = f"{words.opens}{title}{words.closes}"
    yield from filter(None, (*authors, title, publisher, _date(source, words, language)))


def _place(document: Source | None, locator: dict[str, Any] | None, words: Words, language: str) -> list[str]:
    """["reason 7"], or [] outside the numbered points. What the document calls its points is its own word."""
    number = (locator or {}).get("point")
    if number is None:
        return []
    own = (document.extra if document else {}).get("point_word", {})
    return [f"{own.get(language[:2], words.point)} {number}"]


def _date(source: Source, words: Words, language: str) -> str:
    """ "12 May 2017", "May 2017", "2017" or ""."""
    year, *rest = (int(part) for part in source.date.split("-")) if source.date else (source.year,)
    if not rest:
        return str(year) if year else ""
    with translation.override(language):
        when = date(year or 1, rest[0], rest[1] if len(rest) > 1 else 1)
        return dateformat.format(when, words.day if len(rest) > 1 else words.month)
