"""Staff pages of letters."""

from .drafts import ask_review, create, index, preview_pdf, preview_text, workspace
from .review import approve, freeze, review
from .versions import edition, edition_pdf, edition_text, version

__all__ = [
    "approve",
    "ask_review",
    "create",
    "edition",
    "edition_pdf",
    "edition_text",
    "freeze",
    "index",
    "preview_pdf",
    "preview_text",
    "review",
    "version",
    "workspace",
]
