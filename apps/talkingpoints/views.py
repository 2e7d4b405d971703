"""Staff pages of the evidence: all points with a search, one point with its facts, the context facts."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from apps.campaigns.access import staff_page
from apps.campaigns.roles import Permission
from apps.sources.selectors import document_of

from .presentation import fact_lines
from .selectors import asks_for_point, context_facts_of, evidence_overview, facts_matching, points_of

#: a search takes so many characters; nobody types more
MOST_CHARACTERS = 200


@staff_page(Permission.READ)
def index(request: Any) -> HttpResponse:
    """The points with the state of their facts; with `q`, the facts that contain its words."""
    campaign = request.campaign
    words = request.GET.get("q", "").replace("\x00", "")[:MOST_CHARACTERS].strip()
    context: dict[str, Any] = {"overview": evidence_overview(campaign), "words": words}
    if words:
        context["found"] = fact_lines(facts_matching(campaign, words), document_of(campaign))
    return render(request, "talkingpoints/index.html", context)


@staff_page(Permission.READ)
def point(request: Any, number: int) -> HttpResponse:
    """One point: claim, facts with figure, state, caution and source, and what letters can ask on its ground."""
    campaign = request.campaign
    points = list(points_of(campaign))
    shown = next((point for point in points if point.number == number), None)
    if shown is None:
        raise Http404
    place = points.index(shown)
    context = {
        "point": shown,
        "lines": fact_lines(shown.facts.all(), document_of(campaign)),
        "asks": asks_for_point(campaign, shown),
        "previous": points[place - 1] if place else None,
        "next": points[place + 1] if place + 1 < len(points) else None,
    }
    return render(request, "talkingpoints/point.html", context)


@staff_page(Permission.READ)
def context(request: Any) -> HttpResponse:
    """Facts that stand outside the numbered points."""
    campaign = request.campaign
    lines = fact_lines(context_facts_of(campaign), document_of(campaign))
    return render(request, "talkingpoints/context.html", {"lines": lines})
