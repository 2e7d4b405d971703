"""What public pages show, put together from the apps below. Only published campaigns, only public names."""

from .campaign import campaign_public, clock, public_context, roll_call, stance_map
from .evidence import ShownPoint, point_page, points_shown
from .languages import Spoken, page_language
from .letters import edition_name, edition_published, letter_page, version_published
from .references import bibliography_page, glossary_page, timeline_page

__all__ = [
    "ShownPoint",
    "Spoken",
    "bibliography_page",
    "campaign_public",
    "clock",
    "edition_name",
    "edition_published",
    "glossary_page",
    "letter_page",
    "page_language",
    "point_page",
    "points_shown",
    "public_context",
    "roll_call",
    "stance_map",
    "timeline_page",
    "version_published",
]
