"""A letter goes to five recipients in each of 164 governments while twenty faults hit all that takes part: Celery's
workers, Valkey, PostgreSQL and the mail server. Two beats run all the time. No letter twice, none lost, none without
its story.

SOAK_SEED plays the same faults again; the seed is printed. SOAK_FAULTS is their number.
"""

import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from apps.campaign_files.services import campaign_load
from apps.campaigns.models import Campaign
from apps.governments.selectors import members_on, reference_day
from apps.outreach.models import Dispatch
from apps.outreach.services.authorisation import dispatch_authorise
from apps.outreach.services.preparation import dispatch_prepare
from apps.postbox.models import Message, MessageEvent, MessageState
from apps.postbox.selectors.messages import messages_in_doubt
from apps.postbox.services.kill_switch import switch_kill, switch_release
from apps.postbox.services.queue import message_queue
from apps.postbox.services.send_worker import leases_sweep
from scripts.processes import Child, stop_all
from tests.factories.campaign_files import MC11
from tests.factories.campaigns import make_cast
from tests.factories.governments import make_recipient
from tests.factories.letters import make_mc11_version
from tests.factories.own_services import OwnServices, own_services
from tests.factories.postbox import assert_accounted, end_leases, make_due
from tests.factories.smtp_server import ScriptedServer

pytestmark = pytest.mark.faults

SEED = int(os.environ.get("SOAK_SEED", random.randrange(10**6)))
FAULTS = int(os.environ.get("SOAK_FAULTS", "20"))
MEMBERS, RECIPIENTS, CONFIRMATIONS = 164, 5, 100
LETTERS = MEMBERS * RECIPIENTS
WORKERS = BEATS = 2
#: seconds for the faults and what follows, and between two faults where nothing moves
LONGEST, STALLED_AFTER = 20 * 60, 10
#: a stopped worker goes on after so many seconds, a server that hangs after the fewer of them
STOPPED, HANGING = 6, 3
#: besides the faults, at each step of each mail
CHANCES = [("reset", 0.004), ("4xx", 0.01), ("5xx", 0.002), ("421 4.3.2 going down", 0.004)]
HANGS_AT = ["rcpt", "data", "dot", "accepted"]
#: a worker still has to move it
UNSETTLED = ["queued", "claimed", "final"]
#: where a letter may end that nobody cancels, or a person decides
ENDS = {"accepted", "refused", "expired", "in_doubt"}


class Chaos:
    """The processes of the product, and what befalls them."""

    def __init__(self, services: OwnServices, server: ScriptedServer, folder: Path, rng: random.Random) -> None:
        self.services, self.server, self.folder, self.rng = services, server, folder, rng
        self.hangs_at = ""
        self.workers: list[Child] = []
        self.beats: list[Child] = []
        server.chooser = self.choose

    def choose(self, step: str) -> str:
        if step == self.hangs_at:
            return "hang"
        roll = self.rng.random()
        for action, chance in CHANCES:
            roll -= chance
            if roll < 0:
                # after taking a mail a server that says no would be lying; it can only fail to say yes
                return action if step != "accepted" else "reset"
        return ""

    def keep_running(self) -> None:
        self.workers = [worker for worker in self.workers if not worker.ended()]
        self.beats = [beat for beat in self.beats if not beat.ended()]
        while len(self.workers) < WORKERS:
            self.workers.append(self.start("worker", "--concurrency", "2", "--without-gossip", "--without-mingle"))
        while len(self.beats) < BEATS:
            schedule = str(self.folder / f"schedule-{len(self.beats)}")
            self.beats.append(self.start("beat", "--schedule", schedule, "--pidfile="))

    def start(self, name: str, *options: str) -> Child:
        own = {"DATABASE_URL": self.services.database_url, "REDIS_URL": self.services.redis_url}
        several = {
            "POSTBOX_SENDERS": "3", "POSTBOX_CONNECTIONS": "4", "SMTP_PORT": str(self.server.port),
            "POSTBOX_TIMEOUT": "2", "POSTBOX_LEASE": "5",
        }  # fmt: skip
        with (self.folder / f"{name}.log").open("ab") as log:
            return Child(
                name,
                [sys.executable, "-m", "celery", "--quiet", "--app", "ecomcampaign", name, *options],
                env={**os.environ, **own, **several},
                output=log,
            )

    def tick(self) -> None:
        self.keep_running()
        leases_sweep()
        make_due()

    # the faults

    def kill_worker(self) -> None:
        worker = self.workers.pop(self.rng.randrange(len(self.workers)))
        worker.kill_rest()
        worker.process.wait()

    def flush_valkey(self) -> None:
        self.services.flush_valkey()

    def crash_postgres(self) -> None:
        self.services.crash_postgres()

    def hang(self) -> None:
        self.hangs_at = self.rng.choice(HANGS_AT)
        Timer(HANGING, self.recover).start()

    def recover(self) -> None:
        self.hangs_at = ""
        self.server.release()

    def stop_worker_past_its_lease(self) -> None:
        """It goes on after others had its mails. A timer wakes it: it may hold locks that we wait for."""
        worker = self.rng.choice(self.workers)
        os.killpg(worker.pid, signal.SIGSTOP)
        Timer(STOPPED, self.wake, [worker]).start()
        end_leases()  # those of the others too, which go on
        leases_sweep()
        make_due()

    def wake(self, worker: Child) -> None:
        if not worker.ended():
            os.killpg(worker.pid, signal.SIGCONT)

    def stop_all_sending(self) -> None:
        """What is in its last step when the kill returns is in its list."""
        listed = {row.pk for row in switch_kill(actor=None, reason="soak")}
        final = set(Message.objects.filter(state="final").values_list("pk", flat=True))
        assert final <= listed
        switch_release(actor=None)

    def end(self) -> None:
        for child in (*self.workers, *self.beats):
            self.wake(child)
        stop_all([*self.workers, *self.beats], 15)


