"""What became of a letter, for its public page: who got it, and what they answered."""

from dataclasses import dataclass

from django.utils.translation import get_language

from apps.coalitions.models import SignOnCall
from apps.outreach.selectors.letter_outcomes import GovernmentOutcome, letter_outcomes


@dataclass(frozen=True)
class OutcomeLine:
    name: str
    outcome: GovernmentOutcome


@dataclass(frozen=True)
class LetterOutcome:
    lines: list[OutcomeLine]

    @property
    def answered(self) -> list[OutcomeLine]:
        return [line for line in self.lines if line.outcome.answered_at]


def letter_outcome(call: SignOnCall) -> LetterOutcome:
    """Over all versions of the letter, with the names of governments on the day of the one that is shown."""
    day, language = call.version.frozen_on, get_language() or "en"
    found = letter_outcomes(call.letter, day, language)
    return LetterOutcome([OutcomeLine(outcome.member.name_on(day, language), outcome) for outcome in found])
