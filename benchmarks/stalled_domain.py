"""The rate of a mailing to twelve domains while a thirteenth, in the middle of it, takes connections and never answers,
beside its rate without that one."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import median

from django.db import connection, transaction

from apps.postbox.services.queue import message_queue
from scripts.processes import ROOT
from tests.factories.smtp_server import ScriptedServer

from .measuring import Line

NEEDS_DATABASE = True
ROUNDS, WORKERS, DOMAINS, EACH = 3, 2, 12, 100
STALLS = "stalls.example"
TEXT = "Excellency,\n\nwe write to you on behalf of 315 organisations.\n" * 95
#: with production's patience: none of its timeouts ends a stall while the others leave
WORKER = """
import sys
import django
django.setup()
from django.conf import settings
settings.POSTBOX = {**settings.POSTBOX, "STEP_TIMEOUT": 300, "DOT_TIMEOUT": 600, "LEASE": 900}
from apps.postbox.services.send_worker import messages_deliver
from apps.postbox.selectors.kill_switch import switch_read
switch_read()
print("ready", flush=True)
sys.stdin.readline()
messages_deliver(limit=100_000)
"""


def run() -> Iterator[Line]:
    rates: dict[bool, list[float]] = {False: [], True: []}
    with ScriptedServer() as server:
        for number in range(ROUNDS):
            for stalls in (False, True) if number % 2 else (True, False):
                rates[stalls].append(rate_of_the_others(server, stalls))
    ratio = median(one / other for one, other in zip(rates[True], rates[False], strict=True))
    yield Line("stalled_domain.others", 0.9, ratio, median(rates[True]), median(rates[False]))


def rate_of_the_others(server: ScriptedServer, stalls: bool) -> float:
    """Letters a second to the domains that answer, until the last of them has left."""
    queue(stalls)
    server.stalling, before = STALLS, len(server.taken)
    environment = {**os.environ, "SMTP_PORT": str(server.port), "POSTBOX_CONNECTIONS": "4"}
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER], cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(WORKERS)
    ]
    for worker in workers:
        assert worker.stdout
        assert worker.stdout.readline() == b"ready\n"
    began = time.perf_counter()
    for worker in workers:
        assert worker.stdin
        worker.stdin.write(b"go\n")
        worker.stdin.flush()
    while len(server.taken) < before + DOMAINS * EACH:
        time.sleep(0.01)
        assert time.perf_counter() < began + 120, "the others wait for the domain that stalls"
    rate = DOMAINS * EACH / (time.perf_counter() - began)
    server.heal()
    assert [worker.wait() for worker in workers] == [0] * WORKERS
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE postbox_message, postbox_recipientdomain CASCADE")
    return rate


def queue(stalls: bool) -> None:
    """A letter to each domain in turn."""
    domains = [f"trade{number}.example" for number in range(DOMAINS)]
    if stalls:
        domains.insert(DOMAINS // 2, STALLS)
    with transaction.atomic():
        for number in range(EACH):
            for domain in domains:
                message_queue(
                    kind="letter", policy="once", to_address=f"minister{number}@{domain}", subject="A letter",
                    text_body=TEXT, from_header="letters@mc11.example", authorisation="dispatch:1",
                )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE postbox_message")
