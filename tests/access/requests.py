"""Every route as the resolver knows it, and requests to it that leave nothing behind."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from apps.campaigns.roles import Permission
from tests.access.routes import ROUTES

PERMISSIONS = set(Permission.values)


def walk(resolver: URLResolver, spaces: tuple[str, ...] = (), parts: frozenset[str] = frozenset()) -> Iterator[Any]:
    """(name with namespaces, view, names of the parts of its address) of every route of the product."""
    for pattern in resolver.url_patterns:
        here = parts | set(pattern.pattern.converters)
        if isinstance(pattern, URLPattern):
            yield ":".join([*spaces, pattern.name or str(pattern.pattern)]), pattern.callback, here
        else:
            yield from walk(pattern, (*spaces, pattern.namespace) if pattern.namespace else spaces, here)


FOUND = {name: (view, parts) for name, view, parts in walk(get_resolver())}


TOKENS = [name for name, rule in ROUTES.items() if rule.who == "token" and name in FOUND]


def browser(user: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    TOTP.activate(user, generate_totp_secret())
    client.get("/accounts/profile/")
    return client


def address(name: str, values: dict[str, Any], campaign: str) -> str:
    parts = {part: values[value] for part, value in ROUTES[name].parts.items()}
    if "campaign_slug" in FOUND[name][1]:
        parts["campaign_slug"] = campaign
    return reverse(name, kwargs=parts)


def tells(answer: Any, words: str) -> bool:
    """Whether the words are in the body of the answer, in capitals or not."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return words.lower().encode() in body.lower()


def ask(client: Client, method: str, url: str) -> Any:
    """The answer; whatever the request changed is undone, in the database and in the browser."""
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        answer = getattr(client, method)(url)
        transaction.set_rollback(True)
    client.cookies = cookies
    assert answer.status_code < 500 or answer.status_code == 503, f"{method} {url} failed with {answer.status_code}"
    return answer
