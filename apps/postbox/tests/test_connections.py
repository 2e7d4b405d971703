"""Several connections and several workers: nothing twice, and a domain that stalls does not stop the others."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.postbox.models import Attempt, Message, RecipientDomain
from apps.postbox.services.advisory_locks import sender_places, try_advisory_lock
from apps.postbox.services.attempt_results import Outcome, messages_finish
from apps.postbox.services.claims import SLOW, SLOW_PAUSE, _put_off, messages_claim
from apps.postbox.services.kill_switch import switch_kill
from apps.postbox.services.last_step import messages_to_final, messages_to_final_and_accepted
from apps.postbox.services.queue import messages_cancel
from apps.postbox.services.send_worker import _commit_and_record, leases_sweep, messages_deliver
from apps.postbox.services.sender_threads import Event, Job, SenderThreads
from apps.postbox.transports.base import OutgoingMail, SendResult, SendStatus
from tests.factories.postbox import again, assert_accounted, end_leases, eventually, make_due
from tests.factories.processes import WAITS_FOR_THE_GATE, another_connection, start_worker, waiting_for_locks
from tests.factories.smtp_server import ScriptedServer

#: what beat's ticks and wake-ups start, twice at once
TASK = """
import django
django.setup()
from django.db import connection
from apps.postbox.tasks import deliver_due
connection.cursor().execute("SELECT pg_advisory_lock_shared(7)")
deliver_due()
"""


@pytest.fixture
def four(settings: Any, server: ScriptedServer) -> ScriptedServer:
    settings.POSTBOX = {**settings.POSTBOX, "CONNECTIONS": 4, "STEP_TIMEOUT": 60, "DOT_TIMEOUT": 60}
    return server


def test_several_connections_and_each_letter_once(four: ScriptedServer, make_message: Callable[..., Message]) -> None:
    messages = [make_message() for _ in range(60)]
    assert messages_deliver().statuses == {"accepted": 60}
    assert 2 <= four.connections <= 4
    assert set(four.acceptances.values()) == {1}
    for message in messages:
        assert_accounted(message, four)


def test_the_limit_of_a_run_holds_with_several_connections(
    four: ScriptedServer, make_message: Callable[..., Message]
) -> None:
    for _ in range(20):
        make_message()
    assert messages_deliver(limit=7).tries == 7
    assert len(four.taken) == 7


def test_few_statements_for_many_letters(
    four: ScriptedServer, make_message: Callable[..., Message], django_assert_max_num_queries: Any
) -> None:
    """Thirty of the old kind of run would take 600."""
    for _ in range(30):
        make_message()
    with django_assert_max_num_queries(300):
        messages_deliver()


def test_stopping_gives_back_what_no_connection_has_begun(
    four: ScriptedServer, make_message: Callable[..., Message]
) -> None:
    messages = [make_message() for _ in range(30)]
    asked = Counter[str]()

    def stop() -> bool:
        asked["stop"] += 1
        return asked["stop"] > 1

    run = messages_deliver(stop=stop)
    left = [again(message) for message in messages]
    assert run.tries < 30
    assert {row.state for row in left} <= {"accepted", "queued"}
    assert sum(row.state == "accepted" for row in left) == run.statuses["accepted"]
    for message in messages:
        assert_accounted(message, four)
    make_due()
    messages_deliver()
    assert set(four.acceptances.values()) == {1}
    assert len(four.acceptances) == 30


def test_a_server_that_hangs_up_on_one_connection(four: ScriptedServer, make_message: Callable[..., Message]) -> None:
    messages = [make_message() for _ in range(20)]

    def chooser(step: str) -> str:
        four.chooser = None
        return "421 closing"

    four.chooser = chooser
    messages_deliver()
    for message in messages:
        assert_accounted(message, four)


def test_a_domain_that_stalls_leaves_its_connection_and_the_others_go_on(
    four: ScriptedServer, make_message: Callable[..., Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four connections wait for one domain; four others are opened in their place, and no more go to that domain."""
    monkeypatch.setattr("apps.postbox.services.sender_threads.STALLED", 0.2)
    monkeypatch.setattr("apps.postbox.services.sender_threads.SLOW_AFTER", 0.2)
    stalling = [make_message(to_address=f"m{number}@stalls.example") for number in range(8)]
    others = [make_message(to_address=f"m{number}@works{number}.example") for number in range(20)]
    done: list[bool] = []

    def stop() -> bool:
        if not done and Message.objects.filter(state="accepted").count() == len(others):
            done.append(True)
            four.heal()
        return bool(done)

    four.stalling = "stalls.example"
    messages_deliver(stop=stop)
    assert done, "the others left while the domain stalled"
    assert all(again(message).state == "accepted" for message in others)
    waiting = [again(message) for message in stalling]
    assert any("slow to answer" in row.explanation for row in waiting)
    for message in stalling:
        assert_accounted(message, four)


