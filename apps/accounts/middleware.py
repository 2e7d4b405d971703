"""A signed-in person sees their own language and time zone."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

type Handler = Callable[[HttpRequest], HttpResponse]


class PersonMiddleware:
    """Stands after authentication. Requests without a session cookie pass untouched, so that public pages stay
    cacheable and need no database."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        if user is None or not user.is_authenticated:
            return self.get_response(request)
        if user.language in dict(settings.LANGUAGES):
            translation.activate(user.language)  # the locale middleware starts every request afresh
            request.LANGUAGE_CODE = translation.get_language()
        try:
            zone: Any = timezone.override(ZoneInfo(user.time_zone))
        except (ZoneInfoNotFoundError, ValueError):
            zone = nullcontext()
        with zone:
            return self.get_response(request)
