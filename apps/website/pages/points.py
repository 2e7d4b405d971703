"""The list of reasons, in the page's language as far as it is translated."""

from dataclasses import dataclass

from apps.campaigns.models import Campaign
from apps.talkingpoints.models import TalkingPoint
from apps.talkingpoints.selectors import points_of
from apps.talkingpoints.translated_words import public_titles, reviewed_claim

from .content_languages import ContentLanguage, original_language


@dataclass(frozen=True)
class ShownPoint:
    """A reason with its title and claim, and the language of each."""

    number: int
    title: str
    language: str
    claim: str
    claim_language: str
    fact_count: int


def shown_points(campaign: Campaign, language: str) -> list[ShownPoint]:
    original = original_language(campaign)
    points = points_of(campaign).prefetch_related(None).prefetch_related("translations")
    return [_shown_point(point, language, original) for point in points]


def _shown_point(point: TalkingPoint, language: str, original: str) -> ShownPoint:
    title = public_titles(point).get(language, "")
    claim = reviewed_claim(point, language)
    return ShownPoint(
        number=point.number,
        title=title or point.title,
        language=language if title else original,
        claim=claim or point.claim,
        claim_language=language if claim else original,
        fact_count=point.fact_count,  # type: ignore[attr-defined]  # annotated by `points_of`
    )


def points_context(points: list[ShownPoint], content: ContentLanguage) -> dict[str, object]:
    """What a list of reasons needs; `all_translated` if no title or claim falls back to the original."""
    return {
        "points": points,
        "facts": sum(point.fact_count for point in points),
        "all_translated": all({point.language, point.claim_language} == {content.requested} for point in points),
        "in_languages": True,
    }
