"""Mail from an IMAP account, on a real Dovecot: stored before it is marked; killed anywhere, none lost, none twice."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from apps.postbox.inbound.envelope import envelope_read
from apps.postbox.models import InboundMail, MailboxCursor, Message
from apps.postbox.selectors.mailboxes import mailbox_problem
from apps.postbox.services import mailboxes
from apps.postbox.services.inbound import Arrival, mails_receive
from apps.postbox.services.mailboxes import mailboxes_fetch
from apps.postbox.transports import imap
from tests.factories.concurrency import at_once, errors
from tests.factories.dovecot import PASSWORD, Dovecot, running_dovecot
from tests.factories.postbox import eventually
from tests.factories.processes import is_stopped, kill, start_worker

pytestmark = pytest.mark.django_db(transaction=True)

_numbers = count(1)
MAIL = (
    "Return-Path: <minister@trade.example>\r\nDelivered-To: {to}\r\nReceived: by mx.example; today\r\n"
    "From: Minister <minister@trade.example>\r\nTo: {to}\r\nSubject: Re: A letter\r\n"
    "Message-ID: <{number}@trade.example>\r\n\r\nThank you, number {number}.\r\n"
)


def written(to: str, number: int = 1) -> bytes:
    return MAIL.format(to=to, number=number).encode()


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with running_dovecot() as running:
        yield running


@pytest.fixture
def dovecot(server: Dovecot, settings: Any) -> Dovecot:
    """An empty mailbox, and the settings that lead to it."""
    empty = replace(server, user=f"answers{next(_numbers)}")
    point_at(settings, empty.port, IMAP_USERNAME=empty.user)
    return empty


def point_at(settings: Any, port: int, **values: object) -> None:
    settings.POSTBOX = {
        **settings.POSTBOX,
        "IMAP_HOST": "127.0.0.1",
        "IMAP_PORT": port,
        "IMAP_SECURITY": "none",
        "IMAP_USERNAME": "answers",
        "IMAP_PASSWORD": PASSWORD,
        "IMAP_TIMEOUT": 5,
        **values,
    }


@pytest.fixture
def letter(make_message: Callable[..., Message]) -> Message:
    return make_message(want_answers=True)


def texts() -> list[str]:
    return sorted(mail.text.strip() for mail in InboundMail.objects.all())


def test_a_mail_is_filed_under_its_letter_and_marked_as_read(dovecot: Dovecot, letter: Message) -> None:
    dovecot.append(written(letter.reply_to), written("somebody@mc11.example", 2))
    assert mailboxes_fetch() == 2
    assert dovecot.count("UNSEEN") == 0
    assert InboundMail.objects.get(message=letter).kind == "reply"
    assert texts() == ["Thank you, number 1.", "Thank you, number 2."]
    assert mailboxes_fetch() == 0


def test_mail_is_moved_to_a_folder_that_is_made_if_missing(dovecot: Dovecot, letter: Message, settings: Any) -> None:
    settings.POSTBOX.update(IMAP_DONE_FOLDER="Done")
    dovecot.append(written(letter.reply_to))
    assert mailboxes_fetch() == 1
    assert (dovecot.count(), dovecot.count(folder="Done")) == (0, 1)


def test_a_server_without_move_gets_a_copy_and_a_deletion(letter: Message, settings: Any) -> None:
    with running_dovecot(capability="IMAP4rev1 UIDPLUS LITERAL+") as old:
        point_at(settings, old.port, IMAP_DONE_FOLDER="Done")
        old.append(written(letter.reply_to))
        assert mailboxes_fetch() == 1
        assert (old.count(), old.count(folder="Done")) == (0, 1)


class Killed(BaseException):
    """Ends the worker at once: nothing of ours catches it."""


@pytest.mark.parametrize("done_folder", ["", "Done"])
@pytest.mark.parametrize("step", ["size", "raw", "mails_receive", "_advance", "finish", "finished"])
def test_killed_at_every_step_none_is_lost_and_none_twice(
    dovecot: Dovecot, letter: Message, settings: Any, monkeypatch: Any, step: str, done_folder: str
) -> None:
    settings.POSTBOX.update(IMAP_DONE_FOLDER=done_folder)
    dovecot.append(*(written(letter.reply_to, number) for number in range(4)))
    holder: Any = mailboxes if step in {"mails_receive", "_advance"} else imap.Mailbox
    name = "finish" if step == "finished" else step
    original, calls = getattr(holder, name), []

    def dies(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        if step in {"finished", "mails_receive", "_advance"}:  # after its work, before anything else
            original(*args, **kwargs)
        if len(calls) == 2:
            raise Killed
        return None if step in {"finished", "mails_receive", "_advance"} else original(*args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(holder, name, dies)
        with pytest.raises(Killed):
            mailboxes_fetch()
    mailboxes_fetch()
    assert texts() == [f"Thank you, number {number}." for number in range(4)]
    assert dovecot.count("UNSEEN" if not done_folder else "ALL") == 0
    assert letter.events.filter(kind="replied").count() == 4


#: a worker that stops itself (SIGSTOP) before it has committed the fortieth mail
STOPS_IN_THE_MIDDLE = """
import itertools, os, signal
import django
django.setup()
from django.core.management import call_command
from apps.postbox.services import mailboxes
receive, number = mailboxes.mails_receive, itertools.count(1)
def stops(**given):
    receive(**given)
    if next(number) == 40:
        os.kill(os.getpid(), signal.SIGSTOP)
