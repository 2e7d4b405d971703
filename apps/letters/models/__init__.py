"""Letters: templates, drafts, and what is frozen of them."""

from .adaptations import Adaptation, AdaptationRevision
from .comments import Comment, GuestLink
from .letters import Letter, LetterTemplate
from .reviews import ReviewComment, ReviewRequest
from .texts import WORDS, Approval, FactUse, LetterText, PresentTexts, TextRevision
from .translations import TranslatedBlock
from .updates import NamedState, TextClient, TextSnapshot, TextUpdate
from .versions import Edition, FrozenSource, LetterVersion

__all__ = [
    "WORDS",
    "Adaptation",
    "AdaptationRevision",
    "Approval",
    "Comment",
    "Edition",
    "FactUse",
    "FrozenSource",
    "GuestLink",
    "Letter",
    "LetterTemplate",
    "LetterText",
    "LetterVersion",
    "NamedState",
    "PresentTexts",
    "ReviewComment",
    "ReviewRequest",
    "TextClient",
    "TextRevision",
    "TextSnapshot",
    "TextUpdate",
    "TranslatedBlock",
]
