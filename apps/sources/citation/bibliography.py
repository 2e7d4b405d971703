"""Sources as a list: by author or title, then by date."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from apps.core.text import sort_key

from ..models import Source
from .author_names import listed_name
from .formatter import Citation, accessed_text, citation, citation_url

#: ignored at the start of names and titles
ARTICLES = re.compile(r"^(?:the|an?|les?|la|une?|el|los|las|una)\s+|^l['’]", re.IGNORECASE)


@dataclass(frozen=True)
class Entry:
    """`accessed`: "accessed on …" or ""."""

    source: Source
    citation: Citation
    url: str
    accessed: str

    @property
    def text(self) -> str:
        """ "James, Deborah, Twelve Reasons, 12 May 2017, https://… (accessed on …)."."""
        address = f", {self.url}" if self.url else ""
        accessed = f" ({self.accessed})" if self.accessed else ""
        stop = "" if (self.citation.text + address + accessed).endswith(".") else "."
        return f"{self.citation.text}{address}{accessed}{stop}"


def bibliography(sources: Iterable[Source], language: str, document: Source | None) -> list[Entry]:
    """Sorted as the language sorts. `document`: the campaign's own, or None."""
    return [
        Entry(
            source=source,
            citation=citation(source, None, language, document, first_author=listed_name(source), undated=True),
            url=citation_url(source),
            accessed=accessed_text(source, language),
        )
        for source in sorted(sources, key=lambda source: bibliography_key(source, language))
    ]


def bibliography_key(source: Source, language: str = "en") -> tuple[str, str, str]:
    """(author or title, date, title) as the language sorts them; what has no date comes after what has one."""
    title = sort_key(ARTICLES.sub("", source.title), language)
    lead = sort_key(ARTICLES.sub("", listed_name(source)), language) or title
    return lead, source.date or str(source.year or "") or "~", title
