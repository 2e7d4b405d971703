"""Two thousand mails through workers that are killed, a server that fails at every step, leases that run out under
living workers, and somebody who stops and releases everything: no letter twice, no row without its story.

SOAK_MAILS and SOAK_SEED change the size and the dice; the seed is printed.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Callable
from subprocess import Popen
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from apps.postbox.models import Message
from apps.postbox.services.kill_switch import switch_kill, switch_release
from apps.postbox.services.send_worker import leases_sweep
from tests.factories.postbox import again, assert_accounted, end_leases, make_due
from tests.factories.processes import NEVER_ENDS, kill, start_worker
from tests.factories.smtp_server import ScriptedServer

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

MAILS = int(os.environ.get("SOAK_MAILS", "2000"))
SEED = int(os.environ.get("SOAK_SEED", random.randrange(10**6)))
WORKERS = 3
LONGEST = 20 * 60
#: per step of each mail
CHANCES = [("hang", 0.002), ("reset", 0.006), ("4xx", 0.01), ("5xx", 0.002), ("421 4.3.2 going down", 0.004)]
#: a row that nobody needs to move any more
SETTLED = ["accepted", "refused", "in_doubt", "expired"]


def dice(rng: random.Random) -> Callable[[str], str]:
    """A fault now and then, at any step."""

    def choose(step: str) -> str:
        roll = rng.random()
        for action, chance in CHANCES:
            roll -= chance
            if roll < 0:
                # after taking a mail a server that says no would be lying; it can only fail to say yes
                return action if step != "accepted" or action in {"hang", "reset"} else "reset"
        return ""

    return choose


class Chaos:
    """Keeps workers running, and kills them."""

    def __init__(self, server: ScriptedServer, rng: random.Random) -> None:
        self.server, self.rng = server, rng
        self.workers: list[Popen[str]] = []
        self.kills = self.stops = 0

    def tick(self) -> None:
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        while len(self.workers) < WORKERS:
            self.workers.append(start_worker(self.server.port, code=NEVER_ENDS))
        roll = self.rng.random()
        if roll < 0.08:
            kill(self.workers.pop(self.rng.randrange(len(self.workers))))
            self.kills += 1
        elif roll < 0.2:
            self.server.release()
        elif roll < 0.27:
            self.stop_and_release()
        elif roll < 0.4:
            end_leases()  # those of living workers too
        leases_sweep()
        make_due()

    def stop_and_release(self) -> None:
        """What is in its last step when the kill returns is in its list."""
        listed = {row.pk for row in switch_kill(actor=None, reason="soak")}
        final = set(Message.objects.filter(state="final").values_list("pk", flat=True))
        assert final <= listed
        self.stops += 1
        switch_release(actor=None)

    def end(self) -> None:
        for worker in self.workers:
            kill(worker)


def test_soak(settings: Any, server: ScriptedServer, make_message: Callable[..., Message]) -> None:
    rng = random.Random(SEED)
    settings.POSTBOX = {**settings.POSTBOX, "CONNECT_TIMEOUT": 5, "STEP_TIMEOUT": 5, "DOT_TIMEOUT": 5}
    with transaction.atomic():
        messages = [
            make_message(policy="repeatable" if number % 5 == 0 else "once", text_body=f"Excellency {number}\n" * 200)
            for number in range(MAILS)
        ]
    server.chooser = dice(rng)
    chaos = Chaos(server, rng)
    ends = time.monotonic() + LONGEST
    try:
        while Message.objects.exclude(state__in=SETTLED).exists() and time.monotonic() < ends:
            chaos.tick()
            time.sleep(0.5)
    finally:
        chaos.end()
    server.heal()
    for _ in range(3):
        end_leases()
        leases_sweep()
        make_due()
        call_command("drain")

    counts = Counter(Message.objects.values_list("policy", "state"))
    told = f"seed {SEED}: {dict(counts)}, {chaos.kills} kills, {chaos.stops} stops"
    print(f"\n{told}")  # noqa: T201 – the seed, to play it again
    assert chaos.kills > 5
    assert not Message.objects.exclude(state__in=SETTLED).exists()
    taken = server.acceptances
    for message in messages:
        assert_accounted(message, server)
        row = again(message)
        if row.policy == "once":
            assert row.state != "accepted" or taken[row.message_id] == 1
        else:
            assert row.state in {"accepted", "refused", "expired"}
