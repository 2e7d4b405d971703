"""Signing in with one click, in demo mode only."""

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from apps.accounts.models import User
from apps.core.access import demo_is_open

from ..access import public
from ..forms import role_descriptions
from ..selectors.memberships import active_memberships, demo_people
from .accept_invitation import BACKEND


@public
@never_cache
def demo(request: HttpRequest) -> HttpResponse:
    """The demo people, each with a button. The session remembers that one click replaced both factors."""
    if not demo_is_open(request):
        raise Http404
    if request.method == "POST":
        person = get_object_or_404(demo_people(), pk=_number(request.POST.get("person", "")))
        login(request, person, backend=BACKEND)
        request.session["demo"] = True
        return redirect("dashboard:campaigns")
    return render(request, "campaigns/demo.html", {"cast": [_described(person) for person in demo_people()]})


def _described(person: User) -> dict[str, object]:
    memberships = [
        {"campaign": membership.campaign, "roles": role_descriptions(membership.roles)}
        for membership in active_memberships(person)
    ]
    return {"person": person, "memberships": memberships}


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0
