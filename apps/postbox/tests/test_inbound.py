"""Mail that comes in: stored before yes, filed by token, classified; nothing dropped, nothing counted twice."""

import smtplib
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.postbox.inbound.classification import classify_mail
from apps.postbox.inbound.parsing import parse_mail
from apps.postbox.models import InboundMail, Message, SinkMail
from apps.postbox.services.inbound import Arrival, mails_receive
from apps.postbox.services.send_worker import UNMATCHED_KEPT, messages_deliver, postbox_sweep
from apps.postbox.transports.smtp_server import MAX_CONNECTIONS
from tests.factories.concurrency import at_once, errors
from tests.factories.outreach import move_messages
from tests.factories.postbox import again, eventually
from tests.factories.processes import listening
from tests.factories.smtp_server import ScriptedServer

pytestmark = pytest.mark.django_db

DSN = (
    "From: MAILER-DAEMON@mx.example\r\nTo: x@y.example\r\nSubject: Undelivered\r\nAuto-Submitted: auto-replied\r\n"
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\nMIME-Version: 1.0\r\n\r\n'
    "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
    "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; m@trade.example\r\nAction: {action}\r\n"
    "Status: {status}\r\nDiagnostic-Code: smtp; 550 5.1.1 <m@trade.example> unknown\r\n\r\n"
    "--b\r\nContent-Type: message/rfc822\r\n\r\nAuto-Submitted: no\r\nSubject: Letter\r\n\r\nBody\r\n--b--\r\n"
)

RECEIPT = DSN.replace("delivery-status", "disposition-notification").replace(
    "Action: {action}", "Disposition: manual-action/MDN-sent-manually; displayed"
)


def written(text: str = "Thank you.", **headers: str) -> bytes:
    mail = EmailMessage()
    for name, value in {"From": "m@trade.example", "To": "x@y.example", "Subject": "Re: A letter", **headers}.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


@pytest.mark.parametrize(
    ("raw", "sender", "kind", "code"),
    [
        (written(), "m@trade.example", "reply", ""),
        (written(Subject="Re: automatic weapons"), "m@trade.example", "reply", ""),
        (written(Auto_Submitted="no"), "m@trade.example", "reply", ""),
        (written("Error 550 in your annex"), "m@trade.example", "reply", ""),
        (DSN.format(action="failed", status="5.1.1").encode(), "", "bounce", "5.1.1"),
        (DSN.format(action="Failed", status="5.1.1 (bad)").encode(), "postmaster@mx.example", "bounce", "5.1.1"),
        (DSN.format(action="delayed", status="4.4.1").encode(), "", "delay", "4.4.1"),
        (DSN.format(action="delivered", status="2.0.0").encode(), "", "delivered", "2.0.0"),
        (DSN.format(action="relayed", status="2.0.0").encode(), "", "delivered", "2.0.0"),
        (DSN.replace("delivery-status", "disposition-notification").encode(), "", "bounce", ""),
        (RECEIPT.encode(), "", "delivered", ""),
        (written(Auto_Submitted="auto-replied"), "", "auto_reply", ""),
        (written(Auto_Submitted="auto-generated; x=y"), "m@trade.example", "auto_reply", ""),
        (written(X_Auto_Response_Suppress="All"), "m@trade.example", "reply", ""),
        (written(Precedence="bulk"), "m@trade.example", "auto_reply", ""),
        (written(X_Autoreply="yes"), "m@trade.example", "auto_reply", ""),
        (written(Subject="Automatic reply: A letter"), "m@trade.example", "auto_reply", ""),
        (written(Subject="Réponse automatique : lettre"), "m@trade.example", "auto_reply", ""),
        (written(Subject="رد تلقائي: رسالة"), "m@trade.example", "auto_reply", ""),
        (written("I am away until Monday."), "", "auto_reply", ""),
        (written("550 5.1.1 user unknown", From="MAILER-DAEMON@mx.example"), "", "bounce", "5.1.1"),
        (
            written("Zulu tango.", Subject="Zulu", From="Mail Delivery <mailer-daemon@mx.example>"),
            "<>",
            "unreadable",
            "",
        ),
        (written("550 unknown user", X_Failed_Recipients="m@trade.example"), "x@mx.example", "bounce", "550"),
        (b"", "m@trade.example", "unreadable", ""),
        (b"\x00\xff\xfe" * 100, "m@trade.example", "unreadable", ""),
        (b"Content-Type: multipart/report\r\n\r\nnothing", "", "unreadable", ""),
    ],
)
def test_what_kind_of_mail_it_is(raw: bytes, sender: str, kind: str, code: str) -> None:
    found = classify_mail(parse_mail(raw), sender=sender)
    assert (found.kind, found.code.strip()) == (kind, code)


