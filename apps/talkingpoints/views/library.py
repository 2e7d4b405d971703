"""The library: all points, one search over points, facts and sources, one point with its facts, the context facts."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Permission
from apps.core.types import JsonObject
from apps.governments.models import Member
from apps.governments.selectors import groups_of, reference_day
from apps.sources.selectors import campaign_document

from ..forms.library import LibraryForm
from ..pages.facts import fact_lines
from ..search.explanations import fact_reasons, point_reasons, source_reasons
from ..search.query import Found, library_search
from ..search.terms import words_of
from ..selectors import asks_for_point, context_facts_of, evidence_overview, points_of
from ..translations import further_languages, point_languages

#: a search takes so many characters, as its field does; an address typed by hand may hold more, and is told so as far
#: as the server lets it through (--limit-request-line)
MOST_CHARACTERS = 200


@staff_page(Permission.READ)
def index(request: StaffRequest) -> HttpResponse:
    """The points with the state of their facts; with `q` or a filter, the points, facts and sources found; words that
    are too long stay in their field, with what to do."""
    campaign = request.campaign
    query = request.GET.get("q", "").replace("\x00", "").strip()
    overview = evidence_overview(campaign)
    points = [row.point for row in overview if row.point]
    form = LibraryForm({**request.GET.dict(), "q": query}, campaign=campaign, points=points)
    filters = form.filters()
    context: dict[str, object] = {"overview": overview, "query": query, "form": form, "filters": filters}
    context["writes"] = request.team_member.may(Permission.DRAFT)
    if len(query) > MOST_CHARACTERS:
        form.add_error("q", _too_long(query))
        return render(request, "talkingpoints/index.html", context, status=400)
    if query or filters:
        found = library_search(campaign, words_of(query), filters)
        context |= {"found": found, **_shown(found, request)}
        context["member"] = member = Member.objects.filter(code=filters.country).first() if filters.country else None
        context["groups"] = _groups_with_results(campaign, member, form) if member else []
    return render(request, "talkingpoints/index.html", context)


def _too_long(query: str) -> str:
    words = _("These are %(n)s characters. A search takes at most %(most)s: shorten it to the words that matter.")
    return words % {"n": len(query), "most": MOST_CHARACTERS}


def _groups_with_results(campaign: Campaign, member: Member, form: LibraryForm) -> list[tuple[str, str]]:
    """(slug, label with the number of results) of the groups whose evidence speaks of the member as well."""
    held = {group.slug for group in groups_of(member, reference_day(campaign))}
    offered: Any = form.fields["group"]
    return [(slug, label) for slug, label in offered.choices if slug in held]


def _shown(found: Found, request: StaffRequest) -> JsonObject:
    """What was found, each with the reason."""
    lines = fact_lines(found.facts, campaign_document(request.campaign))
    return {
        "lines": [replace(line, why=tuple(fact_reasons(line.fact, found.sought))) for line in lines],
        "points": [(point, point_reasons(point, found.sought)) for point in found.points],
        "sources": [(source, source_reasons(source, found.sought)) for source in found.sources],
    }


@staff_page(Permission.READ)
def point(request: StaffRequest, number: int) -> HttpResponse:
    """One point: claim, translations, facts with figure, state, caution and source, and what letters can ask."""
    campaign = request.campaign
    points = list(points_of(campaign))
    shown = next((point for point in points if point.number == number), None)
    if shown is None:
        raise Http404
    place, writes = points.index(shown), request.team_member.may(Permission.DRAFT)
    context = {
        "point": shown,
        "languages": point_languages(campaign, shown),
        "further": further_languages(campaign, shown) if writes else [],
        "lines": fact_lines(shown.facts.all(), campaign_document(campaign)),
        "retired": shown.facts.model.objects.filter(point=shown, retired_at__isnull=False),
        "asks": asks_for_point(campaign, shown),
        "writes": writes,
        "previous": points[place - 1] if place else None,
        "next": points[place + 1] if place + 1 < len(points) else None,
    }
    return render(request, "talkingpoints/point.html", context)


@staff_page(Permission.READ)
def context(request: StaffRequest) -> HttpResponse:
    """Facts outside the numbered points."""
    campaign = request.campaign
    lines = fact_lines(context_facts_of(campaign), campaign_document(campaign))
    writes = request.team_member.may(Permission.DRAFT)
    return render(request, "talkingpoints/context.html", {"lines": lines, "writes": writes})
