"""Public pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.campaigns.access import public


@public
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "website/error.html", {"status": 403}, status=403)


@public
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "website/error.html", {"status": 404}, status=404)


@public
def server_error(request: HttpRequest) -> HttpResponse:
    return HttpResponse("error", status=500)


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "website/error.html", {"status": 403}, status=403)
