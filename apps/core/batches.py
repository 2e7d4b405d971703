"""Writes of one kind that may be put together: a service that records one row calls `write_together`, and who calls it
a thousand times in one transaction wraps the calls in `written_together`."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

type Writer = Callable[[list[Any]], object]

_waiting: ContextVar[dict[Writer, list[Any]] | None] = ContextVar("rows to write together", default=None)


def write_together(writer: Writer, row: object) -> None:
    """Give the row to `writer`: at once as the only one, within `written_together` at its end with all others."""
    waiting = _waiting.get()
    if waiting is None:
        writer([row])
    else:
        waiting[writer].append(row)


@contextmanager
def written_together() -> Iterator[None]:
    """Call each writer once, at the end, with its rows in their order. Not at all if there is an error."""
    waiting: dict[Writer, list[Any]] = defaultdict(list)
    outer = _waiting.set(waiting)
    try:
        yield
        while waiting:  # a writer may have rows for another one
            writer = next(iter(waiting))
            writer(waiting.pop(writer))
    finally:
        _waiting.reset(outer)
