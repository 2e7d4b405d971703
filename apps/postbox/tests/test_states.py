"""The state machine: what may follow what, enforced by the database, and who wins when two want the same."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from apps.core.errors import Conflict, DomainError
from apps.core.models import AuditEvent
from apps.core.signals import mail_event
from apps.postbox.models import NEXT_STATES, Attempt, Message, MessageEvent, MessageState
from apps.postbox.services.attempt_results import message_decide, message_finish
from apps.postbox.services.claims import message_claim
from apps.postbox.services.delivery_reports import message_event_record
from apps.postbox.services.last_step import message_to_final, messages_to_final
from apps.postbox.services.queue import messages_cancel
from apps.postbox.services.send_worker import leases_sweep, messages_deliver, postbox_sweep
from apps.postbox.services.transitions import MAX_ATTEMPTS, IllegalMove, events_renotify, message_move, pause_after
from apps.postbox.transports.base import SendResult, SendStatus
from tests.factories.postbox import again, assert_accounted, end_leases, make_due
from tests.factories.smtp_server import ScriptedServer

YES = SendResult(SendStatus.ACCEPTED, "done", 250, "taken", "The mail server accepted it.")
NOT_NOW = SendResult(SendStatus.DEFERRED, "dot", 451, "busy", "The mail server answered: 451 busy")
NEVER = SendResult(SendStatus.REFUSED, "dot", 554, "no", "The mail server answered: 554 no")
SILENCE = SendResult(SendStatus.IN_DOUBT, "dot", reason="No answer.")


def put(message: Message, state: str) -> Message:
    """Set a state past all guards, to look at what may follow from it."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE postbox_message SET state = %s, lease_until = now(), accepted_at = now(), last_code = 450"
            " WHERE id = %s",
            [state, message.pk],
        )
        cursor.execute("SET session_replication_role = DEFAULT")
    return again(message)


@pytest.mark.parametrize("was", MessageState.values)
@pytest.mark.parametrize("then", MessageState.values)
def test_the_database_allows_exactly_the_states_of_the_design(
    make_message: Callable[..., Message], was: str, then: str
) -> None:
    row = put(make_message(), was)
    attempt = row.attempt + ((was, then) == ("queued", "claimed"))
    code = 250 if then == "accepted" else 450
    change = Message.objects.filter(pk=row.pk)
    if (was, then) in {("bounced", "accepted"), ("delivered", "accepted")}:
        with pytest.raises(IntegrityError, match="only a person's correction"), transaction.atomic():
            change.update(state=then, last_code=code)
        MessageEvent.objects.create(
            message=row, kind="corrected", provider_id="c", occurred_at=timezone.now(), actor_id=1
        )
    if then in NEXT_STATES.get(was, ()) or was == then:
        change.update(state=then, attempt=attempt, last_code=code)
        return
    with pytest.raises(IntegrityError, match="cannot become"), transaction.atomic():
        change.update(state=then, attempt=attempt, last_code=code)


