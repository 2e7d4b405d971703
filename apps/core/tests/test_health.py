"""/livez and /healthz: what a supervisor reads, with the reason, and never a 500."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings

from apps.core import health
from tests.factories.processes import Processes, database_url, wait_until


@pytest.fixture(autouse=True)
def fresh_heartbeats(django_db_setup: None) -> Iterator[None]:
    """As of now: making the database takes longer than a heartbeat lives."""
    for process in health.PROCESSES:
        health.record_heartbeat(process)
    yield
    health.forget_heartbeats()


def test_well(client: Client, db: None) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"healthy": True, "reasons": []})
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("process", health.PROCESSES)
def test_a_process_that_stopped_is_seen_within_a_minute(
    client: Client, db: None, monkeypatch: Any, process: str
) -> None:
    clock = [time.time()]
    monkeypatch.setattr("apps.core.health.time.time", lambda: clock[0])
    health.record_heartbeat(process)
    clock[0] += 60
    for other in set(health.PROCESSES) - {process}:
        health.record_heartbeat(other)
    response = client.get("/healthz")
    assert response.status_code == 503
    [reason] = response.json()["reasons"]
    assert reason.endswith("Its last report was 60 seconds ago.")
    assert process in reason


def test_three_missed_heartbeats_are_forgiven(client: Client, db: None, monkeypatch: Any) -> None:
    later = time.time() + 30
    monkeypatch.setattr("apps.core.health.time.time", lambda: later)
    assert client.get("/healthz").status_code == 200


def test_nothing_has_reported_yet(client: Client, db: None) -> None:
    health.forget_heartbeats()
    reasons = client.get("/healthz").json()["reasons"]
    assert reasons == list(health.PROCESSES.values())


def test_how_long_a_process_may_be_silent_is_a_setting(client: Client, db: None) -> None:
    health.forget_heartbeats()
    with override_settings(HEALTH={**settings.HEALTH, "WORKER": 0, "BEAT": 0, "LISTENER": 0, "LIVE": 0}):
        assert client.get("/healthz").status_code == 200


@pytest.fixture
def processes(transactional_db: None, tmp_path: Path) -> Iterator[Processes]:
    environment = {**os.environ, "DATABASE_URL": database_url(), "POSTBOX_LISTEN_HOST": "127.0.0.1"}
    started = Processes(environment, tmp_path)
    yield started
    started.stop()


def test_only_the_process_that_was_stopped_is_named(client: Client, processes: Processes, tmp_path: Path) -> None:
    celery = ("-m", "celery", "--quiet", "-A", "ecomcampaign")
    commands = {
        "beat": (*celery, "beat", "--schedule", str(tmp_path / "beat"), "--pidfile="),
        "worker": (*celery, "worker", "--concurrency", "1", "--without-gossip", "--without-mingle"),
        "listener": ("manage.py", "run_inbox", "--port", "0"),
    }

    def named() -> set[str]:
        reasons = client.get("/healthz").json()["reasons"]
        return {process for process in commands for reason in reasons if str(health.PROCESSES[process]) in reason}

    health.forget_heartbeats()
    for process, command in commands.items():
        processes.start(process, *command)
    wait_until(lambda: named() == set(), "all three to report")
    for process, command in commands.items():
        processes.stop_one(process)
        health.forget_heartbeats()
        wait_until(lambda: len(named()) == 1, f"the others to report while the {process} is stopped")
        assert named() == {process}
        processes.start(process, *command)


def test_a_check_that_fails_is_a_reason(client: Client, db: None, monkeypatch: Any) -> None:
    def fails() -> str:
        raise RuntimeError

    monkeypatch.setitem(health.health_checks, "postbox", fails)
    response = client.get("/healthz")
    assert (response.status_code, response.json()["reasons"]) == (503, ["The check of postbox failed (RuntimeError)."])


def test_a_database_that_does_not_answer_is_a_reason(client: Client, transactional_db: None) -> None:
    port, host = connection.settings_dict["PORT"], connection.settings_dict["HOST"]
    connection.close()
    try:
        connection.settings_dict.update(PORT="1", HOST="127.0.0.1")
        response = client.get("/healthz")
    finally:
        connection.settings_dict.update(PORT=port, HOST=host)
        connection.close()
    assert response.status_code == 503
    assert response.json()["reasons"] == ["The database does not answer (OperationalError)."]


def test_a_broker_that_does_not_answer_is_a_reason(client: Client, db: None) -> None:
    elsewhere = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    with override_settings(CACHES=elsewhere):
        response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["reasons"] == ["The broker does not answer (ConnectionError)."]


def test_a_missing_migration_is_a_reason(client: Client, db: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(health, "_migrated", False)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'core'")
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["reasons"] == ["Migrations are missing: run manage.py migrate."]


def test_once_migrated_the_look_is_not_repeated(
    client: Client, db: None, django_assert_num_queries: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(health, "_migrated", False)
    client.get("/healthz")
    with django_assert_num_queries(4):  # is it there, the switch, mail and events that are due
        client.get("/healthz")


def test_livez_asks_nobody(client: Client, django_assert_num_queries: Any, db: None) -> None:
    health.forget_heartbeats()
    with django_assert_num_queries(0):
        response = client.get("/livez")
    assert (response.status_code, response.content) == (200, b"alive\n")
