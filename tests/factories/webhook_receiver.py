"""A program that receives webhooks, on a port of this machine."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.webhooks.models import Endpoint, EventDelivery, EventKind
from apps.webhooks.services.endpoints import endpoint_create

KINDS = [kind.value for kind in EventKind if kind != EventKind.TEST]


@dataclass
class Request:
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def payload(self) -> Any:
        return json.loads(self.body)


@dataclass
class Receiver:
    """`answers` are taken in turn, then 200: a status, a URL to redirect to, "drop" (reads and hangs up), "hang"
    (reads and says nothing until `released`), or a function that gets the connection."""

    answers: list[int | str | Callable[[socket.socket], object]] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    port: int = 0
    most_at_once: int = 0
    at_once: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?key=1"

    @property
    def ids(self) -> list[str]:
        return [request.id for request in self.requests]


@contextmanager
def receiving(*answers: Any, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    receiver, lock = Receiver(list(answers)), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with lock:
                receiver.requests.append(Request({name.lower(): text for name, text in self.headers.items()}, body))
                answer = receiver.answers.pop(0) if receiver.answers else 200
                receiver.at_once += 1
                receiver.most_at_once = max(receiver.most_at_once, receiver.at_once)
            try:
                self._answer(answer)
            finally:
                with lock:
                    receiver.at_once -= 1

        def _answer(self, answer: Any) -> None:
            self.close_connection = True
            if callable(answer):
                answer(self.connection)
            elif answer == "drop":
                return
            elif answer == "hang":
                receiver.released.wait(30)
            elif isinstance(answer, str):
                self.send_response(302)
                self.send_header("Location", answer)
                self.end_headers()
            else:
                self.send_response(answer)
                self.end_headers()
                self.wfile.write(f"answer {answer}".encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads, server.block_on_close = True, False
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.released.set()
        server.shutdown()
        server.server_close()


def drip(connection: socket.socket) -> None:
    """A response of which a byte comes now and then, for ever."""
    try:
        for _byte in range(1000):
            connection.sendall(b"H")
            time.sleep(0.1)
    except OSError:
        return


def make_endpoint(campaign: Campaign, actor: Any, receiver: Receiver, *, name: str = "Our website") -> Endpoint:
    return endpoint_create(campaign=campaign, actor=actor, name=name, url=receiver.url, events=KINDS)


def end_waits() -> None:
    """What waits for its next try, or for the end of a dead worker's lease, is due."""
    now = timezone.now()
    EventDelivery.objects.filter(state="waiting").update(next_at=now, lease_until=None)
    Endpoint.objects.update(next_at=now)
