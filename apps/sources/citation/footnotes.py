"""The notes of one page or letter: later notes on a source refer to the first."""

from dataclasses import dataclass

from apps.core.types import JsonObject

from ..models import Source
from .formatter import Citation, citation, citation_url, goes_through_document, later_citation


@dataclass(frozen=True)
class Footnote:
    """`url`: to print behind the citation, or ""."""

    citation: Citation
    url: str


class Footnotes:
    """Notes are added in order. `document`: the campaign's own, or None."""

    def __init__(self, language: str, document: Source | None) -> None:
        self._language, self._document = language, document
        #: {source: the note that cites it in full}
        self._cited: dict[int, int] = {}
        #: the first note that cites the document in full, on its own or for another source
        self._document_note = 0

    def add(self, number: int, source: Source, locator: JsonObject | None = None) -> Footnote:
        if first := self._cited.get(source.pk):
            return Footnote(later_citation(source, first, locator, self._language, self._document), "")
        whole = citation(source, locator, self._language, self._document, document_note=self._document_note)
        self._cited[source.pk] = number
        if source == self._document or goes_through_document(source):
            self._document_note = self._document_note or number
        return Footnote(whole, citation_url(source))
