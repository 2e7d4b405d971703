"""Runs processes side by side and prints their output, each line with the name of its process."""

import os
import selectors
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from .processes import CannotRun, Child, command_of, stop_all

STOP_SECONDS = 10
TICK = 0.25
COLOURS = (36, 35, 32, 34, 33, 31)  # ANSI, one per process


class Stopped(Exception):
    """SIGINT, SIGTERM, SIGHUP or the end of make."""


class Supervisor:
    """Starts and watches processes. Methods that wait raise Stopped on a request to stop."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self.services: Sequence[Child] = []  # their end is announced too, but others stop them
        self.ended: set[str] = set()
        self._asked = False
        self._selector = selectors.DefaultSelector()
        self._pieces: dict[str, bytes] = {}
        self._colours = sys.stdout.isatty()
        self._parent = Make()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)

    def start(self, name: str, command: str, environment: dict[str, str]) -> Child:
        """Start a shell command."""
        child = Child(name, ["/bin/sh", "-c", command], env=environment)
        os.set_blocking(child.process.stdout.fileno(), False)  # type: ignore[union-attr]  # it is a pipe
        self._selector.register(child.process.stdout, selectors.EVENT_READ, name)  # type: ignore[arg-type]
        self.children.append(child)
        return child

    def run_to_end(self, name: str, command: str, environment: dict[str, str]) -> None:
        """Run a command and wait for it. Raises CannotRun where it fails."""
        child = self.start(name, command, environment)
        while not child.ended():
            self._turn()
        self._read_rest()
        self.children.remove(child)
        if child.process.returncode:
            raise CannotRun(f"{name} {child.ended()}: see its lines above.")

    def until(self, done: Callable[[], bool], seconds: float) -> None:
        """Wait for `done`, at most `seconds`; print a warning after that."""
        end = time.monotonic() + seconds
        asked = 0.0
        while True:
            self._turn()
            if time.monotonic() < asked + TICK:
                continue
            asked = time.monotonic()
            if done():
                return
            if asked > end:
                self.say(f"\n  NOT HEALTHY after {seconds:.0f} s: /healthz says why.\n")
                return

    def serve(self) -> None:
        """Run until a request to stop, or until no process is left."""
        while any(not child.ended() for child in self.children):
            self._turn()
        raise CannotRun("Every process has ended.")

    def stop(self) -> None:
        """Ask all to stop, then kill the rest; a second Ctrl-C kills at once."""
        if any(not child.ended() for child in self.children):
            self.say("Stopping …")
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop_all(self.children, 0))
        stop_all(self.children, STOP_SECONDS)
        self._read_rest()

    def say(self, text: str) -> None:
        try:
            print(text, flush=True)
        except OSError:  # the terminal or pipe has closed
            self._asked = True

    def _ask(self, *_: object) -> None:
        self._asked = True

    def _turn(self) -> None:
        for key, _ in self._selector.select(TICK):
            self._read(key.fileobj, key.data)
        for child in (*self.children, *self.services):
            if child.name not in self.ended and (how := child.ended()):
                self.ended.add(child.name)
                child.kill_rest()
                if child.name != "prepare":
                    self.say(f"\n  *** {child.name} (process {child.pid}) {how}. It is not started again. ***\n")
        if self._asked or self._parent.is_gone_or_interrupted():
            raise Stopped

    def _read(self, pipe: Any, name: str) -> None:
        try:
            data = os.read(pipe.fileno(), 65536)
        except BlockingIOError:
            return
        if not data:
            self._selector.unregister(pipe)
            pipe.close()
        *lines, self._pieces[name] = (self._pieces.get(name, b"") + data).split(b"\n")
        if not data and self._pieces[name]:
            lines.append(self._pieces.pop(name))
        for line in lines:
            self.say(self._label(name) + line.decode(errors="replace"))

    def _read_rest(self) -> None:
        while ready := self._selector.select(0):
            for key, _ in ready:
                self._read(key.fileobj, key.data)

    def _label(self, name: str) -> str:
        label = f"{name:>8} | "
        if not self._colours:
            return label
        order = next((index for index, child in enumerate(self.children) if child.name == name), 0)
        return f"\033[{COLOURS[order % len(COLOURS)]}m{label}\033[0m"


class Make:
    """The parent `make`. It passes a SIGTERM on, but not a SIGINT that only it got: then it waits."""

    def __init__(self) -> None:
        parent = os.getppid()
        program = Path(command_of(parent).partition(" ")[0]).name
        self.pid = parent if program in {"make", "gmake"} else 0

    def is_gone_or_interrupted(self) -> bool:
        """True where make has ended, or has stopped catching SIGINT, as it does after the first."""
        if not self.pid:
            return False
        if os.getppid() != self.pid:
            return True
        try:
            status = Path(f"/proc/{self.pid}/status").read_text()
        except OSError:  # not Linux
            return False
        masks = dict(line.split(":\t") for line in status.splitlines() if line.startswith(("SigIgn", "SigCgt")))
        bit = 1 << (signal.SIGINT - 1)
        return not any(int(mask, 16) & bit for mask in masks.values())
