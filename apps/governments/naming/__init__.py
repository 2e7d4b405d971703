"""Members by what people call them: one book of names, for files, pasted lists and searches."""

from .book import Meant, NameBook, Reading, Unknown, unmistakable

__all__ = ["Meant", "NameBook", "Reading", "Unknown", "unmistakable"]
