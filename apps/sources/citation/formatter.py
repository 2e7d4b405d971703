"""A source in a note: the text, the address, when it was opened, and the place in the campaign's document."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from apps.core.languages import Language, language_for
from apps.core.types import JsonObject

from ..models import Source
from ..selectors import campaign_document
from .author_names import listed_name

#: more authors than this, and only the first is named
MOST_AUTHORS = 3
#: where the subtitle begins, which a later note leaves out
SUBTITLE = re.compile(r"\s*:\s|\s[–—]\s")


class Unasked(Enum):
    """Stands for a document that was not given: it is looked up. None says that the campaign has none."""

    LOOK_UP = "look up"


type Document = Source | Unasked | None


@dataclass(frozen=True)
class Citation:
    """A citation by its pieces, so that a page can set the title of a work apart. `text` is all of it."""

    lead: str
    title: str
    tail: str
    is_work: bool

    @property
    def text(self) -> str:
        return f"{self.lead}{self.title}{self.tail}"


def citation_text(
    source: Source, locator: JsonObject | None = None, language: str = "en", document: Document = Unasked.LOOK_UP
) -> str:
    """The footnote as plain text, without full stop and without empty pieces.

    `locator` is a fact's: {point, footnote, where}. `document` is the campaign's own document (kind "document"); where
    it is needed and not given, it is looked up. Example: "Deborah James, Twelve Reasons …, 12 May 2017, reason 7".
    """
    return citation(source, locator, language, document).text


def citation(
    source: Source,
    locator: JsonObject | None = None,
    language: str = "en",
    document: Document = Unasked.LOOK_UP,
    *,
    first_author: str = "",
    undated: bool = False,
    document_note: int = 0,
) -> Citation:
    """The same by its pieces. A bibliography gives the form of the first author, and a word where no date is known;
    `document_note` is the earlier note on the same page in which the document is cited in full, 0 where none is."""
    words = language_for(language)
    authors = authors_named(source, words)
    if first_author and authors:
        authors[0] = first_author + (f" {words.citation.et_al}" if len(source.authors) > MOST_AUTHORS else "")
    date = source_date(source, language) or (words.citation.undated if undated else "")
    tail = [piece for piece in (_publisher(source), date) if piece]
    tail += _through(source, locator, language, document, document_note)
    return _pieces(source, words, authors, source.title, tail)


def later_citation(
    source: Source, first: int, locator: JsonObject | None, language: str, document: Source | None
) -> Citation:
    """A later note on a source that note `first` cites in full: "James, Twelve Reasons, note 3 above, reason 9"."""
    words = language_for(language)
    tail = [words.citation.above.format(n=first)]
    if source.kind == "document":
        tail += _place(source, locator, words, language)
    elif goes_through_document(source):
        tail += _place(document, locator, words, language)
    return _pieces(source, words, _short_authors(source, words), _short_title(source), tail)


def _pieces(source: Source, words: Language, authors: list[str], title: str, tail: list[str]) -> Citation:
    if source.form == Source.Form.ARTICLE:
        title = words.quoted(title)
    elif source.form == Source.Form.DESCRIBED and not authors:  # our own words, and they begin the citation
        title = title[:1].upper() + title[1:]
    delimiter = words.citation.delimiter
    lead = "".join(f"{author}{delimiter}" for author in authors)
    return Citation(lead, title, "".join(f"{delimiter}{piece}" for piece in tail), source.form == Source.Form.WORK)


def _short_authors(source: Source, words: Language) -> list[str]:
    """The surname of the first author, or the institution, and "et al." for the others."""
    if not source.authors:
        return []
    name = listed_name(source)
    if name != source.authors[0]:  # inverted: the surname is before the comma
        name = name.partition(",")[0]
    return [name + (f" {words.citation.et_al}" if len(source.authors) > 1 else "")]


def _short_title(source: Source) -> str:
    """What the campaign's files give as the short title, else the title without its subtitle."""
    if source.form == Source.Form.DESCRIBED:
        return source.title
    return str(source.extra.get("short_title") or SUBTITLE.split(source.title, maxsplit=1)[0] or source.title)


def short_text(source: Source, language: str = "en") -> str:
    """The source in a few words, beside what leads to the note: "World Bank, 2016", "Joseph Spanjers et al., 2017"."""
    words = language_for(language)
    name = source.authors[0] if source.authors else source.title
    others = f" {words.citation.et_al}" if len(source.authors) > 1 else ""
    year = str(source.year) if source.year else source.date[:4]
    return f"{name}{others}, {year or words.citation.undated}"


def citation_url(source: Source) -> str:
    """The URL to print or link: the one in the document, another, the DOI, or an archive; "" without any."""
    doi = f"https://doi.org/{source.doi}" if source.doi else ""
    for url in (source.url, source.other_url, doi, source.archived_url):
        if url.startswith(("https://", "http://")):
            return url
    return ""


def accessed_text(source: Source, language: str = "en") -> str:
    """ "accessed on 14 November 2017", where the citation has an address and somebody noted when it was opened."""
    if source.checked_on is None or not citation_url(source):
        return ""
    words = language_for(language)
    return words.citation.accessed.format(day=words.day(source.checked_on))


def place_text(locator: JsonObject, document: Source | None = None, language: str = "en") -> str:
    """The numbered point of the document alone, with the document's own word: "reason 9"; or ""."""
    return ", ".join(_place(document, locator, language_for(language), language))


def locator_text(locator: JsonObject, document: Source | None = None, language: str = "en") -> str:
    """Where the document says it, for pages: "reason 9, second sentence"; "introduction, third paragraph"."""
    return ", ".join(filter(None, (place_text(locator, document, language), str(locator.get("where") or ""))))


def source_date(source: Source, language: str) -> str:
    """ "12 May 2017", "May 2017", "2017" or ""."""
    return language_for(language).date(source.date or str(source.year or ""))


def authors_named(source: Source, words: Language) -> list[str]:
    """The authors, or the first and "et al." where there are many."""
    authors = list(source.authors)
    return [f"{authors[0]} {words.citation.et_al}"] if len(authors) > MOST_AUTHORS else authors


def _publisher(source: Source) -> str:
    """The publisher, without what the authors already say."""
    authors, publisher = source.authors, source.publisher
    if any(publisher and author.endswith(publisher) for author in authors):
        return ""
    return publisher.removeprefix(f"{authors[0]}, ") if len(authors) == 1 else publisher


def goes_through_document(source: Source) -> bool:
    """Whether nobody can open it but through the campaign's document, in which it is then cited."""
    return source.kind != "document" and source.form == Source.Form.DESCRIBED and not citation_url(source)


def _through(
    source: Source, locator: JsonObject | None, language: str, document: Document, document_note: int
) -> Iterator[str]:
    """The place in the document, or the document through which a source is known that nobody can open."""
    words = language_for(language)
    if source.kind == "document":
        yield from _place(source, locator, words, language)
    elif goes_through_document(source):
        if isinstance(document, Unasked):
            document = campaign_document(source.campaign_id)
        if document is not None and document_note:
            later = later_citation(document, document_note, locator, language, document)
            yield f"{words.citation.cited_in} {later.text}"
        elif document is not None:
            yield f"{words.citation.cited_in} {citation(document, locator, language, document).text}"


def _place(document: Source | None, locator: JsonObject | None, words: Language, language: str) -> list[str]:
    """["reason 7"], or [] outside the numbered points. What the document calls its points is its own word."""
    number = (locator or {}).get("point")
    if number is None:
        return []
    own = (document.extra if document else {}).get("point_word", {})
    return [f"{own.get(language[:2], words.citation.point)} {number}"]
