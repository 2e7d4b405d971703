"""Copies of this checkout, and `make run` in them."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parent.parent.parent
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".run", "node_modules", "media", "staticfiles", ".*_cache", "screenshots",
    ".hypothesis", "*.pyc.*",  # other workers write there: Python renames a .pyc once it is whole
)  # fmt: skip


#: variables that would lead a copy to the services, arguments and workers of these tests
OURS = {
    "DATABASE_URL", "REDIS_URL", "SMTP_PORT", "POSTBOX_LISTEN_PORT", "BIND_HOST", "DEMO", "DJANGO_SETTINGS_MODULE",
    "ARGS", "ONLY", "PORT", "MAKEFLAGS", "MFLAGS", "MAKELEVEL",
}  # fmt: skip


def copy_checkout(target: Path, *, environment: bool = False) -> None:
    """Copy this checkout to `target`; with `environment`, its .venv too, as hard links where the system can."""
    shutil.copytree(ROOT, target, ignore=LEFT_OUT, dirs_exist_ok=True)
    if environment:
        half = shutil.ignore_patterns("*.pyc.*")
        shutil.copytree(ROOT / ".venv", target / ".venv", symlinks=True, ignore=half, copy_function=link_or_copy)


def link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)


def make(tree: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *words], cwd=tree, env={**bare_environment(), **variables}, capture_output=True, text=True,
        check=False, timeout=300,
    )  # fmt: skip


def bare_environment() -> dict[str, str]:
    """Our environment without what belongs to these tests."""
    return {name: value for name, value in os.environ.items() if name not in OURS and not name.startswith("PYTEST_")}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Run:
    """One `python -m scripts.run`, as make starts it, or another `command` that does."""

    def __init__(self, tree: Path, command: Sequence[str] = (sys.executable, "-m", "scripts.run")) -> None:
        self.port = free_port()
        self.said = tree / "said.txt"
        with self.said.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                cwd=tree,
                env={**bare_environment(), "PORT": str(self.port)},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.family: set[psutil.Process] = set()

    def wait_for(self, words: str, seconds: float = 300) -> None:
        self.until(lambda: words in self.said.read_text(), f"“{words}” on the terminal", seconds)

    def until(self, done: Callable[[], Any], what: str, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not done():
            running = self.process.poll() is None and time.monotonic() < end
            assert running, f"waited for {what}; it said:\n{self.said.read_text()}"
            time.sleep(0.1)

    def get(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def remember_family(self) -> None:
        self.family |= set(psutil.Process(self.process.pid).children(recursive=True))

    def find(self, command: str) -> psutil.Process:
        """The process that we started with this word among its arguments; "worker" is not "--workers"."""
        children = psutil.Process(self.process.pid).children()
        return next(child for child in children if command in command_of(child).split())

    def stop(self, number: signal.Signals) -> None:
        self.remember_family()
        self.process.send_signal(number)
        assert self.process.wait(timeout=90) == 0

    def left(self) -> list[str]:
        """Processes of this run that still live half a minute after it ended."""
        end = time.monotonic() + 30
        while (left := [command for each in self.family if (command := command_of(each))]) and time.monotonic() < end:
            time.sleep(0.05)
        return left


def command_of(process: psutil.Process) -> str:
    """Nothing of one that has ended, also where nobody has taken note of its end yet."""
    with suppress(psutil.NoSuchProcess):
        if process.is_running():
            return " ".join(process.cmdline())
    return ""
