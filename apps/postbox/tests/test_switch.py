"""Stopping, the fence of sink mode, and the three places that must agree before anything leaves."""

import random
import socket
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from apps.core.errors import Conflict, DomainError
from apps.core.models import AuditEvent
from apps.postbox.models import Message, Switch
from apps.postbox.selectors.kill_switch import hold_reason, switch_read
from apps.postbox.selectors.messages import waiting_explanation
from apps.postbox.services.claims import message_claim
from apps.postbox.services.kill_switch import switch_epoch_adopt, switch_kill, switch_release
from apps.postbox.services.last_step import message_to_final
from apps.postbox.services.send_worker import leases_sweep, messages_deliver
from apps.postbox.transports.smtp_connection import NotLoopback, connect, is_loopback
from tests.factories.postbox import again, assert_accounted, end_leases, eventually, make_due
from tests.factories.processes import another_connection, start_worker, waiting_for_locks
from tests.factories.smtp_server import ScriptedServer

pytestmark = pytest.mark.django_db


def live(settings: Any, **changed: Any) -> None:
    """Live mode, against the scripted server."""
    settings.POSTBOX = {**settings.POSTBOX, "MODE": "live", "LIVE_ALLOWED": True, "EPOCH": "autumn", **changed}


def adopt(not_sent: int = 0) -> None:
    switch_epoch_adopt(actor=None, not_sent=not_sent, reason="new installation")


def test_killed_nothing_moves_and_everything_says_why(
    server: ScriptedServer, make_message: Callable[..., Message], cast: Any
) -> None:
    letter, code = make_message(), make_message(policy="repeatable", kind="sign_in")
    with pytest.raises(DomainError, match="Say why you stop"):
        switch_kill(actor=cast.sender, reason=" ")
    assert switch_kill(actor=cast.sender, reason="wrong annex") == []
    run = messages_deliver()
    assert run.tries == 0
    assert server.connections == 0
    for message in (letter, code):
        assert again(message).state == "queued"
        assert "wrong annex" in again(message).explanation
        assert "wrong annex" in waiting_explanation(again(message))
    switch_release(actor=cast.sender)
    assert messages_deliver().statuses == {"accepted": 2}
    assert [e.verb for e in AuditEvent.objects.order_by("id")] == ["switch.kill", "switch.release"]
    switch_release(actor=cast.sender)
    assert AuditEvent.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_of_a_mail_no_dot_is_sent(
    server: ScriptedServer, make_message: Callable[..., Message]
) -> None:
    """A worker has named sender and recipient and is about to send the text when somebody kills."""
    message = make_message()
    server.faults = {"data": "hang"}
    worker = start_worker(server.port)
    assert server.held.wait(60)
    assert switch_kill(actor=None, reason="wrong annex") == []
    server.heal()
    said, _nothing = worker.communicate(timeout=90)
    assert "Sending is on hold. All sending has been stopped" in said
    assert server.taken == []
    row = again(message)
    assert row.state == "queued"
    assert "wrong annex" in row.explanation
    assert row.attempts.get().outcome == "killed"
    assert row.events.get().kind == "held"
    assert_accounted(message, server)


def test_a_kill_lists_what_is_in_its_last_step(make_message: Callable[..., Message]) -> None:
    message = make_message()
    claimed = message_claim(worker="a:1")
    assert claimed
    assert message_to_final(message=claimed, attempt=1)
    assert switch_kill(actor=None, reason="stop") == [message]
    assert AuditEvent.objects.get(verb="switch.kill").data["in_final"] == [str(message.pk)]


@pytest.mark.django_db(transaction=True)
def test_a_kill_waits_for_a_last_step_that_commits_and_lists_it(make_message: Callable[..., Message]) -> None:
    """The last step holds the switch; the kill comes in between and must see it."""
    message = make_message()
    claimed = message_claim(worker="a:1")
    assert claimed
    switch_read()
    listed: list[list[Message]] = []
    killer = threading.Thread(target=lambda: (listed.append(switch_kill(actor=None, reason="x")), connection.close()))
    with another_connection() as other, other.cursor() as cursor:
        other.set_autocommit(False)
        cursor.execute("SELECT 1 FROM postbox_message FOR UPDATE")
        step = threading.Thread(target=lambda: (message_to_final(message=claimed, attempt=1), connection.close()))
        step.start()
        assert eventually(lambda: waiting_for_locks() == 1)
        killer.start()
        assert eventually(lambda: waiting_for_locks() == 2)
        other.rollback()
    step.join(60)
    killer.join(60)
    assert listed == [[message]]
    assert again(message).state == "final"


