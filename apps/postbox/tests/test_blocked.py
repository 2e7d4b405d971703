"""Domains whose mail is held back, limits per hour, and addresses that operators block."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.core.models import AuditEvent
from apps.postbox.models import Message, RecipientDomain, Suppression
from apps.postbox.pages.blocked import blocked_lines
from apps.postbox.selectors.domains import domain_key
from apps.postbox.services.claims import messages_claim
from apps.postbox.services.recipient_domains import HELD, domains_sweep
from apps.postbox.services.send_worker import messages_deliver
from tests.factories import make_user
from tests.factories.postbox import again, make_due
from tests.factories.smtp_server import ScriptedServer


@pytest.fixture
def operator(signed_in: Any) -> Client:
    return signed_in(make_user("Op Erator", is_superuser=True))


pytestmark = pytest.mark.django_db


def to(domain: str, number: int) -> str:
    return f"minister{number}@{domain}"


def fail(server: ScriptedServer, make_message: Callable[..., Message], answer: str, number: int = 8) -> list[Message]:
    server.faults = {"rcpt": answer}
    messages = [make_message(to_address=to("stalls.example", each)) for each in range(number)]
    messages_deliver()
    return [again(message) for message in messages]


def test_the_fifth_failure_in_a_row_holds_a_domain_back(
    server: ScriptedServer, make_message: Callable[..., Message]
) -> None:
    rows = fail(server, make_message, "451 4.7.0 come back later")
    assert [row.attempt for row in rows] == [1] * 5 + [0] * 3
    for row in rows[5:]:
        assert row.state == "queued"
        assert "keeps failing" in row.explanation
        assert "come back later" in row.explanation
        assert row.next_at > timezone.now() + timedelta(seconds=100)
    other = make_message(to_address="minister@works.example")
    server.heal()
    messages_deliver()
    assert again(other).state == "accepted"


def test_one_mail_tries_and_its_success_lets_the_others_leave(
    server: ScriptedServer, make_message: Callable[..., Message]
) -> None:
    rows = fail(server, make_message, "4xx")
    make_due()
    probe = messages_claim(worker="a:1", limit=5)
    assert len(probe) == 1, "one at a time"
    server.heal()
    make_due()
    messages_deliver()
    assert RecipientDomain.objects.get().opened_at is None
    assert sorted(again(row).state for row in rows if row != probe[0]) == ["accepted"] * 7


def test_a_probe_that_fails_waits_longer(server: ScriptedServer, make_message: Callable[..., Message]) -> None:
    fail(server, make_message, "4xx")
    first = RecipientDomain.objects.get()
    make_due()
    messages_deliver()
    then = RecipientDomain.objects.get()
    assert then.failures == 6
    assert then.held_until
    assert first.held_until
    assert then.held_until > first.held_until


@pytest.mark.parametrize(
    ("answer", "held"),
    [
        ("450 4.7.1 greylisted", True),
        ("hang", True),
        ("550 5.7.1 we take nothing from you", True),
        ("550 5.1.1 no such user", False),
        ("452 4.2.2 mailbox full", False),
        ("552 5.2.2 mailbox full", False),
    ],
)
def test_what_is_about_a_domain(
    server: ScriptedServer, make_message: Callable[..., Message], request: Any, answer: str, held: bool
) -> None:
    if answer == "hang":
        request.getfixturevalue("impatient")
    rows = fail(server, make_message, answer, 6)
    assert rows[5].explanation.startswith(HELD) is held


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        ("552 5.2.2 over quota", "queued", "mailbox is full"),
        ("552 mailbox full", "queued", "mailbox is full"),
        ("552 5.3.4 message too big", "refused", "too large"),
        ("550 5.7.1 blocked", "refused", "not because of the address"),
        ("550 5.1.1 no such user", "refused", "Refused for good"),
    ],
)
def test_classes_of_refusals(
    server: ScriptedServer, make_message: Callable[..., Message], answer: str, state: str, words: str
) -> None:
    row = fail(server, make_message, answer, 1)[0]
    assert (row.state, words in row.explanation) == (state, True), row.explanation


def test_a_domain_is_stored_as_a_keyed_hash(server: ScriptedServer, make_message: Callable[..., Message]) -> None:
    fail(server, make_message, "4xx", 1)
    row = RecipientDomain.objects.get()
    assert row.key == domain_key("other@Stalls.example")
    assert "stalls" not in row.key
    assert row.name == "stalls.example"
    RecipientDomain.objects.update(updated_at=timezone.now() - timedelta(days=8))
    assert domains_sweep() == 1


def test_operators_see_and_release_a_domain(
    operator: Client, server: ScriptedServer, make_message: Callable[..., Message]
) -> None:
    rows = fail(server, make_message, "451 4.3.0 come back later")
    page = operator.get(reverse("postbox:blocked")).content.decode()
    assert "stalls.example" in page
    assert "come back later" in page
    operator.post(reverse("postbox:release_domain", args=[domain_key("x@stalls.example")]))
    assert AuditEvent.objects.filter(verb="domain.release").count() == 1
    server.heal()
    messages_deliver()
    assert again(rows[7]).state == "accepted"


def test_operators_block_and_lift_an_address(
    operator: Client, server: ScriptedServer, make_message: Callable[..., Message]
) -> None:
    waits = make_message(to_address="tired@trade.example")
    answer = operator.post(reverse("postbox:block"), {"address": "no address", "reason": "asked"})
    assert answer.status_code == 400
    assert "no address" in answer.content.decode(), "what was typed stays"
    operator.post(reverse("postbox:block"), {"address": "Tired@trade.example", "reason": "asked, tired@trade.example"})
    row = Suppression.objects.get()
    assert "@" not in row.reason
    messages_deliver()
    assert again(waits).state == "suppressed"
    assert "operator" in again(waits).explanation
    assert "tired@trade.example" in operator.get(reverse("postbox:blocked")).content.decode()
    lift = reverse("postbox:lift", args=[row.pk])
    assert operator.post(lift, {}).status_code == 400
    assert Suppression.objects.exists()
    operator.post(lift, {f"{row.pk}-why": "mistake"})
    assert not Suppression.objects.exists()
    assert AuditEvent.objects.get(verb="address.allow").data["reason"] == "mistake"
    assert make_message(to_address="tired@trade.example").state == "queued"


def test_the_addresses_of_a_page_are_read_at_once(make_message: Callable[..., Message]) -> None:
    rows = [make_message(to_address=to("tired.example", number)) for number in range(4)]
    for row in rows:
        Suppression.objects.create(address_hash=row.to_hash, key_version=1, cause="operator")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE postbox_message SET to_address = %s WHERE id = %s", [b"unreadable", rows[0].pk])
    found = list(Suppression.objects.order_by("pk"))
    with CaptureQueriesContext(connection) as asked:
        lines = blocked_lines(found)
    assert [line.address for line in lines] == ["", *(to("tired.example", number) for number in (1, 2, 3))]
    assert len(asked) == 1
