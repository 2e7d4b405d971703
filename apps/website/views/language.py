"""Addresses without a language, which lead to the page in the visitor's."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt

from apps.campaigns.access import public
from apps.core.interface_languages import address_in_language, interface_language


@public
@csrf_exempt
def to_visitor_language(request: HttpRequest, rest: str = "") -> HttpResponse:
    """302 to the language chosen before, of the account or of the browser. A form posted here is posted there (307),
    where its CSRF token is checked."""
    language = interface_language(get_language() or "")
    response = HttpResponseRedirect(
        address_in_language(request.get_full_path(), language), preserve_request=request.method not in {"GET", "HEAD"}
    )
    patch_vary_headers(response, ["Cookie"])  # LocaleMiddleware adds Accept-Language
    return response
