"""Letters through claim, compile, send and record, beside plain senders that remember nothing or can repeat."""

import os
import shutil
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from statistics import median

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction

from apps.postbox.models import Message
from apps.postbox.services.queue import message_queue
from scripts.processes import ROOT

from .measuring import Line

NEEDS_DATABASE = True
ROUNDS = 3
WORKERS = 2
TEXT = "Excellency,\n\nwe write to you on behalf of 315 organisations.\n" * 95
SENDER = "letters@mc11.example"
#: a worker that begins when it reads a line, drains once, and prints how long that took
WORKER = """
import sys, time
import django
django.setup()
from apps.postbox.services.send_worker import messages_deliver
from apps.postbox.selectors.kill_switch import switch_read
switch_read()
print("ready", flush=True)
sys.stdin.readline()
more = True
while more:
    more = messages_deliver(limit=100_000).more
"""


@dataclass
class Letters:
    """So many letters with these files."""

    name: str
    number: int
    files: list[tuple[str, bytes, str]] = field(default_factory=list)
    goals: tuple[float, float] = (0.0, 0.0)


def run() -> Iterator[Line]:
    sink = shutil.which("smtp-sink", path=f"{os.environ['PATH']}:/usr/sbin:/usr/lib/postfix/sbin")
    if sink is None:
        print("outreach: skipped. It needs smtp-sink, from Debian's package postfix: scripts/system_packages bench")
        return
    pdf = ("letter.pdf", os.urandom(200_000), "application/pdf")
    with smtp_sink(sink) as port:
        os.environ.update({"SMTP_PORT": str(port), "POSTBOX_CONNECTIONS": "8"})
        settings.POSTBOX = {**settings.POSTBOX, "PORT": port, "CONNECTIONS": 8}
        for letters in (Letters("6kb", 2000, goals=(1.5, 0.7)), Letters("pdf", 600, [pdf], (2.5, 0.7))):
            yield from send_beside_others(letters, port)
        yield from queue_of_a_million()


def send_beside_others(letters: Letters, port: int) -> Iterator[Line]:
    ours, plain, source = [], [], []
    for _ in range(ROUNDS):
        plain.append(plain_loop(letters, port))
        ours.append(through_the_postbox(letters))
        source.append(smtp_source(letters, port))
    value = median(ours)
    for name, goal, floor in (("plain", letters.goals[0], plain), ("smtp_source", 0.0, source)):
        ratio = median(one / other for one, other in zip(ours, floor, strict=True))
        yield Line(f"outreach.{letters.name}.{name}", goal, ratio, value, median(floor))


def through_the_postbox(letters: Letters) -> float:
    queue(letters)
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(WORKERS)
    ]
    for worker in workers:
        assert worker.stdout
        assert worker.stdout.readline() == "ready\n"
    began = time.perf_counter()
    for worker in workers:
        assert worker.stdin
        worker.stdin.write("go\n")
        worker.stdin.flush()
    for worker in workers:
        assert worker.wait() == 0
    rate = letters.number / (time.perf_counter() - began)
    left = Message.objects.exclude(state="accepted").count()
    assert left == 0, f"{left} letters did not leave"
    Message.objects.all().delete()
    return rate


def queue(letters: Letters) -> None:
    with transaction.atomic():
        for number in range(letters.number):
            message_queue(
                kind="letter", policy="once", to_address=f"minister{number}@trade{number % 164}.example",
                subject=f"A letter {number}", text_body=f"{TEXT}{number}", from_header=SENDER,
                once_key=f"letter:1:recipient:{number}", authorisation="dispatch:1", want_answers=True,
                attachments=[(name, kind, content) for name, content, kind in letters.files],
            )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE postbox_message")


def plain_loop(letters: Letters, port: int) -> float:
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as client:
        for number in range(letters.number // 2):
            to = f"minister{number}@trade{number % 164}.example"
            mail = EmailMessage(f"A letter {number}", f"{TEXT}{number}", SENDER, [to], attachments=letters.files)
            client.sendmail(SENDER, [to], mail.message().as_bytes(policy=policy.SMTP))
    return letters.number // 2 / (time.perf_counter() - began)


def smtp_source(letters: Letters, port: int) -> float:
    size = 6000 + sum(len(content) * 4 // 3 for _name, content, _kind in letters.files)
    source = shutil.which("smtp-source", path="/usr/sbin:/usr/lib/postfix/sbin") or "smtp-source"
    began = time.perf_counter()
    number = ["-m", str(letters.number), "-l", str(size)]
    subprocess.run([source, "-s", "2", *number, f"127.0.0.1:{port}"], check=True)
    return letters.number / (time.perf_counter() - began)


def queue_of_a_million() -> Iterator[Line]:
    return
    yield


@contextmanager
def smtp_sink(program: str) -> Iterator[int]:
    """Postfix's sink on a free port: it takes everything and keeps nothing."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    with subprocess.Popen([program, *user, f"127.0.0.1:{port}", "200"], stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(lambda: listens(port))
            yield port
        finally:
            process.terminate()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(happened: Callable[[], bool]) -> None:
    ends = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < ends, "the sink does not listen"
        time.sleep(0.05)
