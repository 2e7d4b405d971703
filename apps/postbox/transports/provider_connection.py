"""HTTP to a mail provider: a request begins only after `RequestGate.commit`, on a connection that in sink mode stays on
this machine. Nothing is repeated or redirected behind our back."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings
from requests import Response, Session
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from .smtp_connection import ConnectionLost, connect, is_loopback

SETTING = "the address of the provider"
MAX_ANSWER_BYTES = 1024 * 1024


class RequestWithheld(Exception):
    """The commit said no: no request was sent."""


class RequestGate:
    """What stands between an open connection and the request. `committed`: the provider may have the mail."""

    def __init__(self) -> None:
        self._commit: Callable[[], bool] = lambda: False
        self._seconds = 0.0
        self._timer: threading.Timer | None = None
        self.committed = False
        self.failure: BaseException | None = None

    @contextmanager
    def guarding(self, commit: Callable[[], bool], seconds: float) -> Iterator[None]:
        """For one mail, whose requests may take so many seconds each: a byte a minute would never time out."""
        self._commit, self.committed, self.failure, self._seconds = commit, False, None, seconds
        try:
            yield
        finally:
            self._stop_timer()

    def pass_through(self, wire: socket.socket | None) -> None:
        """Raises RequestWithheld; `failure` is what the commit raised. A repetition with the same key passes again."""
        if not self.committed:
            try:
                self.committed = self._commit()
            except BaseException as error:
                self.failure = error
                raise RequestWithheld from error
            if not self.committed:
                raise RequestWithheld
        self._stop_timer()
        self._timer = threading.Timer(self._seconds, _hang_up, [wire])
        self._timer.daemon = True
        self._timer.start()

    def _stop_timer(self) -> None:
        if self._timer:
            self._timer.cancel()


def _hang_up(wire: socket.socket) -> None:
    with suppress(OSError):
        wire.shutdown(socket.SHUT_RDWR)


class _GatedConnection(HTTPConnection):
    gate: RequestGate

    def _new_conn(self) -> socket.socket:
        box = settings.POSTBOX
        fenced = box["MODE"] != "live"
        wire = connect(self.host, self.port, seconds=box["CONNECT_TIMEOUT"], fenced=fenced, setting=SETTING)
        if not isinstance(self, HTTPSConnection) and not is_loopback(str(wire.getpeername()[0])):
            wire.close()
            raise ConnectionLost("the line would leave this machine unencrypted")
        return wire

    def request(self, *args: Any, **kwargs: Any) -> None:
        if self.sock is None:
            self.connect()
        self.gate.pass_through(self.sock)
        super().request(*args, **kwargs)


class _GatedTls(_GatedConnection, HTTPSConnection):
    pass


class _Adapter(HTTPAdapter):
    def __init__(self, gate: RequestGate) -> None:
        self._gate = gate
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        plain = type("Plain", (_GatedConnection,), {"gate": self._gate})
        secure = type("Secure", (_GatedTls,), {"gate": self._gate})
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }


class ProviderHttp(Session):
    """`idempotency_key` goes with each request: a provider that knows it takes a mail once."""

    #: bytes of an answer that are read
    most = MAX_ANSWER_BYTES

    def __init__(self, gate: RequestGate) -> None:
        super().__init__()
        self.idempotency_key = ""
        self.trust_env = False  # a proxy of the environment would be another way off this machine
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter(gate))

    def request(self, method: str, url: str, **given: Any) -> Response:  # type: ignore[override]  # all go on
        headers = {**(given.pop("headers", None) or {}), "Idempotency-Key": self.idempotency_key}
        given |= {"allow_redirects": False, "stream": True, "headers": headers}
        response = super().request(method, url, **given)
        response._content = _read_at_most(response, self.most)
        return response


def _read_at_most(response: Response, most: int) -> bytes:
    content = b""
    for chunk in response.iter_content(65536):
        content += chunk
        if len(content) > most:
            response.close()
            break
    return content
