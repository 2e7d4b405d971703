"""The text of citations."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from apps.core.languages import Language, language_for, primary_language
from apps.core.types import JsonObject

from ..models import Source
from .author_names import listed_name

#: if there are more, only the first is named
MAX_AUTHORS = 3
#: before a subtitle, which later notes leave out
SUBTITLE = re.compile(r"\s*:\s|\s[–—]\s")


@dataclass(frozen=True)
class Citation:
    """In parts, so that pages can mark the title of a work."""

    lead: str
    title: str
    tail: str
    is_work: bool

    @property
    def author(self) -> str:
        """The lead without what divides it from the title, which has no direction of its own."""
        return self.lead.rstrip(",،: ")

    @property
    def delimiter(self) -> str:
        return self.lead.removeprefix(self.author)

    @property
    def text(self) -> str:
        return f"{self.lead}{self.title}{self.tail}"


def citation_text(
    source: Source, locator: JsonObject | None = None, language: str = "en", document: Source | None = None
) -> str:
    """ "Deborah James, Twelve Reasons …, 12 May 2017, reason 7". `locator`: {point, footnote, where}."""
    return citation(source, locator, language, document).text


def citation(
    source: Source,
    locator: JsonObject | None = None,
    language: str = "en",
    document: Source | None = None,
    *,
    first_author: str = "",
    undated: bool = False,
    document_note: int = 0,
) -> Citation:
    """In parts. Bibliographies give `first_author` and `undated`; `document_note`: the number of the earlier note that
    cites the document in full, or 0."""
    words = language_for(language)
    authors = authors_named(source, words)
    if first_author and authors:
        authors[0] = first_author + (f" {words.citation.et_al}" if len(source.authors) > MAX_AUTHORS else "")
    date = source_date(source, language) or (words.citation.undated if undated else "")
    tail = [piece for piece in (_publisher(source), date) if piece]
    tail += _through(source, locator, language, document, document_note)
    return _pieces(source, words, authors, source.title, tail)


def later_citation(
    source: Source, first: int, locator: JsonObject | None, language: str, document: Source | None
) -> Citation:
    """ "James, Twelve Reasons, note 3 above, reason 9"; `first`: the note that cites the source in full."""
    words = language_for(language)
    tail = [words.citation.above.format(n=first)]
    if source.kind == "document":
        tail += _point(source, locator, words, language)
    elif goes_through_document(source):
        tail += _point(document, locator, words, language)
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
    """The first author's surname or institution, and "et al."."""
    if not source.authors:
        return []
    name = listed_name(source)
    if name != source.authors[0]:  # inverted: the surname is before the comma
        name = name.partition(",")[0]
    return [name + (f" {words.citation.et_al}" if len(source.authors) > 1 else "")]


def _short_title(source: Source) -> str:
    """From the campaign's files, or the title without its subtitle."""
    if source.form == Source.Form.DESCRIBED:
        return source.title
    return str(source.extra.get("short_title") or SUBTITLE.split(source.title, maxsplit=1)[0] or source.title)


def short_text(source: Source, language: str = "en") -> str:
    """ "World Bank, 2016", "Joseph Spanjers et al., 2017"."""
    words = language_for(language)
    name = source.authors[0] if source.authors else source.title
    others = f" {words.citation.et_al}" if len(source.authors) > 1 else ""
    year = str(source.year) if source.year else source.date[:4]
    return f"{name}{others}, {year or words.citation.undated}"


def citation_url(source: Source) -> str:
    """The URL in the document, another, the DOI, or an archived copy; or ""."""
    doi = f"https://doi.org/{source.doi}" if source.doi else ""
    for url in (source.url, source.other_url, doi, source.archived_url):
        if url.startswith(("https://", "http://")):
            return url
    return ""


def accessed_text(source: Source, language: str = "en") -> str:
    """ "accessed on 14 November 2017", or "" without a URL or date."""
    if source.checked_on is None or not citation_url(source):
        return ""
    words = language_for(language)
    return words.citation.accessed.format(day=words.day(source.checked_on))


def point_text(locator: JsonObject, document: Source | None = None, language: str = "en") -> str:
    """The numbered point of the document, in its own word: "reason 9"; or ""."""
    return ", ".join(_point(document, locator, language_for(language), language))


def locator_text(locator: JsonObject, document: Source | None = None, language: str = "en") -> str:
    """ "reason 9, second sentence"; "introduction, third paragraph"."""
    return ", ".join(filter(None, (point_text(locator, document, language), str(locator.get("where") or ""))))


def printed_point(source: Source, locator: JsonObject | None) -> int | str | None:
    """The point of the campaign's document that a note on the source prints, if any."""
    through = source.kind == "document" or goes_through_document(source)
    return (locator or {}).get("point") if through else None


def source_date(source: Source, language: str) -> str:
    """ "12 May 2017", "May 2017", "2017" or ""."""
    return language_for(language).date(source.date or str(source.year or ""))


def authors_named(source: Source, words: Language) -> list[str]:
    """The authors, or the first of many and "et al."."""
    authors = list(source.authors)
    return [f"{authors[0]} {words.citation.et_al}"] if len(authors) > MAX_AUTHORS else authors


def _publisher(source: Source) -> str:
    """Without what the authors already say."""
    authors, publisher = source.authors, source.publisher
    if any(publisher and author.endswith(publisher) for author in authors):
        return ""
    return publisher.removeprefix(f"{authors[0]}, ") if len(authors) == 1 else publisher


def goes_through_document(source: Source) -> bool:
    """Whether only the campaign's document leads to it."""
    return source.kind != "document" and source.form == Source.Form.DESCRIBED and not citation_url(source)


def _through(
    source: Source, locator: JsonObject | None, language: str, document: Source | None, document_note: int
) -> Iterator[str]:
    """The point of the document, or the document that cites the source."""
    words = language_for(language)
    if source.kind == "document":
        yield from _point(source, locator, words, language)
    elif goes_through_document(source):
        if document and document_note:
            found = later_citation(document, document_note, locator, language, document)
            yield f"{words.citation.cited_in} {found.text}"
        elif document:
            yield f"{words.citation.cited_in} {citation(document, locator, language).text}"


def _point(document: Source | None, locator: JsonObject | None, words: Language, language: str) -> list[str]:
    """["reason 7"], one for each of several `points` of a locator, or []. Documents have their own word for points."""
    locator = locator or {}
    own = (document.extra if document else {}).get("point_word", {})
    word = own.get(primary_language(language), words.citation.point)
    return [f"{word} {number}" for number in locator.get("points", [locator.get("point")]) if number is not None]
