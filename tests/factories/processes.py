"""Workers, listeners and other processes of their own, on the test database."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

ROOT = Path(__file__).resolve().parents[2]

#: a worker that stops itself (SIGSTOP) between the commit of the last step and the dot
STOPS_BEFORE_DOT = """
import os, signal, sys
import django
django.setup()
from django.core.management import call_command
from apps.postbox.transports.smtp import SmtpSession
SmtpSession._dot = lambda self: os.kill(os.getpid(), signal.SIGSTOP)
call_command("drain")
"""

#: a worker that begins when the test lets go of an advisory lock, so that several begin together
WAITS_FOR_THE_GATE = """
import django
django.setup()
from django.core.management import call_command
from django.db import connection
connection.cursor().execute("SELECT pg_advisory_lock_shared(7)")
call_command("drain")
"""

#: a worker that drains again and again until somebody ends it
NEVER_ENDS = """
import time
import django
django.setup()
from django.core.management import call_command
while True:
    call_command("drain")
    time.sleep(0.1)
"""


def database_url() -> str:
    """The URL of the database this test runs on."""
    values = connection.settings_dict
    where = {"host": values["HOST"], "port": values["PORT"], "user": values["USER"], "password": values["PASSWORD"]}
    query = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in where.items() if value)
    return f"postgresql:///{values['NAME']}?{query}"


def start_worker(port: int, *, code: str = "", **environment: str) -> subprocess.Popen[str]:
    """A worker that drains the postbox to the server on `port`, then ends."""
    command = [sys.executable, "-c", code] if code else [sys.executable, "manage.py", "drain"]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url(), "SMTP_PORT": str(port), **environment},
        stdout=subprocess.DEVNULL if code is NEVER_ENDS else subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def kill(worker: subprocess.Popen[str]) -> None:
    """kill -9, and wait until it is gone."""
    worker.kill()
    worker.communicate(timeout=60)


def is_stopped(worker: subprocess.Popen[str]) -> bool:
    """Whether it stands still, by SIGSTOP."""
    return Path(f"/proc/{worker.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


@contextmanager
def another_connection() -> Iterator[BaseDatabaseWrapper]:
    """A second connection to the test database, to hold locks on."""
    other = connection.copy()
    try:
        yield other
    finally:
        other.close()


def waiting_for_locks() -> int:
    """How many statements on this database wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # kept until the transaction ends
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return int(cursor.fetchone()[0])


@contextmanager
def listening(*arguments: str, **environment: str) -> Iterator[int]:
    """`manage.py run_inbox` in a process of its own; the port it chose."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "run_inbox", "--port", "0", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url(), "POSTBOX_LISTEN_HOST": "127.0.0.1", **environment},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        said = process.stdout.readline()
        assert ":" in said, "the listener did not start"
        yield int(said.rpartition(":")[2])
    finally:
        process.terminate()
        assert process.wait(60) == 0


#: each keeps a port for the processes of this one, also while they start again: nobody else is given it
kept_ports: list[socket.socket] = []


def free_port() -> int:
    """A port on which a process may listen with SO_REUSEADDR, as servers do; until then, connections are refused."""
    keeper = socket.socket()
    keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    keeper.bind(("127.0.0.1", 0))
    kept_ports.append(keeper)
    return keeper.getsockname()[1]


def wait_until(done: Callable[[], Any], what: str, seconds: float = 90) -> Any:
    """The first true value of done(); fails with `what` when the time is over. Polls, because other processes act."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := done():
            return value
        time.sleep(0.1)
    raise AssertionError(f"waited {seconds} s in vain for: {what}")


class Processes:
    """Worker and listener. `stop` ends them by their ids."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.environment = environment
        self.log = log
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, *command: str) -> None:
        with (self.log / f"{name}.log").open("wb") as output:
            self.running[name] = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=self.environment, stdout=output, stderr=output,
                start_new_session=True,
            )  # fmt: skip

    def stop_one(self, name: str) -> None:
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=60)

    def stop(self) -> None:
        for process in self.running.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.running.values():
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(timeout=10)

    def said(self) -> str:
        return "\n".join(f"--- {path.name}\n{path.read_text()[-3000:]}" for path in self.log.glob("*.log"))


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0
