"""What freezing a letter would do now, and what prevents it."""

from dataclasses import dataclass
from datetime import date

from apps.governments.models import Member
from apps.governments.selectors import reference_day

from ..document.traversal import facts_used
from ..models import Letter, LetterVersion
from ..selectors.drafts import text_facts, texts_with_state
from ..selectors.letters import letter_addressees
from .draft_problems import Problem, text_problems


@dataclass(frozen=True)
class FreezePreview:
    day: date
    number: int
    addressees: list[Member]
    languages: list[str]
    editions: int
    unapproved: list[str]
    withdrawn: list[str]
    last: LetterVersion | None
    warnings: list[Problem]

    @property
    def ready(self) -> bool:
        return bool(self.addressees) and not self.unapproved and not self.withdrawn


def freeze_preview(letter: Letter) -> FreezePreview:
    """Missing values are found only when it is tried."""
    day = reference_day(letter.campaign)
    addressees = letter_addressees(letter, day)
    texts = list(texts_with_state().filter(letter=letter))
    last = letter.versions.order_by("-number").first()
    facts = {key: fact for text in texts for key, fact in text_facts(text).items()}
    problems = [problem for text in texts for problem in text_problems(text, text.body, text.subject, facts)]
    cited = [key for text in texts for key in facts_used(text.body)]
    gone = [facts[key].number if key in facts else key for key in cited if key not in facts or facts[key].retired_at]
    return FreezePreview(
        day=day,
        number=last.number + 1 if last else 1,
        addressees=addressees,
        languages=[text.language for text in texts],
        editions=len(texts) * (len(addressees) + (len(addressees) > 1)),
        unapproved=[text.language for text in texts if not text.approved],
        withdrawn=list(dict.fromkeys(gone)),
        last=last,
        warnings=list({problem.text: problem for problem in problems if problem.tone == "warn"}.values()),
    )
