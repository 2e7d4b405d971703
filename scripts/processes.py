"""Child processes that end with this one, each in a session of its own, so that its children end with it."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from pwd import struct_passwd
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PR_SET_PDEATHSIG = 1  # linux/prctl.h


class CannotRun(SystemExit):
    """A problem that the person at the terminal can solve. Python prints the message, which says how; exit code 1."""


def account_named(*names: str) -> struct_passwd:
    """The first of these users of the machine that exists. Raises CannotRun."""
    for name in names:
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise CannotRun(f"None of these users exists on this machine: {', '.join(names)}. Create one: useradd postgres")


def account_options(account: struct_passwd | None) -> dict[str, Any]:
    """Arguments for subprocess, to run as this account without other groups."""
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}


class Child:
    """A running process with its own session. It gets `stop_signal` when it is stopped or this process dies."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        env: dict[str, str],
        cwd: Path = ROOT,
        account: struct_passwd | None = None,
        output: Any = subprocess.PIPE,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name = name
        self.stop_signal = stop_signal
        self.process = subprocess.Popen(
            command,
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_signal_when_parent_dies(os.getpid(), stop_signal),
            **account_options(account),
        )
        self.pid = self.process.pid

    def ended(self) -> str:
        """How it ended, as text; empty while it runs."""
        code = self.process.poll()
        if code is None:
            return ""
        return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"

    def ask_to_stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def wait_or_kill(self, until: float) -> None:
        """Wait until `until` (time.monotonic), then kill it, with the rest of its session."""
        try:
            self.process.wait(timeout=max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.kill_rest()

    def kill_rest(self) -> None:
        """Kill the rest of an ended process's group."""
        with suppress(ProcessLookupError, PermissionError):  # nothing left (macOS: EPERM for a group of zombies)
            os.killpg(self.pid, signal.SIGKILL)


def stop_all(children: Sequence[Child], seconds: float) -> None:
    """Ask all to stop, wait at most `seconds`, then kill."""
    for child in children:
        child.ask_to_stop()
    until = time.monotonic() + seconds
    for child in children:
        child.wait_or_kill(until)


def command_of(pid: int) -> str:
    """The command line of process `pid`; empty where it does not run."""
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            return ""
    asked = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return asked.stdout.strip()


def is_alive(pid: int, *, command_contains: str = "") -> bool:
    """Whether process `pid` runs with this text in its command line: ids are reused."""
    command = command_of(pid)
    return bool(command) and command_contains in command


def stop_stray(pid: int, stop_signal: signal.Signals, seconds: float = 10) -> None:
    """End a process of an earlier, killed run."""
    for number in (stop_signal, signal.SIGKILL):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if not is_alive(pid):
                return
            time.sleep(0.05)


def _signal_when_parent_dies(parent: int, stop_signal: signal.Signals) -> Callable[[], None] | None:
    """A preexec_fn that asks Linux for a signal when the parent dies, even by kill -9."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, int(stop_signal))
        if os.getppid() != parent:  # the parent died in between
            os._exit(1)

    return ask
