"""In which language a public page shows the campaign's content."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from apps.campaigns.models import Campaign

from ..pages import ShownPoint, Spoken, page_language


def spoken_context(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    """`spoken` (selectors.languages.Spoken) from ?language=, and `written`, the language of what has no translation."""
    spoken = page_language(campaign, request.GET.get("language", ""), get_language() or "en")
    return {"spoken": spoken, "written": spoken.written}


def all_spoken(points: list[ShownPoint], spoken: Spoken) -> bool:
    """Whether title and claim of every reason stand in the language that is shown."""
    return all({point.language, point.claim_language} == {spoken.language} for point in points)
