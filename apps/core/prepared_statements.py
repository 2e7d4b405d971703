"""Statements of requests that come in numbers: made once per process, and planned once per connection.

Django makes the SQL of each query anew, which for a row of forty columns takes longer than PostgreSQL needs for it, and
PostgreSQL plans each anew, as values stand in its text. Here a statement is made when it is first used; the values are
sent beside it, so that psycopg prepares it (`prepare_threshold` in the settings). Use it where a benchmark shows it.
"""

import copy
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, models
from django.db.backends.utils import CursorWrapper
from django.db.models.expressions import Expression


@contextmanager
def server_cursor() -> Iterator[CursorWrapper]:
    """Django's cursor, with its health check and query log, that sends values beside the statement."""
    with connection.cursor() as cursor:
        cursor.cursor = psycopg.Cursor(connection.connection)
        yield cursor


class Given(Expression):
    """Stands for a value that `PreparedQuery.rows` gets by this name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        return "%s", [self]


class PreparedQuery[Row: models.Model]:
    """A queryset whose SQL is made at the first use. `make` returns it, with `Given` for what differs later."""

    def __init__(self, make: Callable[[], models.QuerySet[Row]]) -> None:
        self._make = make
        self._made: tuple[models.QuerySet[Row], Any, str, tuple[Any, ...]] | None = None

    def rows(self, **values: Any) -> list[Row]:
        """The rows with these values. One that locks them needs a transaction, as always."""
        if self._made is None:
            queryset = self._make()
            compiler: Any = queryset.query.get_compiler(connection=connection)
            sql_and_given = compiler.as_sql()
            converters = compiler.get_converters([column for column, _sql, _alias in compiler.select])
            compiler.get_converters = lambda _columns: converters
            self._made = queryset, compiler, *sql_and_given
        queryset, compiler, sql, given = self._made
        with server_cursor() as cursor:
            cursor.execute(sql, [values[one.name] if isinstance(one, Given) else one for one in given])
            found = cursor.fetchall()
        return _objects(queryset, compiler, found) if found else []

    def row(self, **values: Any) -> Row | None:
        """The first of them."""
        return next(iter(self.rows(**values)), None)


def _objects[Row: models.Model](
    queryset: models.QuerySet[Row], compiler: Any, found: list[tuple[Any, ...]]
) -> list[Row]:
    """What Django makes of these rows of the compiled query."""
    compiler = copy.copy(compiler)
    compiler.connection = connection
    compiler.execute_sql = lambda *_args, **_options: [found]
    queryset = queryset.all()
    queryset.query = copy.copy(queryset.query)
    queryset.query.get_compiler = lambda *_args, **_options: compiler  # type: ignore[method-assign]
    return list(queryset)


def row_insert(row: models.Model) -> None:
    """Insert a new row, as `row.save(force_insert=True)` does, but without signals. The database must have no defaults
    of its own for its columns."""
    fields, sql = _insert_sql(type(row), row.pk is None)
    values = _stored_values(row, fields, adds=True)
    with server_cursor() as cursor:
        cursor.execute(sql, values)
        if row.pk is None:
            [row.pk] = cursor.fetchone()
    row._state.adding, row._state.db = False, connection.alias


def row_update(row: models.Model, names: Sequence[str]) -> None:
    """Update these fields, as `row.save(update_fields=names)` does, but without signals."""
    fields, sql = _update_sql(type(row), tuple(names))
    values = _stored_values(row, fields, adds=False)
    with server_cursor() as cursor:
        cursor.execute(sql, [*values, row.pk])
        if cursor.rowcount != 1:
            raise DatabaseError(f"{row._meta.label} {row.pk} is not there any more")


def _stored_values(row: models.Model, fields: Sequence[Any], *, adds: bool) -> list[Any]:
    thread_connection = connections[DEFAULT_DB_ALIAS]  # the proxy for it costs as much again for each value
    return [field.get_db_prep_save(field.pre_save(row, adds), thread_connection) for field in fields]


@cache
def _insert_sql(model: type[models.Model], makes_key: bool) -> tuple[list[Any], str]:
    quote = connection.ops.quote_name
    meta = model._meta
    fields = [field for field in meta.concrete_fields if not (makes_key and field.primary_key)]
    columns, marks = ", ".join(quote(str(field.column)) for field in fields), ", ".join("%s" for _ in fields)
    sql = f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608 – names of models
    return fields, f"{sql} RETURNING {quote(str(meta.pk.column))}" if makes_key else sql


@cache
def _update_sql(model: type[models.Model], names: tuple[str, ...]) -> tuple[list[Any], str]:
    quote = connection.ops.quote_name
    meta = model._meta
    by_name = {field.name: field for field in meta.concrete_fields}
    fields = [by_name[name] for name in names]
    changes = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    where = f"{quote(str(meta.pk.column))} = %s"
    return fields, f"UPDATE {quote(meta.db_table)} SET {changes} WHERE {where}"  # noqa: S608 – names of models
