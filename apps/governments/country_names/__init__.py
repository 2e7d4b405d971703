"""Members by what people call them, for files, pasted lists and searches."""

from .lookup import CountryLookup, Meant, Reading, Unknown, unambiguous_name

__all__ = ["CountryLookup", "Meant", "Reading", "Unknown", "unambiguous_name"]
