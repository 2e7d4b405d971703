"""Which governments were contacted and answered."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.governments.models import Group, names_language
from apps.governments.selectors import reference_day

from ..pages.contacts import NUMBERS, contacts_page

#: all members of the WTO: ticks go with one page
PER_PAGE = 200


@staff_page(Permission.READ)
@require_safe
def contacts(request: StaffRequest) -> HttpResponse:
    """?show= a key of NUMBERS, ?group= the slug of a group, ?page=."""
    show, group = request.GET.get("show", ""), request.GET.get("group", "")
    show = show if show in NUMBERS else "unanswered"
    groups = list(Group.objects.order_by("label"))
    group = group if group in {each.slug for each in groups} else ""
    language = names_language(get_language() or "en")
    found = contacts_page(request.campaign, reference_day(request.campaign), show=show, group=group, language=language)
    context = {
        "found": found,
        "page": Paginator(found.rows, PER_PAGE).get_page(request.GET.get("page")),
        "show": show,
        "words": NUMBERS[show][0],
        "groups": groups,
        "group": group,
    }
    return render(request, "outreach/contacts.html", context)
