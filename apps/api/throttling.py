"""Rate limits."""

import time

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from apps.core.rate_limit import within_limit

MINUTE = 60


class TokenThrottle(BaseThrottle):
    """A number of requests per token in each minute of the clock."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        return within_limit(f"api:{request.auth.pk}", settings.API_REQUESTS_PER_MINUTE, seconds=MINUTE)

    def wait(self) -> float:
        return MINUTE - time.time() % MINUTE
