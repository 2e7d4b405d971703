"""A wake-up rings after the commit, never before, and a dead broker costs nothing but time."""

from collections.abc import Iterator

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


@pytest.mark.django_db
def test_the_audit_trail_cannot_be_rewritten(campaign: object) -> None:
    from django.db import IntegrityError

    from apps.core.audit import audit_record
    from apps.core.models import AuditEvent

    event = audit_record(verb="campaign.test", subject=campaign, count=1)
    for change in (lambda: AuditEvent.objects.update(verb="x"), lambda: event.delete()):
        with pytest.raises(IntegrityError, match="refused"), transaction.atomic():
            change()
