"""How often a token may ask."""

import time
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

MINUTE = 60


class TokenThrottle(BaseThrottle):
    """So many requests per token in each minute of the clock. Admits where the cache does not answer, as the form to
    sign does."""

    def allow_request(self, request: Request, view: Any) -> bool:
        minute = int(time.time()) // MINUTE
        key, count = f"campaigns:api:{request.auth.pk}:{minute}", 0
        with suppress(RedisError, ValueError):  # ValueError: the key ran out between the two calls
            cache.add(key, 0, timeout=2 * MINUTE)
            count = cache.incr(key)
        return bool(count <= settings.API_REQUESTS_PER_MINUTE)

    def wait(self) -> float:
        return MINUTE - time.time() % MINUTE
