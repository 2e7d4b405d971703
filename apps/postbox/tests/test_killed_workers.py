"""kill -9 at every point between claim and record: never two acceptances, never a row without an explanation."""

import os
import signal
from collections.abc import Callable

import pytest
from django.db import transaction

from apps.postbox.models import Message
from apps.postbox.services.send_worker import leases_sweep, messages_deliver
from tests.factories.postbox import again, assert_accounted, end_leases, eventually, make_due
from tests.factories.processes import (
    STOPS_BEFORE_DOT,
    WAITS_FOR_THE_GATE,
    another_connection,
    is_stopped,
    kill,
    start_worker,
    waiting_for_locks,
)
from tests.factories.smtp_server import ScriptedServer

pytestmark = pytest.mark.django_db(transaction=True)


def recover(server: ScriptedServer, message: Message, *, expected: str) -> None:
    """The lease runs out, the sweep and another worker come, twice; then look."""
    server.heal()
    end_leases()
    leases_sweep()
    assert_accounted(message, server)
    for _ in range(2):
        make_due()
        messages_deliver()
        end_leases()
        leases_sweep()
    assert_accounted(message, server)
    row = again(message)
    assert row.state == expected, row.explanation
    assert row.attempts.first().outcome == "lost"


@pytest.mark.parametrize(
    ("step", "policy"),
    [
        *((step, "once") for step in ("connect", "ehlo", "mail", "rcpt", "data", "dot", "accepted")),
        *((step, "repeatable") for step in ("rcpt", "accepted")),
    ],
)
def test_killed_while_the_server_holds_it(
    server: ScriptedServer, make_message: Callable[..., Message], step: str, policy: str
) -> None:
    message = make_message(policy=policy)
    server.faults = {step: "hang"}
    worker = start_worker(server.port)
    assert server.held.wait(60)
    state = "final" if step in {"dot", "accepted"} else "claimed"
    assert eventually(lambda: again(message).state == state)
    kill(worker)
    recover(server, message, expected="in_doubt" if state == "final" and policy == "once" else "accepted")
    if policy == "repeatable":
        assert server.acceptances[message.message_id] <= 2


def test_killed_in_the_middle_of_the_body(server: ScriptedServer, make_message: Callable[..., Message]) -> None:
    message = make_message(attachments=[("plan.pdf", "application/pdf", os.urandom(3_500_000))])
    server.faults = {"body": "hang"}
    worker = start_worker(server.port)
    assert server.held.wait(60)
    kill(worker)
    assert again(message).state == "claimed"
    recover(server, message, expected="accepted")
    assert server.acceptances[message.message_id] == 1


def test_killed_before_the_last_step_commits(server: ScriptedServer, make_message: Callable[..., Message]) -> None:
    """The whole body is with the server and the worker waits for the switch, which somebody holds."""
    message = make_message()
    messages_deliver(limit=0)  # makes the switch's row
    with another_connection() as other, other.cursor() as cursor:
        other.set_autocommit(False)
        cursor.execute("SELECT 1 FROM postbox_switch FOR UPDATE")
        worker = start_worker(server.port)
        assert eventually(waiting_for_locks)
        kill(worker)
        other.rollback()
    assert again(message).state == "claimed"
    recover(server, message, expected="accepted")
    assert server.acceptances[message.message_id] == 1


def test_killed_between_the_last_step_and_the_dot(server: ScriptedServer, make_message: Callable[..., Message]) -> None:
    message = make_message()
    worker = start_worker(server.port, code=STOPS_BEFORE_DOT)
    assert eventually(lambda: is_stopped(worker))
    assert again(message).state == "final"
    kill(worker)
    recover(server, message, expected="in_doubt")
    assert server.acceptances[message.message_id] == 0


def test_killed_between_the_servers_yes_and_the_record(
    server: ScriptedServer, make_message: Callable[..., Message]
) -> None:
    """The worker has read "250" and waits to write it down: the row is locked by somebody else."""
    message = make_message()
    server.faults = {"accepted": "hang"}
    worker = start_worker(server.port)
    assert server.held.wait(60)
    with another_connection() as other, other.cursor() as cursor:
        other.set_autocommit(False)
        cursor.execute("SELECT 1 FROM postbox_message FOR UPDATE")
        server.release()
        assert eventually(waiting_for_locks)
        kill(worker)
        other.rollback()
    assert again(message).state == "final"
    recover(server, message, expected="in_doubt")
    assert server.acceptances[message.message_id] == 1


def test_a_stopped_worker_that_wakes_after_its_lease_does_not_send(
    server: ScriptedServer, make_message: Callable[..., Message]
) -> None:
    """Frozen (a laptop lid, a paused machine) in the middle, given up, overtaken; then it goes on."""
    message = make_message()
    server.faults = {"data": "hang"}
    worker = start_worker(server.port)
    assert server.held.wait(60)
    os.kill(worker.pid, signal.SIGSTOP)
    end_leases()
    leases_sweep()
    server.heal()
    make_due()
    messages_deliver()
    assert again(message).state == "accepted"
    os.kill(worker.pid, signal.SIGCONT)
    worker.communicate(timeout=90)
    assert_accounted(message, server)
    assert server.acceptances[message.message_id] == 1
    assert [attempt.outcome for attempt in again(message).attempts.all()] == ["lost", "accepted"]


def test_a_late_answer_settles_the_doubt(server: ScriptedServer, make_message: Callable[..., Message]) -> None:
    """The sweep gave the worker up too early; its "250" is the evidence."""
    message = make_message()
    server.faults = {"accepted": "hang"}
    worker = start_worker(server.port)
    assert server.held.wait(60)
    end_leases()
    leases_sweep()
    assert again(message).state == "in_doubt"
    server.heal()
    worker.communicate(timeout=90)
    row = again(message)
    assert row.state == "accepted"
    assert "recorded late" in row.explanation
    assert row.attempts.get().outcome == "accepted"
    assert_accounted(message, server)


def test_ctrl_c_ends_after_the_mail_under_way(server: ScriptedServer, make_message: Callable[..., Message]) -> None:
    messages = [make_message() for _ in range(3)]
    server.faults = {"rcpt": "hang"}
    worker = start_worker(server.port)
    assert server.held.wait(60)
    worker.send_signal(signal.SIGINT)
    server.heal()
    said, _ = worker.communicate(timeout=90)
    assert worker.returncode == 0, said
    assert "1 accepted" in said
    assert sorted(again(message).state for message in messages) == ["accepted", "queued", "queued"]


def test_two_workers_on_200_rows(server: ScriptedServer, make_message: Callable[..., Message]) -> None:
    """Both begin at the same moment; each letter goes once, and both had a part."""
    with transaction.atomic():
        messages = [make_message(text_body="Excellency") for _ in range(200)]
    with another_connection() as gate, gate.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(7)")
        workers = [start_worker(server.port, code=WAITS_FOR_THE_GATE) for _ in range(2)]
        assert eventually(lambda: waiting_for_locks() == 2)
    said = [worker.communicate(timeout=90)[0] for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0], said
    assert set(server.acceptances.values()) == {1}
    assert len(server.acceptances) == 200
    for message in messages:
        assert_accounted(message, server)
    assert set(Message.objects.values_list("state", flat=True)) == {"accepted"}
    assert len(set(Message.objects.values_list("attempts__worker", flat=True))) == 2