@pytest.mark.django_db(transaction=True)
def test_kills_at_random_moments(server: ScriptedServer, make_message: Callable[..., Message]) -> None:
    """Whatever was accepted after the kill returned was listed by it; nothing enters the last step afterwards."""
    with transaction.atomic():
        messages = [make_message(text_body="Excellency") for _ in range(60)]
    workers = [start_worker(server.port) for _ in range(2)]
    assert eventually(lambda: len(server.taken) > 3, 90)
    eventually(lambda: False, random.uniform(0, 0.3))
    listed = {row.message_id for row in switch_kill(actor=None, reason="stop")}
    done = set(Message.objects.filter(state="accepted").values_list("message_id", flat=True))
    final = set(Message.objects.filter(state="final").values_list("message_id", flat=True))
    assert final <= listed
    for worker in workers:
        worker.communicate(timeout=90)
    assert set(server.acceptances) <= done | listed
    assert len(listed) <= 2
    for message in messages:
        assert again(message).state in {"queued", "accepted"}
        assert_accounted(message, server)
    switch_release(actor=None)
    make_due()
    messages_deliver()
    assert set(server.acceptances.values()) == {1}
    assert len(server.acceptances) == 60


@pytest.mark.parametrize(
    ("address", "home"),
    [
        *((address, True) for address in ("127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1")),
        *((address, False) for address in ("10.0.0.1", "0.0.0.0", "::ffff:8.8.8.8", "192.0.2.1", "fe80::1%eth0", "x")),
    ],
)
def test_loopback(address: str, home: bool) -> None:
    assert is_loopback(address) is home


