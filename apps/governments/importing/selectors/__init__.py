"""Reads of an import: what is known, the plan, and its pages."""

from .countries import Countries, unmistakable
from .known import Known, known_in
from .pages import answers_of, import_of, imports_of, progress_of, rows_of, sheet_of, unfinished
from .plan import WRITING, Answers, Kind, Plan, Planned
from .planning import plan_import

__all__ = [
    "WRITING", "Answers", "Countries", "Kind", "Known", "Plan", "Planned", "answers_of", "import_of", "imports_of",
    "known_in", "plan_import", "progress_of", "rows_of", "sheet_of", "unfinished", "unmistakable",
]  # fmt: skip
