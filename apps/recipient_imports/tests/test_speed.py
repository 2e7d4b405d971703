"""Imports of many rows take few statements; `make faults` also holds what fifty thousand may take at worst."""

import time
from hashlib import sha256
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.campaigns.models import Campaign
from apps.governments.models import Recipient, RecipientAddress
from apps.recipient_imports.selectors import rows_of
from apps.recipient_imports.services.plan_and_write import import_advance
from apps.recipient_imports.services.transitions import import_accept, import_begin, import_check
from tests.factories import make_member

pytestmark = pytest.mark.django_db
LETTERS = str.maketrans("0123456789abcdef", "bcdfghjklmnpqrst")
HEADS = "Country;Office;Post;Name;Email;Phone;City;Language;Salutation;Notes\r\n"


def table(count: int, phone: str = "1") -> bytes:
    lines = (
        f"Kenya;Ministry {number // 10};Post {number};Person {number};p{number}@ke.example;+254 {phone};Nairobi;en;Sir;"
        for number in range(count)
    )
    return (HEADS + "\r\n".join(lines)).encode("cp1252")


def run(campaign: Campaign, cast: Any, content: bytes) -> tuple[Any, list[float], int]:
    """The finished import, the seconds of each step, and how many statements writing took."""
    times = [time.process_time()]
    batch = import_begin(campaign=campaign, actor=cast.coordinator, file_name="large.csv", content=content)
    times.append(time.process_time())
    import_check(batch=batch, mapping=batch.mapping)
    import_advance(batch_id=batch.pk)
    times.append(time.process_time())
    batch.refresh_from_db()
    import_accept(batch=batch, actor=cast.coordinator, mark=batch.plan_mark)
    with CaptureQueriesContext(connection) as captured:
        import_advance(batch_id=batch.pk)
    times.append(time.process_time())
    batch.refresh_from_db()
    return batch, [after - before for before, after in pairwise(times)], len(captured)


def test_three_thousand_rows_are_written_by_few_statements(campaign: Campaign, cast: Any) -> None:
    """How many rows that is in a second, `make bench` says."""
    make_member()
    batch, _seconds, statements = run(campaign, cast, table(3_000))
    assert batch.state == "done"
    assert Recipient.objects.count() == RecipientAddress.objects.count() == rows_of(batch).count() == 3_000
    assert statements < 60


def test_the_planner_knows_the_new_rows_at_once(campaign: Campaign, cast: Any) -> None:
    """By statistics from before, it joined each address with each recipient: minutes at 50,000 rows."""
    make_member()
    run(campaign, cast, table(1_000))
    with connection.cursor() as cursor:
        for model in (Recipient, RecipientAddress):
            cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [model._meta.db_table])
            assert cursor.fetchone()[0] >= 1_000


def test_writing_locks_recipients_but_neither_offices_nor_members(campaign: Campaign, cast: Any) -> None:
    """Members belong to all campaigns: a lock on them would make the imports of two campaigns wait for each other."""
    make_member()
    batch = import_begin(campaign=campaign, actor=cast.coordinator, file_name="a.csv", content=table(5))
    import_check(batch=batch, mapping=batch.mapping)
    batch.refresh_from_db()
    with CaptureQueriesContext(connection) as captured:
        import_accept(batch=batch, actor=cast.coordinator, mark=batch.plan_mark)
    statements = [query["sql"] for query in captured]
    locks = [sql for sql in statements if 'FROM "governments_recipient"' in sql and "FOR NO KEY" in sql]
    assert len(locks) == 1
    assert "JOIN" not in locks[0]
    assert not any("ON CONFLICT" in sql for sql in statements), "new rows are written once, not inserted and updated"


@pytest.mark.faults
def test_fifty_thousand_rows_within_a_minute_made_and_then_changed(campaign: Campaign, cast: Any) -> None:
    make_member()
    for phone, counted in (("1", "added"), ("2", "changed")):
        batch, seconds, statements = run(campaign, cast, table(50_000, phone))
        assert (batch.state, batch.counts[counted]) == ("done", 50_000)
        assert sum(seconds) < 60, seconds
        assert statements < 300


@pytest.mark.faults
@pytest.mark.parametrize("names", [2_000_000, 20_000])
def test_fifty_thousand_people_at_one_post_within_a_minute(campaign: Campaign, cast: Any, names: int) -> None:
    """The worst that a file can be: all may be alike, and with few different names most rows are asked about."""
    make_member()
    lines = []
    for number in range(50_000):
        word = sha256(f"{number * 7919 % names}".encode()).hexdigest().translate(LETTERS)
        lines.append(f"Kenya;Parliament;Member;{word[:5]} {word[5:12]};p{number}@ke.example;+254 1;;en;;")
    batch, seconds, _statements = run(campaign, cast, (HEADS + "\r\n".join(lines)).encode())
    assert batch.state == "done"
    assert sum(seconds) < 60, seconds
