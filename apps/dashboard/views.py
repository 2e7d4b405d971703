"""Staff pages that span apps."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.views.decorators.http import require_safe

from apps.campaigns.access import SignedInRequest, StaffRequest, signed_in, staff_page, team_page
from apps.campaigns.roles import Permission
from apps.campaigns.selectors import places_of
from apps.governments.models import Group, Member
from apps.governments.selectors import reference_day

from .selectors import (
    attention_of,
    days_in_words,
    government_lines,
    government_page,
    months_asked,
    record_lines,
    record_of,
    stages_of,
    stale_recipients,
    stance_counts,
    verbs_of,
)
from .specimens import specimens

#: events on a page of the record, and on the overview
PAGE, LATEST = 50, 6


@signed_in
def campaigns(request: SignedInRequest) -> HttpResponse:
    """The person's campaigns; straight into the only one."""
    places = list(places_of(request.user))
    if len(places) == 1:
        return redirect("dashboard:overview", places[0].campaign.slug)
    return render(request, "dashboard/campaigns.html", {"places": places})


@staff_page(Permission.READ)
def overview(request: StaffRequest) -> HttpResponse:
    campaign, day = request.campaign, reference_day(request.campaign)
    waiting = attention_of(campaign, request.team_member)
    context = {
        "waiting": waiting,
        "days": days_in_words(campaign),
        "stages": stages_of(campaign, day),
        "roll": stance_counts(campaign, day),
        "latest": record_lines(record_of(campaign)[:LATEST]),
    }
    return render(request, "dashboard/overview.html", context)


@staff_page(Permission.READ)
def governments(request: StaffRequest) -> HttpResponse:
    """?q= words in the name, ?group= slug, ?stance=, ?show= (see selectors.governments.SHOW), ?sort=-name."""
    day = reference_day(request.campaign)
    asked = {key: request.GET.get(key, "")[:80] for key in ("q", "group", "stance", "show", "sort")}
    lines = government_lines(
        request.campaign,
        day,
        words=asked["q"],
        group=asked["group"],
        stance=asked["stance"],
        show=asked["show"],
        descending=asked["sort"] == "-name",
    )
    context = {
        "lines": lines,
        "asked": asked,
        "day": day,
        "roll": stance_counts(request.campaign, day),
        "groups": Group.objects.all(),
        "filtered": any(asked[key] for key in ("q", "group", "stance", "show")),
    }
    return render(request, "dashboard/governments.html", context)


@staff_page(Permission.READ)
def government(request: StaffRequest, code: str) -> HttpResponse:
    member = get_object_or_404(Member, code=code)
    day = reference_day(request.campaign)
    page = government_page(request.campaign, member, day, request.team_member)
    return render(request, "dashboard/government.html", {"page": page, "member": member, "day": day})


@staff_page(Permission.SEE_CONTACTS)
@require_safe
def stale(request: StaffRequest) -> HttpResponse:
    """Recipients to look at again. ?show= one kind (see selectors.stale.KINDS), ?months= since verified, ?page=."""
    months = months_asked(request.GET.get("months", ""))
    show = request.GET.get("show", "")
    found = stale_recipients(request.campaign, reference_day(request.campaign), months=months)
    page = Paginator(found.rows(show), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": found.lines(page.object_list),
        "filters": found.filters(),
        "show": show,
        "months": months,
    }
    return render(request, "dashboard/stale.html", context)


@staff_page(Permission.READ)
def audit(request: StaffRequest) -> HttpResponse:
    """?verb= one kind of event, ?page=."""
    verbs = verbs_of(request.campaign)
    verb = request.GET.get("verb", "")
    verb = verb if verb in dict(verbs) else ""
    page = Paginator(record_of(request.campaign, verb), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "lines": record_lines(page.object_list), "verbs": verbs, "verb": verb}
    return render(request, "dashboard/audit.html", context)


@team_page
def styleguide(request: SignedInRequest) -> HttpResponse:
    """Every component. ?lang= and ?theme= hold for this one answer and change nothing."""
    language = request.GET.get("lang", "")
    theme = request.GET.get("theme", "")
    context = {
        **specimens(request.POST if request.method == "POST" else None),
        "theme": theme if theme in {"dark", "light"} else "",
    }
    if language not in dict(settings.LANGUAGES):
        return render(request, "dashboard/styleguide.html", context)
    with translation.override(language):
        return render(request, "dashboard/styleguide.html", context)
