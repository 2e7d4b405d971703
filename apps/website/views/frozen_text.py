"""The page behind the short address and the code that are printed on letters."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from apps.campaigns.access import public
from apps.letters.models import Edition
from apps.letters.selectors.editions import editions_by_code

from ..pages.frozen_texts import frozen_text_page
from .public_page import CampaignRequest, page_context, public_page


@public
def frozen_text(request: HttpRequest, code: str) -> HttpResponse:
    """What was frozen, and how to check it. Who has the code has the letter; who has not cannot guess it."""
    found = editions_by_code(code)
    if not found:
        raise Http404
    return _page(request, found[0].version.letter.campaign.slug, found)


@public_page
def _page(request: CampaignRequest, found: list[Edition]) -> HttpResponse:
    page = frozen_text_page(request.campaign, found, get_language() or "en")
    context = {"section": "letter", "page": page, "letter": page.version.letter}
    return render(request, "website/frozen_text.html", page_context(request) | context)
