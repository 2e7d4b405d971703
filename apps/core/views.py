"""Health checks for supervisors and load balancers."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from .access import public
from .health import problems


@public
@never_cache
def livez(request: HttpRequest) -> HttpResponse:
    """200 while the process serves."""
    return HttpResponse("alive\n", content_type="text/plain")


@public
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when all is well, otherwise 503 with the reasons."""
    reasons = problems()
    return JsonResponse({"healthy": not reasons, "reasons": reasons}, status=503 if reasons else 200)
