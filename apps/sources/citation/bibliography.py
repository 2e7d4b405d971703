"""Sources as a list: by author or title, works of one author by their dates."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..models import Source
from .author_names import listed_name, sort_key
from .formatter import Citation, accessed_text, citation, citation_url


@dataclass(frozen=True)
class Entry:
    """A source with its citation, its address or "", and "accessed on …" or ""."""

    source: Source
    citation: Citation
    url: str
    accessed: str

    @property
    def text(self) -> str:
        """The whole entry as plain text: "James, Deborah, Twelve Reasons, 12 May 2017, https://… (accessed on …)."."""
        address = f", {self.url}" if self.url else ""
        accessed = f" ({self.accessed})" if self.accessed else ""
        stop = "" if (self.citation.text + address + accessed).endswith(".") else "."
        return f"{self.citation.text}{address}{accessed}{stop}"


def bibliography(sources: Iterable[Source], language: str, document: Source | None) -> list[Entry]:
    """One entry per source, sorted as the language sorts. `document` is the campaign's own, or None."""
    return [
        Entry(
            source=source,
            citation=citation(source, None, language, document, first_author=listed_name(source), undated=True),
            url=citation_url(source),
            accessed=accessed_text(source, language),
        )
        for source in sorted(sources, key=lambda source: sort_key(source, language))
    ]
