"""Pages that exist in demo mode only: starting over, and the tour."""

from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from apps.campaigns.access import StaffRequest, public, staff_page
from apps.campaigns.roles import Permission
from apps.core.access import View, demo_is_open

from .pages.start_over import what_is_deleted
from .pages.tour import stop_of, tour_stops
from .services.demonstration import demonstration_start_over
from .services.tour import tour_close


def in_demo(view: View) -> View:
    @wraps(view)
    def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not demo_is_open(request):
            raise Http404
        return view(request, *args, **kwargs)

    return checked


@public
@never_cache
@in_demo
def start_over(request: HttpRequest) -> HttpResponse:
    """GET says what will happen; POST does it and signs everybody out."""
    if request.method != "POST":
        return render(request, "demo/start_over.html", {"rows": what_is_deleted()})
    demonstration_start_over(folder=settings.DEMO_CAMPAIGN)
    request.session.flush()
    messages.success(request, _("The demonstration is as it was at first, with dates around today."))
    return redirect("accounts:demo")


@staff_page(Permission.READ)
@in_demo
def tour(request: StaffRequest) -> HttpResponse:
    context = {"stops": tour_stops(request.campaign), "own": stop_of(request.team_member)}
    return render(request, "demo/tour.html", context)


@staff_page(Permission.READ)
@in_demo
@require_POST
def close_tour(request: StaffRequest) -> HttpResponse:
    tour_close(user=request.user)
    return redirect("dashboard:overview", request.campaign.slug)
