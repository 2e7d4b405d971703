"""Whole public pages, kept for some seconds in the cache "pages" and dropped when what they show changes.

A kept page is the same for everybody who has no session: its key is its language and address. Two marks in the cache
say what has happened since: after `pages_drop` nobody gets a page made before; after `pages_invalidate` one visitor
has it made again while the others get the old one, as when its time is over. A process shows a page again for
NEAR_SECONDS without asking the cache, so that other processes' marks reach it that much later.
"""

import gzip
import math
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from redis.exceptions import RedisError

DROPPED, OUTDATED, LATELY = "pages:dropped", "pages:outdated", "pages:lately"
#: seconds for which a mark must be known: longer than any page is kept
MARK_AGE = 3600
#: seconds without a change before `pages_invalidate` marks again: fifty signatures a second must not have every page
#: made again
QUIET = 2
NEAR_SECONDS = 0.2
#: pages in the memory of a process
MOST_NEAR = 200
#: seconds without another attempt after the cache did not answer
AWAY = 5
#: 1 to 9: 5 takes a third of the time of 9 and leaves 2 % more
COMPRESSION = 5
GZIP_ACCEPTED = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", re.IGNORECASE)

#: what a 304, which has none, does not repeat
ABOUT_THE_BODY = {"Content-Type", "Content-Length", "Vary"}

_away_until = 0.0
#: {key: (when the cache was asked, by the monotonic clock; page, or what `near_value` made)}
_near: dict[str, tuple[float, Any]] = {}


@dataclass(frozen=True)
class KeptPage:
    """`marks` are those from before it was made: what changes while it is made outdates it."""

    marks: tuple[Any, Any]
    made_at: float
    headers: dict[str, str]
    body: bytes
    etag: str

    @classmethod
    def of(cls, response: HttpResponse, marks: tuple[Any, Any]) -> "KeptPage":
        body = gzip.compress(response.content, COMPRESSION, mtime=0)
        etag = f'W/"{sha256(body).hexdigest()[:32]}"'
        return cls(marks, time.time(), dict(response.items()), body, etag)

    def response(self, request: HttpRequest) -> HttpResponse:
        """Compressed if the visitor accepts that; 304 if they have it."""
        is_compressed = GZIP_ACCEPTED.search(request.headers.get("Accept-Encoding", "")) is not None
        response = HttpResponse(self.body if is_compressed else gzip.decompress(self.body), headers=self.headers)
        if is_compressed:
            response["Content-Encoding"] = "gzip"
        response["ETag"] = self.etag
        patch_vary_headers(response, ["Accept-Encoding"])
        answer = get_conditional_response(request, etag=self.etag, response=response) or response
        for name in self.headers.keys() - ABOUT_THE_BODY if answer is not response else ():
            answer[name] = self.headers[name]  # what a 304 says of them replaces what was stored (RFC 9111 §3.2)
        return answer


def kept_page(request: HttpRequest, key: str, make: Callable[[], HttpResponse]) -> HttpResponse:
    """The page of that key, made by `make` unless a recent one is kept. While it is made, others get the one before if
    it may still be shown. What `may_be_kept` refuses is never kept."""
    fresh = settings.PUBLIC_PAGE_SECONDS
    key = f"pages:{sha256(key.encode()).hexdigest()}"
    asked_at, near = _near.get(key, (0.0, None))
    if fresh and near is not None and time.monotonic() - asked_at < NEAR_SECONDS:
        return near.response(request)
    found = _ask(lambda cache: cache.get_many([DROPPED, OUTDATED, key])) if fresh else None
    if found is None:
        return make()
    marks, page = (found.get(DROPPED), found.get(OUTDATED)), found.get(key)
    if page is None or page.marks[0] != marks[0]:
        return _make(request, key, make, marks)
    is_recent = page.marks == marks and time.time() - page.made_at < fresh
    if is_recent or not _ask(lambda cache: cache.add(f"{key}:making", 1, timeout=fresh)):
        return _show(request, key, page)
    try:
        return _make(request, key, make, marks)
    finally:
        _ask(lambda cache: cache.delete(f"{key}:making"))


def _make(request: HttpRequest, key: str, make: Callable[[], HttpResponse], marks: tuple[Any, Any]) -> HttpResponse:
    response = make()
    if not may_be_kept(request, response):
        return response
    page = KeptPage.of(response, marks)
    _ask(lambda cache: cache.set(key, page, timeout=2 * settings.PUBLIC_PAGE_SECONDS))
    return _show(request, key, page)


def _show(request: HttpRequest, key: str, page: KeptPage) -> HttpResponse:
    _keep_near(key, page)
    return page.response(request)


def _keep_near(key: str, value: object) -> None:
    if len(_near) >= MOST_NEAR:
        _near.clear()
    _near[key] = time.monotonic(), value


def near_value[Value](key: str, make: Callable[[], Value]) -> Value:
    """What `make` returned within the last NEAR_SECONDS in this process, unless pages were dropped since. All threads
    get the same object: change a copy."""
    if not settings.PUBLIC_PAGE_SECONDS:
        return make()
    made_at, value = _near.get(key, (0.0, None))
    if value is None or time.monotonic() - made_at >= NEAR_SECONDS:
        value = make()
        _keep_near(key, value)
    return value


def may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    """Only whole pages that say nothing about who asked: no CSRF token, no cookie, no caching rules of their own."""
    has_token = settings.CSRF_COOKIE_NAME in request.COOKIES or request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
    own_rules = response.has_header("Cache-Control") or response.cookies or response.streaming
    return response.status_code == 200 and not has_token and not own_rules


def pages_drop() -> None:
    """On commit, let nobody see a page from before: a name was withdrawn or hidden."""
    transaction.on_commit(lambda: _mark(DROPPED))


def drop_mark() -> tuple[Any] | None:
    """What changes with `pages_drop`, for what is kept elsewhere; None if the cache does not answer."""
    return _ask(lambda cache: (cache.get(DROPPED),)) if settings.PUBLIC_PAGE_SECONDS else None


def pages_invalidate() -> None:
    """On commit, have pages made anew: something was added. While changes follow each other, their age has to do."""
    transaction.on_commit(_invalidate)


def _invalidate() -> None:
    asked_at, _true = _near.get(LATELY, (-math.inf, None))
    if not settings.PUBLIC_PAGE_SECONDS or time.monotonic() - asked_at < QUIET / 2:
        return  # what this process has noted lasts until then
    if _ask(lambda cache: cache.renew(LATELY, timeout=QUIET)):
        _mark(OUTDATED)
    _keep_near(LATELY, True)


def _mark(name: str) -> None:
    if settings.PUBLIC_PAGE_SECONDS:
        _ask(lambda cache: cache.set(name, uuid4().hex, timeout=MARK_AGE))
        _near.clear()


def _ask(question: Callable[[Any], Any]) -> Any:
    """The cache's answer; None if it does not answer, and then for some seconds without asking."""
    global _away_until
    if time.monotonic() < _away_until:
        return None
    with suppress(RedisError):
        return question(caches["pages"])
    _away_until = time.monotonic() + AWAY
    return None
