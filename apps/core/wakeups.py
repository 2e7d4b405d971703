"""Wake-ups: "there is work in this table". Lost ones cost delay, never work: a tick finds the rows too."""

from collections.abc import Callable

import structlog
from django.db import transaction

log = structlog.get_logger(__name__)

_alarms: dict[str, Callable[[], object]] = {}


def connect(name: str, alarm: Callable[[], object]) -> None:
    """Say what wake-up `name` starts. The composition root calls this; apps never do."""
    _alarms[name] = alarm


def wake(name: str) -> None:
    """Start what is connected to `name` once the current transaction commits; at once outside one.

    A broker that does not answer is logged and forgiven: the row is already in the database.
    """
    transaction.on_commit(lambda: _ring(name))


def _ring(name: str) -> None:
    alarm = _alarms.get(name)
    if alarm is None:
        return
    try:
        alarm()
    except Exception as error:  # noqa: BLE001 – whatever the broker raises: the row is committed, the tick finds it
        log.warning("wake_up_lost", wake_up=name, error=type(error).__name__)
