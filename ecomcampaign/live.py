"""The sockets of people who draft together, and /livez. Pages are the WSGI server's."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import WebsocketDenier
from channels.sessions import CookieMiddleware
from django.conf import settings
from django.http.request import validate_host
from django.urls import path, re_path

from apps.core.health import record_heartbeat
from apps.letters.consumers import TextConsumer
from apps.letters.live.room_manager import room_manager

type Scope = dict[str, Any]
type Receive = Callable[[], Awaitable[dict[str, Any]]]
type Send = Callable[[dict[str, Any]], Awaitable[None]]


async def http(scope: Scope, receive: Receive, send: Send) -> None:
    """Whether the process lives; nothing else."""
    status = 200 if scope["path"] == "/livez" else 404
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"ok\n" if status == 200 else b"Sockets only.\n"})


class OwnPagesOnly:
    """Lets in sockets that a page of ours opens: other sites' pages would come with the visitor's cookie."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        allowed = is_of_own_page(dict(scope["headers"]))
        await (self.application if allowed else WebsocketDenier())(scope, receive, send)


def is_of_own_page(headers: dict[bytes, bytes]) -> bool:
    """Whether Host is ours, and Origin has the same name; the port may be another."""
    try:
        host = urlsplit(f"//{headers.get(b'host', b'').decode('ascii')}").hostname or ""
        origin = urlsplit(headers.get(b"origin", b"").decode("ascii")).hostname or ""
    except ValueError:
        return False
    return bool(host) and host == origin and validate_host(f"[{host}]" if ":" in host else host, settings.ALLOWED_HOSTS)


async def lifespan(scope: Scope, receive: Receive, send: Send) -> None:
    """Reports that the process runs, until it is told to stop."""
    heartbeat: asyncio.Task[None] | None = None
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            heartbeat = asyncio.ensure_future(report())
        else:
            if heartbeat:
                heartbeat.cancel()
            room_manager().close()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def report() -> None:
    while True:
        with suppress(Exception):
            await asyncio.to_thread(record_heartbeat, "live")
        await asyncio.sleep(settings.HEALTH["HEARTBEAT"])


sockets = URLRouter(
    [
        path("live/letters/<slug:campaign_slug>/<int:letter_number>/<slug:language>/", TextConsumer.as_asgi()),
        re_path("", WebsocketDenier.as_asgi()),
    ]
)
application = ProtocolTypeRouter(
    {"http": http, "websocket": OwnPagesOnly(CookieMiddleware(sockets)), "lifespan": lifespan}
)
