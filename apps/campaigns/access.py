"""Who may open which page: every view says so with one of these decorators, and a test reads them all.

A campaign that is not one's own answers 404, as one that does not exist; a missing right in one's own campaign
answers 403.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from apps.accounts.models import User
from apps.core.access import (
    SignedInRequest,
    View,
    has_second_factor,
    operators,
    public,
    second_factor_page,
    signed_in,
)

from .models import Campaign, TeamMember
from .roles import SECOND_FACTOR, Permission

__all__ = ["SignedInRequest", "StaffRequest", "operators", "public", "signed_in", "staff_page", "team_page"]


class PermissionMissing(PermissionDenied):
    """The person's roles in the campaign do not include the permission."""

    def __init__(self, permission: Permission) -> None:
        super().__init__(str(permission.label))
        self.permission = permission


class StaffRequest(SignedInRequest):
    """What `staff_page` hands to a view."""

    user: User
    campaign: Campaign
    team_member: TeamMember


def staff_page(permission: Permission) -> Callable[[View], View]:
    """The view takes `campaign_slug` from its address; it gets `request.campaign` and `request.team_member`.

    Where the permission needs a second factor and the person has none, they are led to set one up.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, campaign_slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
            membership = membership_or_404(user=request.user, campaign_slug=campaign_slug)
            request.campaign = membership.campaign  # type: ignore[attr-defined]
            request.team_member = membership  # type: ignore[attr-defined]
            if not membership.may(permission):
                raise PermissionMissing(permission)
            if permission in SECOND_FACTOR and not has_second_factor(request):
                return redirect(second_factor_page(request))
            if any("\x00" in str(part) for part in kwargs.values()):
                raise Http404  # PostgreSQL keeps no such text, and refuses the question
            return view(request, *args, **kwargs)

        wrapped: Any = never_cache(login_required(checked))
        wrapped.access = permission
        return wrapped

    return decorate


def team_page(view: View) -> View:
    """Whoever is on the team of some campaign, or operates the installation: pages about the product itself."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        if not (user.is_superuser or TeamMember.objects.filter(user=user, state=TeamMember.State.ACTIVE).exists()):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    wrapped: Any = never_cache(login_required(checked))
    wrapped.access = "team"
    return wrapped


def find_membership(request: HttpRequest, campaign_slug: str) -> None:
    """Set `campaign` and `team_member` on the request where the person is on the team of that campaign."""
    with suppress(Http404):
        request.team_member = membership_or_404(user=request.user, campaign_slug=campaign_slug)  # type: ignore[attr-defined]
        request.campaign = request.team_member.campaign  # type: ignore[attr-defined]


def membership_or_404(*, user: Any, campaign_slug: str) -> TeamMember:
    """The person's active membership in the campaign. Raises Http404 for everybody else."""
    try:
        return TeamMember.objects.select_related("campaign", "user").get(
            campaign__slug=campaign_slug, user=user, state=TeamMember.State.ACTIVE
        )
    except TeamMember.DoesNotExist:
        raise Http404 from None