def test_the_guards_of_a_letter(make_message: Callable[..., Message]) -> None:
    """No way back from the last step without the server's temporary no; no acceptance without its yes; identity,
    keys and attempt number fixed; nothing unfinished deleted."""
    row = put(make_message(), "final")
    rows = Message.objects.filter(pk=row.pk)
    for change in (
        {"state": "queued", "last_code": None},
        {"state": "queued", "last_code": 250},
        {"state": "queued", "last_code": 550},
        {"state": "accepted", "last_code": None},
        {"state": "accepted", "last_code": 354},
        {"message_id": "<other@mc11.example>"},
        {"once_key": ""},
        {"policy": "repeatable"},
        {"to_hash": "0" * 64},
        {"attempt": 7},
        {"explanation": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    for state in ("queued", "claimed", "final", "in_doubt"):
        put(row, state)
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.delete()
    put(row, "refused")
    rows.delete()


def test_an_illegal_move_is_a_programming_error(make_message: Callable[..., Message]) -> None:
    with pytest.raises(IllegalMove):
        message_move(message=make_message(), to="accepted")


def test_a_claim_is_taken_once_and_numbered(make_message: Callable[..., Message]) -> None:
    message = make_message()
    claimed = message_claim(worker="a:1")
    assert claimed
    assert (claimed.pk, claimed.attempt) == (message.pk, 1)
    assert message_claim(worker="b:2") is None
    row = again(message)
    assert row.lease_until
    assert row.attempts.get().worker == "a:1"
    assert "attempt 1" in row.explanation


def test_what_people_wait_for_goes_before_letters(make_message: Callable[..., Message]) -> None:
    letter = make_message()
    code = make_message(policy="repeatable", kind="sign_in")
    assert message_claim(worker="a:1") == code
    assert message_claim(worker="a:1") == letter


def test_a_lost_lease_never_reaches_the_last_step(make_message: Callable[..., Message]) -> None:
    make_message()
    first = message_claim(worker="slow:1")
    assert first
    end_leases()
    leases_sweep()
    assert not message_to_final(message=first, attempt=1)
    make_due()
    second = message_claim(worker="quick:2")
    assert second
    assert second.attempt == 2
    assert not message_to_final(message=first, attempt=1)
    assert message_to_final(message=second, attempt=2)
    assert not message_to_final(message=second, attempt=2)
    assert message_finish(message=second, attempt=2, result=YES) == "accepted"
    assert message_finish(message=first, attempt=1, result=NEVER) == "accepted"
    assert [a.outcome for a in again(first).attempts.all()] == ["refused", "accepted"]


@pytest.mark.parametrize(
    ("outcome", "state"), [(YES, "accepted"), (NOT_NOW, "queued"), (NEVER, "queued"), (SILENCE, "in_doubt")]
)
def test_a_late_report_is_evidence(make_message: Callable[..., Message], outcome: SendResult, state: str) -> None:
    """Only a definite word settles the doubt; a no lets the letter be tried again."""
    claimed = in_final(make_message())
    end_leases()
    leases_sweep()
    assert again(claimed).state == "in_doubt"
    assert message_finish(message=claimed, attempt=1, result=outcome) == state
    assert again(claimed).explanation


def in_final(message: Message) -> Message:
    claimed = message_claim(worker="a:1")
    assert claimed == message
    assert message_to_final(message=claimed, attempt=claimed.attempt)
    return claimed


def test_recording_twice_changes_nothing(make_message: Callable[..., Message]) -> None:
    claimed = in_final(make_message())
    for _ in range(2):
        assert message_finish(message=claimed, attempt=1, result=YES) == "accepted"
    assert message_finish(message=claimed, attempt=1, result=NEVER) == "accepted"
    row = again(claimed)
    assert row.events.filter(kind="accepted").count() == 1
    assert row.attempts.get().outcome == "accepted"


def test_pauses_grow_and_then_it_is_given_up(server: ScriptedServer, make_message: Callable[..., Message]) -> None:
    message = make_message()
    server.faults = {"rcpt": "4xx"}
    pauses = []
    for _ in range(MAX_ATTEMPTS):
        messages_deliver()
        row = again(message)
        pauses.append((row.next_at - timezone.now()).total_seconds())
        make_due()
    row = again(message)
    assert row.state == "expired"
    assert "the last" in row.explanation
    assert "451" in row.explanation
    assert pauses[0] < pauses[3] < pauses[8]
    assert max(pauses) <= 6 * 3600 * 1.2
    assert row.events.filter(kind="expired").count() == 1
    assert row.attempts.count() == MAX_ATTEMPTS
    assert len({pause_after(5) for _ in range(5)}) > 1


def test_an_overdue_mail_expires_and_is_never_sent(
    server: ScriptedServer, make_message: Callable[..., Message]
) -> None:
    by_claim = make_message(expires_at=timezone.now() - timedelta(seconds=1))
    messages_deliver()
    by_sweep = make_message(expires_at=timezone.now() - timedelta(seconds=1))
    postbox_sweep()
    for message in (by_claim, by_sweep):
        assert again(message).state == "expired"
        assert "expired before it could be sent" in again(message).explanation
    assert server.taken == []


def test_a_retry_that_would_come_too_late_expires_now(
    server: ScriptedServer, make_message: Callable[..., Message]
) -> None:
    message = make_message(expires_at=timezone.now() + timedelta(seconds=5))
    server.faults = {"mail": "4xx"}
    messages_deliver()
    assert again(message).state == "expired"
    assert "451" in again(message).explanation


def test_one_broken_row_does_not_stop_the_others(
    settings: Any, server: ScriptedServer, make_message: Callable[..., Message]
) -> None:
    """Sealed with a key that is gone: it waits with words, the rest goes out."""
    broken, fine = make_message(), make_message()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE postbox_message SET text_body = %s WHERE id = %s", [b"\x09" * 40, broken.pk])
    messages_deliver()
    row = Message.objects.without_contents().get(pk=broken.pk)
    assert row.state == "queued"
    assert "no key of version 9" in row.explanation
    assert again(fine).state == "accepted"
    end = Message.objects.filter(pk=broken.pk)
    end.update(state="cancelled", explanation="by hand")


def test_cancelling_reaches_what_a_worker_holds(make_message: Callable[..., Message], cast: Any) -> None:
    waiting = make_message()
    held = message_claim(worker="a:1")
    assert held == waiting
    queued = make_message()
    assert messages_cancel(messages=[held, queued], reason="the minister left", actor=cast.sender) == [queued.pk]
    assert not message_to_final(message=held, attempt=1)
    for message in (held, queued):
        row = again(message)
        assert row.state == "cancelled"
        assert "the minister left" in row.explanation
        assert row.events.filter(kind="cancelled").count() == 1
    assert AuditEvent.objects.filter(verb="messages.cancel").count() == 1
    assert messages_cancel(messages=[held, queued], reason="again", actor=None) == []


def test_cancelling_after_the_last_step_keeps_a_letter_from_being_queued_again(
    make_message: Callable[..., Message],
) -> None:
    refused = in_final(make_message())
    messages_cancel(messages=[refused], reason="stop", actor=None)
    assert message_finish(message=refused, attempt=1, result=NOT_NOW) == "cancelled"
    taken = in_final(make_message())
    messages_cancel(messages=[taken], reason="stop", actor=None)
    assert message_finish(message=taken, attempt=1, result=YES) == "accepted"


def test_a_person_decides_with_evidence(make_message: Callable[..., Message], cast: Any) -> None:
    arrived = in_final(make_message())
    message_finish(message=arrived, attempt=1, result=SILENCE)
    with pytest.raises(DomainError, match="Say how you know"):
        message_decide(message=arrived, decision="accepted", evidence="  ", actor=cast.sender)
    message_decide(
        message=arrived, decision="accepted", evidence="log of mx: queued for m@trade.example", actor=cast.sender
    )
    row = again(arrived)
    assert row.state == "accepted"
    decided = row.events.get(kind="decided")
    assert decided.actor_id == cast.sender.pk
    assert decided.detail == "log of mx: queued for [address]"
    assert AuditEvent.objects.get(verb="message.decide").data == {"decision": "accepted", "attempt": 1}
    with pytest.raises(Conflict, match="This email is no longer i"):
        message_decide(message=arrived, decision="queued", evidence="no", actor=cast.sender)

    lost = in_final(make_message())
    message_finish(message=lost, attempt=1, result=SILENCE)
    message_decide(message=lost, decision="queued", evidence="they called: nothing came", actor=cast.sender)
    assert again(lost).state == "queued"
    assert message_claim(worker="a:1") == lost
    with pytest.raises(ValueError, match="not a decision"):
        message_decide(message=lost, decision="refused", evidence="x", actor=cast.sender)


@pytest.mark.parametrize(
    ("kind", "state"), [("replied", "accepted"), ("bounced", "bounced"), ("delivered", "delivered")]
)
def test_what_comes_back_settles_a_doubt(make_message: Callable[..., Message], kind: str, state: str) -> None:
    message = in_final(make_message())
    message_finish(message=message, attempt=1, result=SILENCE)
    assert message_event_record(message=message, kind=kind, provider_id="p1")
    assert not message_event_record(message=message, kind=kind, provider_id="p1")
    row = again(message)
    assert row.state == state
    assert (row.replied_at is not None) == (kind == "replied")
    if kind == "replied":
        assert row.accepted_at
        assert row.replied_at
        assert row.accepted_at < row.replied_at, "it left before it was answered"
    assert list(row.events.values_list("kind", flat=True)).count(kind) == 1


def test_a_bounce_that_overtakes_the_servers_yes(make_message: Callable[..., Message]) -> None:
    message = in_final(make_message())
    message_event_record(message=message, kind="bounced", provider_id="p1", code="5.1.1", detail="gone")
    assert again(message).state == "final"
    assert message_finish(message=message, attempt=1, result=YES) == "bounced"
    assert "5.1.1" in again(message).explanation


@pytest.fixture
def heard() -> Iterator[list[dict[str, Any]]]:
    """A listener that writes down what it hears, and fails while `fails` is in the list's first entry."""
    calls: list[dict[str, Any]] = []

    def listener(**call: Any) -> None:
        calls.append(call)
        if call["detail"] == "fail" or (listener.fails and call["kind"] == "accepted"):  # type: ignore[attr-defined]
            Attempt.objects.create(message=call["message"], number=1, worker="", started_at=timezone.now())

    listener.fails = False  # type: ignore[attr-defined]
    mail_event.connect(listener)
    calls.append({"listener": listener})
    yield calls
    mail_event.disconnect(listener)


def test_a_failing_listener_undoes_nothing_and_hears_it_again(
    make_message: Callable[..., Message], heard: list[dict[str, Any]]
) -> None:
    """The server took the letter, whatever another app makes of it. The listener's failure here is one of the
    database's, which would spoil a transaction without a savepoint."""
    listener = heard.pop()["listener"]
    listener.fails = True
    message = in_final(make_message())
    assert message_finish(message=message, attempt=1, result=YES) == "accepted"
    event = again(message).events.get(kind="accepted")
    assert event.told_at is None
    assert [call["kind"] for call in heard] == ["accepted"]
    assert events_renotify(older_than=timedelta(0)) == 0
    listener.fails = False
    assert events_renotify(older_than=timedelta(0)) == 1
    event.refresh_from_db()
    assert event.told_at
    assert heard[-1]["message"] == message
    assert heard[-1]["message"].state == "accepted"
    assert events_renotify(older_than=timedelta(0)) == 0


def test_listeners_hear_each_thing_once(
    server: ScriptedServer, make_message: Callable[..., Message], heard: list[dict[str, Any]]
) -> None:
    heard.pop()
    make_message()
    refused = make_message(to_address="gone@trade.example")
    server.chooser = lambda step: "550 5.1.1 gone" if step == "rcpt" and "gone" in server.commands[-1] else ""
    messages_deliver()
    messages_deliver()
    assert sorted(call["kind"] for call in heard) == ["accepted", "refused"]
    call = next(call for call in heard if call["kind"] == "refused")
    assert (call["message"], call["code"], call["mail"]) == (refused, "550", None)
    assert "5.1.1" in call["detail"]
    assert_accounted(refused, server)


def test_tries_that_never_reached_the_server_do_not_count(
    server: ScriptedServer, make_message: Callable[..., Message]
) -> None:
    message = make_message()
    for _ in range(MAX_ATTEMPTS):
        assert message_claim(worker="a:1")
        end_leases()
        leases_sweep()
        make_due()
    server.faults = {"rcpt": "4xx"}
    messages_deliver()
    row = again(message)
    assert (row.state, row.attempt) == ("queued", MAX_ATTEMPTS + 1)
    assert "the last" not in row.explanation


@pytest.mark.django_db(transaction=True)
def test_a_connection_to_the_database_that_is_gone_costs_one_try(
    server: ScriptedServer, make_message: Callable[..., Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(**_: object) -> set[object]:
        raise InterfaceError("connection already closed")

    message = make_message()
    monkeypatch.setattr("apps.postbox.services.send_worker.COMMIT_PAUSES", (0,))
    monkeypatch.setattr("apps.postbox.services.send_worker.messages_to_final", gone)
    assert messages_deliver().statuses == {"deferred": 1}
    assert again(message).state == "queued"
    assert "database did not answer" in again(message).explanation
    assert server.taken == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("committed", [True, False])
def test_a_connection_that_is_lost_during_the_commit_of_the_last_step_leaves_no_doubt(
    server: ScriptedServer, make_message: Callable[..., Message], monkeypatch: pytest.MonkeyPatch, committed: bool
) -> None:
    """The worker asks again whether it may send the dot; the server waits with the text."""
    asked: list[object] = []

    def commit(**given: Any) -> set[UUID]:
        asked.append(given)
        if len(asked) == 2:
            return messages_to_final(**given)
        if committed:
            messages_to_final(**given)
        connection.close()
        raise OperationalError("server closed the connection unexpectedly")

    message = make_message()
    monkeypatch.setattr("apps.postbox.services.send_worker.messages_to_final", commit)
    assert messages_deliver().statuses == {"accepted": 1}
    assert len(asked) == 2
    assert_accounted(message, server)
    assert (again(message).state, again(message).attempt) == ("accepted", 1)


@pytest.mark.django_db(transaction=True)
def test_a_last_step_that_was_given_up_before_the_commit_was_asked_for_again_sends_nothing(
    make_message: Callable[..., Message],
) -> None:
    message = make_message()
    assert message_claim(worker="a:1")
    assert message_to_final(message=message, attempt=1)
    assert messages_to_final(claims=[(message, 1)], again=True) == {message.pk}
    end_leases()
    leases_sweep()
    assert messages_to_final(claims=[(message, 1)], again=True) == set()
    assert again(message).state == "in_doubt"
