"""Reads about letters: who may see and write them, what is approved, what is frozen."""

from .drafts import (
    has_unapproved_edits_by,
    last_approved,
    letter_state,
    letters_with_state,
    may_draft,
    text_facts,
    texts_with_state,
)
from .editions import edition_for, public_title, version_bytes, version_editions
from .letters import (
    campaign_templates,
    drafter_limits,
    first_addressee,
    letter_addressees,
    letters_visible_to,
    members_without_address,
    recipient_or_first,
)

__all__ = [
    "campaign_templates",
    "drafter_limits",
    "edition_for",
    "first_addressee",
    "has_unapproved_edits_by",
    "last_approved",
    "letter_addressees",
    "letter_state",
    "letters_visible_to",
    "letters_with_state",
    "may_draft",
    "members_without_address",
    "public_title",
    "recipient_or_first",
    "text_facts",
    "texts_with_state",
    "version_bytes",
    "version_editions",
]
