"""Staff pages that span apps."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from apps.campaigns.access import SignedInRequest, StaffRequest, signed_in, staff_page, team_page
from apps.campaigns.roles import Permission
from apps.campaigns.selectors import memberships_of
from apps.governments.models import Group, Member
from apps.governments.names import names_language
from apps.governments.pages.shown_day import days_of
from apps.governments.selectors import reference_day

from ..pages import (
    WAYS,
    attention_of,
    days_in_words,
    directory_of,
    government_lines,
    government_page,
    months_asked,
    record_lines,
    record_of,
    stages_of,
    stale_recipients,
    stance_roll,
    verbs_of,
    world_map,
)
from ..styleguide_samples import specimens
from .query_params import asked_of, places_asked

#: rows on a page of a list, and events on the overview
PAGE, LATEST = 50, 6


@signed_in
def campaigns(request: SignedInRequest) -> HttpResponse:
    """The person's campaigns; straight into the only one."""
    memberships = list(memberships_of(request.user))
    if len(memberships) == 1:
        return redirect("dashboard:overview", memberships[0].campaign.slug)
    return render(request, "dashboard/campaigns.html", {"memberships": memberships})


@staff_page(Permission.READ)
def overview(request: StaffRequest) -> HttpResponse:
    """What waits, how far the campaign is, where governments stand: now. There is no ?on= here. Of all that the page
    shows, only stances are dated; a page half of another day would mislead. Its map leads to the one with the days."""
    campaign, day = request.campaign, reference_day(request.campaign)
    waiting = attention_of(campaign, request.team_member)
    lines = government_lines(campaign, day, named=names_language(get_language() or "en"))
    context = {
        "waiting": waiting,
        "days": days_in_words(campaign),
        "stages": stages_of(campaign, day),
        "roll": stance_roll(line.stance for line in lines),
        "map": world_map(lines),
        "latest": record_lines(campaign, record_of(campaign)[:LATEST]),
    }
    return render(request, "dashboard/overview.html", context)


@staff_page(Permission.READ)
def governments(request: StaffRequest) -> HttpResponse:
    """The directory: ?on= a day, ?names= a language, ?page=, and the fields of pages.governments.Asked."""
    memberships, asked = places_asked(request), asked_of(request)
    directory = directory_of(request.campaign, memberships.shown.day, asked, memberships.named)
    context = {
        "asked": asked,
        "directory": directory,
        "page": Paginator(directory.lines, PAGE).get_page(request.GET.get("page")),
        "groups": Group.objects.all(),
    }
    return render(request, "dashboard/governments.html", {**context, **memberships.context})


@staff_page(Permission.READ)
def governments_map(request: StaffRequest) -> HttpResponse:
    """?on= a day, ?names= a language, ?by= one of selectors.map.WAYS."""
    memberships = places_asked(request)
    shown = memberships.shown
    world = world_map(government_lines(request.campaign, shown.day, named=memberships.named), request.GET.get("by", ""))
    context = {
        **memberships.context,
        "map": world,
        "ways": [(key, way.words) for key, way in WAYS.items()],
        "row": days_of(request.campaign, shown.day, shown.today),
        "dated": world.way == "stance",
    }
    context["keep"] += [("by", world.way if world.way != "stance" else "")]
    return render(request, "dashboard/map.html", context)


@staff_page(Permission.READ)
def government(request: StaffRequest, code: str) -> HttpResponse:
    """?on= a day: name, groups and position are those of that day. ?names= a language, ?kind= one of TIMELINE_KINDS."""
    member = get_object_or_404(Member, code=code)
    memberships = places_asked(request)
    page = government_page(request.campaign, member, memberships.shown.day, request.team_member, memberships.named)
    kind = request.GET.get("kind", "")
    kind = kind if kind in page.kinds else ""
    context = {
        **memberships.context,
        "page": page,
        "member": member,
        "there": member.belongs_on(memberships.shown.day),
        "kind": kind,
        "timeline": page.timeline_of(kind),
    }
    context["keep"] += [("kind", kind)]
    return render(request, "dashboard/government.html", context)


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
    context = {"page": page, "lines": record_lines(request.campaign, page.object_list), "verbs": verbs, "verb": verb}
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
