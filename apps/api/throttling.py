"""Rate limits."""

import time
from contextlib import suppress

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

MINUTE = 60


class TokenThrottle(BaseThrottle):
    """A number of requests per token in each minute of the clock. Admits every request while the cache is down."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        minute = int(time.time()) // MINUTE
        key, count = f"campaigns:api:{request.auth.pk}:{minute}", 0
        with suppress(RedisError, ValueError):  # ValueError: the key has expired between the two calls
            cache.add(key, 0, timeout=2 * MINUTE)
            count = cache.incr(key)
        return bool(count <= settings.API_REQUESTS_PER_MINUTE)

    def wait(self) -> float:
        return MINUTE - time.time() % MINUTE
