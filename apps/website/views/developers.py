"""The page for people who write programs: every URL of the API, with examples."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.api.pages.reference import resources
from apps.campaigns.access import public
from apps.campaigns.scopes import Scope
from apps.core.site_url import site_url

from .public_page import cache_page_publicly


@public
@require_safe
@cache_page_publicly
def developers(request: HttpRequest) -> HttpResponse:
    context = {"resources": resources(), "scopes": Scope.choices, "site": site_url("")}
    return render(request, "website/developers.html", context)
