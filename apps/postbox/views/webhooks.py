"""Webhooks of mail providers: checked, committed, and only then answered with 200."""

from typing import Any

import structlog
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from apps.core.access import public
from apps.core.rate_limit import client_address, connection_prefix, within_limit

from ..services.webhooks import inbound_event_receive, tracking_event_record
from ..webhook_sources import (
    ASK_FOR_HEAD,
    WebhookRefused,
    webhook_events,
    webhook_is_taken,
    webhook_is_used,
    webhook_use,
)

log = structlog.get_logger(__name__)

MINUTE = 60
CALLS_PER_MINUTE = 3000
#: a mail of 50 MB in base64
MAX_BYTES = {"tracking": 5 * 1024 * 1024, "inbound": 75 * 1024 * 1024}


@public
@csrf_exempt
@never_cache
@require_http_methods(["HEAD", "POST"])
def webhook(request: HttpRequest, provider: str, kind: str) -> HttpResponse:
    """What a provider reports. 404 for one that is not set up, 400 for what does not come from it: then it changes
    nothing. An error of ours is a 500, after which the provider tries again."""
    if not webhook_is_taken(provider, kind):
        raise Http404
    if request.method == "HEAD":
        return HttpResponse() if provider in ASK_FOR_HEAD else HttpResponseNotAllowed(["POST"])
    if not within_limit(f"webhooks:{connection_prefix(client_address(request))}", CALLS_PER_MINUTE, seconds=MINUTE):
        response = HttpResponse(status=429)
        response["Retry-After"] = str(MINUTE)
        return response
    if not _read_body(request, MAX_BYTES[kind]):
        log.warning("webhook_too_large", provider=provider, kind=kind)
        return HttpResponse(status=413)
    try:
        events: list[Any] = webhook_events(request, provider, kind)
    except WebhookRefused as refused:
        log.warning("webhook_refused", provider=provider, kind=kind, reason=str(refused))
        return HttpResponse(status=400)
    if webhook_is_used(request, provider):
        return HttpResponse(status=200)
    for event in events:
        if kind == "tracking":
            tracking_event_record(provider=provider, event=event)
        else:
            inbound_event_receive(provider=provider, event=event)
    webhook_use(request, provider)
    return HttpResponse(status=200)


def _read_body(request: HttpRequest, limit: int) -> bool:
    """Read the body here, up to a limit of its own: Django's is that of forms. False for a larger one."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > limit:
        return False
    body = request.read(limit + 1)
    request._body = body  # as `request.body` does, with another limit
    return len(body) <= limit
