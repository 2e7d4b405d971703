"""A request id on every response and log line, and the Host check of demo mode."""

import re
import secrets
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden

GIVEN = re.compile(r"^[A-Za-z0-9-]{8,40}$")
LOOPBACK_HOSTS = {"localhost", "127.0.0.1", "[::1]"}
type Handler = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Takes X-Request-Id from a proxy where it is well-formed, else makes one; answers with it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        request_id = given if GIVEN.match(given) else secrets.token_hex(8)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = self.get_response(request)
        response["X-Request-Id"] = request_id
        return response


class DemoHostMiddleware:
    """In demo mode, where one click signs in, refuse requests that came by another name than loopback's
    (a page elsewhere could otherwise reach it by rebinding a name it owns)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = request.META.get("HTTP_HOST", "")
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        if settings.DEMO and name not in LOOPBACK_HOSTS:
            return HttpResponseForbidden("Demo mode answers on this machine only: open it as localhost or 127.0.0.1.\n")
        return self.get_response(request)
