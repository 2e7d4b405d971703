"""A whole product around the browser: a Celery worker and the SMTP listener as processes of their own."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.browser.conftest import browser, findings, open_page, shoot

__all__ = ["browser", "findings", "open_page", "shoot"]  # fixtures of the browser tests, used here as well

ROOT = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(done: Callable[[], Any], what: str, seconds: float = 90) -> Any:
    """The first true value of done(); fails with `what` when the time is over. Polls, because other processes act."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := done():
            return value
        time.sleep(0.1)
    raise AssertionError(f"waited {seconds} s in vain for: {what}")


def test_database_url() -> str:
    """The URL of the database that this test uses, for other processes."""
    parts = connection.settings_dict
    url = f"postgresql://{parts['USER']}{':' + parts['PASSWORD'] if parts['PASSWORD'] else ''}@"
    if parts["HOST"].startswith("/"):
        return f"{url}/{parts['NAME']}?host={parts['HOST']}"
    return f"{url}{parts['HOST']}:{parts['PORT'] or 5432}/{parts['NAME']}"


test_database_url.__test__ = False  # type: ignore[attr-defined]


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


@pytest.fixture
def product(transactional_db: None, live_server: Any, settings: Any, tmp_path: Path) -> Iterator[Processes]:
    """The listener (sink) and a worker, on this test's database, around `live_server`."""
    port = free_port()
    queue = f"test-{secrets.token_hex(4)}"
    settings.POSTBOX = {**settings.POSTBOX, "PORT": port, "LISTEN_PORT": port}
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "ecomcampaign.settings.test",
        "DATABASE_URL": test_database_url(),
        "SMTP_PORT": str(port),
        "POSTBOX_LISTEN_PORT": str(port),
    }
    processes = Processes(environment, tmp_path)
    try:
        processes.start("inbox", "manage.py", "run_inbox", "--sink")
        processes.start(
            "worker", "-m", "celery", "-A", "ecomcampaign", "worker", "--pool", "solo", "--beat",
            "--schedule", str(tmp_path / "beat"), "--without-gossip", "--without-mingle", "--queues", "ecomcampaign",
            "--hostname", queue,
        )  # fmt: skip
        wait_until(lambda: listens(port), "the SMTP listener")
        yield processes
    finally:
        processes.stop()
        sys.stdout.write(processes.said())  # pytest shows it where the test failed
