"""The reasons with their evidence: sources, glossary, timeline. ?language= chooses the language of the texts."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from apps.core.languages import citation_language

from ..pages.bibliography import bibliography_page
from ..pages.glossary import glossary_page
from ..pages.point import point_page
from ..pages.points import points_context, shown_points
from ..pages.timeline import timeline_page
from .public_page import CampaignRequest, content_context, public_page


def _render(request: CampaignRequest, name: str, **context: object) -> HttpResponse:
    """All these pages belong to "Reasons" in the navigation."""
    frame = content_context(request) | {"section": "points", "part": name}
    return render(request, f"website/{name}.html", frame | context)


@public_page
def points(request: CampaignRequest) -> HttpResponse:
    content = request.content
    return _render(request, "points", **points_context(shown_points(request.campaign, content.requested), content))


@public_page
def point(request: CampaignRequest, number: int) -> HttpResponse:
    page = point_page(request.campaign, number, request.content.requested)
    if page is None:
        raise Http404
    return _render(request, "point", page=page, in_languages=True)


@public_page
def bibliography(request: CampaignRequest) -> HttpResponse:
    language = request.content.requested
    sources = bibliography_page(request.campaign, language)
    return _render(request, "bibliography", sources=sources, cited_in=citation_language(language), in_languages=True)


@public_page
def glossary(request: CampaignRequest) -> HttpResponse:
    letters = glossary_page(request.campaign, request.content.requested)
    return _render(request, "glossary", letters=letters, total=sum(len(letter.terms) for letter in letters))


@public_page
def timeline(request: CampaignRequest) -> HttpResponse:
    years = timeline_page(request.campaign, request.content.requested)
    return _render(request, "timeline", years=years, total=sum(len(year.events) for year in years))
