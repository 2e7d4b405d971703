"""Staff pages of the evidence."""

from .fact_forms import fact_correct, fact_new
from .facts import fact, fact_restore, fact_retire
from .library import context, index, point
from .point_forms import point_edit, point_new
from .sources import source, source_checked, source_edit, source_new, sources
from .translations import translation, translation_reviewed, translation_written

__all__ = [
    "context",
    "fact",
    "fact_correct",
    "fact_new",
    "fact_restore",
    "fact_retire",
    "index",
    "point",
    "point_edit",
    "point_new",
    "source",
    "source_checked",
    "source_edit",
    "source_new",
    "sources",
    "translation",
    "translation_reviewed",
    "translation_written",
]
