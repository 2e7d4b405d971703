"""Who may open a page that belongs to no campaign: every view says so with a decorator, and a test reads them all.

The decorators of campaign pages stand in `apps.campaigns.access`, which hands these on; apps below it use these.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

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
    """Only operators of the installation (superusers); in demo mode, everybody on the machine."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.DEMO:
            return view(request, *args, **kwargs)
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.is_superuser:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    wrapped: Any = never_cache(checked)
    wrapped.access = "operators"
    return wrapped
