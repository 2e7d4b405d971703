"""One POST to an address that was checked: no redirect, no proxy, no repetition, and an end to each wait."""

import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from http.client import HTTPException
from threading import Timer
from typing import Any

from django.conf import settings
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.exceptions import TimeoutError as UrllibTimeout
from urllib3.response import BaseHTTPResponse

from ..models import Attempt
from .addresses import AddressNotAllowed, NoAddress, Target, UnusableUrl, addresses_of, target_of

#: addresses of a name that are tried, as where its IPv6 does not answer
MOST_ADDRESSES = 3
#: of a response; the rest is not read
EXCERPT_BYTES = 2000

Outcome = Attempt.Outcome
BROKEN = (OSError, HTTPError, HTTPException, ValueError)


@dataclass(frozen=True)
class Answer:
    """What became of a request. `excerpt` is the beginning of what the receiver said."""

    outcome: str
    status: int | None = None
    excerpt: str = ""
    milliseconds: int = 0


def post(url: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Send it once. Whatever fails is an outcome of the answer."""
    began, deadline = time.monotonic(), _Deadline(settings.WEBHOOKS["TIMEOUT"])
    try:
        with deadline:
            status, excerpt = _exchange(target_of(url), headers, body, deadline)
        outcome = _kind(status)
    except BROKEN as error:
        outcome, status, excerpt = _failure(error, deadline), None, ""
    return Answer(outcome, status, excerpt, round((time.monotonic() - began) * 1000))


def _kind(status: int) -> str:
    if 200 <= status < 300:
        return Outcome.DELIVERED
    return Outcome.REDIRECT if 300 <= status < 400 else Outcome.STATUS


def _failure(error: Exception, deadline: "_Deadline") -> str:
    if isinstance(error, NoAddress):
        return Outcome.NAME
    if isinstance(error, AddressNotAllowed | UnusableUrl):
        return Outcome.ADDRESS
    refused = isinstance(error, NewConnectionError)  # urllib3 counts it among its timeouts
    if deadline.over or (isinstance(error, TimeoutError | UrllibTimeout) and not refused):
        return Outcome.TIMEOUT
    return Outcome.CERTIFICATE if isinstance(error, ssl.SSLError) else Outcome.CONNECTION


def _exchange(target: Target, headers: Mapping[str, str], body: bytes, deadline: "_Deadline") -> tuple[int, str]:
    with _connected(target, addresses_of(target), deadline) as connection:
        connection.request(
            "POST", target.path, body=body, headers={"Host": target.authority, **headers}, preload_content=False,
            decode_content=False,
        )  # fmt: skip
        response = connection.getresponse()
        return response.status, _excerpt(response)


def _excerpt(response: BaseHTTPResponse) -> str:
    """The status counts, whatever becomes of the rest."""
    content = b""
    with suppress(*BROKEN):
        content = response.read(EXCERPT_BYTES, decode_content=False)
    return content.decode("utf-8", "replace").replace("\0", "")


@contextmanager
def _connected(target: Target, addresses: list[str], deadline: "_Deadline") -> Iterator[HTTPConnection]:
    """A connection to the first of these addresses that takes one."""
    failure: Exception = NoAddress(target.host)
    for address in addresses[:MOST_ADDRESSES]:
        connection = _connection(target, address, deadline)
        try:
            connection.connect()
        except BROKEN as error:
            failure = error
            connection.close()
            continue
        try:
            yield connection
        finally:
            connection.close()
        return
    raise failure


def _connection(target: Target, address: str, deadline: "_Deadline") -> HTTPConnection:
    """To the address; the name stays in Host, in SNI, and is what the certificate must be for."""
    options: dict[str, Any] = {"timeout": settings.WEBHOOKS["CONNECT_TIMEOUT"]}
    if not target.secure:
        return _Plain(deadline, address, target.port, **options)
    return _Tls(deadline, address, target.port, server_hostname=target.host, ssl_context=_context(), **options)


@cache
def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Deadline:
    """Cuts the connection when the time is over: a byte now and then would never time out."""

    def __init__(self, seconds: float) -> None:
        self.over = False
        self._wire: socket.socket | None = None
        self._timer = Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._forget()

    def watch(self, wire: socket.socket) -> None:
        """A copy, because TLS takes the socket over."""
        self._forget()
        self._wire = wire.dup()
        wire.settimeout(settings.WEBHOOKS["TIMEOUT"])
        if self.over:
            self._cut()

    def _cut(self) -> None:
        self.over = True
        with suppress(OSError, AttributeError):
            self._wire.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]  # None before there is a connection

    def _forget(self) -> None:
        if self._wire is not None:
            self._wire.close()


class _Watched(HTTPConnection):
    def __init__(self, deadline: _Deadline, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._deadline = deadline

    def _new_conn(self) -> socket.socket:
        wire = super()._new_conn()
        self.timeout = settings.WEBHOOKS["TIMEOUT"]
        self._deadline.watch(wire)
        return wire


class _Plain(_Watched):
    pass


class _Tls(_Watched, HTTPSConnection):
    pass
