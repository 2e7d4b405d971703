"""The lines of a draft that are compared, in the words of the reader."""

from collections.abc import Callable

from apps.core.types import JsonObject
from apps.governments.selectors import audience_matcher, reference_day

from ..document.differences import compared_lines, draft_piece
from ..models import Letter
from ..selectors.letters import letter_addressees
from .audiences import audience_choices, audience_sentence


def lines_in_words(letter: Letter) -> Callable[[str, JsonObject], list[str]]:
    """f(subject, body) → its lines for `changes`: facts by their numbers, and for whom a passage is as today."""
    day = reference_day(letter.campaign)
    facts = {fact.key: fact.number for fact in letter.campaign.facts.select_related("point")}
    labels = {choice["entry"]: choice["label"] for choice in audience_choices(letter.campaign)}
    addressees, matcher = letter_addressees(letter, day), audience_matcher(letter.campaign, day)

    def piece(node: JsonObject) -> str:
        attrs = node["attrs"]
        if node["type"] == "audience":
            return audience_sentence(attrs, addressees, matcher, labels)
        return f" [{facts.get(attrs['fact'], attrs['fact'])}]" if attrs.get("fact") else draft_piece(node)

    return lambda subject, body: list(compared_lines(subject, body.get("content", []), piece))
