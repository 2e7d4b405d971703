"""A worker's lines are found under the request that woke it, with a real broker between the two."""

from collections.abc import Iterator
from queue import Queue

import pytest
import structlog
from celery.contrib.testing.worker import start_worker

from apps.core.logs import request_id_bind
from ecomcampaign import celery
from ecomcampaign.celery import app

SECONDS = 90


@pytest.fixture
def seen() -> Iterator[Queue[str]]:
    """Request ids under which tests.look ran, in a worker of this process."""
    ids: Queue[str] = Queue()

    @app.task(name="tests.look", shared=False)
    def look() -> None:
        ids.put(structlog.contextvars.get_contextvars()["request_id"])

    with start_worker(app, pool="solo", perform_ping_check=False, loglevel="ERROR"):
        yield ids
    app.tasks.pop("tests.look")
    structlog.contextvars.clear_contextvars()


def test_a_task_carries_the_id_of_the_request_that_asked_for_it(seen: Queue[str]) -> None:
    request_id_bind("abcdef-0123456789")
    app.send_task("tests.look", ignore_result=True)
    assert seen.get(timeout=SECONDS) == "abcdef-0123456789"

    structlog.contextvars.clear_contextvars()  # as beat is
    for _ in range(2):
        app.send_task("tests.look", ignore_result=True)
    first, second = seen.get(timeout=SECONDS), seen.get(timeout=SECONDS)
    assert len(first) == len(second) == 16
    assert first != second, "one of its own each, and none left over"


def test_an_id_that_is_none_is_not_taken(seen: Queue[str]) -> None:
    structlog.contextvars.bind_contextvars(request_id="minister@trade.example, and more")
    app.send_task("tests.look", ignore_result=True)
    assert len(seen.get(timeout=SECONDS)) == 16


def test_a_wake_up_is_sent_once_until_its_task_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    monkeypatch.setattr(app, "send_task", lambda task, **_options: sent.append(task))
    for _signature in range(50):
        celery._wake("postbox.deliver_due")
    assert sent == ["postbox.deliver_due"]
    celery.take_wake_ups(app.tasks["postbox.sweep"])
    celery._wake("postbox.deliver_due")
    assert len(sent) == 1, "another task began"
    celery.take_wake_ups(app.tasks["postbox.deliver_due"])
    celery._wake("postbox.deliver_due")
    assert len(sent) == 2
