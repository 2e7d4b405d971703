"""Work that one connection at a time may do. A lost connection ends the lock with it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection


@contextmanager
def try_advisory_lock(*names: str) -> Iterator[bool]:
    """Takes one of the names. Yields False while other connections have them all."""
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
            if cursor.fetchone()[0]:
                break
        else:
            name = ""
    try:
        yield bool(name)
    finally:
        if name:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


def sender_places() -> list[str]:
    """One for each process of this machine that may send at once: tasks that send would keep its workers from other
    work. Any number of machines may send."""
    return [f"postbox.deliver_due:{socket.gethostname()}:{number}" for number in range(settings.POSTBOX["SENDERS"])]
