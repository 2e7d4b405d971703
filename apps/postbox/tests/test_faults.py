"""Every step of SMTP × hang, reset, 4xx, 5xx: what becomes of a letter, and of a mail that may be repeated."""

import os
from collections.abc import Callable
from typing import Any

import pytest

from apps.postbox.models import Message
from apps.postbox.services.send_worker import leases_sweep, messages_deliver
from tests.factories.postbox import again, assert_accounted, end_leases, eventually, make_due
from tests.factories.smtp_server import ACTIONS, STEPS, ScriptedServer

#: (step, action) → state of a letter after one try; everything not listed waits for its next try
AFTER = {
    **{(step, "5xx"): "refused" for step in ("mail", "rcpt", "data", "body", "dot")},
    **{("dot", action): "in_doubt" for action in ("hang", "reset")},
    **{("accepted", action): "in_doubt" for action in ("hang", "reset")},
}
CASES = [(step, action) for step in STEPS for action in ACTIONS if step != "accepted" or action in {"hang", "reset"}]
BIG = [("plan.pdf", "application/pdf", os.urandom(3_500_000))]


@pytest.mark.parametrize(("step", "action"), CASES)
@pytest.mark.parametrize("policy", ["once", "repeatable"])
def test_each_step_and_fault(
    server: ScriptedServer, make_message: Callable[..., Message], request: Any, step: str, action: str, policy: str
) -> None:
    """Larger than the sockets' buffers where the middle of the body is meant, so that the middle is the middle."""
    if action == "hang":
        request.getfixturevalue("impatient")
    message = make_message(policy=policy, attachments=BIG if step == "body" else ())
    server.faults = {step: action}

    messages_deliver()

    expected = AFTER.get((step, action), "queued")
    if policy == "repeatable" and expected == "in_doubt":
        expected = "queued"
    row = again(message)
    assert row.state == expected, row.explanation
    if policy == "once":
        assert_accounted(message, server)
    attempt = row.attempts.get()
    assert attempt.outcome == {"queued": "deferred"}.get(AFTER.get((step, action), "queued"), row.state) or (
        policy == "repeatable" and attempt.outcome == "in_doubt"
    )
    assert row.events.exists()
    if action in {"4xx", "5xx"}:
        assert (row.last_code or 0) // 100 == int(action[0])
        assert "[address]" in row.last_reply
        assert NO_WORDS[action] in row.explanation
    if row.state == "queued":
        assert "It is tried again." in row.explanation
        assert row.next_at > row.updated_at

    server.heal()
    make_due()
    messages_deliver()
    make_due()
    messages_deliver()

    assert again(message).state == ("accepted" if expected == "queued" else expected)
    assert_accounted(message, server)
    times = server.acceptances[message.message_id]
    if policy == "repeatable" and step in {"dot", "accepted"} and action in {"hang", "reset"}:
        assert times in {1, 2}
    elif (step, action) == ("dot", "hang"):
        # it had the dot all along: the doubt was right
        assert eventually(lambda: server.acceptances[message.message_id] == 1)
    elif step != "accepted":
        assert times == (1 if expected == "queued" else 0)


NO_WORDS = {"4xx": "not now", "5xx": "never"}


def test_nobody_listens(settings: Any, make_message: Callable[..., Message]) -> None:
    """One letter is tried, the others are not worn out against a closed door, and all say why they wait."""
    settings.POSTBOX = {**settings.POSTBOX, "PORT": 1, "CONNECT_TIMEOUT": 0.3}
    messages = [make_message() for _ in range(5)]

    run = messages_deliver()

    assert run.tries == 1
    assert "could not be reached" in run.held
    assert sorted(again(message).attempt for message in messages) == [0, 0, 0, 0, 1]
    assert all("could not be reached" in again(message).explanation for message in messages)


def test_hold_explanations_go_away(server: ScriptedServer, make_message: Callable[..., Message]) -> None:
    messages = [make_message() for _ in range(3)]
    server.faults = {"connect": "5xx"}
    messages_deliver()
    server.heal()
    messages_deliver(limit=1)
    assert sorted(again(message).state for message in messages) == ["accepted", "queued", "queued"]
    waiting = [again(message).explanation for message in messages if again(message).attempt == 0]
    assert waiting == ["Waits for its turn."]


@pytest.mark.usefixtures("impatient")
def test_a_server_that_drips_its_answer_costs_one_step(
    server: ScriptedServer, make_message: Callable[..., Message]
) -> None:
    """Each byte in time, the answer as a whole not: the step's deadline counts."""
    import threading
    import time

    message = make_message()
    slow = threading.Event()

    def chooser(step: str) -> str:
        if step != "mail" or slow.is_set():
            return ""
        slow.set()
        for _ in range(10):
            time.sleep(0.1)
        return "250 late"

    server.chooser = chooser
    messages_deliver()
    assert again(message).state == "queued"
    assert "did not answer in time" in again(message).explanation


