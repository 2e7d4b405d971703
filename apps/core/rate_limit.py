"""Limits on how often something may happen, counted in the cache."""

import time
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError


def within_limit(key: str, limit: int, *, seconds: int) -> bool:
    """Count one more event in the current window of so many seconds; whether at most `limit` have happened in it.
    True if the cache does not answer."""
    return events_counted(key, seconds=seconds) <= limit


def events_counted(key: str, *, seconds: int) -> int:
    """Count one more event in the current window of so many seconds. Returns how many that makes; 0 if the cache does
    not answer."""
    key, count = f"{key}:{int(time.time()) // seconds}", 0
    with suppress(RedisError, ValueError):  # ValueError: the key expired between the two calls
        count = 1 if cache.add(key, 1, timeout=seconds) else cache.incr(key)
    return count


def connection_prefix(ip: str) -> str:
    """What one sender can easily have addresses of: the /24 of an IPv4 address, the /64 of an IPv6 address."""
    with suppress(ValueError):
        address = ip_address(ip)
        if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
            return str(IPv6Address(int(address) >> 64 << 64))
        mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else address
        return str(IPv4Address(int(mapped or address) >> 8 << 8))
    return ip


def client_address(request: HttpRequest) -> str:
    """The address that our outermost proxy saw: anybody can write the rest of X-Forwarded-For."""
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and len(forwarded) >= proxies:
        return forwarded[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))
