"""Decorators that say who may open a page of a campaign. A test checks that every view has one.

A campaign the person does not belong to answers 404, as one that does not exist; a missing permission answers 403.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from apps.accounts.models import User
from apps.core.access import SignedInRequest, View, has_second_factor, operators, public, second_factor_page, signed_in

from .models import Campaign, TeamMember
from .roles import SECOND_FACTOR, Permission
from .selectors import active_membership

__all__ = ["SignedInRequest", "StaffRequest", "operators", "public", "signed_in", "staff_page", "team_page"]


class PermissionMissing(PermissionDenied):
    def __init__(self, permission: Permission) -> None:
        super().__init__(str(permission.label))
        self.permission = permission


class StaffRequest(SignedInRequest):
    """The request of a `staff_page` view."""

    user: User
    campaign: Campaign
    team_member: TeamMember


def staff_page(permission: Permission) -> Callable[[View], View]:
    """A page of the campaign `campaign_slug` for team members with the permission. If that needs a second factor,
    people without one are sent to set it up."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: StaffRequest, campaign_slug: str, *args: object, **kwargs: object) -> HttpResponse:
            if not find_membership(request, campaign_slug):
                raise Http404
            if not request.team_member.may(permission):
                raise PermissionMissing(permission)
            if permission in SECOND_FACTOR and not has_second_factor(request):
                return redirect(second_factor_page(request))
            if any("\x00" in str(part) for part in kwargs.values()):
                raise Http404  # PostgreSQL refuses such text
            return view(request, *args, **kwargs)

        return _restricted(checked, permission)

    return decorate


def team_page(view: View) -> View:
    """Pages about the product itself: for operators, and for members of any campaign's team."""

    @wraps(view)
    def checked(request: SignedInRequest, *args: object, **kwargs: object) -> HttpResponse:
        user = request.user
        if not (user.is_superuser or TeamMember.objects.filter(user=user, state=TeamMember.State.ACTIVE).exists()):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return _restricted(checked, "team")


def _restricted(view: View, access: str) -> View:
    wrapped: Any = never_cache(login_required(view))
    wrapped.access = access
    return wrapped


def find_membership(request: HttpRequest, campaign_slug: str) -> bool:
    """Set `campaign` and `team_member` on the request if the person is on the campaign's team; whether they are."""
    membership = active_membership(request.user, campaign_slug)
    if membership is not None:
        request.team_member, request.campaign = membership, membership.campaign  # type: ignore[attr-defined]
    return membership is not None