@pytest.mark.parametrize(
    "raw",
    [
        b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n".join([b"", *[b""] * 3000])[5:],
        b"Subject: =?utf-8?b?broken\r\nFrom: <<<>>>@\r\nContent-Type: text/plain; charset=nonsense\r\n\r\n\xff\xfe",
        b"From: " + b"(" * 20000 + b"\r\n\r\nx",
        b"Content-Type: ;;;;\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
        b"Content-Type: multipart/mixed\r\n\r\nno boundary",
        b"Content-Disposition: attachment; filename*=utf-8''%00..%2f..%2fetc\r\n\r\nx",
        b"\r\n" * 1000,
    ],
)
def test_hostile_mail_is_kept_whatever_it_is(make_message: Callable[..., Message], raw: bytes) -> None:
    message = make_message(want_answers=True)
    arrival = Arrival("x@y.example", message.reply_to, raw)
    mails_receive(arrivals=[arrival, Arrival("x@y.example", "somebody@x.example", raw)], sink=True)
    assert bytes(InboundMail.objects.get().raw) == raw
    assert bytes(SinkMail.objects.get().raw) == raw
    read = parse_mail(raw)
    assert all("/" not in file.filename and "\x00" not in file.filename for file in read.files)


def test_a_nul_in_a_report_does_not_refuse_it(make_message: Callable[..., Message]) -> None:
    """The database takes none, and the server would come again and again."""
    message = make_message(want_answers=True)
    move_messages(Message.objects.filter(pk=message.pk), "accepted")
    raw = (
        b"From: MAILER-DAEMON@mx.example\nIn-Reply-To: <1\0@x>\nContent-Type: multipart/report; boundary=b\n\n--b\n\n"
        b"550 5.1.1 user\0 unknown \0\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <2\0@x>\n\nx\n--b--\n"
    )
    arrivals = [Arrival("", to, raw) for to in (message.reply_to, "postmaster@mc11.example")]
    mails_receive(arrivals=arrivals, sink=False)
    message.refresh_from_db()
    assert message.state == "bounced"
    assert InboundMail.objects.filter(message=None).count() == 1


def test_an_answer_reaches_its_message_once(make_message: Callable[..., Message]) -> None:
    message = make_message(want_answers=True)
    arrivals = [Arrival("m@trade.example", message.reply_to.upper(), written())]
    for _ in range(3):
        mails_receive(arrivals=arrivals, sink=False)
    mail = InboundMail.objects.get()
    assert (mail.kind, mail.message, mail.subject) == ("reply", message, "Re: A letter")
    assert mail.text.strip() == "Thank you."
    assert mail.sender == "m@trade.example"
    assert again(message).replied_at == mail.received_at
    assert list(again(message).events.values_list("kind", flat=True)) == ["replied"]


def test_a_second_answer_keeps_the_first_date(make_message: Callable[..., Message]) -> None:
    message = make_message(want_answers=True)
    for text in ("One.", "Two."):
        mails_receive(arrivals=[Arrival("m@trade.example", message.reply_to, written(text))], sink=False)
    assert again(message).events.filter(kind="replied").count() == 2
    assert again(message).replied_at == InboundMail.objects.order_by("id").first().received_at


def test_an_absence_note_is_no_answer(make_message: Callable[..., Message]) -> None:
    message = make_message(want_answers=True)
    raw = written(Auto_Submitted="auto-replied")
    mails_receive(arrivals=[Arrival("", message.reply_to, raw)], sink=False)
    assert again(message).replied_at is None
    assert again(message).events.get().kind == "auto_replied"


