"""Who may open a page that belongs to no campaign: every view says so with a decorator, and a test reads them all.

The decorators of campaign pages stand in `apps.campaigns.access`, which hands these on; apps below it use these.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from .registries import demo_conditions

LOOPBACK = {"127.0.0.1", "::1"}

type View = Callable[..., HttpResponse]


class SignedInRequest(HttpRequest):
    """What `signed_in` hands to a view: `user` is a person with an account, never anonymous."""

    user: Any  # the user model stands above this app


def public(view: View) -> View:
    """Anybody may open it."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Whoever has an account, outsiders of every campaign included."""
    wrapped: Any = never_cache(login_required(view))
    wrapped.access = "signed_in"
    return wrapped


def operators(view: View) -> View:
    """Only operators of the installation: superusers with a second factor, who are led to set it up where there is
    none. In demo mode, where it is open, everybody on the machine."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
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
    """For pages whose address holds a mailed token: never kept by caches, never found by search engines, and no page
    or file asked for from here is told that address.

    `strict-origin`, not `no-referrer`: under the latter browsers post forms with `Origin: null` (Fetch, "append a
    request Origin header"), which the check against forged forms refuses.
    """

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> HttpResponse:
        response = view(*args, **kwargs)
        response["Referrer-Policy"] = "strict-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return never_cache(guarded)


def demo_is_open(request: HttpRequest) -> bool:
    """System checks refuse to start an unsafe demo; this refuses to serve one, should it have started all the same."""
    return (
        settings.DEMO
        and settings.POSTBOX["MODE"] == "sink"
        and request.META.get("REMOTE_ADDR") in LOOPBACK
        and demo_conditions["marked"]()
    )


def has_second_factor(request: HttpRequest) -> bool:
    """True where the account has TOTP (then signing in asked for it), or the demo's one click stood for both."""
    return bool(settings.DEMO and request.session.get("demo")) or is_mfa_enabled(request.user, ["totp"])


def second_factor_page(request: HttpRequest) -> str:
    """The page that explains the second factor, and the way back. What was posted is not sent again."""
    page = reverse("accounts:second_factor")
    return f"{page}?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else page
