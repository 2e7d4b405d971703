"""Statements of requests that come in numbers: made once per process, and planned once per connection.

Django makes the SQL of each query anew, which for a row of forty columns takes longer than PostgreSQL needs for it, and
PostgreSQL plans each anew, as values stand in its text. Here a statement is made when it is first used; the values are
sent beside it, so that psycopg prepares it (`prepare_threshold` in the settings). Use it where a benchmark shows it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import chain, count
from types import MappingProxyType
from typing import Any
from uuid import UUID

import psycopg
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, models
from django.db.backends.utils import CursorWrapper
from django.db.models.expressions import Expression
from django.db.models.fetch_modes import FETCH_ONE


def server_cursor() -> CursorWrapper:
    """Django's cursor, with its health check and query log, that sends values beside the statement, where they are $1,
    $2 … It is to be used with `with`."""
    thread_connection: Any = connections[DEFAULT_DB_ALIAS]
    thread_connection.close_if_health_check_failed()
    thread_connection.ensure_connection()
    cursor: CursorWrapper = thread_connection._prepare_cursor(psycopg.RawCursor(thread_connection.connection))
    return cursor


def numbered(sql: str) -> str:
    """Django's statement with $1, $2 … for its values: psycopg need not look for them each time."""
    numbers = count(1)
    return re.sub("%[s%]", lambda found: f"${next(numbers)}" if found[0] == "%s" else "%", sql)


