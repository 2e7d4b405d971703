"""The list of letters, by state."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.types import Label

from ..models import Letter
from ..selectors.drafts import APPROVED, DRAFTING, FROZEN, IN_REVIEW, letter_state, letters_with_state
from ..selectors.letters import letters_visible_to

ARCHIVED = "archived"
#: {what is asked for: its label}; "" is every letter that is not archived
FILTERS: dict[str, Label] = {
    "": gettext_lazy("All letters"),
    DRAFTING: pgettext_lazy("letter", "Being drafted"),
    IN_REVIEW: pgettext_lazy("letter", "In review"),
    APPROVED: pgettext_lazy("letter", "Approved, not frozen"),
    FROZEN: pgettext_lazy("letter", "Frozen"),
    ARCHIVED: pgettext_lazy("letters", "Archived"),
}


@dataclass(frozen=True)
class LetterRow:
    letter: Letter
    state: str

    def is_in(self, wanted: str) -> bool:
        """Whether a filter shows it. Archived ones stand apart, whatever their state."""
        if self.letter.archived_at:
            return wanted == ARCHIVED
        return wanted in ("", self.state)


def letter_rows(user: User, campaign: Campaign) -> list[LetterRow]:
    letters = letters_with_state(letters_visible_to(user, campaign))
    return [LetterRow(letter, letter_state(letter)) for letter in letters]
