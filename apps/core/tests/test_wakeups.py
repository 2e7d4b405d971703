"""A wake-up rings after the commit, never before, and a dead broker costs nothing but time."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from queue import Queue

import pytest
from django.db import transaction
from structlog.testing import capture_logs

from apps.core import wakeups


@pytest.fixture
def rung() -> Iterator[list[str]]:
    calls: list[str] = []
    wakeups.connect("test-bell", lambda: calls.append("rung"))
    yield calls
    wakeups._alarms.pop("test-bell")


@pytest.fixture
def slow_gathering(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time enough for a slow machine to ring fifty times."""
    monkeypatch.setattr(wakeups, "GATHERED_WITHIN", 0.5)


@pytest.mark.django_db(transaction=True)
def test_it_rings_on_commit_only(rung: list[str]) -> None:
    with transaction.atomic():
        wakeups.wake("test-bell")
        assert rung == []
    assert rung == ["rung"]


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_change_wakes_nobody(rung: list[str]) -> None:
    with transaction.atomic():
        wakeups.wake("test-bell")
        transaction.set_rollback(True)
    assert rung == []


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_fails_is_forgiven(rung: list[str]) -> None:
    def broken() -> None:
        raise ConnectionError("no broker")

    wakeups.connect("test-bell", broken)
    with capture_logs() as logged, transaction.atomic():
        wakeups.wake("test-bell")
    assert [(line["event"], line["error"]) for line in logged] == [("wake_up_lost", "ConnectionError")]


class Broker:
    """Notes what it is sent, by which thread; `fails` makes it refuse."""

    def __init__(self) -> None:
        self.sent: Queue[tuple[str, str]] = Queue()
        self.fails = False

    def __call__(self, name: str) -> None:
        self.sent.put((name, threading.current_thread().name))
        if self.fails:
            raise ConnectionError("no broker")


@pytest.mark.usefixtures("slow_gathering")
def test_many_wake_ups_are_sent_once_by_a_thread_of_their_own() -> None:
    broker = Broker()
    thread = wakeups.GatheringThread(broker)
    for _ in range(50):
        thread.ring("post")
    assert broker.sent.get(timeout=60) == ("post", "wake-ups")
    assert broker.sent.empty()
    thread.ring("post")
    assert broker.sent.get(timeout=60) == ("post", "wake-ups"), "what comes later is sent again"


def test_the_thread_outlives_a_broker_that_fails() -> None:
    broker = Broker()
    broker.fails = True
    thread = wakeups.GatheringThread(broker)
    for name in ("post", "exports"):
        thread.ring(name)
        assert broker.sent.get(timeout=60) == (name, "wake-ups")


def test_what_waits_is_sent_when_the_process_ends_also_after_a_fork() -> None:
    script = (
        "import os\n"
        "from apps.core.wakeups import GatheringThread\n"
        "thread = GatheringThread(lambda name: print(name, flush=True))\n"
        "thread.ring('before')\n"
        "thread.send()\n"
        "child = os.fork()\n"
        "thread.ring('parent' if child else 'child')\n"
        "child and os.waitpid(child, 0)\n"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, timeout=60)
    assert sorted(done.stdout.split()) == ["before", "child", "parent"], done.stderr


@pytest.mark.django_db
def test_the_audit_trail_cannot_be_rewritten(campaign: object) -> None:
    from django.db import IntegrityError

    from apps.core.audit import audit_record
    from apps.core.models import AuditEvent

    event = audit_record(verb="campaign.test", subject=campaign, count=1)
    for change in (lambda: AuditEvent.objects.update(verb="x"), lambda: event.delete()):
        with pytest.raises(IntegrityError, match="refused"), transaction.atomic():
            change()
