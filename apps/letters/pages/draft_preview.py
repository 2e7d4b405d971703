"""A draft as a government would get it if it were frozen now."""

from apps.core.types import JsonObject
from apps.governments.models import Member
from apps.governments.selectors import audience_matcher, reference_day
from apps.sources.selectors import campaign_document
from apps.talkingpoints.models import Fact

from ..document.resolution import resolve
from ..edition_content import edition_body, footnotes, frozen_values
from ..models import LetterText
from ..selectors.adaptations import passages_of


def preview_edition(
    text: LetterText, member: Member | None, *, body: JsonObject, subject: str, facts: dict[str, Fact]
) -> JsonObject:
    """The body of an edition, from a valid document; drops citations of unknown facts."""
    campaign, language = text.letter.campaign, text.language
    day = reference_day(campaign)
    matcher = audience_matcher(campaign, day)
    own = passages_of(text, member)
    frozen = frozen_values(campaign, member, day=day, language=language, matcher=matcher, passages=own, facts=facts)
    resolution = resolve(body, frozen)
    notes = footnotes(resolution.notes, facts, language, campaign_document(campaign))
    return edition_body(subject=subject, language=language, member=member, blocks=resolution.blocks, notes=notes)
