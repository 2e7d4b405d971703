"""Which public pages may be kept, and how long."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

#: seconds; figures on a page are a minute old anyway
PAGE_AGE = 60


def kept_for_a_minute(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Caches anywhere may keep the answer for a minute, where the visitor brought no cookie and gets none."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code == 200 and not request.COOKIES and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
            patch_cache_control(response, public=True, max_age=PAGE_AGE)
        else:
            patch_cache_control(response, private=True, max_age=0)
        return response

    return wrapped
