"""Writes about letters: begin, save, ask for review, approve, freeze."""

from .approvals import letter_text_approve, letter_text_ask_review
from .drafts import StaleText, letter_create, letter_text_save
from .versions import (
    FactsMissing,
    NotApproved,
    NothingChanged,
    ValuesMissing,
    letter_version_freeze,
    letter_version_is_new,
)

__all__ = [
    "FactsMissing",
    "NotApproved",
    "NothingChanged",
    "StaleText",
    "ValuesMissing",
    "letter_create",
    "letter_text_approve",
    "letter_text_ask_review",
    "letter_text_save",
    "letter_version_freeze",
    "letter_version_is_new",
]
