"""What the pages of letters show, put together from rows."""

from .draft_problems import text_problems
from .evidence import evidence_for
from .fact_citations import fact_places, templates_withdrawn
from .freeze import freeze_preview
from .preview import preview_edition
from .review import changes_since_approval, whole_draft
from .workspace import draft_state, editor_data, text_state

__all__ = [
    "changes_since_approval",
    "draft_state",
    "editor_data",
    "evidence_for",
    "fact_places",
    "freeze_preview",
    "preview_edition",
    "templates_withdrawn",
    "text_problems",
    "text_state",
    "whole_draft",
]
