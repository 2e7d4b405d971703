"""Mails that are written when they leave, from the row that they are about."""

from typing import Any

import pytest

from apps.core.registries import mail_composers
from apps.postbox.models import Message
from apps.postbox.services.queue import message_queue_composed, messages_erase
from apps.postbox.services.send_worker import messages_deliver
from tests.factories.smtp_server import ScriptedServer

pytestmark = pytest.mark.django_db(transaction=True)
MAIL: dict[str, Any] = {
    "kind": "confirmation", "to_address": "afi@post.example", "composer": "test.rows", "values": {"token": "t0k3n"},
    "from_header": "Coalition <c@mc11.example>", "reply_to": "", "origin": "test.row", "origin_id": 7,
}  # fmt: skip


@pytest.fixture
def compose(monkeypatch: pytest.MonkeyPatch) -> Any:
    """compose(function) registers it as the composer."""
    return lambda function: monkeypatch.setitem(mail_composers, "test.rows", function)


def test_it_is_written_when_it_leaves_and_not_stored(server: ScriptedServer, compose: Any) -> None:
    compose(lambda origin_id, values: (f"Row {origin_id}", f"As of now: {values['token']}\n"))
    message_queue_composed(**MAIL)
    assert messages_deliver().statuses == {"accepted": 1}
    assert b"Subject: Row 7" in server.taken[0].raw
    assert b"As of now: t0k3n" in server.taken[0].raw
    row = Message.objects.get()
    assert (row.state, row.subject, row.text_body) == ("accepted", "", "")


def test_a_mail_about_what_is_gone_is_cancelled(server: ScriptedServer, compose: Any) -> None:
    compose(lambda _origin_id, _values: None)
    message_queue_composed(**MAIL)
    messages_deliver()
    row = Message.objects.get()
    assert (row.state, server.taken) == ("cancelled", [])
    assert "deleted" in row.explanation


def test_a_fault_in_one_mail_lets_the_others_leave(server: ScriptedServer, compose: Any) -> None:
    compose(lambda origin_id, values: (values["token"], "text") if origin_id == "8" else values["nothing"])
    for number in (7, 8):
        message_queue_composed(**{**MAIL, "origin_id": number})
    messages_deliver()
    states = dict(Message.objects.values_list("origin_id", "state"))
    assert states == {"7": "queued", "8": "accepted"}
    assert "could not be put together" in Message.objects.get(origin_id="7").explanation


def test_erasure_takes_its_values_too(compose: Any) -> None:
    message_queue_composed(**MAIL)
    messages_erase(origin="test.row", origin_ids=[7])
    row = Message.objects.get()
    assert (row.state, row.composer_values, row.to_address) == ("cancelled", "", "")
