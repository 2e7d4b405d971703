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
from .editions import edition_for, editions_of, evidence_of, public_title, version_bytes
from .fact_places import fact_places, templates_withdrawn
from .letters import (
    drafter_limits,
    letter_addressees,
    letters_visible_to,
    templates_of,
)
from .passages import audience_choices, passages_for
from .preview import Shown, envelope_preview, letterhead_of, shown_to
from .review import changes_since_approval, freeze_outlook, last_approved, whole_draft
from .workspace import draft_state, editor_data, first_addressee, recipient_shown, text_state

__all__ = [
    "Problem",
    "Shown",
    "audience_choices",
    "changes_since_approval",
    "draft_state",
    "drafter_limits",
    "edition_for",
    "editions_of",
    "editor_data",
    "envelope_preview",
    "evidence_of",
    "fact_places",
    "first_addressee",
    "freeze_outlook",
    "last_approved",
    "letter_addressees",
    "letterhead_of",
    "letters_visible_to",
    "letters_with_state",
    "may_draft",
    "notes_of",
    "own_work_of",
    "passages_for",
    "public_title",
    "recipient_shown",
    "shown_to",
    "state_of",
    "templates_of",
    "templates_withdrawn",
    "text_facts",
    "text_problems",
    "text_state",
    "texts_with_state",
    "version_bytes",
    "whole_draft",
]
