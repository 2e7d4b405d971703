"""Random sequences of all that can happen to mail, against a model of what mail servers took, on real PostgreSQL.

I1: automatic operation gives at most one acceptance by a mail server per letter.
I2: every queued mail has exactly one row, and none vanishes.
I3: only `claimed` is reclaimed automatically.
I4: at most one new doubt per interrupted final reply, and each is shown to people.

Hypothesis writes the sequences and shortens one that breaks a rule to the fewest steps, which it prints as code.
HYPOTHESIS_EXAMPLES is the number of sequences of the long run.
"""

import os
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from apps.core.errors import Conflict
from apps.postbox.models import Attempt, Message, MessageState
from apps.postbox.selectors.messages import messages_in_doubt
from apps.postbox.services.attempt_results import Outcome, message_decide, messages_finish
from apps.postbox.services.claims import messages_claim
from apps.postbox.services.delivery_reports import message_event_record
from apps.postbox.services.kill_switch import switch_kill, switch_release
from apps.postbox.services.last_step import claims_give_back, messages_to_final, messages_to_final_and_accepted
from apps.postbox.services.queue import AlreadyQueued, messages_cancel
from apps.postbox.services.send_worker import expiries_sweep, leases_sweep
from apps.postbox.transports.base import SendResult, SendStatus
from tests.factories.postbox import change_all, end_leases, make_due
from tests.factories.table_copies import empty_tables

pytestmark = pytest.mark.django_db(transaction=True)

EXAMPLES = int(os.environ.get("HYPOTHESIS_EXAMPLES", "2000"))
STEPS = 20
#: more are not queued while so many wait or are under way
MOST_OPEN = 4

YES = SendResult(SendStatus.ACCEPTED, "done", 250, "taken", "The mail server accepted it.")
SILENCE = SendResult(SendStatus.IN_DOUBT, "dot", reason="No answer.")
#: what a server says to the final dot: (whether it took the mail, what the worker hears)
AT_THE_DOT = {
    "yes": (True, YES),
    "4xx": (False, SendResult(SendStatus.DEFERRED, "dot", 451, "busy", "The mail server answered: 451 busy")),
    "5xx": (False, SendResult(SendStatus.REFUSED, "dot", 554, "no", "The mail server answered: 554 no")),
    "taken, no answer": (True, SILENCE),
    "lost, no answer": (False, SILENCE),
}
BEFORE_THE_DOT = {
    "4xx": SendResult(SendStatus.DEFERRED, "rcpt", 450, "later", "The mail server answered: 450 later"),
    "5xx": SendResult(SendStatus.REFUSED, "rcpt", 550, "no", "The mail server answered: 550 no"),
    "full": SendResult(SendStatus.REFUSED, "rcpt", 552, "5.2.2 full", "The mail server answered: 552 full"),
    "no answer": SendResult(SendStatus.DEFERRED, "body", reason="No answer."),
}
#: states of a letter that a mail server may have
LEFT = {"final", "in_doubt"}

index = st.integers(0, 30)
keys = st.tuples(st.sampled_from(["once_key", "address_key"]), st.sampled_from("abc"))


@dataclass
class Mail:
    """What the world knows of a queued mail."""

    row: Message
    key: tuple[str, str]
    taken: int = 0
    allowed: int = 1
    proved: bool = False
    cancelled: bool = False


@dataclass
class Try:
    """An attempt in the hands of a worker."""

    mail: Mail
    number: int
    final: bool = False
    result: SendResult | None = None

    def hear_at_the_dot(self, answer: str) -> None:
        took, self.result = AT_THE_DOT[answer]
        self.mail.taken += took


def rows_read() -> dict[UUID, tuple[str, int]]:
    """{id: (state, attempt)} of every row there is."""
    rows = Message.objects.values_list("pk", "state", "attempt")
    return {pk: (state, attempt) for pk, state, attempt in rows}


