"""Letters through claim, compile, send and record, beside plain senders that remember nothing or can repeat."""

import json
import os
import shutil
import smtplib
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction

from apps.postbox.models import Message
from apps.postbox.services.claims import messages_claim
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
print("done", flush=True)
"""


#: django-post_office's own command, which starts two processes that share what is queued
POST_OFFICE = """
import sys
import django
django.setup()
from post_office.mail import send_queued_mail_until_done
print("ready", flush=True)
sys.stdin.readline()
send_queued_mail_until_done(sys.argv[1] + "/lock", processes=2)
print("done", flush=True)
"""
POST_OFFICE_QUEUE = """
import json, sys
import django
django.setup()
from django.core.files.base import ContentFile
from django.core.management import call_command
from post_office import mail
from post_office.models import Attachment, Email
call_command("migrate", "post_office", verbosity=0)
Email.objects.all().delete()
letters = json.load(sys.stdin)
mail.send_many(letters)
for name in sys.argv[1:]:
    attachment = Attachment.objects.create(file=name, name="letter.pdf", mimetype="application/pdf")
    attachment.emails.add(*Email.objects.all())
"""
POST_OFFICE_LEFT = """
import django
django.setup()
from post_office.models import STATUS, Email
print(Email.objects.exclude(status=STATUS.sent).count(), Email.objects.count())
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
        print("outreach: skipped. It needs smtp-sink, from Debian's package postfix: `scripts/system_packages bench`")
        return
    pdf = ("letter.pdf", os.urandom(200_000), "application/pdf")
    with smtp_sink(sink) as port:
        os.environ.update({"SMTP_PORT": str(port), "POSTBOX_CONNECTIONS": "16"})
        settings.POSTBOX = {**settings.POSTBOX, "PORT": port, "CONNECTIONS": 16}
        for letters in (Letters("6kb", 1200, goals=(1.5, 0.7)), Letters("pdf", 300, [pdf], (2.5, 0.7))):
            yield from send_beside_others(letters, port)
        yield from queue_of_a_million()


def send_beside_others(letters: Letters, port: int) -> Iterator[Line]:
    ours, plain, office, source = [], [], [], []
    for _ in range(ROUNDS):
        plain.append(plain_loop(letters, port))
        ours.append(through_the_postbox(letters))
        office.append(post_office(letters, port))
        source.append(smtp_source(letters, port))
    value = median(ours)
    others = ("plain", letters.goals[0], plain), ("post_office", letters.goals[1], office), ("smtp_source", 0.0, source)
    for name, goal, floor in others:
        ratio = median(one / other for one, other in zip(ours, floor, strict=True))
        yield Line(f"outreach.{letters.name}.{name}", goal, ratio, value, median(floor))


def through_the_postbox(letters: Letters) -> float:
    queue(letters)
    rate = letters.number / seconds_of([[WORKER]] * WORKERS)
    left = Message.objects.exclude(state="accepted").count()
    assert left == 0, f"{left} letters did not leave"
    Message.objects.all().delete()
    return rate


def seconds_of(programs: list[list[str]]) -> float:
    """How long these Python programs take that begin together, until they say that they are done."""
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", *each], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for each in programs
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
        assert worker.stdout
        assert worker.stdout.readline() == "done\n"
    seconds = time.perf_counter() - began
    assert [worker.wait() for worker in workers] == [0] * len(workers)
    return seconds


def post_office(letters: Letters, port: int) -> float:
    """With the settings that make it fastest: everything in one batch, eight connections in each process."""
    queued = [
        {"recipients": f"minister{number}@trade{number % 164}.example", "sender": SENDER,
         "subject": f"A letter {number}", "message": f"{TEXT}{number}"}
        for number in range(letters.number)
    ]  # fmt: skip
    with TemporaryDirectory() as directory:
        for name, content, _kind in letters.files:
            Path(directory, name).write_bytes(content)
        os.environ |= {"POST_OFFICE_FILES": directory, "POST_OFFICE_BATCH": str(letters.number)}
        with use_settings("benchmarks.post_office_settings"):
            names = [name for name, _content, _kind in letters.files]
            run_python(POST_OFFICE_QUEUE, *names, said=json.dumps(queued))
            seconds = seconds_of([[POST_OFFICE, directory]])
            assert run_python(POST_OFFICE_LEFT) == f"0 {letters.number}\n"
    return letters.number / seconds


@contextmanager
def use_settings(name: str) -> Iterator[None]:
    """For processes that begin meanwhile."""
    ours, os.environ["DJANGO_SETTINGS_MODULE"] = os.environ["DJANGO_SETTINGS_MODULE"], name
    try:
        yield
    finally:
        os.environ["DJANGO_SETTINGS_MODULE"] = ours


def run_python(program: str, *arguments: str, said: str = "") -> str:
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, cwd=ROOT, input=said, text=True, check=True, stdout=subprocess.PIPE).stdout


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
    """Claims, and the wait of a confirmation, with a million updates queued; with a thousand before and after it,
    because most of such a time is the disk's, which is not the same from one minute to the next."""
    rates: dict[int, list[float]] = defaultdict(list)
    for queued in (1_000, 1_000_000, 1_000):
        fill(queued)
        rates[queued] += claims_a_second()
    many, few = median(rates[1_000_000]), median(rates[1_000])
    yield Line("outreach.queue_of_a_million", 0.7, many / few, many, few)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE postbox_message CASCADE")


def fill(number: int) -> None:
    """Queue so many updates, all due."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE postbox_message CASCADE")
        message_queue(kind="report", policy="once", to_address="a@b.example", subject="x", text_body="x")
        names = [column.column for column in Message._meta.concrete_fields]
        own = {
            **dict.fromkeys(("id", "message_id"), "gen_random_uuid()"),
            **dict.fromkeys(("once_key", "reply_token_hash"), "''"),
            "priority": "9",
            "next_at": "next_at + n * interval '1 microsecond'",
        }
        values = ", ".join(own.get(name, name) for name in names)
        cursor.execute(
            f"INSERT INTO postbox_message ({', '.join(names)}) SELECT {values}"
            f" FROM postbox_message, generate_series(1, {number}) n"
        )
        cursor.execute("VACUUM ANALYZE postbox_message")


def claims_a_second() -> list[float]:
    """Of a confirmation each, behind everything that was queued before; and of eight updates after it."""
    rates = []
    for _ in range(60):
        message_queue(kind="confirmation", policy="repeatable", to_address="a@b.example", subject="x", text_body="x")
        began = time.perf_counter()
        first, *_others = messages_claim(worker="bench:1", limit=8)
        rates.append(1 / (time.perf_counter() - began))
        assert first.kind == "confirmation"
    return rates


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
