"""Copies of the tables after a slow load, in a schema of the test database: to fill the tables again from there takes a
hundredth of the time."""

from collections.abc import Callable

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

#: what migrations write: it stays
KEPT = {"django_migrations", "django_content_type", "auth_permission"}


def empty_tables() -> None:
    """Delete all rows but those of migrations. Django would truncate all tables and write permissions again, which
    takes ten times as long; and the triggers of insert-only tables would refuse it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in _filled_tables(cursor):
            cursor.execute(f'DELETE FROM "{table}"')


def copy_tables(schema: str, load: Callable[[], object]) -> None:
    """Empty the tables, call `load`, copy what it wrote to the schema, and empty the tables."""
    empty_tables()
    load()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
        cursor.execute(f'CREATE SCHEMA "{schema}"')
        for table in _filled_tables(cursor):
            cursor.execute(f'CREATE TABLE "{schema}"."{table}" AS SELECT * FROM "{table}"')
    empty_tables()


def restore_tables(schema: str) -> None:
    """Fill the empty tables with the rows of the schema, and let ids go on after them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "SELECT table_name, string_agg(quote_ident(column_name), ', '), bool_or(is_identity = 'YES')"
            " FROM information_schema.columns WHERE table_schema = 'public' AND is_generated = 'NEVER'"
            " AND table_name IN (SELECT table_name FROM information_schema.tables WHERE table_schema = %s)"
            " GROUP BY table_name",
            [schema],
        )
        for table, columns, has_identity in cursor.fetchall():
            cursor.execute(f'INSERT INTO "{table}" ({columns}) SELECT {columns} FROM "{schema}"."{table}"')
            if has_identity:
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM \"{table}\"")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")  # the test's own transaction may go on


def _filled_tables(cursor: CursorWrapper) -> list[str]:
    tables = sorted(set(connection.introspection.table_names(cursor)) - KEPT)
    cursor.execute(" UNION ALL ".join(f"(SELECT '{table}' FROM \"{table}\" LIMIT 1)" for table in tables))
    return [table for (table,) in cursor.fetchall()]


def tables_as_text(*, without: frozenset[str] = frozenset()) -> dict[str, list[str]]:
    """{table: its rows, sorted}, to compare what is stored before and after."""
    with connection.cursor() as cursor:
        found = {}
        for table in sorted(set(connection.introspection.table_names(cursor)) - KEPT - without):
            cursor.execute(f'SELECT to_jsonb(row)::text FROM "{table}" AS row')
            found[table] = sorted(text for (text,) in cursor.fetchall())
        return found