def test_a_later_bounce(server: ScriptedServer, make_message: Callable[..., Message]) -> None:
    message = make_message(want_answers=True, to_address="m@trade.example")
    messages_deliver()
    raw = DSN.format(action="failed", status="5.1.1").encode()
    mails_receive(arrivals=[Arrival("", server.taken[0].envelope_from, raw)], sink=False)
    row = again(message)
    assert row.state == "bounced"
    assert row.bounced_at
    event = row.events.get(kind="bounced")
    assert event.code == "5.1.1"
    assert "@" not in event.detail + row.explanation


def test_mail_that_fits_nothing_is_a_queue(make_message: Callable[..., Message]) -> None:
    message = make_message(want_answers=True)
    unknown = "reply+" + "a" * 52 + "@reply.ecomcampaign.example"
    mails_receive(arrivals=[Arrival("m@trade.example", unknown, written())], sink=False)
    lost = InboundMail.objects.get()
    assert (lost.kind, lost.message, lost.envelope_to) == ("unknown", None, unknown)
    referring = written(In_Reply_To=message.message_id)
    mails_receive(arrivals=[Arrival("n@trade.example", unknown, referring)], sink=False)
    found = InboundMail.objects.exclude(pk=lost.pk).get()
    assert (found.kind, found.message) == ("reply", message)


def test_the_token_is_nowhere_in_plain_and_unguessable(make_message: Callable[..., Message]) -> None:
    first, second = make_message(want_answers=True), make_message(want_answers=True)
    token = first.reply_to.partition("+")[2].partition("@")[0]
    assert len(token) == 52
    assert first.reply_to != second.reply_to
    assert token not in first.reply_token_hash
    assert len(first.reply_to.partition("@")[0]) <= 64


# ---- over SMTP -----------------------------------------------------------------------------------


@pytest.fixture
def sink(settings: Any) -> Iterator[int]:
    with listening("--sink") as port:
        settings.POSTBOX = {**settings.POSTBOX, "PORT": port, "LISTEN_PORT": port}
        yield port


@pytest.mark.django_db(transaction=True)
def test_the_whole_way_and_back(sink: int, make_message: Callable[..., Message]) -> None:
    """A letter goes to the local inbox, its recipient answers, another one's mailbox does not exist."""
    letter = make_message(want_answers=True, attachments=[("letter.pdf", "application/pdf", b"%PDF")])
    gone = make_message(to_address="gone.geneva@mission-ke.example")
    messages_deliver()
    assert again(letter).state == "accepted"
    assert again(gone).state == "refused"
    assert "550" in again(gone).explanation
    kept = SinkMail.objects.get()
    assert (kept.message_id, kept.envelope_to) == (letter.message_id, letter.to_address)
    assert [file.filename for file in parse_mail(bytes(kept.raw)).files] == ["letter.pdf"]
    with smtplib.SMTP("127.0.0.1", sink) as client:
        client.sendmail(letter.to_address, [letter.reply_to, "colleague@x.example"], written())
    assert again(letter).replied_at
    assert SinkMail.objects.count() == 2
    assert InboundMail.objects.get().kind == "reply"


@pytest.mark.django_db(transaction=True)
def test_without_sink_only_our_addresses_are_taken(make_message: Callable[..., Message]) -> None:
    message = make_message(want_answers=True)
    with listening() as port, smtplib.SMTP("127.0.0.1", port) as client:
        client.ehlo()
        client.mail("m@trade.example")
        for stranger in ("a@x.example", "reply+abc@x.example", "info@reply.ecomcampaign.example", message.to_address):
            assert client.rcpt(stranger)[0] == 550
        assert client.rcpt(message.reply_to)[0] == 250
        assert client.rcpt("postmaster@reply.ecomcampaign.example")[0] == 250
        assert client.data(written())[0] == 250
        client.mail("m@trade.example", ["SIZE=99000000"])
    assert sorted(InboundMail.objects.values_list("kind", flat=True)) == ["reply", "unknown"]
    assert SinkMail.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_with_the_database_away_it_is_try_later(make_message: Callable[..., Message]) -> None:
    """The sender keeps the mail and comes again, as long as we cannot store it."""
    message = make_message(want_answers=True)
    with (
        listening(DATABASE_URL="postgresql:///nowhere?host=/nonexistent") as port,
        smtplib.SMTP("127.0.0.1", port) as client,
    ):
        with pytest.raises(smtplib.SMTPDataError) as caught:
            client.sendmail("m@trade.example", [message.reply_to], written())
        assert caught.value.smtp_code == 451
    assert InboundMail.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_the_campaign_hears_of_a_mail_that_is_too_large(make_message: Callable[..., Message]) -> None:
    """Declared or not; a line of a million characters is taken."""
    message = make_message(want_answers=True)
    with listening() as port, smtplib.SMTP("127.0.0.1", port) as client:
        client.ehlo()
        client.mail("m@trade.example", [f"SIZE={60 * 2**20}"])
        assert client.rcpt(message.reply_to)[0] == 552
        client.rset()
        assert not InboundMail.objects.exists()
        assert again(message).events.get().kind == "too_large"
        line = b"x" * 1_000_000 + b"\r\n"
        client.sendmail("m@trade.example", [message.reply_to], b"Subject: Long line\r\n\r\n" + line)
        assert InboundMail.objects.get().size > 1_000_000
        client.mail("m@trade.example")
        client.rcpt(message.reply_to)
        assert client.data(b"Subject: Larger\r\n\r\n" + line * 53)[0] == 552
    assert again(message).events.filter(kind="too_large").count() == 1


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::"])
def test_a_sink_listens_on_loopback_only(host: str) -> None:
    with pytest.raises(CommandError, match="loopback"):
        call_command("run_inbox", sink=True, host=host, port=0)


