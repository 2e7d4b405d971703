"""Real workers for tests: `manage.py drain` in a process of its own, on the test database."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

ROOT = Path(__file__).resolve().parents[3]

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
    worker.communicate(timeout=10)


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
        assert process.wait(10) == 0
