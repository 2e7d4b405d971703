"""The contract of a transport, and that the setting chooses it."""

import json
import threading
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import TracebackType
from typing import Any, Self

import pytest
from django.core.checks import run_checks

from apps.postbox.models import Message
from apps.postbox.services.send_worker import messages_deliver
from apps.postbox.transports.base import OutgoingMail, SendResult, SendStatus, get_transport
from tests.factories.mail_provider import provider_settings, running_provider
from tests.factories.postbox import again
from tests.factories.smtp_server import ScriptedServer

MAIL = OutgoingMail(
    "letters@mc11.example",
    "minister@trade.example",
    b"From: letters@mc11.example\r\nMessage-ID: <1@mc11.example>\r\n\r\nBody\r\n",
)


class HttpProvider:
    """Another provider, as somebody would add it: one module and the setting."""

    port = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """There is no connection to close."""

    def send(self, mail: OutgoingMail, commit: Callable[[], bool]) -> SendResult:
        if not commit():
            return SendResult(SendStatus.WITHHELD, "body", reason="Stopped before the request.")
        body = json.dumps({"to": mail.envelope_to, "raw": mail.content.decode()}).encode()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/send", body, timeout=20) as answer:
                code = answer.status
        except OSError as error:
            return SendResult(SendStatus.IN_DOUBT, "dot", reason=f"No answer ({type(error).__name__}).")
        return SendResult(SendStatus.ACCEPTED, "done", code, reason="The provider accepted it.")


@pytest.fixture
def http_provider() -> Iterator[list[str]]:
    taken: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["to"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing to the terminal."""

    with HTTPServer(("127.0.0.1", 0), Handler) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        HttpProvider.port = listening.server_port
        yield taken
        listening.shutdown()


@pytest.fixture(
    params=[
        "apps.postbox.transports.smtp.SmtpSession",
        "apps.postbox.transports.smtp.LocalInbox",
        "apps.postbox.tests.test_transports.HttpProvider",
        "apps.postbox.transports.provider.ProviderSession",
    ]
)
def arrived(
    request: pytest.FixtureRequest, settings: Any, server: ScriptedServer, http_provider: list[str]
) -> Iterator[Callable[[], list[str]]]:
    """Chooses a transport by the setting; arrived() lists to whom its provider has taken mail."""
    chosen = {"TRANSPORT": request.param, "LISTEN_PORT": server.port, "PROVIDER": "resend"}
    settings.POSTBOX = {**settings.POSTBOX, **chosen}
    with running_provider("resend") as resend:
        settings.ANYMAIL = provider_settings("resend", resend.url)
        yield (
            lambda: (
                http_provider
                + [taken.envelope_to for taken in server.taken]
                + [address for taken in resend.taken for address in json.loads(taken.body)["to"]]
            )
        )


def test_after_the_commit_the_mail_leaves_once(arrived: Callable[[], list[str]]) -> None:
    seen: list[list[str]] = []

    def commit() -> bool:
        seen.append(arrived())
        return True

    with get_transport() as transport:
        assert transport.send(MAIL, commit).status == SendStatus.ACCEPTED
    assert seen == [[]], "asked once, while the provider did not have the mail"
    assert arrived() == [MAIL.envelope_to]


def test_without_the_commit_nothing_leaves(arrived: Callable[[], list[str]]) -> None:
    def database_gone() -> bool:
        raise RuntimeError("no database")

    with get_transport() as transport:
        assert transport.send(MAIL, lambda: False).status == SendStatus.WITHHELD
        with pytest.raises(RuntimeError, match="no database"):
            transport.send(MAIL, database_gone)
        assert arrived() == []
        assert transport.send(MAIL, lambda: True).status == SendStatus.ACCEPTED, "the next mail is not affected"
    assert arrived() == [MAIL.envelope_to]


@pytest.mark.django_db(transaction=True)
def test_the_worker_sends_through_the_transport_of_the_setting(
    arrived: Callable[[], list[str]], make_message: Callable[..., Message]
) -> None:
    message = make_message()
    assert messages_deliver().statuses == {"accepted": 1}
    assert arrived() == [message.to_address]
    assert again(message).state == "accepted"


def test_a_transport_that_cannot_be_imported_is_an_error_of_check(settings: Any) -> None:
    settings.POSTBOX = {**settings.POSTBOX, "TRANSPORT": "apps.postbox.transports.pigeon.Pigeon"}
    assert "ecom.E026" in {error.id for error in run_checks(tags=["security"])}
