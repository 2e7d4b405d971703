"""Decorators that say who may open a page outside any campaign. A test checks that every view has one.

Those for pages of a campaign are in `apps.campaigns.access`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.apps import apps
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

LOOPBACK = {"127.0.0.1", "::1"}

type View = Callable[..., HttpResponse]


class SignedInRequest(HttpRequest):
    """The request of a `signed_in` view: `user` is never anonymous."""

    user: Any  # the user model belongs to a higher app


def public(view: View) -> View:
    """Everybody may open it."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """People with an account, also those in no campaign."""
    wrapped: Any = never_cache(login_required(view))
    wrapped.access = "signed_in"
    return wrapped


def operators(view: View) -> View:
    """Operators of the installation: superusers with a second factor, who are sent to set one up. In demo mode,
    everybody on this machine."""

    @wraps(view)
    def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if demo_is_open(request):
            return view(request, *args, **kwargs)
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.is_superuser:
            raise PermissionDenied
        if not has_second_factor(request):
            return redirect(second_factor_page(request))
        return view(request, *args, **kwargs)

    wrapped: Any = never_cache(checked)
    wrapped.access = "operators"
    return wrapped


def behind_token(view: View) -> View:
    """For pages with a mailed token in their URL: not cached, not indexed, and the URL is not sent as a referrer.

    `strict-origin`, because under `no-referrer` browsers post forms with `Origin: null` (Fetch, "append a request
    Origin header"), which CSRF protection refuses.
    """

    @wraps(view)
    def guarded(*args: object, **kwargs: object) -> HttpResponse:
        response = view(*args, **kwargs)
        response["Referrer-Policy"] = "strict-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return never_cache(guarded)


def demo_is_open(request: HttpRequest) -> bool:
    """Whether one click may sign in. System checks refuse to start an unsafe demo; this refuses to serve one."""
    return (
        settings.DEMO
        and settings.POSTBOX["MODE"] == "sink"
        and request.META.get("REMOTE_ADDR") in LOOPBACK
        and apps.get_model("accounts", "DemoMark")._default_manager.exists()
    )


def has_second_factor(request: HttpRequest) -> bool:
    """Whether the account has TOTP, which signing in asked for; in demo mode, whether one click signed in."""
    return bool(settings.DEMO and request.session.get("demo")) or is_mfa_enabled(request.user, ["totp"])


def account_has_second_factor(user: Any) -> bool:
    """The same of somebody whose program asks, without a session."""
    return settings.DEMO or is_mfa_enabled(user, ["totp"])


def second_factor_page(request: HttpRequest) -> str:
    """URL of the page that explains the second factor, with the way back. What was posted is not sent again."""
    page = reverse("accounts:second_factor")
    return f"{page}?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else page