def test_the_fence_refuses_any_name_that_leads_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """One address of several is enough; and what the system connected to in the end is looked at as well."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 25)) for address in ("127.0.0.1", "192.0.2.7")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)
    opened: list[Any] = []
    monkeypatch.setattr(socket.socket, "connect", lambda self, address: opened.append(address))
    with pytest.raises(NotLoopback, match=r"192\.0\.2\.7"):
        connect("mx.example", 25, seconds=1, fenced=True)
    assert opened == []
    found.pop()
    monkeypatch.setattr(socket.socket, "getpeername", lambda self: ("192.0.2.7", 25))
    with pytest.raises(NotLoopback):
        connect("mx.example", 25, seconds=1, fenced=True)
    assert opened == [("127.0.0.1", 25)]


def test_a_server_elsewhere_in_sink_mode_holds_everything(
    settings: Any, server: ScriptedServer, make_message: Callable[..., Message]
) -> None:
    settings.POSTBOX = {**settings.POSTBOX, "HOST": "192.0.2.1"}
    messages = [make_message() for _ in range(3)]
    run = messages_deliver()
    assert "sink mode" in run.held
    assert all("sink mode" in again(message).explanation for message in messages)
    assert sum(again(message).attempt for message in messages) == 1


def test_live_needs_the_flag_the_epoch_and_this_database(
    settings: Any, server: ScriptedServer, make_message: Callable[..., Message]
) -> None:
    message = make_message(authorisation="dispatch:1")
    live(settings, LIVE_ALLOWED=False)
    assert "POSTBOX_LIVE=1 is missing" in messages_deliver().held
    live(settings, EPOCH="")
    assert "POSTBOX_EPOCH is empty" in messages_deliver().held
    with pytest.raises(DomainError, match="Set POSTBOX_EPOCH in the"):
        adopt()
    live(settings)
    assert "restored backup" in messages_deliver().held
    assert "restored backup" in again(message).explanation
    with pytest.raises(Conflict, match="1 letter waits in this database, not 0"):
        adopt(0)
    with pytest.raises(DomainError, match="Say how you know"):
        switch_epoch_adopt(actor=None, not_sent=1, reason="")
    adopt(1)
    assert messages_deliver().statuses == {"accepted": 1}
    assert AuditEvent.objects.get(verb="switch.epoch_adopt").data == {"waiting": 1}, "what was typed may name people"


def test_a_restored_backup_or_a_copy_sends_nothing(
    settings: Any, server: ScriptedServer, make_message: Callable[..., Message]
) -> None:
    """The epoch came along with the dump, so it agrees; but the database is another one. And an old backup under a
    new epoch holds as well."""
    live(settings)
    adopt()
    make_message(authorisation="dispatch:1")
    assert hold_reason(switch_read()) == ""
    Switch.objects.update(database="7000000000000000000/00000001/16384/16999")
    assert "restored backup" in messages_deliver().held
    adopt(1)
    live(settings, EPOCH="winter")
    assert "restored backup" in messages_deliver().held
    assert server.connections == 0


def test_an_epoch_that_changes_under_way_stops_the_dot(settings: Any, make_message: Callable[..., Message]) -> None:
    live(settings)
    adopt()
    make_message(authorisation="dispatch:1")
    claimed = message_claim(worker="a:1")
    assert claimed
    Switch.objects.update(epoch="other")
    assert not message_to_final(message=claimed, attempt=1)


def test_live_letters_need_an_authorisation_and_say_so(
    settings: Any, server: ScriptedServer, make_message: Callable[..., Message]
) -> None:
    live(settings)
    adopt()
    letter, code = make_message(), make_message(policy="repeatable")
    assert messages_deliver().statuses == {"accepted": 1}
    assert again(code).state == "accepted"
    assert again(letter).state == "queued"
    assert "Nobody has authorised it" in again(letter).explanation
    assert "Nobody has authorised it" in waiting_explanation(again(letter))
    Message.objects.update(authorisation="dispatch:1")
    assert messages_deliver().statuses == {"accepted": 1}


def test_an_authorisation_taken_back_stops_the_dot(settings: Any, make_message: Callable[..., Message]) -> None:
    live(settings)
    adopt()
    message = make_message(authorisation="dispatch:1")
    claimed = message_claim(worker="a:1")
    assert claimed
    Message.objects.update(authorisation="")
    assert not message_to_final(message=claimed, attempt=1)
    assert again(message).state == "queued"


def test_a_server_that_forgets_commits_holds_live_mail(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    live(settings)
    adopt()
    identity = Switch.objects.get().database
    monkeypatch.setattr("apps.postbox.selectors.kill_switch.database_identity", lambda: (identity, False))
    assert "fsync=off" in hold_reason(switch_read())


def test_the_last_step_is_durable_even_where_the_session_is_not() -> None:
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SET LOCAL synchronous_commit = off")
        switch_read(share=True)
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone()[0] == "on"


def test_in_sink_mode_nothing_asks_for_an_epoch(server: ScriptedServer, make_message: Callable[..., Message]) -> None:
    Switch.objects.all().delete()
    message = make_message()
    assert messages_deliver().statuses == {"accepted": 1}
    assert again(message).state == "accepted"


def test_the_switch_from_the_command_line(
    make_message: Callable[..., Message], capsys: pytest.CaptureFixture[str]
) -> None:
    message = make_message()
    claimed = message_claim(worker="a:1")
    assert claimed
    assert message_to_final(message=claimed, attempt=1)
    with pytest.raises(CommandError):
        call_command("postbox_switch", "kill")
    call_command("postbox_switch", "kill", reason="stop")
    assert f"may still arrive: {message.pk}" in capsys.readouterr().out
    call_command("postbox_switch", "show")
    assert "stop" in capsys.readouterr().out
    call_command("postbox_switch", "release")
    assert "sending is on" in capsys.readouterr().out
    end_leases()
    leases_sweep()
    call_command("postbox_switch", "show")
    assert "in doubt: 1" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("postbox_switch", "adopt", not_sent=0, reason="new")
    assert timezone.now() > again(message).updated_at