def test_one_connection_for_many_and_a_fresh_one_when_the_server_hangs_up(
    server: ScriptedServer, make_message: Callable[..., Message]
) -> None:
    messages = [make_message() for _ in range(5)]
    messages_deliver()
    assert server.connections == 1
    assert "rset" not in server.commands, "a mail that was taken leaves nothing to reset"

    more = [make_message() for _ in range(4)]
    hung_up: list[str] = []

    def chooser(step: str) -> str:
        """After the second mail of the run the server closes instead of answering RSET."""
        if step == "mail" and len(server.taken) == 7 and not hung_up:
            hung_up.append(step)
            return "421 4.4.2 too long"
        return ""

    server.chooser = chooser
    messages_deliver()
    make_due()
    messages_deliver()
    for message in [*messages, *more]:
        assert again(message).state == "accepted"
        assert_accounted(message, server)
    assert server.connections >= 3


def test_a_refused_recipient_does_not_stop_the_next(
    server: ScriptedServer, make_message: Callable[..., Message]
) -> None:
    first, second = make_message(), make_message()
    server.chooser = lambda step: "550 5.1.1 no such user" if step == "rcpt" and not server.taken else ""
    calls: list[str] = []

    def once(step: str) -> str:
        if step == "rcpt":
            calls.append(step)
            return "550 5.1.1 no such user" if len(calls) == 1 else ""
        return ""

    server.chooser = once
    messages_deliver()
    states = {again(first).state, again(second).state}
    assert states == {"refused", "accepted"}
    assert server.connections == 1


def test_a_reply_before_its_time_is_doubt_and_no_dot(
    server: ScriptedServer, make_message: Callable[..., Message]
) -> None:
    """A server that says yes before the dot may have seen an end where there is none: never again by itself."""
    message = make_message()
    server.faults = {"data": "354 go\r\n250 taken"}
    messages_deliver()
    assert again(message).state == "in_doubt"
    assert server.taken == []
    server.heal()
    make_due()
    messages_deliver()
    assert server.taken == []


def test_two_answers_to_one_command_never_count_for_the_next_mail(
    server: ScriptedServer, make_message: Callable[..., Message]
) -> None:
    """An extra "250" left on the line must not be taken for the answer to the next mail's dot."""
    messages = [make_message() for _ in range(3)]
    server.chooser = lambda step: "250 taken\r\n250 taken" if step == "accepted" else ""
    for _ in range(3):
        messages_deliver()
        make_due()
    for message in messages:
        assert_accounted(message, server)
        assert again(message).state == "accepted"


@pytest.mark.usefixtures("impatient")
def test_nonsense_after_the_dot_is_doubt(server: ScriptedServer, make_message: Callable[..., Message]) -> None:
    for answer in ("hello", "999 what", "354 more", "25", "250-and then"):
        message = make_message()
        server.faults = {"dot": answer}
        messages_deliver()
        assert again(message).state == "in_doubt", answer
        assert_accounted(message, server)


def test_wrong_password_and_missing_encryption_wait_and_say_so(
    settings: Any, server: ScriptedServer, make_message: Callable[..., Message]
) -> None:
    """Settings that are wrong must not make letters "refused"."""
    message = make_message()
    settings.POSTBOX = {**settings.POSTBOX, "SECURITY": "starttls"}
    messages_deliver()
    assert again(message).state == "queued"
    assert "no encryption" in again(message).explanation
    server.password = "correct"
    settings.POSTBOX = {**settings.POSTBOX, "SECURITY": "none", "USERNAME": "us", "PASSWORD": "wrong"}
    make_due()
    messages_deliver()
    assert again(message).state == "queued"
    assert "when we signed in: 535" in again(message).explanation


@pytest.mark.parametrize("word", ["ssl", "STARTTLS", "startls", ""])
def test_a_word_for_encryption_that_nobody_knows_is_no_plain_line(
    settings: Any, server: ScriptedServer, make_message: Callable[..., Message], word: str
) -> None:
    message = make_message()
    server.password = "correct"
    settings.POSTBOX = {**settings.POSTBOX, "SECURITY": word, "USERNAME": "us", "PASSWORD": "correct"}
    messages_deliver()
    assert server.connections == 0, "neither the letter nor the password went out"
    assert again(message).state == "queued"
    assert "SMTP_SECURITY is neither none, starttls nor tls" in again(message).explanation


def test_without_encryption_nothing_leaves_this_machine(
    settings: Any, server: ScriptedServer, make_message: Callable[..., Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where nobody ran the system checks. The peer's address is another machine's as far as we can see."""
    message = make_message()
    monkeypatch.setattr("apps.postbox.transports.smtp.is_loopback", lambda address: False)
    messages_deliver()
    assert again(message).state == "queued"
    assert "unencrypted, and SMTP_SECURITY is none" in again(message).explanation
    assert server.commands == []


def test_the_sweep_gives_up_a_dead_worker(server: ScriptedServer, make_message: Callable[..., Message]) -> None:
    from apps.postbox.services.claims import message_claim
    from apps.postbox.services.last_step import message_to_final

    claimed, final = make_message(), make_message()
    for _ in range(2):
        held = message_claim(worker="gone:1")
        assert held
        if held.pk == final.pk:
            assert message_to_final(message=held, attempt=1)
    assert leases_sweep() == 0
    end_leases()
    assert leases_sweep() == 2
    assert again(claimed).state == "queued"
    assert again(final).state == "in_doubt"
    assert {attempt.outcome for attempt in again(final).attempts.all()} == {"lost"}
    make_due()
    messages_deliver()
    assert again(claimed).state == "accepted"
    assert server.acceptances[final.message_id] == 0
