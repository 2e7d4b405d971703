"""Members by what people call them, for files, pasted lists and searches."""

from .aliases import territory_code
from .lookup import CountryLookup, CountryMatches, Reading, Unknown, unambiguous_name

__all__ = ["CountryLookup", "CountryMatches", "Reading", "Unknown", "territory_code", "unambiguous_name"]
