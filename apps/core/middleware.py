"""Middleware: request ids, HEAD without a body, and the Host check of demo mode."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.utils.translation import gettext as _

from .logs import request_id_bind

LOOPBACK_HOSTS = {"localhost", "127.0.0.1", "[::1]"}
type Handler = Callable[[HttpRequest], HttpResponse]


class HeadMiddleware:
    """HEAD gets the headers of GET and no body (RFC 9110 §9.3.2). Outermost, so that other middleware sees the body."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: Any = self.get_response(request)
        if request.method != "HEAD":
            return response
        if response.streaming:  # its file is closed with the response
            response.file_to_stream = None
            response.streaming_content = ()
        else:
            response.setdefault("Content-Length", str(len(response.content)))
            response.content = b""
        return response


class RequestIdMiddleware:
    """Takes a well-formed X-Request-Id from a proxy, or makes one; returns it in the response."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = request_id_bind(request.headers.get("X-Request-Id", ""))
        response = self.get_response(request)
        response["X-Request-Id"] = request_id
        return response


class DemoHostMiddleware:
    """Demo mode answers only to loopback host names: another site could reach it by DNS rebinding."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = request.META.get("HTTP_HOST", "")
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        if settings.DEMO and name not in LOOPBACK_HOSTS:
            refusal = _("Demo mode answers on this machine only: open it as localhost or 127.0.0.1.")
            return HttpResponseForbidden(f"{refusal}\n")
        return self.get_response(request)
