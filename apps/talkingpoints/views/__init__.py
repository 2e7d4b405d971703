"""Staff pages of the evidence."""

from .facts import fact, fact_correct, fact_restore, fact_retire
from .library import context, index, point
from .sources import source, source_edit, source_new, sources
from .translations import translation, translation_reviewed, translation_written

__all__ = [
    "context",
    "fact",
    "fact_correct",
    "fact_restore",
    "fact_retire",
    "index",
    "point",
    "source",
    "source_edit",
    "source_new",
    "sources",
    "translation",
    "translation_reviewed",
    "translation_written",
]