mailboxes.mails_receive = stops
call_command("drain")
"""


def test_kill_9_in_the_middle(dovecot: Dovecot, letter: Message) -> None:
    dovecot.append(*(written(letter.reply_to, number) for number in range(80)))
    names = {name: str(value) for name, value in {"IMAP_HOST": "127.0.0.1", "IMAP_PORT": dovecot.port}.items()}
    names |= {"IMAP_SECURITY": "none", "IMAP_USERNAME": dovecot.user, "IMAP_PASSWORD": PASSWORD}
    worker = start_worker(9, code=STOPS_IN_THE_MIDDLE, **names)
    assert eventually(lambda: is_stopped(worker))
    kill(worker)
    assert InboundMail.objects.count() == 39, "it was killed in the middle of the fortieth"

    def reads_the_rest() -> bool:  # once the database has noticed that the other is gone, whose lock it holds
        mailboxes_fetch()
        return InboundMail.objects.count() >= 80

    assert eventually(reads_the_rest)
    assert texts() == sorted(f"Thank you, number {number}." for number in range(80))
    assert dovecot.count("UNSEEN") == 0


def test_after_a_change_of_uid_validity_none_is_lost_and_none_twice(dovecot: Dovecot, letter: Message) -> None:
    dovecot.append(written(letter.reply_to, 1), written("somebody@mc11.example", 2))
    mailboxes_fetch()
    was = MailboxCursor.objects.get().uid_validity
    dovecot.change_uid_validity()
    dovecot.append(written(letter.reply_to, 3))
    mailboxes_fetch()
    assert MailboxCursor.objects.get().uid_validity != was
    assert texts() == [f"Thank you, number {number}." for number in (1, 2, 3)]


def test_a_copy_by_smtp_and_one_by_imap_are_one(dovecot: Dovecot, letter: Message) -> None:
    for number, to in ((1, letter.reply_to), (2, "somebody@mc11.example")):
        raw = written(to, number)
        bare = raw[raw.index(b"From:") :]
        mails_receive(arrivals=[Arrival("minister@trade.example", to, bare)], sink=False)
        dovecot.append(raw)
    mailboxes_fetch()
    assert letter.events.filter(kind="replied").count() == 1
    assert [mail.kind for mail in InboundMail.objects.filter(message=letter).order_by("pk")] == ["reply", "duplicate"]
    assert InboundMail.objects.filter(message=None).count() == 1


def test_two_workers_do_not_read_at_once(dovecot: Dovecot, letter: Message) -> None:
    dovecot.append(*(written(letter.reply_to, number) for number in range(5)))
    results = at_once(mailboxes_fetch, mailboxes_fetch)
    assert not errors(results)
    assert InboundMail.objects.count() == 5


def test_a_mail_that_is_too_large_is_told_and_not_fetched(dovecot: Dovecot, letter: Message, monkeypatch: Any) -> None:
    monkeypatch.setattr(mailboxes, "MAX_RECEIVED_BYTES", 2000)
    monkeypatch.setattr(imap.Mailbox, "raw", lambda self, uid: pytest.fail("it was fetched"))
    dovecot.append(written(letter.reply_to) + b"x" * 3000)
    assert mailboxes_fetch() == 1
    mail = InboundMail.objects.get(message=letter)
    assert (mail.kind, mail.subject, mail.sender) == ("reply", "Re: A letter", "minister@trade.example")
    assert "is not fetched" in mail.text
    assert b"xxxx" not in bytes(mail.raw)


def test_a_mail_that_cannot_be_stored_does_not_hold_back_the_next(
    dovecot: Dovecot, letter: Message, monkeypatch: Any
) -> None:
    dovecot.append(written(letter.reply_to, 1), written(letter.reply_to, 2))

    def refuses(*, arrivals: list[Arrival], sink: bool) -> None:
        if b"number 1" in arrivals[0].raw:
            raise ValueError("too strange")
        mails_receive(arrivals=arrivals, sink=sink)

    with monkeypatch.context() as patched:
        patched.setattr(mailboxes, "mails_receive", refuses)
        mailboxes_fetch()
    assert texts() == ["Thank you, number 2."]
    assert "1 email in the mailbox “INBOX” could not be stored" in mailbox_problem()
    assert dovecot.count("UNSEEN") == 1
    MailboxCursor.objects.update(retried_at=timezone.now() - timedelta(hours=2))
    mailboxes_fetch()
    assert texts() == ["Thank you, number 1.", "Thank you, number 2."]
    assert mailbox_problem() == ""
    assert dovecot.count("UNSEEN") == 0


def test_without_the_database_the_cursor_stays(dovecot: Dovecot, letter: Message, monkeypatch: Any) -> None:
    dovecot.append(written(letter.reply_to))

    def gone(**given: object) -> None:
        raise OperationalError("gone")

    with monkeypatch.context() as patched:
        patched.setattr(mailboxes, "mails_receive", gone)
        with pytest.raises(OperationalError):
            mailboxes_fetch()
    assert (dovecot.count("UNSEEN"), MailboxCursor.objects.get().last_uid) == (1, 0)


def test_a_wrong_password_is_shown_to_operators_and_not_told(dovecot: Dovecot, settings: Any, capfd: Any) -> None:
    settings.POSTBOX.update(IMAP_PASSWORD="not-the-password-9")
    assert mailboxes_fetch() == 0
    assert "refused the user name or the password" in mailbox_problem()
    reasons = " ".join(Client().get("/healthz").json()["reasons"])
    assert "refused the user name or the password" in reasons
    assert "not-the-password-9" not in reasons + "".join(capfd.readouterr())
    assert MailboxCursor.objects.get().next_at > timezone.now(), "not again at once: accounts are locked for that"


@pytest.mark.parametrize(("security", "words"), [("tls", "could not be encrypted"), ("starttls", "STARTTLS")])
def test_a_server_without_encryption_never_gets_the_password(
    dovecot: Dovecot, settings: Any, monkeypatch: Any, security: str, words: str
) -> None:
    settings.POSTBOX.update(IMAP_SECURITY=security)
    monkeypatch.setattr(imap.IMAPClient, "login", lambda *given: pytest.fail("it signed in"))
    assert mailboxes_fetch() == 0
    assert words in mailbox_problem()


@contextmanager
def answering(*answers: bytes) -> Iterator[int]:
    """A server that says this to whoever connects, then nothing any more."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        held: list[socket.socket] = []

        def accept() -> None:
            wire, _address = listening.accept()
            held.append(wire)
            for answer in answers:
                wire.sendall(answer)

        threading.Thread(target=accept, daemon=True).start()
        yield listening.getsockname()[1]
        for wire in held:
            wire.close()


