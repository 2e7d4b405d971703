"""A request id on every response and log line, answers to HEAD without a body, and the Host check of demo mode."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden

from .logs import request_id_bind

LOOPBACK_HOSTS = {"localhost", "127.0.0.1", "[::1]"}
type Handler = Callable[[HttpRequest], HttpResponse]


class HeadMiddleware:
    """HEAD gets the headers of GET and no body (RFC 9110 §9.3.2). Views answer both alike, and gunicorn complains about
    each body that it has to drop. Outermost, so that what others compute from the body is right."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: Any = self.get_response(request)
        if request.method != "HEAD":
            return response
        if response.streaming:  # what it would have read is closed with the response
            response.file_to_stream = None
            response.streaming_content = ()
        else:
            response.setdefault("Content-Length", str(len(response.content)))
            response.content = b""
        return response


class RequestIdMiddleware:
    """Takes X-Request-Id from a proxy where it is well-formed, else makes one; answers with it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = request_id_bind(request.headers.get("X-Request-Id", ""))
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
