"""Redis caches: with one client each, and one that lets people sign in while Redis is down."""

import time
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import Redis
from redis.exceptions import RedisError

#: prefixes of the keys of allauth (rate limits, used codes), which expects a cache that always answers
SIGNING_IN = ("allauth:", "allauth.")
#: seconds without another attempt after Redis did not answer
AWAY = 5


class OneClient(RedisCacheClient):
    """Keeps a client to read and one to write. Making one takes longer than asking it; threads share one safely."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clients: dict[bool, Redis] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Redis:
        if write not in self._clients:
            self._clients[write] = super().get_client(key, write=write)
        return self._clients[write]


class OneClientRedisCache(RedisCache):
    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = OneClient

    def renew(self, key: str, *, timeout: int) -> bool:
        """Keep the key for so many seconds from now. Whether it was not there. One round trip."""
        client = self._cache.get_client(key, write=True)
        return client.set(self.make_and_validate_key(key), 1, ex=timeout, get=True) is None


class FallbackRedisCache(OneClientRedisCache):
    """Redis, but keys of allauth fall back to the memory of this process while Redis does not answer: rate limits are
    then per process. Other callers get the error and handle it."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._here = LocMemCache(__name__, {"KEY_PREFIX": params.get("KEY_PREFIX", "")})
        self._away_until = 0.0

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> Any:
        return self._with_fallback("add", key, value, *args, **kwargs)

    def get(self, key: Any, *args: Any, **kwargs: Any) -> Any:
        return self._with_fallback("get", key, *args, **kwargs)

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> Any:
        return self._with_fallback("set", key, value, *args, **kwargs)

    def delete(self, key: Any, *args: Any, **kwargs: Any) -> Any:
        return self._with_fallback("delete", key, *args, **kwargs)

    def _with_fallback(self, act: str, key: Any, *args: Any, **kwargs: Any) -> Any:
        method = getattr(super(), act)
        if not str(key).startswith(SIGNING_IN):
            return method(key, *args, **kwargs)
        if time.monotonic() >= self._away_until:
            try:
                return method(key, *args, **kwargs)
            except RedisError:
                self._away_until = time.monotonic() + AWAY
        return getattr(self._here, act)(key, *args, **kwargs)
