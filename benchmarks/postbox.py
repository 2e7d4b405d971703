"""A mail through the postbox, beside its bare parts."""

import smtplib
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import connection

from apps.postbox.models import Message
from apps.postbox.services.queue import message_queue
from apps.postbox.services.send_worker import messages_deliver
from tests.factories.smtp_server import ScriptedServer

from .measuring import Line, compare

NEEDS_DATABASE = True
MAILS = 20
TEXT = "Excellency,\n\nwe write to you on behalf of 315 organisations.\n" * 40


def run() -> Iterator[Line]:
    """Queued, claimed, handed over and recorded, beside the same mail by smtplib on an open connection with one
    insert and the protocol's three commits as bare statements."""
    with ScriptedServer() as server:
        box: dict[str, Any] = {**settings.POSTBOX, "PORT": server.port, "STEP_TIMEOUT": 30, "DOT_TIMEOUT": 30}
        settings.POSTBOX = box
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS plain (id bigserial PRIMARY KEY, body bytea, state text)")
        with smtplib.SMTP("127.0.0.1", server.port) as client:
            yield compare("postbox.send", goal=0.10, work=through_the_postbox, floor=lambda: bare(client), items=MAILS)
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE plain")
        Message.objects.all().delete()


def through_the_postbox() -> None:
    for _ in range(MAILS):
        message_queue(
            kind="letter", policy="once", to_address="minister@trade.example", subject="A letter", text_body=TEXT
        )
    run = messages_deliver()
    assert run.statuses == {"accepted": MAILS}, run


def bare(client: smtplib.SMTP) -> None:
    content = f"Message-ID: <bare@mc11.example>\r\nSubject: A letter\r\n\r\n{TEXT}".encode()
    with connection.cursor() as cursor:
        for _ in range(MAILS):
            cursor.execute("INSERT INTO plain (body, state) VALUES (%s, 'queued') RETURNING id", [content])
            (row,) = cursor.fetchone()
            cursor.execute("UPDATE plain SET state = 'claimed' WHERE id = %s", [row])
            cursor.execute("UPDATE plain SET state = 'final' WHERE id = %s", [row])
            client.sendmail("letters@mc11.example", ["minister@trade.example"], content)
            cursor.execute("UPDATE plain SET state = 'accepted' WHERE id = %s", [row])
