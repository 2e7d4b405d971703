"""How a source is cited: one style in every language of letters, as a footnote and in a bibliography.

Style: authors, title, publisher, date, place. The title of an article stands in quotation marks, that of a work stands
alone; a source without a known title is described, and one without an address either is cited through the campaign's
own document. A locator counts points of that document, so it is printed only after it. On one page or letter, a later
note on the same source gives author, short title and the number of the note that has the rest; a bibliography is full.

The text of a note never says when its address was last opened: looking at a link again must not change what an
approved letter says, and frozen letters keep the text they were frozen with. Pages that print the address (the notes
of a reason, the bibliography) put `accessed_text` behind it.
"""

from .author_names import listed_name, sort_key
from .bibliography import Entry, bibliography
from .footnotes import Footnote, Footnotes
from .formatter import (
    Citation,
    accessed_text,
    citation,
    citation_text,
    citation_url,
    goes_through_document,
    locator_text,
    place_text,
    short_text,
)

__all__ = [
    "Citation",
    "Entry",
    "Footnote",
    "Footnotes",
    "accessed_text",
    "bibliography",
    "citation",
    "citation_text",
    "citation_url",
    "goes_through_document",
    "listed_name",
    "locator_text",
    "place_text",
    "short_text",
    "sort_key",
]
