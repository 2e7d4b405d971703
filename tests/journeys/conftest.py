"""A whole product around the browser: a Celery worker and the SMTP listener as processes of their own."""

import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import at_rest, browser, findings, live_process, on, one_process, open_page, shoot
from tests.factories.processes import Processes, database_url, free_port, listens, wait_until

__all__ = [
    "at_rest",
    "browser",
    "findings",
    "live_process",
    "on",
    "one_process",
    "open_page",
    "shoot",
]  # fixtures of the browser tests, used here as well

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def product(transactional_db: None, live_server: Any, settings: Any, tmp_path: Path) -> Iterator[Processes]:
    """The listener (sink) and a worker, on this test's database, around `live_server`."""
    port = free_port()
    queue = f"test-{secrets.token_hex(4)}"
    settings.POSTBOX = {**settings.POSTBOX, "PORT": port, "LISTEN_PORT": port}
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "ecomcampaign.settings.test",
        "DATABASE_URL": database_url(),
        "SMTP_PORT": str(port),
        "POSTBOX_LISTEN_PORT": str(port),
        "SITE_URL": settings.SITE_URL,  # the worker writes the mails to signers
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
