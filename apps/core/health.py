"""Is the product whole: database, broker, and a worker that took a task lately."""

import time

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from redis.exceptions import RedisError

KEY = "worker-heartbeat"
#: True once this process saw every migration applied: they do not go away, and the look at them is slow
_migrated = False
#: a beat every 10 s; three missed ones, and half of one for a slow machine
STALE_AFTER = 35


def beat_heart() -> None:
    """Called by a worker: remember the moment (seconds since the epoch)."""
    cache.set(KEY, time.time(), timeout=3600)


def problems() -> list[str]:
    """Reasons why the product is not whole; empty when all is well. Never raises."""
    return [reason for reason in (_database(), _worker()) if reason]


def _database() -> str:
    global _migrated
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _migrated:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                return "migrations are missing: run manage.py migrate"
            _migrated = True
    except DatabaseError as error:
        return f"the database does not answer ({type(error).__name__})"
    return ""


def _worker() -> str:
    try:
        last = cache.get(KEY)
    except RedisError as error:
        return f"the broker does not answer ({type(error).__name__})"
    if last is None:
        return "no worker has reported yet"
    age = time.time() - last
    return f"the last worker's heartbeat is {age:.0f} seconds old" if age > STALE_AFTER else ""