@pytest.mark.parametrize("answers", [[], [b"* OK ready\r\n"]])
def test_a_server_that_hangs_is_given_up(settings: Any, monkeypatch: Any, answers: list[bytes]) -> None:
    monkeypatch.setattr(imap, "CONNECT_SECONDS", 0.3)
    with answering(*answers) as port:
        point_at(settings, port, IMAP_TIMEOUT=0.3)
        assert mailboxes_fetch() == 0
    assert "did not answer in time" in mailbox_problem()


def test_a_connection_that_breaks_is_a_problem_until_it_works_again(
    dovecot: Dovecot, letter: Message, settings: Any, monkeypatch: Any
) -> None:
    dovecot.append(written(letter.reply_to))
    with monkeypatch.context() as patched:
        patched.setattr(imap.Mailbox, "raw", lambda self, uid: self._client.socket().shutdown(2) or self.size(uid))
        mailboxes_fetch()
    assert "The connection broke" in mailbox_problem()
    assert mailboxes_fetch() == 0, "there is a pause after a failure"
    assert mailboxes_fetch(force=True) == 1
    assert mailbox_problem() == ""


def test_in_sink_mode_no_connection_leaves_this_machine(settings: Any, monkeypatch: Any) -> None:
    opened: list[object] = []
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.7", 993))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)
    monkeypatch.setattr(socket.socket, "connect", lambda self, address: opened.append(address))
    point_at(settings, 993, IMAP_HOST="mail.example", IMAP_SECURITY="tls")
    mailboxes_fetch()
    assert opened == []
    assert "sink mode" in mailbox_problem()


def test_drain_reads_mailboxes_too(dovecot: Dovecot, letter: Message) -> None:
    dovecot.append(written(letter.reply_to))
    Message.objects.filter(pk=letter.pk).update(next_at=timezone.now() + timedelta(hours=1))
    call_command("drain")
    assert texts() == ["Thank you, number 1."]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (b"Return-Path: <>\r\nDelivered-To: a@r.test\r\nTo: b@r.test", ("", ["a@r.test"])),
        (b"Delivered-To: box@host.test\r\nTo: X <A@r.test>, b@r.test, c@x.test", ("", ["a@r.test", "b@r.test"])),
        (b"Delivered-To: box@host.test\r\nTo: c@x.test\r\nFrom: M <m@t.test>", ("m@t.test", ["box@host.test"])),
        (b"To: undisclosed-recipients:;", ("", [""])),
        (b"\xff\xfe: \x00", ("", [""])),
    ],
)
def test_the_envelope_is_read_from_headers(header: bytes, expected: tuple[str, list[str]]) -> None:
    assert envelope_read(header, lambda address: address.endswith("@r.test")) == expected