class Placeholder(Expression):
    """Stands for a value that `PreparedQuery.rows` gets by this name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        return "%s", [self]


class PreparedQuery[Row]:
    """A queryset whose SQL is made at the first use. `make` returns it, with `Placeholder` for what differs later."""

    def __init__(self, make: Callable[[], models.QuerySet[Any, Row]]) -> None:
        self._make = make
        self._made: tuple[models.QuerySet[Any, Row], Any, str, tuple[Any, ...]] | None = None

    def rows(self, **values: Any) -> list[Row]:
        """The rows with these values. One that locks them needs a transaction, as always."""
        if self._made is None:
            queryset = self._make()
            compiler: Any = queryset.query.get_compiler(connection=connection)
            sql, given = compiler.as_sql()
            converters = compiler.get_converters([column for column, _sql, _alias in compiler.select])
            compiler.get_converters = lambda _columns: converters
            self._made = queryset, compiler, numbered(sql), given
        queryset, compiler, sql, given = self._made
        with server_cursor() as cursor:
            cursor.execute(sql, [values[one.name] if isinstance(one, Placeholder) else one for one in given])
            found = cursor.fetchall()
        read: Any = queryset._iterable_class
        return list(read(_Answer(compiler, found))) if found else []

    def row(self, **values: Any) -> Row | None:
        """The first of them."""
        return next(iter(self.rows(**values)), None)


class _Answer:
    """Rows of a compiled query, as Django reads them: it stands for the queryset, its query and its compiler."""

    db, _fetch_mode = DEFAULT_DB_ALIAS, FETCH_ONE
    _known_related_objects: MappingProxyType[Any, Any] = MappingProxyType({})

    def __init__(self, compiler: Any, found: list[tuple[Any, ...]]) -> None:
        self.query, self.compiler, self.found = self, compiler, found
        self.select, self.klass_info = compiler.select, compiler.klass_info
        self.annotation_col_map = compiler.annotation_col_map

    def get_compiler(self, *_: object, **__: object) -> "_Answer":
        return self

    def execute_sql(self, *_: object, **__: object) -> list[list[tuple[Any, ...]]]:
        return [self.found]

    def results_iter(self, *_: object, **__: object) -> Iterator[Any]:
        return map(tuple, self.compiler.results_iter([self.found]))


def row_insert(row: models.Model) -> None:
    """Insert a new row, as `row.save(force_insert=True)` does, but without signals. The database must have no defaults
    of its own for its columns. Within `inserted_together`, at its end."""
    collected = _collected.get()
    if collected is None:
        _insert([row])
    else:
        collected.append(row)


@contextmanager
def inserted_together() -> Iterator[None]:
    """Insert what is given to `row_insert` at the end, all rows by one statement: before, they have no keys, and no
    query finds them. Not at all if there is an error."""
    rows: list[models.Model] = []
    outer = _collected.set(rows)
    try:
        yield
    finally:
        _collected.reset(outer)
    if rows:
        _insert(rows)


_collected: ContextVar[list[models.Model] | None] = ContextVar("rows to insert together", default=None)


def _insert(rows: list[models.Model]) -> None:
    columns_of_rows, sql = _insert_sql(tuple((type(row), row.pk is None) for row in rows))
    values = [_stored_values(row, columns, adds=True) for row, columns in zip(rows, columns_of_rows, strict=True)]
    with server_cursor() as cursor:
        cursor.execute(sql, list(chain.from_iterable(values)))
        keys = cursor.fetchone()
    for row, key in zip(rows, keys, strict=True):
        if row.pk is None:
            row.pk = key
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def row_update(row: models.Model, names: Sequence[str]) -> None:
    """Update these fields, as `row.save(update_fields=names)` does, but without signals."""
    columns, sql = _update_sql(type(row), tuple(names))
    values = _stored_values(row, columns, adds=False)
    with server_cursor() as cursor:
        cursor.execute(sql, [*values, row.pk])
        if cursor.rowcount != 1:
            raise DatabaseError(f"{row._meta.label} {row.pk} is not there any more")


#: fields that store values of these types as they are; asking each of them takes longer
PLAIN = {
    models.BooleanField,
    models.CharField,
    models.ForeignKey,
    models.PositiveIntegerField,
    models.PositiveSmallIntegerField,
    models.SmallIntegerField,
    models.TextField,
    models.UUIDField,
}
STORED_AS_IS = {bool, int, str, UUID, type(None)}


@dataclass(frozen=True, slots=True)
class _Column:
    """A field; `name` is the attribute that has its value, "" where saving makes one; whether its values are plain, or
    moments, which are stored as they are where they have a zone."""

    field: Any
    name: str
    is_plain: bool
    is_moment: bool

    @classmethod
    def of(cls, field: Any) -> "_Column":
        kind, before = type(field), type(field).pre_save
        is_moment = kind is models.DateTimeField
        makes = field.auto_now or field.auto_now_add if is_moment else before is not models.Field.pre_save
        return cls(field, "" if makes else str(field.attname), kind in PLAIN, is_moment)


def _stored_values(row: models.Model, columns: Sequence[_Column], *, adds: bool) -> list[Any]:
    thread_connection = connections[DEFAULT_DB_ALIAS]  # the proxy for it costs as much again for each value
    values = []
    for column in columns:
        value = getattr(row, column.name) if column.name else column.field.pre_save(row, adds)
        kind = type(value)
        if not (
            (column.is_plain and kind in STORED_AS_IS)
            or (column.is_moment and (value is None or (kind is datetime and value.tzinfo is not None)))
        ):
            value = column.field.get_db_prep_save(value, thread_connection)
        values.append(value)
    return values


@cache
def _insert_sql(kinds: tuple[tuple[type[models.Model], bool], ...]) -> tuple[list[list[_Column]], str]:
    """For rows of these models, and whether the database makes their keys: the columns of each, and the statement."""
    inserts = [_one_insert_sql(model, makes_key) for model, makes_key in kinds]
    if len(inserts) == 1:
        return [inserts[0][0]], numbered(inserts[0][1])
    parts = ", ".join(f"row{number} (key) AS ({sql})" for number, (_columns, sql) in enumerate(inserts))
    names = [f"row{number}" for number in range(len(inserts))]
    keys, tables = ", ".join(f"{name}.key" for name in names), ", ".join(names)
    statement = f"WITH {parts} SELECT {keys} FROM {tables}"  # noqa: S608 – names of models
    return [columns for columns, _sql in inserts], numbered(statement)


def _one_insert_sql(model: type[models.Model], makes_key: bool) -> tuple[list[_Column], str]:
    quote = connection.ops.quote_name
    meta = model._meta
    fields = [field for field in meta.concrete_fields if not (makes_key and field.primary_key)]
    columns, marks = ", ".join(quote(str(field.column)) for field in fields), ", ".join("%s" for _ in fields)
    sql = f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608 – names of models
    return [_Column.of(field) for field in fields], f"{sql} RETURNING {quote(str(meta.pk.column))}"


@cache
def _update_sql(model: type[models.Model], names: tuple[str, ...]) -> tuple[list[_Column], str]:
    quote = connection.ops.quote_name
    meta = model._meta
    by_name = {field.name: field for field in meta.concrete_fields}
    fields = [by_name[name] for name in names]
    changes = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    where = f"{quote(str(meta.pk.column))} = %s"
    sql = f"UPDATE {quote(meta.db_table)} SET {changes} WHERE {where}"  # noqa: S608 – names of models
    return [_Column.of(field) for field in fields], numbered(sql)
