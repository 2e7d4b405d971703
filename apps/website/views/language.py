"""Addresses without a language, which lead to the page in the visitor's, and the choice of another."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from apps.campaigns.access import public
from apps.core.interface_languages import address_in_language, choice_address, interface_language, split_language


@public
@csrf_exempt
def to_visitor_language(request: HttpRequest, rest: str = "") -> HttpResponse:
    """302 to the language chosen before, of the account or of the browser. A form posted here is posted there (307),
    where its CSRF token is checked."""
    language = interface_language(get_language() or "")
    response = _lead(request, address_in_language(request.get_full_path(), language))
    patch_vary_headers(response, ["Cookie"])  # LocaleMiddleware adds Accept-Language
    return response


@public
@csrf_exempt
@never_cache
def choose_language(request: HttpRequest, code: str, rest: str = "") -> HttpResponse:
    """Remember the language in this browser, and lead to the page named after it; what is posted goes along."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    address = "/" + request.get_full_path().removeprefix(choice_address("/", code)).lstrip("/")  # of this site
    response = _lead(request, address_in_language(address, code) if split_language(address)[0] else address)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return response


def _lead(request: HttpRequest, address: str) -> HttpResponse:
    return HttpResponseRedirect(address, preserve_request=request.method not in {"GET", "HEAD"})
