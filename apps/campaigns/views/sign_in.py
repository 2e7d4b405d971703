"""Signing in by the link in an invitation, and with one click in demo mode."""

from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from apps.accounts.models import User
from apps.accounts.selectors import InvitationUnknown, has_totp
from apps.accounts.views import next_page
from apps.core.access import behind_token, demo_is_open
from apps.core.errors import DomainError
from apps.core.text import whole_number

from ..access import public
from ..forms import role_descriptions
from ..models import TeamMember
from ..selectors import active_memberships, demo_people, invitation_offer
from ..services.invitations import invitation_accept

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@public
@behind_token
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows who invites to what; POST accepts."""
    try:
        invitation, membership = invitation_offer(token)
        stranger = request.user.is_authenticated and request.user != membership.user
        if request.method == "POST" and not stranger:
            return _enter(request, invitation_accept(token=token))
    except DomainError as error:
        status = 404 if isinstance(error, InvitationUnknown) else 410
        return render(request, "campaigns/invitation_closed.html", {"reason": str(error)}, status=status)
    context = {
        "invitation": invitation,
        "membership": membership,
        "roles": role_descriptions(membership.roles),
        "stranger": stranger,
    }
    return render(request, "campaigns/invitation.html", context, status=409 if request.method == "POST" else 200)


def _enter(request: HttpRequest, membership: TeamMember) -> HttpResponse:
    """Sign in with the token as first factor. People with a second factor sign in as usual."""
    inside = reverse("dashboard:overview", args=[membership.campaign.slug])
    if not request.user.is_authenticated and has_totp(membership.user):
        messages.success(request, _("You are on the team. Sign in as usual."))
        return redirect(f"{reverse('account_login')}?{urlencode({'next': inside})}")
    if not request.user.is_authenticated:
        login(request, membership.user, backend=BACKEND)
    messages.success(request, _("Welcome to the team."))
    return redirect(inside)


@public
@never_cache
def demo(request: HttpRequest) -> HttpResponse:
    """The demo people, each with a button. The session remembers that one click replaced both factors."""
    if not demo_is_open(request):
        raise Http404
    if request.method == "POST":
        person = get_object_or_404(demo_people(), pk=whole_number(request.POST.get("person", ""), 18))
        login(request, person, backend=BACKEND)
        request.session["demo"] = True
        return redirect(next_page(request) or "dashboard:campaigns")
    return render(request, "campaigns/demo.html", {"cast": [_described(person) for person in demo_people()]})


def _described(person: User) -> dict[str, object]:
    memberships = [
        {"campaign": membership.campaign, "roles": role_descriptions(membership.roles)}
        for membership in active_memberships(person)
    ]
    return {"person": person, "memberships": memberships}
