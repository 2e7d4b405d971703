"""The process of sockets on the test database, and editors that talk to it."""

import base64
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.test import Client
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from apps.letters.models import LetterText

from .drafting import Editor, base64_of
from .processes import ROOT, database_url, free_port, wait_until


class LiveProcess:
    """`uvicorn ecomcampaign.asgi:application`, as the Procfile starts it."""

    def __init__(self, **environment: str) -> None:
        self.port = free_port()
        self.environment = {**os.environ, "DATABASE_URL": database_url(), **environment}
        self.start()

    def start(self) -> None:
        command = ["uvicorn", "ecomcampaign.asgi:application", "--port", str(self.port), "--ws-max-size", "1500000"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", *command, "--timeout-graceful-shutdown", "4", "--log-level", "warning"],
            cwd=ROOT,
            env=self.environment,
        )

    def ready(self) -> "LiveProcess":
        wait_until(self.answers, "the process of sockets to answer")
        return self

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/livez")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait(10)

    def stop(self) -> float:
        """SIGTERM; the seconds until it was gone."""
        began = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)
        return time.monotonic() - began


@contextmanager
def live_processes(count: int = 1, **environment: str) -> Iterator[list[LiveProcess]]:
    started = [LiveProcess(**environment) for _process in range(count)]
    try:
        yield [process.ready() for process in started]
    finally:
        for process in started:
            process.stop()


def session_of(user: Any) -> str:
    """The key of a session of this person's own."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def open_socket(port: int, text: LetterText, session: str = "", **options: Any) -> ClientConnection:
    path = f"/live/letters/{text.letter.campaign.slug}/{text.letter.number}/{text.language}/"
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"} if session else {}
    origin = options.pop("origin", "http://127.0.0.1:8000")
    address = f"ws://127.0.0.1:{port}{path}"
    return connect(address, origin=origin, additional_headers=cookie, **options).__enter__()  # open until the test ends


class LiveEditor(Editor):
    """Somebody's editor on a socket. What was not acknowledged is sent again after `reconnect`."""

    def __init__(self, port: int, text: LetterText, user: Any, session: str = "") -> None:
        super().__init__(b"\x00\x00", user)
        self.sent = self.doc.get_state()
        self.letter_text, self.session = text, session or session_of(user)
        self.number, self.unanswered = 0, dict[int, bytes]()
        self.received: list[dict[str, Any]] = []
        self.connect(port)

    def connect(self, port: int) -> None:
        self.socket = open_socket(port, self.letter_text, self.session)
        state = base64_of(self.doc.get_state())
        self.send("hello", state=state, client=self.doc.client_id)
        welcome = self.wait_for("welcome")
        self.can_edit = welcome["can_edit"]
        self.server_state = base64.b64decode(welcome["state"])
        if not self.number:
            self.sent = self.doc.get_state()

    def reconnect(self, port: int) -> None:
        """Come back after the connection broke, with what the server lacks."""
        self.connect(port)
        self.unanswered.clear()
        self.push(self.doc.get_update(self.server_state))

    def send(self, kind: str, **fields: Any) -> None:
        self.socket.send(json.dumps({"type": kind, **fields}))

    def push(self, update: bytes | None = None) -> None:
        """Send what was written, without waiting for the answer."""
        update = self.unsent() if update is None else update
        self.number += 1
        self.unanswered[self.number] = update
        self.send("update", id=self.number, update=base64_of(update))

    def save(self) -> dict[str, Any]:
        self.push()
        return self.wait_for("saved")

    def ask(self) -> None:
        """What a browser does every five seconds."""
        self.send("state", state=base64_of(self.doc.get_state()))
        self.wait_for("missing")

    def wait_for(self, kind: str, timeout: float = 60) -> dict[str, Any]:
        """The next message of this kind; others are taken on the way."""
        end = time.monotonic() + timeout
        while True:
            message = self.take(max(0.01, end - time.monotonic()))
            if message is None:
                raise AssertionError(f"received no {kind} in {timeout} s, but {[one['type'] for one in self.received]}")
            if message["type"] == kind:
                return message
            if kind == "saved" and message["type"] == "refused" and not message["reset"]:
                self.complete()

    def complete(self) -> None:
        """Where the server misses an earlier change, a browser asks what it has, and sends all that it lacks."""
        self.send("state", state=base64_of(self.doc.get_state()))
        self.push(self.doc.get_update(base64.b64decode(self.wait_for("missing")["state"])))

    def until(self, done: Callable[[], Any], timeout: float = 60) -> None:
        """Take messages until something is so."""
        end = time.monotonic() + timeout
        while not done():
            if time.monotonic() > end:
                raise AssertionError(f"{self.words()!r} after {[one['type'] for one in self.received]}")
            self.take(0.5)

    def take(self, timeout: float) -> dict[str, Any] | None:
        """The next message, with its update applied; None if there is none in time."""
        try:
            message: dict[str, Any] = json.loads(self.socket.recv(timeout))
        except TimeoutError:
            return None
        self.received.append(message)
        if message["type"] in {"update", "welcome", "missing"}:
            self.doc.apply_update(base64.b64decode(message["update"]))
        if message["type"] == "saved":
            self.unanswered.pop(message["id"], None)
        return message

    def closed(self, timeout: float = 60) -> int:
        """The code with which the server closed the socket."""
        end = time.monotonic() + timeout
        try:
            while time.monotonic() < end:
                self.take(max(0.01, end - time.monotonic()))
        except ConnectionClosed as error:
            return error.rcvd.code if error.rcvd else 1006
        raise AssertionError(f"still open after {timeout} s")
