"""A file of recipients: read, checked and written, beside the bare reading and inserting of its rows."""

import csv
import io
from collections.abc import Iterator
from functools import partial

from django.db import connection, transaction

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.governments.models import Member
from apps.recipient_imports.services.plan_and_write import import_advance
from apps.recipient_imports.services.transitions import import_accept, import_begin, import_check
from tests.factories import make_campaign, make_member, make_user

from .measuring import Line, compare

NEEDS_DATABASE = True
ROWS = 2_000
HEADS = ("Country", "Office", "Post", "Name", "Email", "Phone", "City", "Language", "Salutation", "Notes")


def run() -> Iterator[Line]:
    """New recipients at ten to an office; each round takes back what it wrote."""
    if not Member.objects.filter(code="KE").exists():  # another part may have loaded the members
        make_member()
    content = table(ROWS)
    yield compare(
        "imports.recipients",
        goal=0.10,
        work=partial(import_file, make_campaign("imports"), make_user(), content),
        floor=partial(insert_rows, content),
        items=ROWS,
    )


def table(count: int) -> bytes:
    lines = (
        f"Kenya;Ministry {number // 10};Post {number};Person {number};p{number}@ke.example;+254 1;Nairobi;en;Sir;"
        for number in range(count)
    )
    return "\r\n".join([";".join(HEADS), *lines]).encode()


def import_file(campaign: Campaign, actor: User, content: bytes) -> None:
    with transaction.atomic():
        batch = import_begin(campaign=campaign, actor=actor, file_name="large.csv", content=content)
        import_check(batch=batch, mapping=batch.mapping)
        import_advance(batch_id=batch.pk)
        batch.refresh_from_db()
        import_accept(batch=batch, actor=actor, mark=batch.plan_mark)
        import_advance(batch_id=batch.pk)
        batch.refresh_from_db()
        assert batch.counts["added"] == ROWS, batch.counts
        transaction.set_rollback(True)


def insert_rows(content: bytes) -> None:
    rows = list(csv.reader(io.StringIO(content.decode()), delimiter=";"))[1:]
    with transaction.atomic(), connection.cursor() as cursor:
        columns = ", ".join(f"c{number} text" for number in range(len(HEADS)))
        cursor.execute(f"CREATE TEMPORARY TABLE plain (id bigserial PRIMARY KEY, {columns}) ON COMMIT DROP")
        marks = ", ".join(["%s"] * len(HEADS))
        cursor.executemany(f"INSERT INTO plain ({columns.replace(' text', '')}) VALUES ({marks})", rows)
        transaction.set_rollback(True)
