"""A clock that can be set, so that services write the demonstration's past as if it were then.

Services take the time from `django.utils.timezone`, and SQL of the postbox from `statement_timestamp()`. Both are set
here and nowhere else: in Python for the thread that asks, in PostgreSQL for one transaction, by a function of the same
name in a schema that is searched first and never seen by others. Nothing of it is left when the transaction ends.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, tzinfo
from typing import Any

from django.db import connection
from django.utils import timezone

_SCHEMA = "demo_clock"
_moment: ContextVar[datetime | None] = ContextVar("demo_clock", default=None)


class _LikeDatetime(type):
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, datetime)


class _SetDatetime(datetime, metaclass=_LikeDatetime):
    """What `django.utils.timezone` reads the time from while a clock is set. Other threads read the real time."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Any:
        moment = _moment.get()
        return datetime.now(tz) if moment is None else moment.astimezone(tz)


class Clock:
    """Goes forwards only: what was written later has a later time."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self.set(at)

    @property
    def now(self) -> datetime:
        return self._at

    def set(self, at: datetime) -> None:
        self._at = max(at, self._at)
        _moment.set(self._at)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT set_config('{_SCHEMA}.now', %s, true)", [self._at.isoformat()])


@contextmanager
def clock_set(at: datetime) -> Iterator[Clock]:
    """In a transaction: until the block ends, its time is that of the yielded clock."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {_SCHEMA}")
        cursor.execute(
            f"CREATE FUNCTION {_SCHEMA}.statement_timestamp() RETURNS timestamptz LANGUAGE sql STABLE"
            f" AS $$ SELECT current_setting('{_SCHEMA}.now')::timestamptz $$"
        )
        cursor.execute("SELECT current_setting('search_path')")
        searched = cursor.fetchone()[0]
        cursor.execute(f"SET LOCAL search_path = {_SCHEMA}, pg_catalog, {searched}")
    module = vars(timezone)
    real = module["datetime"]
    module["datetime"] = _SetDatetime
    try:
        yield Clock(at)
    finally:
        module["datetime"] = real
        _moment.set(None)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL search_path = {searched}")
        cursor.execute(f"DROP SCHEMA {_SCHEMA} CASCADE")
