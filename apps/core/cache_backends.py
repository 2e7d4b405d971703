"""The cache, and what holds in its stead for signing in while it is away: losing Redis costs delay, not the way in."""

import time
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

#: keys of allauth, which expects of a cache that it always answers: limits of signing in, codes used up
SIGNING_IN = ("allauth:", "allauth.")
#: seconds in which a cache that did not answer is not asked again for those
AWAY = 5


class SteadyRedisCache(RedisCache):
    """Redis, except that allauth's keys fall back on the memory of this process while it does not answer: limits then
    hold for each process by itself. Everybody else gets the error and knows what to do without a cache."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._here = LocMemCache(__name__, {"KEY_PREFIX": params.get("KEY_PREFIX", "")})
        self._away_until = 0.0

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> Any:
        return self._steady("add", key, value, *args, **kwargs)

    def get(self, key: Any, *args: Any, **kwargs: Any) -> Any:
        return self._steady("get", key, *args, **kwargs)

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> Any:
        return self._steady("set", key, value, *args, **kwargs)

    def delete(self, key: Any, *args: Any, **kwargs: Any) -> Any:
        return self._steady("delete", key, *args, **kwargs)

    def _steady(self, act: str, key: Any, *args: Any, **kwargs: Any) -> Any:
        asked = getattr(super(), act)
        if not str(key).startswith(SIGNING_IN):
            return asked(key, *args, **kwargs)
        if time.monotonic() >= self._away_until:
            try:
                return asked(key, *args, **kwargs)
            except RedisError:
                self._away_until = time.monotonic() + AWAY
        return getattr(self._here, act)(key, *args, **kwargs)