def test_a_sink_is_not_for_live_mail(settings: Any) -> None:
    settings.POSTBOX = {**settings.POSTBOX, "MODE": "live"}
    with pytest.raises(CommandError, match="POSTBOX_MODE"):
        call_command("run_inbox", sink=True, host="127.0.0.1", port=0)


def test_the_name_of_a_sender_reorders_no_text() -> None:
    raw = "From: Minist\u202e\u00e8re <desk@trade-ke.example>\r\nSubject: Re\r\n\r\nThank you.\r\n".encode()
    assert parse_mail(raw).sender_name == "Minist\u00e8re"


@pytest.mark.django_db(transaction=True)
def test_one_mail_by_two_routes_at_once_is_one_answer(
    make_message: Callable[..., Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    to = make_message(want_answers=True).reply_to
    both, make = threading.Barrier(2), InboundMail.objects.get_or_create

    def make_together(**values: Any) -> Any:
        with suppress(threading.BrokenBarrierError):  # where one waits for the other, only one comes here
            both.wait(2)
        return make(**values)

    monkeypatch.setattr(InboundMail.objects, "get_or_create", make_together)
    routes = [
        Arrival(
            "m@trade.example", to, f"Received: by {host}.example\r\nMessage-ID: <1@trade.example>\r\n\r\nYes".encode()
        )
        for host in ("mx1", "mx2")
    ]
    assert errors(at_once(*(lambda route=route: mails_receive(arrivals=[route], sink=False) for route in routes))) == []
    assert sorted(InboundMail.objects.values_list("kind", flat=True)) == ["duplicate", "reply"]


def test_the_listener_has_our_name_and_takes_so_many_connections(db: None) -> None:
    with listening() as port, ExitStack() as stack:
        clients = [stack.enter_context(smtplib.SMTP("127.0.0.1", port)) for _ in range(MAX_CONNECTIONS)]
        assert clients[0].ehlo()[1].startswith(b"reply.ecomcampaign.example")
        with pytest.raises(smtplib.SMTPConnectError) as refused:
            smtplib.SMTP("127.0.0.1", port)
        assert refused.value.smtp_code == 421
        clients[0].quit()
        assert eventually(lambda: welcome(port) == 220)


def welcome(port: int) -> int:
    with suppress(smtplib.SMTPConnectError), smtplib.SMTP("127.0.0.1", port):
        return 220
    return 421


def test_mail_that_matches_no_letter_is_deleted_in_time(make_message: Callable[..., Message]) -> None:
    for to in ("postmaster@reply.ecomcampaign.example", make_message(want_answers=True).reply_to):
        mails_receive(arrivals=[Arrival("a@b.example", to, written())], sink=False)
    postbox_sweep()
    assert InboundMail.objects.count() == 2
    InboundMail.objects.update(received_at=timezone.now() - UNMATCHED_KEPT - timedelta(hours=1))
    assert postbox_sweep()["unmatched"] == 1
    assert InboundMail.objects.get().kind == "reply"
