"""A person's campaigns, a campaign's overview and its audit log."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from apps.campaigns.access import SignedInRequest, StaffRequest, signed_in, staff_page
from apps.campaigns.roles import Permission
from apps.campaigns.selectors import active_memberships
from apps.governments.models import names_language
from apps.governments.selectors import reference_day

from ..pages.action_items import action_items
from ..pages.audit_log import audit_events, audit_lines, audit_verbs
from ..pages.campaign_progress import countdown_text, progress_stages
from ..pages.government_directory import government_lines
from ..pages.map import world_map
from ..pages.stance_chart import stance_chart

EVENTS_PER_PAGE, LATEST_EVENTS = 50, 6


@signed_in
def campaigns(request: SignedInRequest) -> HttpResponse:
    """The person's campaigns; somebody with only one goes straight to it."""
    memberships = list(active_memberships(request.user))
    if len(memberships) == 1:
        return redirect("dashboard:overview", memberships[0].campaign.slug)
    return render(request, "dashboard/campaigns.html", {"memberships": memberships})


@staff_page(Permission.READ)
def overview(request: StaffRequest) -> HttpResponse:
    """The campaign as of now: without ?on=, since only positions are dated."""
    campaign, day = request.campaign, reference_day(request.campaign)
    lines = government_lines(campaign, day, language=names_language(get_language() or "en"))
    context = {
        "waiting": action_items(request.team_member),
        "days": countdown_text(campaign),
        "stages": progress_stages(campaign, day),
        "roll": stance_chart(line.stance for line in lines),
        "map": world_map(lines),
        "latest": audit_lines(campaign, audit_events(campaign)[:LATEST_EVENTS]),
    }
    return render(request, "dashboard/overview.html", context)


@staff_page(Permission.READ)
def audit(request: StaffRequest) -> HttpResponse:
    verbs = audit_verbs(request.campaign)
    verb = request.GET.get("verb", "")
    verb = verb if verb in dict(verbs) else ""
    page = Paginator(audit_events(request.campaign, verb), EVENTS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "lines": audit_lines(request.campaign, page.object_list), "verbs": verbs, "verb": verb}
    return render(request, "dashboard/audit.html", context)
