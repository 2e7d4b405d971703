"""The reasons with their evidence, and what readers look up: sources, terms, events.

?language= asks for content in one of the languages in which the campaign has some; the interface keeps its own.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.campaigns.access import public
from apps.campaigns.models import Campaign
from apps.core.languages import citation_language

from ..pages import (
    bibliography_page,
    glossary_page,
    point_page,
    points_shown,
    public_context,
    timeline_page,
)
from .caching import kept_for_a_minute
from .languages import all_spoken, spoken_context
from .lookups import campaign_or_404


def _context(request: HttpRequest, campaign: Campaign, page: str) -> dict[str, Any]:
    """What every page of the evidence needs. All of them stand under "Reasons" in the navigation."""
    return public_context(campaign) | spoken_context(request, campaign) | {"section": "points", "part": page}


@public
@require_safe
@kept_for_a_minute
def points(request: HttpRequest, campaign_slug: str) -> HttpResponse:
    """All reasons."""
    campaign = campaign_or_404(campaign_slug)
    context = _context(request, campaign, "points")
    found = points_shown(campaign, context["spoken"].asked)
    context |= {
        "points": found,
        "facts": sum(point.fact_count for point in found),
        "all_spoken": all_spoken(found, context["spoken"]),
        "in_languages": True,
    }
    return render(request, "website/points.html", context)


@public
@require_safe
@kept_for_a_minute
def point(request: HttpRequest, campaign_slug: str, number: int) -> HttpResponse:
    """One reason with its evidence, footnoted."""
    campaign = campaign_or_404(campaign_slug)
    context = _context(request, campaign, "point")
    page = point_page(campaign, number, context["spoken"].asked)
    if page is None:
        raise Http404
    context |= {"page": page, "in_languages": True}
    return render(request, "website/point.html", context)


@public
@require_safe
@kept_for_a_minute
def bibliography(request: HttpRequest, campaign_slug: str) -> HttpResponse:
    """Every source that a fact or an event rests on."""
    campaign = campaign_or_404(campaign_slug)
    context = _context(request, campaign, "bibliography")
    language = context["spoken"].asked
    context |= {
        "sources": bibliography_page(campaign, language),
        "cited_in": citation_language(language),
        "in_languages": True,
    }
    return render(request, "website/bibliography.html", context)


@public
@require_safe
@kept_for_a_minute
def glossary(request: HttpRequest, campaign_slug: str) -> HttpResponse:
    """Terms and actors, by letter."""
    campaign = campaign_or_404(campaign_slug)
    context = _context(request, campaign, "glossary")
    letters = glossary_page(campaign, context["spoken"].asked)
    context |= {"letters": letters, "total": sum(len(letter.terms) for letter in letters)}
    return render(request, "website/glossary.html", context)


@public
@require_safe
@kept_for_a_minute
def timeline(request: HttpRequest, campaign_slug: str) -> HttpResponse:
    """What happened when."""
    campaign = campaign_or_404(campaign_slug)
    context = _context(request, campaign, "timeline")
    years = timeline_page(campaign, context["spoken"].asked)
    context |= {"years": years, "total": sum(len(year.events) for year in years)}
    return render(request, "website/timeline.html", context)
