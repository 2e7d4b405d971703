"""The notes of one page or one letter: a source is cited in full once, later notes lead back to that one."""

from dataclasses import dataclass

from apps.core.types import JsonObject

from ..models import Source
from .formatter import Citation, citation, citation_url, goes_through_document, later_citation


@dataclass(frozen=True)
class Footnote:
    """A note's citation, and the address to print behind it; "" where an earlier note prints it, or there is none."""

    citation: Citation
    url: str


class Footnotes:
    """Notes in the order of their numbers, in one language. `document` is the campaign's own, or None."""

    def __init__(self, language: str, document: Source | None) -> None:
        self._language, self._document = language, document
        #: {source: the note that cites it in full}
        self._cited: dict[int, int] = {}
        #: the first note that cites the document in full, be it as that in which another source is cited
        self._document_note = 0

    def add(self, number: int, source: Source, locator: JsonObject | None = None) -> Footnote:
        """The note with this number."""
        if first := self._cited.get(source.pk):
            return Footnote(later_citation(source, first, locator, self._language, self._document), "")
        whole = citation(source, locator, self._language, self._document, document_note=self._document_note)
        self._cited[source.pk] = number
        if source == self._document or goes_through_document(source):
            self._document_note = self._document_note or number
        return Footnote(whole, citation_url(source))
