"""A connection that was kept is asked rarely, and yet never used after the server has ended it."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from apps.core.postgresql.base import DatabaseWrapper


@pytest.fixture
def kept(transactional_db: None) -> Iterator[DatabaseWrapper]:
    """A connection of its own, that has answered a moment ago."""
    wrapper = DatabaseWrapper(connection.settings_dict)
    wrapper.connect()
    assert wrapper.is_usable()
    yield wrapper
    wrapper.close()


def asks(wrapper: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the health check needs a round trip."""
    cursors: list[object] = []
    cursor = psycopg.Connection.cursor

    def counted(self: Any, *args: Any, **kwargs: Any) -> Any:
        cursors.append(self)
        return cursor(self, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(psycopg.Connection, "cursor", counted)
        assert wrapper.is_usable()
    return bool(cursors)


def test_a_connection_that_answered_lately_is_not_asked(kept: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not asks(kept, monkeypatch)
    monkeypatch.setattr("apps.core.postgresql.base.TRUSTED", 0)
    assert asks(kept, monkeypatch), "after some seconds it is"


def test_one_that_met_an_error_is_asked(kept: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.errors_occurred = True
    assert asks(kept, monkeypatch)


def test_one_that_the_server_has_ended_is_not_used(kept: DatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [kept.connection.info.backend_pid])
    assert not kept.is_usable()


def test_one_whose_server_is_gone_is_replaced_within_a_request(kept: DatabaseWrapper) -> None:
    first = kept.connection.info.backend_pid
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
    kept.health_check_enabled, kept.health_check_done = True, False
    with kept.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone()[0] != first
