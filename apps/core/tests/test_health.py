"""/livez and /healthz: what a supervisor reads, with the reason, and never a 500."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings

from apps.core import health


@pytest.fixture(autouse=True)
def fresh_pulse() -> Iterator[None]:
    health.beat_heart()
    yield
    cache.delete(health.KEY)


def test_well(client: Client, db: None) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"healthy": True, "reasons": []})
    assert "no-store" in response["Cache-Control"]


def test_a_worker_that_stopped_is_seen_within_a_minute(client: Client, db: None, monkeypatch: Any) -> None:
    later = time.time() + 60
    monkeypatch.setattr("apps.core.health.time.time", lambda: later)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["reasons"] == ["the last worker's heartbeat is 60 seconds old"]


def test_three_missed_beats_are_forgiven(client: Client, db: None, monkeypatch: Any) -> None:
    later = time.time() + 30
    monkeypatch.setattr("apps.core.health.time.time", lambda: later)
    assert client.get("/healthz").status_code == 200


def test_no_worker_yet(client: Client, db: None) -> None:
    cache.delete(health.KEY)
    assert client.get("/healthz").json()["reasons"] == ["no worker has reported yet"]


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
    assert response.json()["reasons"] == ["the database does not answer (OperationalError)"]


def test_a_broker_that_does_not_answer_is_a_reason(client: Client, db: None) -> None:
    elsewhere = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    with override_settings(CACHES=elsewhere):
        response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["reasons"] == ["the broker does not answer (ConnectionError)"]


def test_a_missing_migration_is_a_reason(client: Client, db: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(health, "_migrated", False)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'core' AND name = '0002_guards'")
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["reasons"] == ["migrations are missing: run manage.py migrate"]


def test_once_migrated_the_look_is_not_repeated(
    client: Client, db: None, django_assert_num_queries: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(health, "_migrated", False)
    client.get("/healthz")
    with django_assert_num_queries(1):
        client.get("/healthz")


def test_livez_asks_nobody(client: Client, django_assert_num_queries: Any, db: None) -> None:
    cache.delete(health.KEY)
    with django_assert_num_queries(0):
        response = client.get("/livez")
    assert (response.status_code, response.content) == (200, b"alive\n")