class PostboxMachine(RuleBasedStateMachine):
    """Each rule is one thing that a worker, a server, the clock or a person does, through the real services."""

    def __init__(self, make_message: Callable[..., Message]) -> None:
        super().__init__()
        empty_tables()
        self.make_message = make_message
        self.mails: dict[UUID, Mail] = {}
        self.tries: list[Try] = []
        #: refused before the last step, and not recorded yet
        self.late: list[Try] = []
        self.killed = False
        self.before: dict[UUID, tuple[str, int]] = {}
        #: what this step may send back from its last step, by a definite answer or a person's decision
        self.excused: set[UUID] = set()
        self.doubted: set[tuple[UUID, int]] = set()
        self.reports = 0

    # what happens

    @precondition(lambda self: len(self.mails_in(*MessageState.OPEN)) < MOST_OPEN)
    @rule(policy=st.sampled_from(["once", "once", "once", "repeatable"]), key=keys)
    def queue(self, policy: str, key: tuple[str, str]) -> None:
        lives = any(mail.key == key for mail in self.mails_in(*set(MessageState.values) - set(MessageState.DEAD)))
        given = {"once_key": "", "address_key": "", key[0]: key[1], "text_body": "Excellency"}
        if lives:
            with pytest.raises(AlreadyQueued) as taken:
                self.make_message(policy=policy, **given)
            assert taken.value.key == key[0]
        else:
            row = self.make_message(policy=policy, **given)
            self.mails[row.pk] = Mail(row, key)

    @precondition(lambda self: self.mails_in("queued"))
    @rule(worker=st.sampled_from(["a:1", "b:2"]), limit=st.integers(1, 3))
    def claim(self, worker: str, limit: int) -> None:
        self.take(worker, limit)

    def take(self, worker: str, limit: int) -> list[Try]:
        make_due()
        tries = []
        for row in messages_claim(worker=worker, limit=limit):
            mail = self.mails[row.pk]
            assert self.before[row.pk] == ("queued", row.attempt - 1), "claimed, but it was not waiting"
            assert not mail.cancelled, "claimed after it was cancelled"
            tries.append(Try(mail, row.attempt))
        self.tries += tries
        return tries

    @precondition(lambda self: self.mails_in("queued"))
    @rule(limit=st.integers(1, 3), answer=st.sampled_from(["", *AT_THE_DOT]), records=st.booleans())
    def work(self, limit: int, answer: str, records: bool) -> None:
        """All that a worker does, up to some point where it waits for the next rule."""
        tries = self.take("a:1", limit)
        self.holds()
        if tries:
            tries = self.begin_last_step(tries)
            self.holds()
        for each in tries if answer else []:
            each.hear_at_the_dot(answer)
        if tries and answer and records:
            self.finish(tries)
            self.tries = [each for each in self.tries if each not in tries]

    @precondition(lambda self: self.tries_in(final=False))
    @rule(which=index, many=st.booleans(), together=st.booleans())
    def last_step(self, which: int, many: bool, together: bool) -> None:
        """Perhaps in one transaction with what servers took."""
        taken = [each for each in self.tries_in(answered=True) if each.result == YES] if together else []
        self.begin_last_step(self.chosen(self.tries_in(final=False), which, many=many), taken)

    def begin_last_step(self, chosen: list[Try], taken: Collection[Try] = (), *, again: bool = False) -> list[Try]:
        claims = [(each.mail.row, each.number) for each in chosen]
        if taken:
            accepted = [Outcome(each.mail.row, each.number, YES) for each in taken]
            moved, recorded = messages_to_final_and_accepted(claims=claims, accepted=accepted)
            for each in taken:
                if each.mail.row.pk in recorded and self.before[each.mail.row.pk] == ("final", each.number):
                    self.tries.remove(each)
        else:
            moved = messages_to_final(claims=claims, again=again)
        for each in chosen:
            if each.mail.row.pk not in moved:
                self.tries.remove(each)
                continue
            assert not self.killed, "its last step began after the kill"
            assert not each.mail.cancelled, "its last step began after it was cancelled"
            assert self.before[each.mail.row.pk] == ("claimed", each.number), "its last step began for two"
            each.final = True
        return [each for each in chosen if each.final]

    @precondition(lambda self: self.mails_in("queued") and not self.killed)
    @rule(limit=st.integers(1, 2))
    def be_overtaken(self, limit: int) -> None:
        """A worker stops past its lease, and another one takes what it had."""
        self.take("a:1", limit)
        self.holds()
        self.leases_run_out()
        self.holds()
        self.take("b:2", limit)

    @precondition(lambda self: self.overtaken())
    @rule(which=index, answer=st.sampled_from(["", *AT_THE_DOT, *BEFORE_THE_DOT]), again=st.booleans())
    def go_on_late(self, which: int, answer: str, again: bool) -> None:
        """A worker that was given up goes on where it had stopped, and knows nothing of the other one."""
        each = self.chosen(self.overtaken(), which)[0]
        if answer in BEFORE_THE_DOT:
            each.result = BEFORE_THE_DOT[answer]
        elif self.begin_last_step([each], again=again) and answer:
            each.hear_at_the_dot(answer)
        if each.result:
            self.finish([each])
            self.tries.remove(each)
        assert rows_read()[each.mail.row.pk] == self.before[each.mail.row.pk], "a stale try moved the row of another"

    @precondition(lambda self: self.tries_in(final=True, answered=False))
    @rule(which=index)
    def commit_loses_its_answer(self, which: int) -> None:
        """The worker asks again whether it may send the dot, perhaps after it was given up."""
        each = self.chosen(self.tries_in(final=True, answered=False), which)[0]
        row = each.mail.row
        moved = messages_to_final(claims=[(row, each.number)], again=True)
        assert moved == ({row.pk} if self.before[row.pk] == ("final", each.number) else set())
        if not moved:
            self.tries.remove(each)

    @precondition(lambda self: self.tries_in(final=True, answered=False))
    @rule(which=index, answer=st.sampled_from(list(AT_THE_DOT)))
    def server_answers_the_dot(self, which: int, answer: str) -> None:
        """Perhaps long after the worker was given up."""
        for each in self.chosen(self.tries_in(final=True, answered=False), which):
            each.hear_at_the_dot(answer)

    @precondition(lambda self: self.tries_in(final=False))
    @rule(which=index, answer=st.sampled_from(list(BEFORE_THE_DOT)), records=st.booleans())
    def server_refuses_earlier(self, which: int, answer: str, records: bool) -> None:
        each = self.chosen(self.tries_in(final=False), which)[0]
        self.tries.remove(each)
        each.result = BEFORE_THE_DOT[answer]
        if records:
            self.finish([each])
        else:
            self.late.append(each)

    @precondition(lambda self: self.tries_in(answered=True) or self.late)
    @rule(which=index, many=st.booleans(), again=st.booleans())
    def record(self, which: int, many: bool, again: bool) -> None:
        """Early, late, or once more."""
        chosen = self.chosen(self.tries_in(answered=True) + self.late, which, many=many)
        self.finish(chosen)
        if not again:
            self.tries = [each for each in self.tries if each not in chosen]
            self.late = [each for each in self.late if each not in chosen]

    def finish(self, chosen: list[Try]) -> None:
        for each in chosen:
            code = each.result.code if each.result else None
            if code and 400 <= code <= 599 and self.before[each.mail.row.pk][1] == each.number:
                self.excused.add(each.mail.row.pk)
        messages_finish(outcomes=[Outcome(each.mail.row, each.number, each.result) for each in chosen if each.result])

    @precondition(lambda self: self.mails_in(*MessageState.IN_PROGRESS))
    @rule()
    def leases_run_out(self) -> None:
        """Those of living workers too, which go on."""
        end_leases()
        assert leases_sweep() == len(self.mails_in(*MessageState.IN_PROGRESS))
        assert leases_sweep() == 0

    @precondition(lambda self: self.tries)
    @rule(which=index, dies=st.booleans())
    def worker_ends(self, which: int, dies: bool) -> None:
        """What it knew is lost, unless it can give back what it had not begun."""
        each = self.chosen(self.tries, which)[0]
        self.tries.remove(each)
        if not dies and not each.final:
            claims_give_back(claims=[(each.mail.row, each.number)], reason="The worker ends.")

    @precondition(lambda self: self.mails)
    @rule(which=index, what=st.sampled_from(["cancel", "expire", "kill"]))
    def sending_is_stopped(self, which: int, what: str) -> None:
        mail = list(self.mails.values())[which % len(self.mails)]
        state = self.before[mail.row.pk][0]
        if what == "kill":
            listed = {row.pk for row in switch_kill(actor=None, reason="test")}
            assert listed == {each.row.pk for each in self.mails_in("final")}
            self.killed = True
        elif what == "cancel":
            messages_cancel(messages=[mail.row], reason="test", actor=None)
            mail.cancelled |= state in MessageState.OPEN
        else:
            change_all(Message.objects.filter(pk=mail.row.pk), expires_at=timezone.now() - timedelta(seconds=1))
            assert expiries_sweep() == (state == "queued")

    @precondition(lambda self: self.killed)
    @rule()
    def release(self) -> None:
        switch_release(actor=None)
        self.killed = False

    @precondition(lambda self: self.mails_in("in_doubt"))
    @rule(which=index, decision=st.sampled_from(["accepted", "queued"]))
    def person_decides(self, which: int, decision: str) -> None:
        mails = self.mails_in("in_doubt")
        mail = mails[which % len(mails)]
        message_decide(message=mail.row, decision=decision, evidence="the server's log", actor=None)
        with pytest.raises(Conflict):
            message_decide(message=mail.row, decision=decision, evidence="the server's log", actor=None)
        self.excused.add(mail.row.pk)
        mail.allowed += decision == "queued"
        mail.proved |= decision == "accepted"

    @precondition(lambda self: self.mails)
    @rule(which=index, kind=st.sampled_from(["bounced", "delivered", "replied"]))
    def report_comes(self, which: int, kind: str) -> None:
        """Twice, also before it left, and of what never left: reports can be forged."""
        mail = list(self.mails.values())[which % len(self.mails)]
        mail.proved = True
        self.reports += 1
        name = f"test:{self.reports}"
        assert message_event_record(message=mail.row, kind=kind, provider_id=name, code="5.1.1")
        assert not message_event_record(message=mail.row, kind=kind, provider_id=name, code="5.1.1")

    # what must hold after each step

    @invariant()
    def holds(self) -> None:
        after = rows_read()
        assert set(after) == set(self.mails), "I2: a row vanished, or there is one that nobody queued"
        for pk, (state, attempt) in after.items():
            mail, was = self.mails[pk], self.before.get(pk, ("queued", 0))
            if mail.row.policy == "once":
                self.check_letter(mail, state)
                if was[0] in LEFT and state not in {*LEFT, "accepted", "delivered", "bounced"}:
                    assert pk in self.excused, f"I3: {was[0]} became {state} without a definite no or a person"
            if state == "final" != was[0]:
                assert not self.killed, "its last step began after the kill"
            if state == "in_doubt" != was[0]:
                assert mail.row.policy == "once", "I4: what may be repeated is in doubt"
                assert (pk, attempt) not in self.doubted, "I4: a second doubt about one try"
                self.doubted.add((pk, attempt))
        self.check_shown(after)
        self.before, self.excused = after, set()

    def check_letter(self, mail: Mail, state: str) -> None:
        assert mail.taken <= mail.allowed, f"I1: taken {mail.taken} times"
        if state in {"queued", "claimed", "refused", "expired", "cancelled"}:
            assert mail.taken < mail.allowed, f"I1: {state}, but the server took it and nobody decided"
        if state in {"accepted", "delivered", "bounced"}:
            assert mail.taken or mail.proved, f"{state}, but no server took it and nobody says so"

    def check_shown(self, after: dict[UUID, tuple[str, int]]) -> None:
        in_doubt = {pk for pk, (state, _) in after.items() if state == "in_doubt"}
        if in_doubt or any(state == "in_doubt" for state, _ in self.before.values()):
            shown = list(messages_in_doubt())
            assert {row.pk for row in shown} == in_doubt, "I4: a doubt is not shown"
            assert all("decide" in row.explanation for row in shown), "I4: a doubt does not explain itself"

    def teardown(self) -> None:
        """Every try has its record, numbered without gaps."""
        numbers = Counter(Attempt.objects.values_list("message_id", flat=True))
        assert {pk: attempt for pk, (_, attempt) in self.before.items() if attempt} == dict(numbers)

    # choices

    def mails_in(self, *states: str) -> list[Mail]:
        return [mail for pk, mail in self.mails.items() if self.before[pk][0] in states]

    def tries_in(self, *, final: bool | None = None, answered: bool | None = None) -> list[Try]:
        return [
            each for each in self.tries if final in {None, each.final} and answered in {None, each.result is not None}
        ]

    def overtaken(self) -> list[Try]:
        """Not in their last step, of mails that went back to the queue, or to another worker, since."""
        return [
            each for each in self.tries_in(final=False) if self.before[each.mail.row.pk] != ("claimed", each.number)
        ]

    def chosen(self, tries: list[Try], which: int, *, many: bool = False) -> list[Try]:
        """One, or the newest of each mail: a batch has no mail twice."""
        return list({each.mail.row.pk: each for each in tries}.values()) if many else [tries[which % len(tries)]]


def assert_held(make_message: Callable[..., Message], examples: int, **more: Any) -> None:
    chosen = settings(
        max_examples=examples, stateful_step_count=STEPS, deadline=None, database=None, print_blob=True,
        suppress_health_check=list(HealthCheck), **more,
    )  # fmt: skip
    run_state_machine_as_test(lambda: PostboxMachine(make_message), settings=chosen)


def test_sixty_sequences(make_message: Callable[..., Message]) -> None:
    """The same ones each time."""
    assert_held(make_message, 60, derandomize=True)


@pytest.mark.faults
def test_two_thousand_sequences(make_message: Callable[..., Message]) -> None:
    """Others each time."""
    assert_held(make_message, EXAMPLES)
