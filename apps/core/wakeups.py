"""Wake-ups: "there is work in this table". A lost one costs delay, never work: a periodic task finds the rows too."""

from collections.abc import Callable

import structlog
from django.db import transaction

log = structlog.get_logger(__name__)

_alarms: dict[str, Callable[[], object]] = {}


def connect(name: str, alarm: Callable[[], object]) -> None:
    """Set what wake-up `name` starts. Only the composition root calls this."""
    _alarms[name] = alarm


def wake(name: str) -> None:
    """Start what is connected to `name` when the current transaction commits; outside one, at once. A broker that does
    not answer is logged only: the row is in the database."""
    transaction.on_commit(lambda: _ring(name))


def _ring(name: str) -> None:
    alarm = _alarms.get(name)
    if alarm is None:
        return
    try:
        alarm()
    except Exception as error:  # noqa: BLE001 – whatever the broker raises: a periodic task finds the row
        log.warning("wake_up_lost", wake_up=name, error=type(error).__name__)
