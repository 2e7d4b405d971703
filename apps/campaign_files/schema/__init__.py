"""What a value in a file may be. A shape reads a node into a plain value, or reports the line and the reason.

Values that failed are INVALID; whoever reads on leaves them out. Mappings become an Entry, lists become Items: an
ordinary dict and list that remember the lines of what they hold, for checks that need the whole campaign.
"""

from .base import INVALID, Entry, Items, Shape, line_of
from .collections import ListOf, MapOf, Mapping
from .numbers_and_dates import Amount, Date, Flag, Integer, LooseDate
from .strings import COUNTRY, KEY, LANGUAGE, SLUG, URL, Choice, Mail, Text, choice, fit, prose

__all__ = [
    "COUNTRY",
    "INVALID",
    "KEY",
    "LANGUAGE",
    "SLUG",
    "URL",
    "Amount",
    "Choice",
    "Date",
    "Entry",
    "Flag",
    "Integer",
    "Items",
    "ListOf",
    "LooseDate",
    "Mail",
    "MapOf",
    "Mapping",
    "Shape",
    "Text",
    "choice",
    "fit",
    "line_of",
    "prose",
]
