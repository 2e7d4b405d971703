"""Sending through a provider over HTTP: its answers, what it gets, and that in sink mode nothing leaves the machine."""

import json
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from apps.outreach.services.mail_outcomes import rejects_address
from apps.postbox.models import Message
from apps.postbox.services.send_worker import messages_deliver
from apps.postbox.transports import provider as module
from apps.postbox.transports.base import OutgoingMail, SendStatus
from apps.postbox.transports.mime import mail_bytes
from apps.postbox.transports.provider import ProviderSession, provider_backend
from tests.factories.mail_provider import MailProvider, provider_settings, running_provider
from tests.factories.postbox import again, make_due

MAIL = OutgoingMail(
    "letters@mc11.example",
    "minister@trade.example",
    b"From: Letters <letters@mc11.example>\r\nTo: minister@trade.example\r\nSubject: A letter\r\n"
    b"Message-ID: <1@mc11.example>\r\n\r\nBody\r\n",
)


INACTIVE = (
    "You tried to send to recipient(s) that have been marked as inactive.\nFound inactive addresses: "
    "minister@trade.example.\nInactive recipients are ones that have generated a hard bounce or a spam complaint."
)


@pytest.fixture
def provider(settings: Any) -> Iterator[MailProvider]:
    with running_provider("mailgun") as running:
        use(settings, "mailgun", running)
        yield running


@pytest.fixture
def resend(settings: Any, monkeypatch: Any) -> Iterator[MailProvider]:
    monkeypatch.setattr(module, "PAUSES", (0, 0))
    with running_provider("resend") as running:
        use(settings, "resend", running)
        yield running


def use(settings: Any, name: str, running: MailProvider, **values: object) -> None:
    path = "apps.postbox.transports.provider.ProviderSession"
    settings.POSTBOX = {**settings.POSTBOX, "TRANSPORT": path, "PROVIDER": name, "PROVIDER_TIMEOUT": 0.5, **values}
    settings.ANYMAIL = provider_settings(name, running.url)


def send(mail: OutgoingMail = MAIL) -> Any:
    with ProviderSession() as session:
        return session.send(mail, lambda: True)


@pytest.mark.parametrize(
    ("answer", "status", "code", "stops"),
    [
        ((200, {"id": "<1@x.example>", "message": "Queued. Thank you."}), "accepted", 200, False),
        ((200, "no JSON"), "in_doubt", None, True),
        ((200, {"other": 1}), "in_doubt", None, True),
        ((307, {}), "in_doubt", None, True),
        ((400, {"message": "to parameter x@y.example is wrong"}), "refused", 554, False),
        ((422, {"message": "no"}), "refused", 554, False),
        ((401, "Forbidden"), "deferred", 401, True),
        ((404, {}), "deferred", 404, True),
        ((408, {}), "deferred", 408, True),
        ((429, {"message": "slower"}), "deferred", 429, True),
        ((409, {}), "in_doubt", None, True),
        ((500, "oops"), "in_doubt", None, True),
        ((503, {}), "in_doubt", None, True),
        ("close", "in_doubt", None, True),
        ("half", "in_doubt", None, True),
        ("hang", "in_doubt", None, True),
        ("drip", "in_doubt", None, True),
    ],
)
def test_what_the_provider_says_decides(
    provider: MailProvider, answer: Any, status: str, code: int | None, stops: bool
) -> None:
    provider.answers = [answer]
    result = send()
    assert (result.status, result.code, result.connection_failed) == (status, code, stops), result
    assert len(provider.asked) == 1, "an answer that is not clear is not asked for again"
    assert "@" not in result.reply + result.reason


def test_before_the_request_nothing_is_in_doubt(provider: MailProvider, settings: Any) -> None:
    settings.ANYMAIL = {**settings.ANYMAIL, "MAILGUN_API_URL": "http://127.0.0.1:1/"}
    committed: list[int] = []
    with ProviderSession() as session:
        result = session.send(MAIL, lambda: bool(committed.append(1)))
    assert (result.status, result.connection_failed, committed) == ("deferred", True, [])
    del settings.ANYMAIL["MAILGUN_API_KEY"]
    result = send()
    assert (result.status, result.connection_failed) == ("deferred", True)
    assert "MAILGUN_API_KEY" in result.reason


def test_an_error_of_the_commit_passes_through(provider: MailProvider) -> None:
    def gone() -> bool:
        raise ValueError("the commit's own")

    with ProviderSession() as session, pytest.raises(ValueError, match="the commit's own"):
        session.send(MAIL, gone)
    assert provider.asked == []


