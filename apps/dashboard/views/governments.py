"""Governments: the directory, the map, one government, and recipients whose data needs work."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.governments.models import Group, Member
from apps.governments.pages.as_of_date import as_of_dates
from apps.governments.selectors import reference_day
from apps.letters.selectors.letters import may_write_to

from ..pages.government import government_page
from ..pages.government_directory import government_directory, government_lines
from ..pages.map import MAP_VIEWS, world_map
from ..pages.recipient_problems import find_recipient_problems, months_param
from .page_options import directory_query, page_options

PER_PAGE = 50


@staff_page(Permission.READ)
def governments(request: StaffRequest) -> HttpResponse:
    """The directory: ?on= a day, ?names= a language, ?page=, and the fields of DirectoryQuery."""
    options, query = page_options(request), directory_query(request)
    directory = government_directory(request.campaign, options.shown.day, query, options.language)
    context = {
        "asked": query,
        "directory": directory,
        "page": Paginator(directory.lines, PER_PAGE).get_page(request.GET.get("page")),
        "groups": Group.objects.all(),
    }
    return render(request, "dashboard/governments.html", {**context, **options.context})


@staff_page(Permission.READ)
def governments_map(request: StaffRequest) -> HttpResponse:
    """?on= a day, ?names= a language, ?by= a key of MAP_VIEWS, ?page= of the table."""
    options = page_options(request)
    shown = options.shown
    lines = government_lines(request.campaign, shown.day, language=options.language)
    world = world_map(lines, request.GET.get("by", ""))
    context = {
        **options.context,
        "map": world,
        "page": Paginator(world.rows, PER_PAGE).get_page(request.GET.get("page")),
        "ways": [(key, way.words) for key, way in MAP_VIEWS.items()],
        "row": as_of_dates(request.campaign, shown.day, shown.today),
        "dated": world.way == "stance",
    }
    context["keep"] += [("by", world.way if world.way != "stance" else "")]
    return render(request, "dashboard/map.html", context)


@staff_page(Permission.READ)
def government(request: StaffRequest, code: str) -> HttpResponse:
    """?on= the day of name, groups and position, ?names= a language, ?kind= a key of TIMELINE_KINDS."""
    member = get_object_or_404(Member, code=code)
    options = page_options(request)
    page = government_page(request.campaign, member, options.shown.day, request.team_member, options.language)
    kind = request.GET.get("kind", "")
    kind = kind if kind in page.kinds else ""
    context = {
        **options.context,
        "page": page,
        "member": member,
        "may_write": may_write_to(request.user, request.campaign, member),
        "there": member.belongs_on(options.shown.day),
        "kind": kind,
        "timeline": page.timeline_of(kind),
    }
    context["keep"] += [("kind", kind)]
    return render(request, "dashboard/government.html", context)


@staff_page(Permission.SEE_CONTACTS)
@require_safe
def recipient_problems(request: StaffRequest) -> HttpResponse:
    """?show= a key of KINDS or "urgent", ?months= since the last verification, ?page=."""
    months, show = months_param(request.GET.get("months", "")), request.GET.get("show", "")
    found = find_recipient_problems(request.campaign, reference_day(request.campaign), months=months)
    page = Paginator(found.rows(show), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": found.lines(page.object_list),
        "filters": found.filters(),
        "show": show,
        "months": months,
    }
    return render(request, "dashboard/recipient_problems.html", context)
