"""A scriptable SMTP server: hangs, resets and refuses at any step, and counts what it accepted by Message-ID."""

import re
import socket
import ssl
import struct
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

#: in the order of the protocol; "accepted" is after the mail was taken and before the answer
STEPS = ("connect", "ehlo", "mail", "rcpt", "data", "body", "dot", "accepted")
ACTIONS = ("hang", "reset", "4xx", "5xx")
OK = {"connect": "220 ready", "mail": "250 ok", "rcpt": "250 ok", "data": "354 go", "accepted": "250 2.0.0 taken"}
NO = {"4xx": "451 4.3.0 not now, ask admin@server.example", "5xx": "550 5.7.1 never, ask admin@server.example"}
MESSAGE_ID = re.compile(rb"^Message-ID: (<[^>]+>)", re.MULTILINE | re.IGNORECASE)
#: how many bytes of a body are read before a fault in its middle
BODY_PIECE = 2000


class _Gone(Exception):
    """The script ended this connection, or the client did."""


@dataclass
class Taken:
    envelope_from: str
    envelope_to: str
    raw: bytes


@dataclass
class ScriptedServer:
    """`faults` maps a step to an action of ACTIONS or to a whole answer ("421 bye"). A hang ends with `release()`.

    `held` is set while a connection hangs, so that a test can act at that very moment.
    """

    faults: dict[str, str] = field(default_factory=dict)
    features: list[str] = field(default_factory=lambda: ["SIZE 30000000", "8BITMIME", "SMTPUTF8"])
    tls: ssl.SSLContext | None = None
    implicit_tls: bool = False
    password: str = ""
    chooser: Callable[[str], str] | None = None  # called at every step; returns an action or ""
    first_answers: dict[str, str] = field(default_factory=dict)  # recipient → what is answered the first time
    stalling: str = ""  # recipients of this domain, and those below it, get no answer until `heal()`

    def __post_init__(self) -> None:
        self.taken: list[Taken] = []
        self.commands: list[str] = []
        self._counted: Counter[str] = Counter()
        self.connections = 0
        self.held = threading.Event()
        self._released = threading.Event()
        self._stopped = False
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(50)
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stopped = True
        self._released.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for wire in list(self._open):
            wire.close()

    @property
    def acceptances(self) -> Counter[str]:
        """Message-ID → how often the server took it."""
        with self._lock:
            return Counter(self._counted)

    def heal(self) -> None:
        """From now on everything works; what hangs goes on."""
        self.faults = {}
        self.chooser = None
        self.stalling = ""
        self.release()

    def release(self) -> None:
        released, self._released = self._released, threading.Event()
        self.held.clear()
        released.set()

    def _accept(self) -> None:
        while not self._stopped:
            try:
                wire, _peer = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.add(wire)
            threading.Thread(target=self._serve, args=(wire,), daemon=True).start()

    def _serve(self, wire: socket.socket) -> None:
        try:
            if self.implicit_tls and self.tls:
                self._open.discard(wire)
                wire = self.tls.wrap_socket(wire, server_side=True)
                self._open.add(wire)
            _Talk(self, wire).run()
        except (_Gone, OSError):
            pass
        finally:
            self._open.discard(wire)
            wire.close()

    def stall(self, recipient: str) -> None:
        released = self._released
        if self.stalling and recipient.endswith((f"@{self.stalling}", f".{self.stalling}")):
            released.wait(120)

    def act(self, wire: socket.socket, step: str, *, reply: Callable[[str], None]) -> bool:
        """Do what the script says at this step. True where it answered no; raises _Gone where the line is over."""
        action = self.chooser(step) if self.chooser else self.faults.get(step, "")
        if not action:
            return False
        if action == "hang":
            released = self._released
            self.held.set()
            released.wait(120)
            return False
        if action == "reset":
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            wire.close()
            raise _Gone
        reply(NO.get(action, action))
        if action.startswith("421"):
            raise _Gone
        return True

    def take(self, mail: Taken) -> None:
        found = MESSAGE_ID.search(mail.raw)
        assert found, "a mail without Message-ID"
        with self._lock:
            self.taken.append(mail)
            self._counted[found.group(1).decode()] += 1


class _Talk:
    """One connection."""

    def __init__(self, server: ScriptedServer, wire: socket.socket) -> None:
        self.server, self.wire, self.buffer = server, wire, b""
        self.sender, self.recipient = "", ""

    def run(self) -> None:
        if self.step("connect"):
            self.reply(OK["connect"])
        while True:
            line = self.line().decode()
            verb = line.split(" ")[0].split(":")[0].upper()
            self.server.commands.append(line)
            match verb:
                case "EHLO" | "HELO":
                    self.hello(verb)
                case "STARTTLS":
                    self.reply("220 go")
                    assert self.server.tls
                    self.wire = self.server.tls.wrap_socket(self.wire, server_side=True)
                case "AUTH":
                    self.reply("235 in" if self.server.password in line else "535 5.7.8 wrong")
                case "MAIL":
                    self.sender = line.partition("<")[2].partition(">")[0]
                    self.answer("mail")
                case "RCPT":
                    self.recipient = line.partition("<")[2].partition(">")[0]
                    self.server.stall(self.recipient)
                    first = self.server.first_answers.pop(self.recipient, "")
                    self.reply(first) if first else self.answer("rcpt")
                case "DATA":
                    if self.answer("data"):
                        self.data()
                case "QUIT":
                    self.reply("221 bye")
                    raise _Gone
                case _:
                    self.reply("250 ok")

    def hello(self, verb: str) -> None:
        if not self.step("ehlo"):
            return
        features = self.server.features if verb == "EHLO" else []
        lines = ["scripted", *features]
        if verb == "EHLO" and self.server.tls and not isinstance(self.wire, ssl.SSLSocket):
            lines.append("STARTTLS")
        if verb == "EHLO" and self.server.password:
            lines.append("AUTH PLAIN")
        for number, text in enumerate(lines):
            self.reply(f"250{' ' if number == len(lines) - 1 else '-'}{text}")

    def data(self) -> None:
        """Read to the dot; a server that said no in the middle reads on, as real ones do."""
        body, refused, acted = bytearray(), False, False
        while not body.endswith(b"\r\n.\r\n"):
            if not acted and len(body) >= BODY_PIECE:
                acted = True
                refused = not self.step("body")
            body += self.some()
        if refused:
            return
        if not self.step("dot"):
            return
        raw = bytes(body[: -len(b".\r\n")]).replace(b"\r\n..", b"\r\n.")
        self.server.take(Taken(self.sender, self.recipient, raw))
        self.answer("accepted")

    def step(self, name: str) -> bool:
        return not self.server.act(self.wire, name, reply=self.reply)

    def answer(self, name: str) -> bool:
        if not self.step(name):
            return False
        self.reply(OK[name])
        return True

    def reply(self, text: str) -> None:
        self.wire.sendall(text.encode() + b"\r\n")

    def some(self) -> bytes:
        if self.buffer:
            some, self.buffer = self.buffer, b""
            return some
        some = self.wire.recv(65536)
        if not some:
            raise _Gone
        return some

    def line(self) -> bytes:
        while b"\r\n" not in self.buffer:
            some = self.wire.recv(4096)
            if not some:
                raise _Gone
            self.buffer += some
        line, _end, self.buffer = self.buffer.partition(b"\r\n")
        return line
