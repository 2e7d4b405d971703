"""Emails to a hundred thousand signers: how fast they are queued, and how soon a confirmation leaves beside them."""

import statistics
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.db import connection, connections

from apps.accounts.models import User
from apps.campaigns.roles import Role
from apps.coalitions.models import SignOn, SignOnCall
from apps.outreach.models import SignerReport
from apps.outreach.selectors.reports import report_audience, report_fingerprint
from apps.outreach.services import report_sending
from apps.outreach.services.reports import signer_report_authorise, signer_report_save
from apps.postbox.models import Message
from apps.postbox.services.queue import message_queue
from apps.postbox.services.send_worker import messages_deliver
from tests.factories import add_team_member, make_user
from tests.factories.smtp_server import ScriptedServer

from .measuring import Line
from .signing_world import ROLES, add_signatures, make_open_call, open_letter

NEEDS_DATABASE = True
UPDATES, CONFIRMATIONS, WORKERS = 100_000, 40, 2
#: of these, so many are queued by the product; the others are copies, made by SQL
QUEUED = 5_000
#: within which a confirmation must have left (s)
SOON = 5.0
GIVEN = [{"field": "wants_letters", "withdrawn_at": None, "sentence": "Email me", "given_at": "2026-01-01T00:00:00Z"}]
#: columns that are unique, or would be
OWN = {
    "id": "gen_random_uuid()", "message_id": "'<' || gen_random_uuid() || '@bench.example>'", "once_key": "''",
    "reply_token_hash": "replace(gen_random_uuid() || '' || gen_random_uuid(), '-', '')",
}  # fmt: skip


def run() -> Iterator[Line]:
    call = make_open_call()
    add_signatures(call, 1, UPDATES)
    SignOn.objects.update(wants_letters=True, consents=GIVEN)
    yield queueing(authorised_report(call))
    copy_messages(UPDATES - 2 * QUEUED)
    yield confirming()


def authorised_report(call: SignOnCall) -> SignerReport:
    """That a second letter is open, to the signers of the first."""
    cast, second = (
        SimpleNamespace(**{name: User.objects.get(name=f"Bench {name}") for name in ROLES}),
        make_user("Second"),
    )
    add_team_member(second, call.campaign, Role.SENDER)
    report = signer_report_save(
        letter=open_letter(call.campaign, cast, "Second").letter, consent="wants_letters", actor=cast.coordinator,
        texts={"en": ("Another letter", "It is open.")}, per_hour=10**8,
    )  # fmt: skip
    seen, total = report_fingerprint(report, {}), report_audience(report).total
    return signer_report_authorise(report=report, actor=second, typed_count=total, seen=seen)


def queueing(report: SignerReport) -> Line:
    """Mails queued a second, beside bare copies of their rows in one statement."""
    report_sending.MOST_WAITING = 10 * UPDATES
    started = time.perf_counter()
    while report.mails.count() < QUEUED:
        assert report_sending.reports_advance()
    value, started = QUEUED / (time.perf_counter() - started), time.perf_counter()
    copy_messages(QUEUED)
    floor = QUEUED / (time.perf_counter() - started)
    return Line("updates.queue", 0.02, value / floor, value, floor)


def copy_messages(number: int) -> None:
    columns = [str(field.column) for field in Message._meta.concrete_fields]
    values = ", ".join(OWN.get(column, f"model.{column}") for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO postbox_message ({', '.join(columns)}) SELECT {values} FROM (SELECT * FROM postbox_message"
            " WHERE kind = 'report' LIMIT 1) model, generate_series(1, %s)",
            [number],
        )


def confirming() -> Line:
    """The time within which 95 of 100 confirmations leave while workers send updates, beside SOON."""
    stop = threading.Event()
    with ScriptedServer() as server:
        box: dict[str, Any] = {**settings.POSTBOX, "PORT": server.port, "STEP_TIMEOUT": 30, "DOT_TIMEOUT": 30}
        settings.POSTBOX = box
        workers = [threading.Thread(target=deliver, args=[stop]) for _ in range(WORKERS)]
        for worker in workers:
            worker.start()
        waits = [confirmation() for _ in range(CONFIRMATIONS)]
        stop.set()
        for worker in workers:
            worker.join()
    assert Message.objects.filter(kind="report", state="queued").count() > UPDATES // 2
    longest = statistics.quantiles(waits, n=20)[-1]
    return Line("updates.confirmation", 1.0, SOON / longest, 1 / longest, 1 / SOON)


def deliver(stop: threading.Event) -> None:
    try:
        while not stop.is_set():
            messages_deliver(stop=stop.is_set)
    finally:
        connections.close_all()


def confirmation() -> float:
    started = time.perf_counter()
    message = message_queue(
        kind="confirmation", policy="repeatable", to_address="afi@post.example", subject="Confirm", text_body="Press."
    )
    while Message.objects.filter(pk=message.pk, accepted_at=None).exists():
        time.sleep(0.01)
        assert time.perf_counter() - started < 60
    return time.perf_counter() - started
