"""Wake-ups: "there is work in this table". A lost one costs delay, never work: a periodic task finds the rows too."""

import atexit
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import structlog
from django.db import transaction

log = structlog.get_logger(__name__)

_alarms: dict[str, Callable[[], object]] = {}
#: seconds within which wake-ups of one name are sent once
GATHERED_WITHIN = 0.02


def connect(name: str, alarm: Callable[[], object]) -> None:
    """Set what wake-up `name` starts. Only the composition root calls this."""
    _alarms[name] = alarm


def wake(name: str) -> None:
    """Start what is connected to `name` when the current transaction commits; outside one, at once. A broker that does
    not answer is logged only: the row is in the database."""
    transaction.on_commit(lambda: _ring(name))


def _ring(name: str) -> None:
    alarm = _alarms.get(name)
    if alarm is not None:
        _try(name, alarm)


def _try(name: str, alarm: Callable[[], object]) -> None:
    try:
        alarm()
    except Exception as error:  # noqa: BLE001 – whatever the broker raises: a periodic task finds the row
        log.warning("wake_up_lost", wake_up=name, error=type(error).__name__)


class GatheringThread:
    """Calls `alarm(name)` in a thread of its own, once for all calls of `ring` with that name in 20 ms: a request
    waits for no broker, and fifty forms a second cost few messages. What waits when the process ends is sent then."""

    def __init__(self, alarm: Callable[[str], object]) -> None:
        self._alarm, self._names, self._process = alarm, set[str](), 0
        self._start_lock, self._rung = threading.Lock(), threading.Event()
        atexit.register(self.send)

    def ring(self, name: str) -> None:
        self._names.add(name)
        if self._process != os.getpid():  # the first time, or the first time after a fork
            self._start()
        self._rung.set()

    def send(self) -> None:
        """What waits, now."""
        with suppress(KeyError):  # none is left
            while name := self._names.pop():
                _try(name, partial(self._alarm, name))

    def _start(self) -> None:
        with self._start_lock:
            if self._process != os.getpid():
                self._rung = threading.Event()  # a fork may have copied one whose lock somebody held
                threading.Thread(target=self._run, args=[self._rung], name="wake-ups", daemon=True).start()
                self._process = os.getpid()

    def _run(self, rung: threading.Event) -> None:
        while rung.wait():
            time.sleep(GATHERED_WITHIN)
            rung.clear()
            self.send()
