"""All points with the state of their facts, and the search over points, facts and sources."""

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Permission
from apps.governments.models import Member
from apps.governments.selectors import groups_of, reference_day
from apps.sources.selectors import campaign_document

from ..forms.search import SearchForm
from ..pages.facts import fact_lines
from ..search.match_reasons import fact_reasons, point_reasons, source_reasons
from ..search.query import SearchResults, evidence_search
from ..search.terms import parse_query
from ..selectors import evidence_overview

#: also the `maxlength` of the field; a URL typed by hand may have more
MAX_QUERY = 200


@staff_page(Permission.READ)
def index(request: StaffRequest) -> HttpResponse:
    """The points; with `q` or a filter, the search results. Too long a query stays in its field, with an error."""
    campaign = request.campaign
    query = request.GET.get("q", "").replace("\x00", "").strip()
    overview = evidence_overview(campaign)
    points = [row.point for row in overview if row.point]
    form = SearchForm({**request.GET.dict(), "q": query}, campaign=campaign, points=points)
    filters = form.filters()
    context: dict[str, object] = {"overview": overview, "query": query, "form": form, "filters": filters}
    context["writes"] = request.team_member.may(Permission.DRAFT)
    if len(query) > MAX_QUERY:
        words = _("These are %(n)s characters. A search takes at most %(most)s: shorten it to the words that matter.")
        form.add_error("q", words % {"n": len(query), "most": MAX_QUERY})
        return render(request, "talkingpoints/index.html", context, status=400)
    if query or filters:
        found = evidence_search(campaign, parse_query(query), filters)
        context |= {"found": found, **_results(found, campaign)}
        context["member"] = member = Member.objects.filter(code=filters.country).first() if filters.country else None
        context["groups"] = _groups_with_results(campaign, member, form) if member else []
    return render(request, "talkingpoints/index.html", context)


def _groups_with_results(campaign: Campaign, member: Member, form: SearchForm) -> list[tuple[str, str]]:
    """(slug, label with the number of results) of the member's groups that have evidence."""
    slugs = {group.slug for group in groups_of(member, reference_day(campaign))}
    return [(slug, label) for slug, label in form.choices["group"] if slug in slugs]


def _results(found: SearchResults, campaign: Campaign) -> dict[str, object]:
    """The rows found, each with the reasons."""
    lines = fact_lines(found.facts, campaign_document(campaign))
    return {
        "lines": [replace(line, why=tuple(fact_reasons(line.fact, found.terms))) for line in lines],
        "points": [(point, point_reasons(point, found.terms)) for point in found.points],
        "sources": [(source, source_reasons(source, found.terms)) for source in found.sources],
    }
