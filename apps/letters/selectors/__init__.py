"""Reads about letters: who sees and writes which, what a draft lacks, what is frozen, what a government would get."""

from .drafts import (
    Problem,
    letters_with_state,
    may_draft,
    notes_of,
    own_work_of,
    state_of,
    text_facts,
    text_problems,
    texts_with_state,
)
from .editions import edition_for, editions_of, evidence_of, version_bytes
from .letters import (
    drafter_limits,
    letter_addressees,
    letters_visible_to,
    templates_of,
)
from .preview import Shown, envelope_preview, letterhead_of, shown_to

__all__ = [
    "Problem",
    "Shown",
    "drafter_limits",
    "edition_for",
    "editions_of",
    "envelope_preview",
    "evidence_of",
    "letter_addressees",
    "letterhead_of",
    "letters_visible_to",
    "letters_with_state",
    "may_draft",
    "notes_of",
    "own_work_of",
    "shown_to",
    "state_of",
    "templates_of",
    "text_facts",
    "text_problems",
    "texts_with_state",
    "version_bytes",
]
