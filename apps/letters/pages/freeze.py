"""What freezing a letter would do now, and what prevents it."""

from dataclasses import dataclass
from datetime import date

from apps.governments.models import Member
from apps.governments.selectors import audience_matcher, reference_day

from ..edition_content import Gaps, edition_resolutions
from ..models import Letter, LetterText, LetterVersion
from ..selectors.adaptations import cited_keys, passages_by_text
from ..selectors.drafts import text_facts, texts_with_state
from ..selectors.letters import letter_addressees
from ..services.versions import NothingChanged, letter_version_refusal
from .checklist import Checklist, letter_checklist


@dataclass(frozen=True)
class FreezePreview:
    day: date
    number: int
    addressees: list[Member]
    #: of the original and the approved texts
    languages: list[str]
    #: in each language
    letters: int
    unapproved: list[str]
    #: languages that may be left out
    optional: list[str]
    withdrawn: list[str]
    last: LetterVersion | None
    #: of all texts
    checklist: Checklist
    #: freezing would make the last version once more
    same: bool

    @property
    def editions(self) -> int:
        return self.letters * len(self.languages)

    @property
    def ready(self) -> bool:
        """Freezing is possible, at least without the texts that are not approved."""
        return bool(self.addressees) and not self.withdrawn and set(self.unapproved) <= set(self.optional)


def freeze_preview(letter: Letter) -> FreezePreview:
    """Of the original and the approved texts, tried without storing anything."""
    day = reference_day(letter.campaign)
    addressees = letter_addressees(letter, day)
    present = list(texts_with_state().filter(letter=letter).order_by("pk"))
    texts = [text for place, text in enumerate(present) if text.approved or place == 0]
    last = letter.versions.order_by("-number").first()
    facts = {key: fact for text in texts for key, fact in text_facts(text).items()}
    refusal = letter_version_refusal(letter=letter)
    refused = refusal is not None and not isinstance(refusal, NothingChanged)
    tried = [text for text in present if text.approved] or present
    cited = [key for text in texts for key in cited_keys(text)]
    gone = [facts[key].number if key in facts else key for key in cited if key not in facts or facts[key].retired_at]
    return FreezePreview(
        day=day,
        number=last.number + 1 if last else 1,
        addressees=addressees,
        languages=[text.language for text in texts],
        letters=len(addressees) + (len(addressees) > 1),
        unapproved=[text.language for text in present if not text.approved],
        optional=[text.language for text in present[1:]],
        withdrawn=list(dict.fromkeys(gone)),
        last=last,
        checklist=letter_checklist(letter, present, _gaps(letter, tried, addressees, day) if refused else Gaps()),
        same=isinstance(refusal, NothingChanged) and any(text.approved for text in present),
    )


def _gaps(letter: Letter, texts: list[LetterText], addressees: list[Member], day: date) -> Gaps:
    """All of them, whatever else prevents freezing."""
    gaps, campaign = Gaps(), letter.campaign
    matcher, passages = audience_matcher(campaign, day), passages_by_text(texts)
    for made in edition_resolutions(campaign, texts, addressees, day=day, matcher=matcher, passages=passages):
        gaps.add(*made)
    return gaps
