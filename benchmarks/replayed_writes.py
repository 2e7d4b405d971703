"""The floor for what a request writes: the same statements once more, by psycopg alone in one transaction."""

import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import connection

WRITES = re.compile(r"\s*(INSERT|UPDATE|WITH \w+ \(key\) AS \(INSERT)\b", re.IGNORECASE)


@dataclass
class Writes:
    """Statements that changed rows, with their parameters. `queries` counts all statements."""

    statements: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    queries: int = 0

    def replay(self, replaced: dict[Any, Any]) -> None:
        """Execute them with other values for what must be unique; prepared, as the product does."""
        connection.ensure_connection()
        raw = connection.connection
        with raw.transaction():
            for statement, parameters in self.statements:
                kind = psycopg.RawCursor if "$1" in statement else psycopg.Cursor
                kind(raw).execute(statement, [_replaced(value, replaced) for value in parameters])


def _replaced(value: Any, replaced: dict[Any, Any]) -> Any:
    if isinstance(value, uuid.UUID):
        return uuid.uuid4()
    if isinstance(value, str) and re.fullmatch(r"<[0-9a-f-]{36}@.*>", value):
        return f"<{uuid.uuid4()}@bench.example>"
    return replaced.get(value, value) if isinstance(value, str | int) and not isinstance(value, bool) else value


@contextmanager
def recorded() -> Iterator[Writes]:
    writes = Writes()

    def record(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        writes.queries += 1
        if WRITES.match(sql):
            writes.statements.append((sql, tuple(params or ())))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(record):
        yield writes