KINDS: list[Callable[[Chaos], None]] = [
    Chaos.kill_worker, Chaos.flush_valkey, Chaos.crash_postgres, Chaos.hang, Chaos.stop_worker_past_its_lease,
    Chaos.stop_all_sending,
]  # fmt: skip


@pytest.fixture
def services(django_db_blocker: Any) -> Iterator[OwnServices]:
    with django_db_blocker.unblock(), own_services() as own:
        call_command("migrate", verbosity=0, interactive=False)
        yield own


@pytest.fixture
def own_server(settings: Any) -> Iterator[ScriptedServer]:
    with ScriptedServer() as scripted:
        settings.POSTBOX = {**settings.POSTBOX, "PORT": scripted.port, "STEP_TIMEOUT": 2, "DOT_TIMEOUT": 2, "LEASE": 5}
        yield scripted


def test_soak(services: OwnServices, own_server: ScriptedServer, tmp_path: Path) -> None:
    print(f"\nSOAK_SEED={SEED}")  # noqa: T201 – to play it again
    rng = random.Random(SEED)
    dispatch = authorised_mailing()
    chaos = Chaos(services, own_server, tmp_path, rng)
    began = time.monotonic()
    try:
        done = play(chaos, rng)
        while unsettled(dispatch) and time.monotonic() < began + LONGEST:
            chaos.tick()
            time.sleep(0.5)
    finally:
        chaos.end()
    own_server.heal()
    for _ in range(3):
        end_leases()
        leases_sweep()
        make_due()
        call_command("drain")
    counts = Counter(Message.objects.values_list("policy", "state"))
    print(f"{time.monotonic() - began:.0f} s: {dict(counts)}, {dict(done)}")  # noqa: T201 – what the seed led to
    assert_all_there(dispatch, own_server)
    for message in Message.objects.all():
        assert_accounted(message, own_server)
    assert_doubts_stayed()


def authorised_mailing() -> Dispatch:
    """820 letters that may leave, and mails of the other policy beside them."""
    campaign_load(folder=MC11)
    campaign = Campaign.objects.get(slug="mc11")
    cast = make_cast(campaign)
    members = list(members_on(reference_day(campaign)))
    assert len(members) == MEMBERS
    with transaction.atomic():
        for member in members:
            for number in range(RECIPIENTS):
                address = f"post{number}@trade.{member.code.lower()}.example"
                make_recipient(campaign, member, f"Post {number}", address, salutation={})
    with transaction.atomic():
        for number in range(CONFIRMATIONS):
            message_queue(
                kind="confirmation", policy="repeatable", to_address=f"signer{number}@post.example",
                subject="Confirm", text_body="Press the button.",
            )  # fmt: skip
    version = make_mc11_version(campaign, cast, *members, languages=())
    dispatch = dispatch_prepare(version=version, actor=cast.sender)
    return dispatch_authorise(dispatch=dispatch, actor=cast.coordinator, typed_count=LETTERS, plan=dispatch.plan)


def play(chaos: Chaos, rng: random.Random) -> Counter[str]:
    """Each fault after so many more mails, or where nothing moves, after STALLED_AFTER."""
    faults = (KINDS * FAULTS)[: max(FAULTS, len(KINDS))]
    rng.shuffle(faults)
    chaos.keep_running()
    for number, fault in enumerate(faults, 1):
        ends, enough = time.monotonic() + STALLED_AFTER, number * LETTERS // (len(faults) + 1)
        while len(chaos.server.taken) < enough and time.monotonic() < ends:
            time.sleep(0.1)
        fault(chaos)
        chaos.tick()
    return Counter(fault.__name__ for fault in faults)


def unsettled(dispatch: Dispatch) -> bool:
    unmade = dispatch.deliveries.filter(message=None).exists()
    return unmade or Message.objects.filter(state__in=UNSETTLED).exists()


def assert_all_there(dispatch: Dispatch, server: ScriptedServer) -> None:
    """I1 and I2: one letter for each recipient, each in an end or in doubt, and the server knows no other."""
    messages = set(dispatch.deliveries.values_list("message", flat=True))
    assert len(messages - {None}) == dispatch.deliveries.count() == LETTERS
    assert not dispatch.exclusions.exists()
    assert messages == set(Message.objects.filter(kind="letter").values_list("pk", flat=True))
    assert not Message.objects.filter(state__in=UNSETTLED).exists()
    assert set(server.acceptances) <= set(Message.objects.values_list("message_id", flat=True))
    letters = list(Message.objects.filter(policy="once").values_list("message_id", "state"))
    assert {state for _key, state in letters} <= ENDS
    twice = [(key, state) for key, state in letters if server.acceptances[key] > 1]
    assert not twice


def assert_doubts_stayed() -> None:
    """I3 and I4: after a doubt nothing was tried again unless the server's late answer was a no, and every doubt that
    is left is shown."""
    for event in MessageEvent.objects.filter(kind="in_doubt").select_related("message"):
        number = int(event.provider_id.split(":")[1])
        if event.message.attempt > number:
            attempt = event.message.attempts.get(number=number)
            assert attempt.stage == "dot"
            assert 400 <= (attempt.code or 0) <= 599
    shown = {row.pk for row in messages_in_doubt()}
    assert shown == set(Message.objects.filter(state=MessageState.IN_DOUBT).values_list("pk", flat=True))
