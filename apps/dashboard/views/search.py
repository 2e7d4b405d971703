"""The search of the team: its page, and the suggestions under its field."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.campaigns.selectors import active_memberships
from apps.core.search_query import MAX_LENGTH, SearchQuery

from ..pages.search import KINDS, search_everything, suggestions


@staff_page(Permission.READ)
@require_safe
def search(request: StaffRequest) -> HttpResponse:
    """?q= what to look for, ?kind= a key of KINDS to see more of it."""
    typed = request.GET.get("q", "")
    query, kind = SearchQuery.parse(typed), request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    found = search_everything(request.team_member, query, kind)
    context = {
        "query": query,
        "looked_for": query.text,
        "too_long": len(typed.strip()) > MAX_LENGTH,
        "most_typed": MAX_LENGTH,
        "kind": kind,
        "kind_label": KINDS[kind][0] if kind else "",
        "found": found,
        "total": sum(len(of_kind.hits) for of_kind in found),
        "others": [each.campaign for each in active_memberships(request.user).exclude(campaign=request.campaign)],
    }
    return render(request, "dashboard/search.html", context)


@staff_page(Permission.READ)
@require_safe
def search_suggestions(request: StaffRequest) -> HttpResponse:
    """The options of the list under the field, for ?q=; without a frame."""
    query = SearchQuery.parse(request.GET.get("q", ""))
    context = {"query": query, "suggestions": suggestions(request.team_member, query)}
    return render(request, "dashboard/_suggestions.html", context)
