"""SMTP connections restricted to loopback in sink mode, with a deadline for each step.

`smtplib` restarts its timeout with every packet, so a server sending a byte a minute would block a worker for ever.
"""

import ipaddress
import smtplib
import socket
import ssl
import time
from collections.abc import Buffer
from typing import NoReturn

MAX_REPLY_LINE = 2048  # RFC 5321 §4.5.3.1.5 says 512; some servers say more
MAX_REPLY_LINES = 100


class ConnectionLost(Exception):
    """The connection failed or went silent. `str()` says how, without addresses."""


class NotLoopback(ConnectionLost):
    """In sink mode, the connection would leave this machine."""


def is_loopback(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def connect(host: str, port: int, *, seconds: float, fenced: bool, setting: str = "SMTP_HOST") -> socket.socket:
    """`fenced`: every address of the name and the peer must be loopback. `setting` is where `host` comes from. Raises
    NotLoopback, ConnectionLost."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise ConnectionLost(f"the name of the mail server was not found ({error.strerror or error})") from None
    if fenced:
        for *_kind, address in found:
            _keep_home(str(address[0]), host, setting)
    deadline = time.monotonic() + seconds
    reason = "no address"
    for family, kind, protocol, _name, address in found:
        wire = socket.socket(family, kind, protocol)
        try:
            # the dot goes alone; otherwise the kernel keeps it back until the server has acknowledged the text
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            wire.settimeout(max(0.01, deadline - time.monotonic()))
            wire.connect(address)
            if fenced:
                _keep_home(str(wire.getpeername()[0]), host, setting)
        except NotLoopback:
            wire.close()
            raise
        except OSError as error:
            wire.close()
            reason = _words(error)
            continue
        return wire
    raise ConnectionLost(f"the mail server could not be reached ({reason})")


def _keep_home(address: str, host: str, setting: str) -> None:
    if not is_loopback(address):
        raise NotLoopback(
            f"the postbox is in sink mode, which reaches only this machine, and {setting} ({host}) is {address}"
        )


def _words(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return error.strerror or type(error).__name__


class DeadlineSmtp(smtplib.SMTP):
    """With a deadline per step: call `allow(seconds)` first. Failures raise ConnectionLost."""

    def __init__(self, wire: socket.socket, *, helo: str, host: str) -> None:
        super().__init__(local_hostname=helo)
        self._host = host  # smtplib names the server for TLS from it
        self.sock = wire
        self._deadline = time.monotonic()
        self._heard = b""

    def allow(self, seconds: float) -> None:
        self._deadline = time.monotonic() + seconds

    def send(self, s: Buffer | str) -> None:
        data = s.encode(self.command_encoding) if isinstance(s, str) else s
        try:
            self._socket().sendall(data)
        except OSError as error:
            self._fail(error)

    def getreply(self) -> tuple[int, bytes]:
        """(code, text); lines are joined with newlines. A malformed reply has the code -1."""
        lines: list[bytes] = []
        while len(lines) < MAX_REPLY_LINES:
            line = self._line()
            lines.append(line[4:].strip())
            if not line[:3].isdigit() or line[3:4] not in {b"-", b" ", b""}:
                return -1, line.strip()
            if line[3:4] != b"-":
                return int(line[:3]), b"\n".join(lines)
        return -1, b"a reply without end"

    def spoke_early(self) -> bool:
        """Whether the server sent something unasked. Raises ConnectionLost if it hung up."""
        if self._heard:
            return True
        try:
            self._socket().settimeout(0)
            self._hear()
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        except OSError as error:
            self._fail(error)
        return True

    def upgrade(self, context: ssl.SSLContext) -> tuple[int, bytes]:
        """STARTTLS. Plain text after its answer ends the connection (RFC 3207 §6)."""
        self._socket()
        try:
            code, reply = self.starttls(context=context)
        except smtplib.SMTPResponseException as error:
            return error.smtp_code, str(error.smtp_error).encode()
        except OSError as error:
            self._fail(error)
        if self._heard:
            self.close()
            raise ConnectionLost("the server spoke in plain text while the line was being encrypted")
        return code, reply

    def _line(self) -> bytes:
        while b"\n" not in self._heard:
            if len(self._heard) > MAX_REPLY_LINE:
                self.close()
                raise ConnectionLost("the server's answer has no end")
            try:
                self._socket()
                self._hear()
            except OSError as error:
                self._fail(error)
        line, _newline, self._heard = self._heard.partition(b"\n")
        return line.rstrip(b"\r")

    def _hear(self) -> None:
        assert self.sock is not None
        heard = self.sock.recv(8192)
        if not heard:
            self.close()
            raise ConnectionLost("the server closed the connection")
        self._heard += heard

    def _socket(self) -> socket.socket:
        """The socket, with the remaining time of the step as its timeout."""
        if self.sock is None:
            raise ConnectionLost("the connection is closed")
        left = self._deadline - time.monotonic()
        if left <= 0:
            self._fail(TimeoutError())
        self.sock.settimeout(left)
        return self.sock

    def _fail(self, error: OSError) -> NoReturn:
        self.close()
        if isinstance(error, TimeoutError):
            raise ConnectionLost("the server did not answer in time") from None
        raise ConnectionLost(f"the connection broke ({_words(error)})") from None
