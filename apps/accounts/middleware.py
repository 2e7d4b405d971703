"""The language and time zone of a signed-in person. Public pages keep the language of their address."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

type Handler = Callable[[HttpRequest], HttpResponse]


class LanguageAndTimeZoneMiddleware:
    """Goes after authentication. Requests without a session cookie never load the user, so that public pages stay
    cacheable."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        if user is None or not user.is_authenticated:
            return self.get_response(request)
        in_path = translation.get_language_from_path(request.path_info)
        if user.language in dict(settings.LANGUAGES) and not in_path:
            translation.activate(user.language)
            request.LANGUAGE_CODE = translation.get_language()
        try:
            zone: AbstractContextManager[None] = timezone.override(ZoneInfo(user.time_zone))
        except (ZoneInfoNotFoundError, ValueError):
            zone = nullcontext()
        with zone:
            return self.get_response(request)
