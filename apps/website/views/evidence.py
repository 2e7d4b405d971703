"""The reasons with their evidence, and what readers look up: sources, terms, events."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from apps.campaigns.access import public
from apps.campaigns.models import Campaign
from apps.sources.citation import cited_in

from ..selectors import (
    bibliography_page,
    campaign_public,
    glossary_page,
    point_page,
    points_shown,
    public_context,
    timeline_page,
    written_in,
)
from .caching import kept_for_a_minute


def _context(campaign: Campaign, page: str) -> dict[str, Any]:
    """What every page of the evidence needs. All of them stand under "Reasons" in the navigation."""
    return public_context(campaign) | {"section": "points", "part": page, "written": written_in(campaign)}


def _language() -> str:
    return get_language() or "en"


@public
@require_safe
@kept_for_a_minute
def points(request: HttpRequest, campaign_slug: str) -> HttpResponse:
    """All reasons."""
    campaign = campaign_public(campaign_slug)
    found = points_shown(campaign, _language())
    context = {"points": found, "facts": sum(point.fact_count for point in found)}
    return render(request, "website/points.html", _context(campaign, "points") | context)


@public
@require_safe
@kept_for_a_minute
def point(request: HttpRequest, campaign_slug: str, number: int) -> HttpResponse:
    """One reason with its evidence, footnoted."""
    campaign = campaign_public(campaign_slug)
    context = {"page": point_page(campaign, number, _language())}
    return render(request, "website/point.html", _context(campaign, "point") | context)


@public
@require_safe
@kept_for_a_minute
def bibliography(request: HttpRequest, campaign_slug: str) -> HttpResponse:
    """Every source that a fact or an event rests on."""
    campaign = campaign_public(campaign_slug)
    context = {"sources": bibliography_page(campaign, _language()), "cited_in": cited_in(_language())}
    return render(request, "website/bibliography.html", _context(campaign, "bibliography") | context)


@public
@require_safe
@kept_for_a_minute
def glossary(request: HttpRequest, campaign_slug: str) -> HttpResponse:
    """Terms and actors, by letter."""
    campaign = campaign_public(campaign_slug)
    letters = glossary_page(campaign, _language())
    context = {"letters": letters, "total": sum(len(letter.terms) for letter in letters)}
    return render(request, "website/glossary.html", _context(campaign, "glossary") | context)


@public
@require_safe
@kept_for_a_minute
def timeline(request: HttpRequest, campaign_slug: str) -> HttpResponse:
    """What happened when."""
    campaign = campaign_public(campaign_slug)
    years = timeline_page(campaign, _language())
    context = {"years": years, "total": sum(len(year.events) for year in years)}
    return render(request, "website/timeline.html", _context(campaign, "timeline") | context)
