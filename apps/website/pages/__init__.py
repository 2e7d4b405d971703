"""What public pages show, put together from the apps below. Only published campaigns, only public names."""

from .campaign import clock, public_context, roll_call, stance_map
from .evidence import ShownPoint, point_page, points_shown
from .languages import Spoken, page_language
from .letters import edition_name, letter_page, published_editions, published_versions
from .references import bibliography_page, glossary_page, timeline_page

__all__ = [
    "ShownPoint",
    "Spoken",
    "bibliography_page",
    "clock",
    "edition_name",
    "glossary_page",
    "letter_page",
    "page_language",
    "point_page",
    "points_shown",
    "public_context",
    "published_editions",
    "published_versions",
    "roll_call",
    "stance_map",
    "timeline_page",
]
