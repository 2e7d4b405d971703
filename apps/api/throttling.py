"""Rate limits, counted in each minute of the clock: what a token reads and writes, and wrong tokens of a network."""

import time

from django.conf import settings
from rest_framework.exceptions import Throttled
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from apps.core.rate_limit import client_address, connection_prefix, events_counted

MINUTE = 60


class TokenThrottle(BaseThrottle):
    """A number of requests per token. `headers` tell the client how many are left
    (draft-ietf-httpapi-ratelimit-headers)."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        kind, limit = ("read", settings.API_REQUESTS_PER_MINUTE)
        if request.method not in SAFE_METHODS:
            kind, limit = ("write", settings.API_WRITES_PER_MINUTE)
        used = events_counted(f"api:{kind}:{request.auth.pk}", seconds=MINUTE)
        view.rate_limit_headers = {  # type: ignore[attr-defined]  # of a CampaignViewSet
            "RateLimit-Policy": f'"{kind}";q={limit};w={MINUTE}',
            "RateLimit": f'"{kind}";r={max(limit - used, 0)};t={int(self.wait())}',
        }
        return used <= limit

    def wait(self) -> float:
        return seconds_left()


def refuse_many_wrong_tokens(request: Request) -> None:
    """Raises Throttled for a network that has sent too many wrong tokens. Right ones go on working there."""
    network = connection_prefix(client_address(request._request))
    if events_counted(f"api:wrong:{network}", seconds=MINUTE) > settings.API_WRONG_TOKENS_PER_MINUTE:
        raise Throttled(wait=seconds_left())


def seconds_left() -> float:
    """Of the current minute."""
    return MINUTE - time.time() % MINUTE