@pytest.mark.parametrize("domains", [1, 3])
def test_codes_to_domains_that_hang_leave_connections_to_the_others(
    four: ScriptedServer, make_message: Callable[..., Message], monkeypatch: pytest.MonkeyPatch, domains: int
) -> None:
    """They come first and are never put off, and there are more than connections."""
    monkeypatch.setattr("apps.postbox.services.sender_threads.STALLED", 0.2)
    monkeypatch.setattr("apps.postbox.services.sender_threads.HESITATES", 0.1)
    code: dict[str, Any] = {"policy": "repeatable", "kind": "sign_in"}
    codes = [make_message(to_address=f"c{number}@{number % domains}.stalls.example", **code) for number in range(40)]
    others = [make_message(to_address=f"m{number}@works{number}.example") for number in range(20)]
    ends, done = time.monotonic() + 120, list[bool]()

    def stop() -> bool:
        if not done and (time.monotonic() > ends or Message.objects.filter(state="accepted").count() == len(others)):
            done.append(time.monotonic() <= ends)
            four.heal()
        return False

    four.stalling = "stalls.example"
    assert messages_deliver(stop=stop).statuses == {"accepted": 60}
    assert done == [True], "the others waited"
    for message in (*codes, *others):
        assert_accounted(message, four)


def test_no_more_is_claimed_for_a_domain_that_hangs_than_for_others(
    four: ScriptedServer, make_message: Callable[..., Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing else is due. What one worker holds, no other can send."""
    monkeypatch.setattr("apps.postbox.services.sender_threads.HESITATES", 0.1)
    for number in range(60):
        make_message(to_address=f"m{number}@stalls.example")
    ends, most = time.monotonic() + 1.5, [0]

    def stop() -> bool:
        most[0] = max(most[0], Message.objects.filter(state="claimed").count())
        if time.monotonic() > ends and most[0] >= 4:
            four.heal()
        return False

    four.stalling = "stalls.example"
    assert messages_deliver(stop=stop).statuses == {"accepted": 60}
    assert most[0] <= 12


def test_what_is_ready_behind_stalled_connections_gets_others(
    four: ScriptedServer, make_message: Callable[..., Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing else is due that could open them."""
    monkeypatch.setattr("apps.postbox.services.sender_threads.STALLED", 0.2)
    for number in range(4):
        make_message(to_address=f"m{number}@stalls.example")
    others = [make_message(to_address=f"m{number}@works{number}.example") for number in range(4)]
    done: list[bool] = []

    def stop() -> bool:
        if not done and Message.objects.filter(state="accepted").count() == len(others):
            done.append(True)
            four.heal()
        return False

    four.stalling = "stalls.example"
    assert messages_deliver(stop=stop).statuses == {"accepted": 8}
    assert done


def test_a_relay_that_scans_each_mail_puts_off_none(
    four: ScriptedServer, make_message: Callable[..., Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each mail takes longer than a connection that moves: others are opened, and its domain goes on."""
    monkeypatch.setattr("apps.postbox.services.sender_threads.STALLED", 0.4)
    messages = [make_message() for _ in range(24)]

    def scan(step: str) -> str:
        if step == "dot":
            threading.Event().wait(0.6)
        return ""

    four.chooser = scan
    assert messages_deliver().statuses == {"accepted": 24}
    assert four.connections > 4
    assert {again(message).attempt for message in messages} == {1}


def test_a_code_to_a_slow_domain_is_tried_and_letters_wait(
    four: ScriptedServer, make_message: Callable[..., Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where it was claimed, or is due, when its domain becomes slow."""
    monkeypatch.setattr("apps.postbox.services.sender_threads.STALLED", 0.2)
    monkeypatch.setattr("apps.postbox.services.sender_threads.SLOW_AFTER", 0.2)
    letters = [make_message(to_address=f"m{number}@stalls.example") for number in range(24)]
    codes: list[Message] = []

    def stop() -> bool:
        if any("slow to answer" in again(letter).explanation for letter in letters) and not codes:
            codes.extend(
                make_message(policy="repeatable", kind="sign_in", to_address=f"c{number}@stalls.example")
                for number in range(2)
            )
        elif codes and any(f"<{again(code).to_address}>" in line for code in codes for line in list(four.commands)):
            four.heal()
        return False

    four.stalling = "stalls.example"
    messages_deliver(stop=stop)
    assert [again(code).state for code in codes] == ["accepted"] * 2
    put_off = [row for row in map(again, letters) if row.state == "queued"]
    assert put_off
    assert all("slow to answer" in row.explanation for row in put_off)


def test_what_somebody_waits_for_is_neither_withdrawn_nor_put_off_with_others(
    make_message: Callable[..., Message],
) -> None:
    letter = make_message(to_address="m@stalls.example")
    other = make_message(to_address="n@stalls.example")
    code = make_message(policy="repeatable", kind="sign_in", to_address="c@stalls.example")
    jobs = [Job(message, 1, OutgoingMail("", "", b"")) for message in (code, letter)]
    with SenderThreads() as threads:
        threads._in_hand = set(jobs)
        threads._ready = list(jobs)
        assert threads.withdraw({letter.to_domain}) == [jobs[1]]
        assert threads.withdraw() == [jobs[0]]
    assert messages_claim(worker="a:1", limit=3, slow={letter.to_domain}) == [code]
    assert all("slow to answer" in again(each).explanation for each in (letter, other))
    Message.objects.update(state="queued", next_at=timezone.now(), lease_until=None)
    _put_off(again(letter), timezone.now() + SLOW_PAUSE, SLOW)
    assert again(other).next_at > timezone.now()
    assert again(code).next_at <= timezone.now()


def test_an_answer_begins_the_time_of_a_domain_anew() -> None:
    job = Job(Message(to_domain="scans.example"), 1, OutgoingMail("", "", b""))
    job.began = job.step_began = time.monotonic() - 20
    with SenderThreads() as threads:
        threads._in_hand = {job}
        assert threads.slow_domains() == {"scans.example"}
        job.answer.put(True)
        assert threads._commit(job)
        assert threads.slow_domains() == set()
        threads._in_hand.clear()


def test_a_domain_leaves_connections_to_the_others_before_it_counts_as_slow() -> None:
    jobs = [Job(Message(to_domain="stalls.example"), 1, OutgoingMail("", "", b"")) for _ in range(3)]
    for job in jobs:
        job.began = job.step_began = time.monotonic() - 5
    with SenderThreads() as threads:
        threads.connections = 1
        threads._in_hand = set(jobs[:2])
        assert threads.slow_domains() == set()
        threads._in_hand = set(jobs)
        assert threads.slow_domains() == {"stalls.example"}
        threads._in_hand.clear()


@pytest.mark.django_db(transaction=True)
def test_two_workers_and_two_beats_claim_nothing_twice(
    server: ScriptedServer, make_message: Callable[..., Message]
) -> None:
    with transaction.atomic():
        messages = [make_message(text_body="Excellency") for _ in range(120)]
    several = {"POSTBOX_SENDERS": "2", "POSTBOX_CONNECTIONS": "4"}
    with another_connection() as gate, gate.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(7)")
        workers = [start_worker(server.port, code=code, **several) for code in (WAITS_FOR_THE_GATE, TASK) * 2]
        assert eventually(lambda: waiting_for_locks() == 4, 60)
    said = [worker.communicate(timeout=90)[0] for worker in workers]
    assert [worker.returncode for worker in workers] == [0] * 4, said
    assert len(server.acceptances) == 120
    assert set(server.acceptances.values()) == {1}
    for message in messages:
        assert_accounted(message, server)
    assert Attempt.objects.count() == 120, "no message was claimed twice"


@pytest.mark.django_db(transaction=True)
def test_so_many_processes_of_a_machine_send_at_once(settings: Any) -> None:
    settings.POSTBOX = {**settings.POSTBOX, "SENDERS": 2}
    with try_advisory_lock(*sender_places()) as first, another_connection() as other, other.cursor() as cursor:
        assert first
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [sender_places()[1]])
        assert cursor.fetchone() == (True,), "one place is left"
        with try_advisory_lock("postbox.other") as alone:
            assert alone


def test_threads_end_with_an_exception(four: ScriptedServer) -> None:
    with pytest.raises(KeyboardInterrupt), SenderThreads():
        raise KeyboardInterrupt


def test_an_error_that_ends_the_run_leaves_no_letter_in_doubt(
    four: ScriptedServer, make_message: Callable[..., Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next claim fails (a deadlock) while the server has a letter: its answer is recorded all the same."""
    message = make_message()

    def claim(**given: Any) -> list[Message]:
        if again(message).state == "final":
            raise OperationalError("deadlock detected")
        return messages_claim(**given)

    monkeypatch.setattr("apps.postbox.services.send_worker.messages_claim", claim)
    with pytest.raises(OperationalError, match="deadlock"):
        messages_deliver()
    assert again(message).state == "accepted"
    assert_accounted(message, four)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("happened", [True, False])
def test_a_connection_lost_while_last_steps_and_results_are_committed_loses_neither(
    four: ScriptedServer, make_message: Callable[..., Message], monkeypatch: pytest.MonkeyPatch, happened: bool
) -> None:
    """Both stand in one transaction. Whether it happened is unknown then, so both are asked for again, one by one."""
    messages = [make_message() for _ in range(40)]
    lost = Counter[str]()

    def commit(**given: Any) -> Any:
        done = messages_to_final_and_accepted(**given) if happened or lost["connection"] == 3 else None
        if lost["connection"] == 3:
            return done
        lost["connection"] += 1
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr("apps.postbox.services.send_worker.messages_to_final_and_accepted", commit)
    run = messages_deliver()
    assert lost["connection"] == 3
    assert run.statuses == {"accepted": 40}
    assert set(four.acceptances.values()) == {1}
    assert {again(message).state for message in messages} == {"accepted"}
    for message in messages:
        assert_accounted(message, four)


def test_what_was_cancelled_meanwhile_is_left_out_of_a_commit_with_others(make_message: Callable[..., Message]) -> None:
    for _ in range(4):
        make_message()
    claimed = messages_claim(worker="a:1", limit=4)
    handed, marked, waits, cancelled = ((message, 1) for message in claimed)
    assert messages_to_final(claims=[handed, marked]) == {handed[0].pk, marked[0].pk}
    messages_cancel(messages=[marked[0], cancelled[0]], reason="wrong annex", actor=None)
    taken = SendResult(SendStatus.ACCEPTED, "done", 250, "taken", "The mail server accepted it.")
    moved, recorded = messages_to_final_and_accepted(
        claims=[waits, cancelled], accepted=[Outcome(*each, taken) for each in (handed, marked)]
    )
    assert (moved, recorded) == ({waits[0].pk}, {handed[0].pk})
    assert [again(message).state for message in claimed] == ["accepted", "final", "final", "cancelled"]
    assert messages_finish(outcomes=[Outcome(*marked, taken)]) == {marked[0].pk: "accepted"}


def test_a_message_taken_again_by_the_same_process_leaves_once(make_message: Callable[..., Message]) -> None:
    """A machine that slept past the lease: the old attempt and the new one ask at the same moment."""
    make_message()
    old = messages_claim(worker="a:1", limit=1)[0]
    end_leases()
    leases_sweep()
    make_due()
    new = messages_claim(worker="a:1", limit=1)[0]
    jobs = [Job(message, message.attempt, OutgoingMail("", "", b"")) for message in (new, old)]
    _commit_and_record(jobs, [])
    assert [job.answer.get() for job in jobs] == [True, False]


def test_a_thread_that_fails_hides_no_result_of_another() -> None:
    failed, done = (Job(Message(), 1, OutgoingMail("", "", b"")) for _ in range(2))
    with SenderThreads() as threads:
        threads._in_hand = {failed, done}
        threads._events.put(Event(failed, failure=RuntimeError("a fault")))
        threads._events.put(Event(done, SendResult(SendStatus.ACCEPTED, "done", 250)))
        with pytest.raises(RuntimeError, match="a fault"):
            threads.events(seconds=0)
        assert [event.job for event in threads.events(seconds=0)] == [done]
        assert threads.in_hand == 0


def test_workers_lock_messages_in_the_order_of_those_who_cancel(make_message: Callable[..., Message]) -> None:
    for _ in range(6):
        make_message()
    claimed = sorted(messages_claim(worker="a:1", limit=6), key=lambda message: message.pk)
    switch_kill(actor=None, reason="wrong annex")
    with CaptureQueriesContext(connection) as captured:
        assert messages_to_final(claims=[(message, 1) for message in reversed(claimed)]) == set()
    locks = [query["sql"] for query in captured if "FOR UPDATE" in query["sql"]]
    where = [next(i for i, sql in enumerate(locks) if message.pk.hex in sql.replace("-", "")) for message in claimed]
    assert where == sorted(where)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("killed", [False, True])
def test_a_second_cancellation_does_not_cross_what_a_worker_gives_back(
    make_message: Callable[..., Message], killed: bool
) -> None:
    """The first one marked a mail before the others of a batch. The second one locks all in order, as the worker must:
    also what it will not send."""
    first, *others = sorted((make_message() for _ in range(3)), key=lambda message: message.pk)
    claims = [(message, message.attempt) for message in messages_claim(worker="a:1", limit=3)]
    messages_cancel(messages=[first], reason="moved", actor=None)
    if killed:
        switch_kill(actor=None, reason="wrong annex")
    with another_connection() as other, other.cursor() as cursor:
        other.set_autocommit(False)
        lock = "SELECT 1 FROM postbox_message WHERE id = %s FOR UPDATE NOWAIT"
        cursor.execute(lock, [first.pk])
        with ThreadPoolExecutor(1) as pool:
            moved = pool.submit(in_a_thread, lambda: messages_to_final(claims=claims))
            assert eventually(lambda: waiting_for_locks() == 1)
            for message in others:
                cursor.execute(lock, [message.pk])
            other.rollback()
            assert moved.result(20) == (set() if killed else {message.pk for message in others})
    assert again(first).state == "cancelled"


def in_a_thread[Result](act: Callable[[], Result]) -> Result:
    try:
        return act()
    finally:
        connection.close()


def test_workers_make_and_lock_domains_in_one_order(settings: Any, make_message: Callable[..., Message]) -> None:
    settings.POSTBOX = {**settings.POSTBOX, "DOMAIN_LIMIT": 100}
    for number in range(6):
        make_message(to_address=f"m@works{number}.example")
    with CaptureQueriesContext(connection) as captured:
        claimed = messages_claim(worker="a:1", limit=6)
    keys = sorted(message.to_domain for message in claimed)
    made = [query["sql"] for query in captured if "INSERT INTO" in query["sql"] and "recipientdomain" in query["sql"]]
    assert [next(key for key in keys if key in sql) for sql in made] == keys
    RecipientDomain.objects.all().delete()
    failed = SendResult(SendStatus.DEFERRED, "rcpt", 451, "4.7.1 later", "later")
    backwards = sorted(claimed, key=lambda message: message.to_domain, reverse=True)
    with CaptureQueriesContext(connection) as captured:
        messages_finish(outcomes=[Outcome(message, message.attempt, failed) for message in backwards])
    made = [query["sql"] for query in captured if "INSERT INTO" in query["sql"] and "recipientdomain" in query["sql"]]
    assert [next(key for key in keys if key in sql) for sql in made] == keys
    assert RecipientDomain.objects.count() == 6
