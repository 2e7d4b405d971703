"""Health of the database, the broker, the processes that must run, and what apps register in `health_checks`."""

import time
from contextlib import suppress

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from redis.exceptions import RedisError

from .registries import health_checks
from .types import Label

log = structlog.get_logger(__name__)

#: process → the effect of its silence, and how to start it. Each reports every settings.HEALTH["HEARTBEAT"] seconds.
PROCESSES: dict[str, Label] = {
    "beat": gettext_lazy(
        "The Celery beat does not report: email that waits for its time is not sent. Start it again: "
        "celery -A ecomcampaign beat."
    ),
    "worker": gettext_lazy(
        "The worker does not report: no email is sent and no letter is made. Start one: celery -A ecomcampaign worker."
    ),
    "listener": gettext_lazy(
        "The listener does not report: answers and bounces do not arrive. Start it again: manage.py run_inbox."
    ),
    "live": gettext_lazy(
        "The live process does not report: people who draft together see each other’s changes late. Start it again: "
        "uvicorn ecomcampaign.asgi:application."
    ),
}
#: seconds that the clocks of this machine and the database may differ; codes for signing in last thirty
CLOCK_OFF = 90
#: whether this process has seen every migration applied: looking is slow, and they stay applied
_migrated = False


def record_heartbeat(process: str) -> None:
    """Remember that a process of PROCESSES runs now; without a broker, nothing."""
    with suppress(RedisError):
        cache.set(_key(process), time.time(), timeout=24 * 3600)


def forget_heartbeats() -> None:
    """Before a start: forget what an earlier run reported."""
    cache.delete_many([_key(process) for process in PROCESSES])


def problems() -> list[str]:
    """What is wrong, as sentences for operators; empty when all is well. Never raises."""
    database = _database()
    found = [database, *_processes()]
    if not database:
        found += [_checked(name) for name in health_checks]
    return [reason for reason in found if reason]


def _key(process: str) -> str:
    return f"heartbeat:{process}"


def _database() -> str:
    global _migrated
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float")
            [theirs] = cursor.fetchone()
        if not _migrated:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                return _("Migrations are missing: run manage.py migrate.")
            _migrated = True
    except DatabaseError as error:
        return _("The database does not answer (%(error)s).") % {"error": type(error).__name__}
    return _clock(round(abs(time.time() - theirs)))


def _clock(off: int) -> str:
    if off <= CLOCK_OFF:
        return ""
    return ngettext(
        "This machine’s clock is %(n)s second off the database’s. Let NTP set both.",
        "This machine’s clock is %(n)s seconds off the database’s. Let NTP set both.",
        off,
    ) % {"n": off}


def _processes() -> list[str]:
    try:
        reported = cache.get_many([_key(process) for process in PROCESSES])
    except RedisError as error:
        return [_("The broker does not answer (%(error)s).") % {"error": type(error).__name__}]
    return [_silence(process, reported.get(_key(process))) for process in PROCESSES]


def _silence(process: str, last: float | None) -> str:
    """Why a process counts as dead; "" while it reports, or is not watched (0 seconds)."""
    patience = settings.HEALTH[process.upper()]
    if not patience:
        return ""
    if last is None:
        return str(PROCESSES[process])
    age = round(time.time() - last)
    if age <= patience:
        return ""
    since = ngettext("Its last report was %(n)s second ago.", "Its last report was %(n)s seconds ago.", age) % {
        "n": age
    }
    return f"{PROCESSES[process]} {since}"


def _checked(name: str) -> str:
    try:
        return health_checks[name]()
    except Exception as error:
        log.exception("health_check_failed", check=name)
        return _("The check of %(name)s failed (%(error)s).") % {"name": name, "error": type(error).__name__}
