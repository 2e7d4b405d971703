"""Writes: points, facts and their history, sources under facts, translations of points."""

from .adding import fact_add
from .fact_checks import (
    FigureIncomplete,
    fact_faults,
)
from .facts import (
    fact_correct,
    fact_remember,
    fact_restore,
    fact_retire,
)
from .numbering import next_number, next_place
from .points import (
    point_add,
    point_correct,
)
from .source_corrections import CITED, facts_mark, source_correct
from .translations import (
    translation_load,
    translation_review,
    translation_save,
)

__all__ = [
    "CITED",
    "FigureIncomplete",
    "fact_add",
    "fact_correct",
    "fact_faults",
    "fact_remember",
    "fact_restore",
    "fact_retire",
    "facts_mark",
    "next_number",
    "next_place",
    "point_add",
    "point_correct",
    "source_correct",
    "translation_load",
    "translation_review",
    "translation_save",
]
