"""Reads of an import: what is known, the plan, and its pages."""

from ..planning.existing_recipients import Known, known_in
from ..planning.plan import WRITING, Answers, Kind, Plan, Planned
from ..planning.planner import plan_import
from .imports import answers_of, import_of, imports_of, progress_of, rows_of, sheet_of, unfinished

__all__ = [
    "WRITING", "Answers", "Kind", "Known", "Plan", "Planned", "answers_of", "import_of", "imports_of",
    "known_in", "plan_import", "progress_of", "rows_of", "sheet_of", "unfinished",
]  # fmt: skip
