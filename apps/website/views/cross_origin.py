"""Public files that pages of other sites may read (CORS)."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign
from apps.core.site_url import site_url

type View = Callable[..., HttpResponse]
METHODS = "GET, HEAD, OPTIONS"
#: seconds for which a browser need not ask again whether it may
PREFLIGHT_AGE = 86400


def readable_by_any_site(view: View) -> View:
    """Any site may read it: `*` allows that without cookies only. A browser that sends If-None-Match asks by OPTIONS
    first. Search engines are told not to list it: they keep names for too long. What is missing is said as JSON."""

    @wraps(view)
    def readable(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method == "OPTIONS":
            response = _preflight()
        else:
            try:
                response = view(request, *args, **kwargs)
            except Http404:
                response = JsonResponse({"detail": _("There is nothing at this address.")}, status=404)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Link, Content-Disposition"
        response["X-Robots-Tag"] = "noindex"
        return response

    return readable


def described_by(definition: str, campaign: Campaign) -> str:
    """A Link header: what a JSON document contains, and the licence of the campaign's open data."""
    schema = site_url(reverse("files:open_data_schema"))
    links = [f'<{schema}#/$defs/{definition}>; rel="describedby"; type="application/schema+json"', licence(campaign)]
    return ", ".join(filter(None, links))


def licence(campaign: Campaign) -> str:
    """A Link header, or "" where the campaign states no licence."""
    address = campaign.licence_address
    return f'<{address}>; rel="license"' if address else ""


def _preflight() -> HttpResponse:
    return HttpResponse(
        status=204,
        headers={
            "Allow": METHODS,
            "Access-Control-Allow-Methods": METHODS,
            "Access-Control-Allow-Headers": "If-None-Match",
            "Access-Control-Max-Age": str(PREFLIGHT_AGE),
        },
    )