def test_the_mail_is_the_one_that_smtp_would_carry(resend: MailProvider, make_message: Callable[..., Message]) -> None:
    files = [("plan – 1.pdf", "application/pdf", b"%PDF-1.7 \x00\xff"), ("a.txt", "text/plain", "é".encode())]
    message = make_message(
        want_answers=True,
        subject="رسالة إلى الوزير " * 8,
        html_body="<p>Excellency</p>",
        attachments=files,
        from_header="Équipe <letters@mc11.example>",
        kind="report",
        policy="repeatable",
        headers={"List-Unsubscribe": "<https://mc11.example/x>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )
    result = send(OutgoingMail(message.envelope_from, message.to_address, mail_bytes(message, files)))
    assert result.status == SendStatus.ACCEPTED
    body = json.loads(resend.taken[0].body)
    assert body["to"] == [message.to_address]
    assert body["subject"] == message.subject
    assert body["text"].strip() == message.text_body.strip()
    assert body["html"].strip() == "<p>Excellency</p>"
    assert "letters@mc11.example" in body["from"]
    assert body["reply_to"] == [message.reply_to] or body["reply_to"] == message.reply_to
    assert body["headers"]["Message-ID"] == message.message_id
    assert body["headers"]["Auto-Submitted"] == "auto-generated"
    assert body["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert json.loads(body["headers"]["X-Metadata"]) == {"ecomcampaign_message": message.message_id}
    assert [part["filename"] for part in body["attachments"]] == ["plan – 1.pdf", "a.txt"]


@pytest.mark.parametrize("unclear", ["close", "hang", (500, {}), (409, {}), (200, "no JSON")])
def test_a_provider_that_knows_the_key_is_asked_again(resend: MailProvider, unclear: Any) -> None:
    resend.answers = [unclear]
    asked: list[int] = []
    with ProviderSession() as session:
        result = session.send(MAIL, lambda: not asked.append(1))
    assert result.status == SendStatus.ACCEPTED
    assert len(asked) == 1, "one attempt, one commit"
    first, second = (request.headers["idempotency-key"] for request in resend.asked)
    assert first == second


def test_a_no_to_the_repetition_says_nothing_of_the_first(resend: MailProvider) -> None:
    resend.answers = ["close", (422, {}), (401, {})]
    assert send().status == SendStatus.IN_DOUBT


@pytest.mark.parametrize("name", ["postmark", "brevo"])
def test_other_providers_take_it_too(settings: Any, name: str) -> None:
    with running_provider(name) as running:
        use(settings, name, running)
        assert send().status == SendStatus.ACCEPTED
        headers = json.loads(running.taken[0].body).get("Headers") or json.loads(running.taken[0].body)["headers"]
        assert "<1@mc11.example>" in json.dumps(headers)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ((200, [{"email": "minister@trade.example", "status": "sent", "_id": "a1"}]), "accepted"),
        ((200, [{"email": "minister@trade.example", "status": "rejected", "reject_reason": "hard-bounce"}]), "refused"),
        ((500, {"status": "error", "code": -1, "name": "Invalid_Key", "message": "Invalid API key"}), "deferred"),
        ((500, {"status": "error", "code": -2, "name": "ValidationError", "message": "wrong"}), "refused"),
        ((500, {"status": "error", "code": -3, "name": "GeneralError", "message": "oops"}), "in_doubt"),
        ((502, "<html>"), "in_doubt"),
    ],
)
def test_mandrill_names_its_errors(settings: Any, answer: Any, status: str) -> None:
    with running_provider("mandrill") as running:
        use(settings, "mandrill", running)
        running.answers = [answer]
        assert send().status == status
        [asked] = running.asked
    assert json.loads(asked.body)["message"]["metadata"] == {"ecomcampaign_message": "<1@mc11.example>"}


def test_a_recipient_that_the_provider_has_blocked_is_refused(settings: Any) -> None:
    with running_provider("postmark") as running:
        use(settings, "postmark", running)
        running.answers = [(422, {"ErrorCode": 406, "Message": INACTIVE})]
        result = send()
    assert (result.status, result.code, result.reply) == ("refused", 554, "5.5.0 rejected")


def test_what_is_said_of_the_mail_marks_no_address(provider: MailProvider) -> None:
    provider.answers = [(422, {"message": "The domain of the sender is not verified"})]
    result = send()
    assert not rejects_address(f"{result.code} {result.reply}")


@pytest.mark.django_db(transaction=True)
def test_a_letter_in_doubt_stays_and_one_deferred_is_tried_again(
    provider: MailProvider, make_message: Callable[..., Message]
) -> None:
    provider.answers = ["close", (429, {}), (200, provider.default[1])]
    doubtful = make_message()
    messages_deliver(limit=1)
    assert again(doubtful).state == "in_doubt"
    letter = make_message()
    assert messages_deliver().held, "nothing else is tried while the provider says slower"
    assert again(letter).state == "queued"
    make_due()
    messages_deliver()
    assert again(letter).state == "accepted"
    assert len(provider.asked) == 3


@pytest.mark.parametrize(
    ("address", "url"), [("192.0.2.7", "https://api.provider.example/"), ("2001:db8::7", "http://x.example/")]
)
def test_in_sink_mode_no_connection_leaves_this_machine(
    settings: Any, monkeypatch: Any, address: str, url: str
) -> None:
    """Proof 4: whatever the name resolves to, and whatever proxy the environment names."""
    opened: list[object] = []
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *args, **kwargs: [(family, socket.SOCK_STREAM, 6, "", (address, 1))]
    )
    monkeypatch.setattr(socket.socket, "connect", lambda self, where: opened.append(where))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    settings.POSTBOX = {**settings.POSTBOX, "PROVIDER": "mailgun", "MODE": "sink"}
    settings.ANYMAIL = provider_settings("mailgun", url.rstrip("/"))
    result = send()
    assert (result.status, opened) == ("deferred", [])
    assert "sink mode" in result.reason


def test_live_mail_never_leaves_unencrypted(settings: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(socket.socket, "connect", lambda self, where: None)
    monkeypatch.setattr(socket.socket, "getpeername", lambda self: ("192.0.2.7", 80))
    settings.POSTBOX = {**settings.POSTBOX, "PROVIDER": "mailgun", "MODE": "live"}
    settings.ANYMAIL = provider_settings("mailgun", "http://192.0.2.7")
    result = send()
    assert (result.status, "unencrypted" in result.reason) == ("deferred", True)


@pytest.mark.parametrize("name", ["", "pigeon", "amazon_ses", "console", "test", "a.b", "os"])
def test_only_providers_with_an_http_interface_can_be_named(name: str) -> None:
    with pytest.raises(ImportError):
        provider_backend(name)
