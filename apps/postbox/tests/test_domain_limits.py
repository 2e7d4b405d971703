"""How many mails an hour go to one domain: the installation's limit, and that of one mailing. Over real SMTP."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.postbox.models import Attempt, Message, Priority, RecipientDomain
from apps.postbox.services.claims import messages_claim
from apps.postbox.services.recipient_domains import LIMITED, OWN_LIMIT
from apps.postbox.services.send_worker import messages_deliver
from tests.factories.concurrency import at_once
from tests.factories.postbox import again, make_due
from tests.factories.smtp_server import ScriptedServer

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def mailing(make_message: Callable[..., Message]) -> Callable[..., list[Message]]:
    """mailing("dispatch:1", 5, "slow.example", domain_limit=3) → letters of it to that domain."""

    def make(name: str, letters: int, domain: str, **given: Any) -> list[Message]:
        return [
            make_message(to_address=f"{name.replace(':', '')}-{number}@{domain}", authorisation=name, **given)
            for number in range(letters)
        ]

    return make


def states(rows: list[Message]) -> list[str]:
    return sorted(again(row).state for row in rows)


def an_hour_later() -> None:
    Attempt.objects.update(started_at=timezone.now() - HOUR)
    RecipientDomain.objects.update(hour_started=timezone.now() - HOUR)


def test_a_mailing_keeps_its_limit_in_each_hour(server: ScriptedServer, mailing: Callable[..., list[Message]]) -> None:
    rows = mailing("dispatch:1", 5, "slow.example", domain_limit=3)
    messages_deliver()
    assert states(rows) == ["accepted"] * 3 + ["queued"] * 2
    for row in map(again, rows):
        if row.state == "queued":
            assert row.explanation == OWN_LIMIT
            assert timedelta(minutes=59) < row.next_at - timezone.now() <= HOUR
    make_due()
    messages_deliver()
    assert len(server.taken) == 3, "they are due, but the hour is not over"
    oldest = Attempt.objects.order_by("started_at")[0]
    Attempt.objects.filter(pk=oldest.pk).update(started_at=timezone.now() - HOUR)
    make_due()
    messages_deliver()
    assert len(server.taken) == 4, "any sixty minutes, not full hours"


def test_it_holds_back_no_other_domain_and_no_other_mailing(
    server: ScriptedServer, mailing: Callable[..., list[Message]]
) -> None:
    slow = mailing("dispatch:1", 5, "slow.example", domain_limit=1)
    elsewhere = mailing("dispatch:1", 1, "quick.example", domain_limit=1)
    wider = mailing("dispatch:2", 5, "slow.example", domain_limit=4)
    free = mailing("dispatch:3", 5, "slow.example")
    code = mailing("", 1, "slow.example", policy="repeatable", kind="sign_in")
    messages_deliver()
    assert states(slow).count("accepted") == 1
    assert states(wider).count("accepted") == 4
    assert set(states([*elsewhere, *free, *code])) == {"accepted"}
    assert {again(row).explanation for row in free} != {OWN_LIMIT}


def test_refused_attempts_count_too(server: ScriptedServer, mailing: Callable[..., list[Message]]) -> None:
    server.faults = {"rcpt": "450 4.7.1 greylisted"}
    rows = mailing("dispatch:1", 4, "grey.example", domain_limit=2)
    messages_deliver()
    server.heal()
    make_due()
    messages_deliver()
    assert not server.taken
    an_hour_later()
    make_due()
    messages_deliver()
    assert states(rows).count("accepted") == 2


def test_the_limit_of_the_installation_holds_for_all_but_codes(
    server: ScriptedServer, mailing: Callable[..., list[Message]], settings: Any
) -> None:
    settings.POSTBOX = {**settings.POSTBOX, "DOMAIN_LIMIT": 3}
    rows = mailing("dispatch:1", 3, "slow.example") + mailing("dispatch:2", 3, "slow.example", domain_limit=2)
    other = mailing("dispatch:1", 1, "quick.example")
    messages_deliver()
    assert states(rows) == ["accepted"] * 3 + ["queued"] * 3
    assert {again(row).explanation for row in rows if again(row).state == "queued"} <= {LIMITED, OWN_LIMIT}
    assert states(other) == ["accepted"]
    late = mailing("dispatch:4", 1, "slow.example") + mailing("", 1, "slow.example", priority=Priority.UPDATE)
    code = mailing("", 1, "slow.example", policy="repeatable", kind="sign_in")
    messages_deliver()
    assert states(code) == ["accepted"], "somebody waits for it"
    assert states(late) == ["queued"] * 2
    an_hour_later()
    make_due()
    messages_deliver()
    assert states([*rows, *late]).count("accepted") == 6


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_keep_it(mailing: Callable[..., list[Message]]) -> None:
    mailing("dispatch:1", 12, "slow.example", domain_limit=3)

    def claim() -> int:
        return sum(len(messages_claim(worker="w:1", limit=2)) for _round in range(4))

    assert sum(at_once(*[claim] * 4)) == 3
