"""How a source is cited: one style in English, French and Spanish, as a footnote and in a bibliography.

Style: authors, title, publisher, date, place. The title of an article stands in quotation marks, that of a work stands
alone; a source without a known title is described, and one without an address either is cited through the campaign's
own document. A locator counts points of that document, so it is printed only after it.

The text of a note never says when its address was last opened: looking at a link again must not change what an
approved letter says, and frozen letters keep the text they were frozen with. Pages that print the address (the notes
of a reason, the bibliography) put `accessed_text` behind it.
"""

from .bibliography import Entry, bibliography
from .notes import (
    Citation,
    accessed_text,
    citation,
    citation_text,
    citation_url,
    locator_text,
    place_text,
    short_text,
)
from .sorting import listed_name, sort_key, sort_text
from .words import cited_in, span_text

__all__ = [
    "Citation",
    "Entry",
    "accessed_text",
    "bibliography",
    "citation",
    "citation_text",
    "citation_url",
    "cited_in",
    "listed_name",
    "locator_text",
    "place_text",
    "short_text",
    "sort_key",
    "sort_text",
    "span_text",
]
