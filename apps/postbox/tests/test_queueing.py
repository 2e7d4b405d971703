"""Making messages: keys, suppression, addresses, headers, MIME."""

import email
import email.policy
import random
import threading
from collections.abc import Callable
from datetime import timedelta
from email.header import decode_header, make_header
from typing import Any

import pytest
from django.core import mail as django_mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import connection, transaction
from django.utils import timezone

from apps.core.errors import DomainError
from apps.postbox.models import Message
from apps.postbox.services.delivery_reports import message_event_record
from apps.postbox.services.inbound import Arrival, mails_receive
from apps.postbox.services.queue import AlreadyQueued, mails_erase, message_queue, messages_cancel
from apps.postbox.services.send_worker import messages_deliver
from apps.postbox.services.suppressions import address_suppress
from apps.postbox.transports.base import clean_reply
from apps.postbox.transports.email_addresses import BadAddress, address_check, address_split
from apps.postbox.transports.mime import MailTooLarge, mail_bytes
from apps.postbox.transports.mime_parts import UnsafeHeader
from apps.postbox.transports.smtp import dot_stuffed
from tests.factories.postbox import again
from tests.factories.smtp_server import ScriptedServer

pytestmark = pytest.mark.django_db
ARABIC = "رسالة مفتوحة إلى جميع الحكومات بشأن قواعد التجارة الإلكترونية الجديدة في المؤتمر الوزاري الحادي عشر"


def read(raw: bytes) -> Any:
    return email.message_from_bytes(raw, policy=email.policy.default)


def text_of(header: str) -> str:
    return str(make_header(decode_header(header)))


# ---- keys and suppression ------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["once_key", "address_key"])
def test_a_key_is_taken_until_its_message_is_dead(make_message: Callable[..., Message], key: str) -> None:
    given = {"once_key": "", key: "letter:1:x"}
    first = make_message(**given)
    with pytest.raises(AlreadyQueued) as caught:
        make_message(**given)
    assert caught.value.key == key
    assert Message.objects.count() == 1
    messages_cancel(messages=[first], reason="no", actor=None)
    make_message(**given)


def test_a_key_stays_taken_after_delivery_and_is_free_after_a_bounce(
    server: ScriptedServer, make_message: Callable[..., Message]
) -> None:
    message = make_message(once_key="letter:1:x")
    messages_deliver()
    with pytest.raises(AlreadyQueued):
        make_message(once_key="letter:1:x")
    message_event_record(message=message, kind="bounced", provider_id="b1")
    make_message(once_key="letter:1:x")


@pytest.mark.django_db(transaction=True)
def test_two_dispatches_at_once_queue_one_letter(make_message: Callable[..., Message]) -> None:
    start, errors = threading.Barrier(6), []

    def queue() -> None:
        start.wait()
        try:
            make_message(once_key="letter:1:x")
        except AlreadyQueued as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=queue) for _ in range(6)]
    [thread.start() for thread in threads]
    [thread.join(20) for thread in threads]
    assert Message.objects.count() == 1
    assert len(errors) == 5


def test_a_suppressed_address_gets_nothing(server: ScriptedServer, make_message: Callable[..., Message]) -> None:
    before = make_message(to_address="Minister@Trade.example")
    address_suppress(address="minister@trade.example", reason="asked", actor=None)
    after = make_message(to_address="minister@trade.example", once_key="k")
    assert after.state == "suppressed"
    assert messages_deliver().tries == 0
    assert again(before).state == "suppressed"
    for message in (before, after):
        assert "gets nothing" not in again(message).explanation
        assert "nothing is sent" in again(message).explanation
        assert again(message).events.get().kind == "suppressed"
    make_message(to_address="other@trade.example", once_key="k")


def test_a_suppressed_address_is_found_under_an_older_key(settings: Any, make_message: Callable[..., Message]) -> None:
    address_suppress(address="minister@trade.example", reason="asked", actor=None)
    settings.LOOKUP_KEYS = ["2:" + "bmV3LW5ldy1uZXctbmV3LW5ldy1uZXctbmV3LW5ldy0=", *settings.LOOKUP_KEYS]
    assert make_message(to_address="minister@trade.example").state == "suppressed"


def test_no_wake_up_without_a_commit_and_one_for_many(
    make_message: Callable[..., Message],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    rung: list[str] = []
    monkeypatch.setattr("apps.postbox.services.queue.wake", rung.append)
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(5):
            make_message()
        assert rung == []
    assert rung == ["postbox"]


def test_lifetimes(make_message: Callable[..., Message]) -> None:
    code = make_message(policy="repeatable", kind="sign_in")
    assert code.expires_at
    assert code.expires_at < timezone.now() + timedelta(minutes=16)
    assert make_message().expires_at is None


def test_contents_and_addresses_are_sealed_in_the_database(make_message: Callable[..., Message]) -> None:
    make_message(to_address="minister@trade.example", subject="Secret subject", want_answers=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(m)::text FROM postbox_message m")
        row = cursor.fetchone()[0]
    for plain in ("minister", "Secret", "Excellency", "reply+"):
        assert plain not in row
        assert plain.encode().hex() not in row


# ---- addresses -----------------------------------------------------------------------------------


def test_addresses_taken() -> None:
    assert address_check(" A.b+c@Trade.EXAMPLE ") == "A.b+c@trade.example"
    assert address_check("ministre@économie.example") == "ministre@xn--conomie-9xa.example"
    assert address_check("وزير@trade.example") == "وزير@trade.example"
    assert address_split("Fair, Digital Trade <a@b.example>", field="x") == ("Fair, Digital Trade", "a@b.example")
    assert address_split('"The \\"Fair\\"" <a@b.example>', field="x") == ('The "Fair"', "a@b.example")


@pytest.mark.parametrize(
    "address",
    [
        *("", "nobody", "@b.example", "a@", "a b@c.example", "a@b@c.example", "a@-b.example", "a@b..example"),
        *("a@b.example\r\nRCPT TO:<x@y.example>", "a@b.example>", "<a@b.example", "a@b.example,c@d.example"),
        *(
            "a\u2028@b.example",
            "a\x00@b.example",
            "x" * 65 + "@b.example",
            "a@" + "b" * 64 + ".example",
            ".a@b.example",
        ),
    ],
)
def test_addresses_refused(make_message: Callable[..., Message], address: str) -> None:
    with pytest.raises(BadAddress) as caught:
        make_message(to_address=address)
    assert caught.value.field == "to_address"
    assert Message.objects.count() == 0


# ---- headers and bodies --------------------------------------------------------------------------


@pytest.mark.parametrize("evil", ["a\r\nBcc: x@y.example", "a\nb", "a\rb", "a\x00b", "a\x85b", "a\u2028b"])
@pytest.mark.parametrize(
    ("field", "wrap"),
    [
        ("subject", lambda evil: {"subject": evil}),
        ("from_header", lambda evil: {"from_header": f"{evil} <a@b.example>"}),
        ("reply_to", lambda evil: {"reply_to": f"{evil} <a@b.example>"}),
        ("headers[X-Thing]", lambda evil: {"headers": {"X-Thing": evil}}),
        ("filename", lambda evil: {"attachments": [(evil, "application/pdf", b"x")]}),
        ("content_type", lambda evil: {"attachments": [("x", f"application/{evil}", b"x")]}),
    ],
)
def test_a_header_cannot_be_smuggled_in(
    make_message: Callable[..., Message], field: str, wrap: Callable[[str], dict[str, Any]], evil: str
) -> None:
    with pytest.raises(UnsafeHeader) as caught:
        make_message(**wrap(evil))
    assert caught.value.field == field
    assert field in str(caught.value)
    assert Message.objects.count() == 0


@pytest.mark.parametrize("name", ["Bcc", "From", "X Y", "X:Y", "X-\nY", "Content-Type", "Ünicode", ""])
def test_headers_that_are_not_for_callers(make_message: Callable[..., Message], name: str) -> None:
    with pytest.raises(UnsafeHeader):
        make_message(headers={name: "x"})


def test_a_letter_is_no_mailing(make_message: Callable[..., Message]) -> None:
    with pytest.raises(UnsafeHeader):
        make_message(headers={"List-Unsubscribe": "<https://x.example/>"})
    letter = read(mail_bytes(make_message(), []))
    assert letter["Auto-Submitted"] is None
    notice = make_message(
        kind="confirmation", policy="repeatable", headers={"List-Unsubscribe": "<https://x.example/" + "u" * 200 + ">"}
    )
    raw = mail_bytes(notice, [])
    assert read(raw)["Auto-Submitted"] == "auto-generated"
    assert b"List-Unsubscribe: <https://x.example/" + b"u" * 200 + b">\r\n" in raw


def test_arabic_from_end_to_end(server: ScriptedServer, make_message: Callable[..., Message]) -> None:
    message = make_message(
        to_address="وزير@trade.example",
        subject=ARABIC,
        from_header="الائتلاف العربي، من أجل العدالة <letters@mc11.example>",
        text_body=f"{ARABIC}\n.\n..\nFrom here\n{'x' * 5000}",
        html_body=f"<p dir=rtl>{ARABIC}</p>",
        attachments=[("رسالة إلى كينيا.pdf", "application/pdf", b"%PDF\r\n.\r\nx"), ("a.csv", "text/csv", b"a\r.\nb")],
        want_answers=True,
    )
    messages_deliver()
    assert again(message).state == "accepted", again(message).explanation
    (taken,) = server.taken
    assert any("SMTPUTF8" in command for command in server.commands)
    assert taken.envelope_to == "وزير@trade.example"
    got = read(taken.raw)
    assert text_of(got["Subject"]) == ARABIC
    raw_from = dict(email.message_from_bytes(taken.raw).items())["From"]
    assert text_of(raw_from) == "الائتلاف العربي، من أجل العدالة <letters@mc11.example>"
    assert got["Message-ID"] == message.message_id
    assert got.get_body(("plain",)).get_content().replace("\r\n", "\n").rstrip("\n") == message.text_body
    assert ARABIC in got.get_body(("html",)).get_content()
    files = list(got.iter_attachments())
    assert [file.get_filename() for file in files] == ["رسالة إلى كينيا.pdf", "a.csv"]
    assert [file.get_payload(decode=True) for file in files] == [b"%PDF\r\n.\r\nx", b"a\r.\nb"]
    assert max(len(line) for line in taken.raw.split(b"\r\n")) <= 998
    assert taken.envelope_from == got["Reply-To"]


def test_a_server_without_smtputf8_refuses_such_an_address_for_good(
    server: ScriptedServer, make_message: Callable[..., Message]
) -> None:
    server.features = ["8BITMIME"]
    arabic, plain = make_message(to_address="وزير@trade.example"), make_message(subject=ARABIC)
    messages_deliver()
    assert again(arabic).state == "refused"
    assert "ASCII" in again(arabic).explanation
    assert again(plain).state == "accepted"


def test_a_mail_larger_than_the_server_takes(server: ScriptedServer, make_message: Callable[..., Message]) -> None:
    server.features = ["SIZE 10000"]
    message = make_message(attachments=[("x.bin", "application/octet-stream", b"x" * 20_000)])
    messages_deliver()
    assert again(message).state == "refused"
    assert "10000 bytes" in again(message).explanation
    with pytest.raises(MailTooLarge):
        make_message(attachments=[("x.bin", "application/octet-stream", b"x" * 20_000_000)])


def test_the_same_bytes_at_every_try(server: ScriptedServer, make_message: Callable[..., Message]) -> None:
    message = make_message(
        policy="repeatable", html_body="<p>x</p>", attachments=[("x.pdf", "application/pdf", b"x" * 999)]
    )
    server.faults = {"accepted": "reset"}
    messages_deliver()
    server.heal()
    Message.objects.update(next_at=timezone.now() - timedelta(hours=1))
    messages_deliver()
    first, second = server.taken
    assert first.raw == second.raw
    assert again(message).attempts.count() == 2


def test_what_comes_out_is_what_went_in_for_any_text(make_message: Callable[..., Message]) -> None:
    """Dots, bare CR and LF, long lines, control characters: CRLF only, no line beyond 998, the same text again."""
    rng = random.Random(11)
    message = make_message()
    for number in range(1500):
        text = "".join(rng.choice(["a", ".", "=", "\r", "\n", " ", "é", "ش", "😀", "\x0c", "From "]) for _ in range(80))
        message.text_body = text * rng.randrange(1, 40) if number % 3 == 0 else text
        raw = dot_stuffed(mail_bytes(message, []))
        bare = raw.replace(b"\r\n", b"")
        assert b"\n" not in bare
        assert b"\r" not in bare
        assert b"\r\n.\r\n" not in raw
        assert raw.endswith(b"\r\n")
        assert max(len(line) for line in raw.split(b"\r\n")) <= 998
        got = read(raw.replace(b"\r\n..", b"\r\n.")).get_content()
        want = message.text_body.replace("\r\n", "\n").replace("\r", "\n")
        assert got.replace("\r\n", "\n").rstrip("\n") == want.rstrip("\n")


@pytest.mark.parametrize("content", [b"a\nb\r\n", b"a\rb\r\n", b"\r\n\n.\r\n", b"a\n", b"a\r"])
def test_a_bare_line_end_never_reaches_the_line(content: bytes) -> None:
    with pytest.raises(ValueError, match="CRLF"):
        dot_stuffed(content)


def test_replies_lose_addresses_and_control_characters() -> None:
    said = clean_reply(b"5.1.1 <m.muster@trade.example>:\x07 unknown\r\nsee\x00 mailto:help@mx.example" + b"x" * 900)
    assert "@" not in said
    assert said.isprintable()
    assert len(said) <= 500


def test_erasure_empties_what_is_finished(server: ScriptedServer, make_message: Callable[..., Message]) -> None:
    thread = {"In-Reply-To": "<theirs@trade.example>"}
    sent = make_message(
        to_address="m@trade.example",
        attachments=[("x.pdf", "application/pdf", b"x")],
        headers=thread,
        want_answers=True,
    )
    messages_deliver()
    reply = b"From: m@trade.example\r\nMessage-ID: <%d@trade.example>\r\nSubject: Yes\r\n\r\nWe agree.\r\n"
    mails_receive(arrivals=[Arrival("m@trade.example", sent.reply_to, reply % 1)], sink=False)
    assert sent.answers.get().fingerprint
    waiting = make_message(to_address="m@trade.example", headers=thread)
    other = make_message()
    assert mails_erase(hashes={sent.to_hash}) == 0
    for message in (again(sent), again(waiting)):
        assert (message.to_address, message.subject, message.text_body, message.headers) == ("", "", "", {})
        assert not message.attachments.exists()
    assert again(waiting).state == "cancelled"
    assert again(other).subject
    mails_receive(arrivals=[Arrival("m@trade.example", sent.reply_to, reply % 2)], sink=False)
    assert [(mail.sender, mail.fingerprint) for mail in sent.answers.all()] == [("", "")] * 2


# ---- Django's mail functions ---------------------------------------------------------------------


def test_every_other_mail_ends_here_one_message_per_recipient(server: ScriptedServer) -> None:
    sent = EmailMultiAlternatives(
        "Your code", "It is 123456", "Us <us@mc11.example>", ["a@x.example", "B <b@x.example>"], cc=["a@x.example"],
        bcc=["c@x.example"], reply_to=["team@mc11.example"], headers={"x-postbox-kind": "sign_in", "X-Thing": "1"},
    )  # fmt: skip
    sent.attach_alternative("<p>It is 123456</p>", "text/html")
    sent.attach("a.txt", "hello", "text/plain")
    assert sent.send() == 1
    rows = Message.objects.order_by("created_at")
    assert [row.to_address for row in rows] == ["a@x.example", "b@x.example", "c@x.example"]
    assert {(row.kind, row.policy) for row in rows} == {("sign_in", "repeatable")}
    assert messages_deliver().statuses == {"accepted": 3}
    got = read(server.taken[0].raw)
    assert got["To"] == "a@x.example"
    assert (got["Cc"], got["X-Postbox-Kind"], got["X-Thing"]) == (None, None, "1")
    assert got["Reply-To"] == "team@mc11.example"
    assert "123456" in got.get_body(("html",)).get_content()
    assert [file.get_filename() for file in got.iter_attachments()] == ["a.txt"]


def test_djangos_mail_is_queued_with_its_transaction_or_not_at_all() -> None:
    with transaction.atomic():
        django_mail.send_mail("s", "t", None, ["a@x.example"])
        transaction.set_rollback(True)
    assert Message.objects.count() == 0
    with pytest.raises(DomainError):
        django_mail.mailers.default.send_messages(
            [EmailMessage("s", "t", "us@x.example", ["a@x.example"]), EmailMessage("s\nx", "t", None, ["b@x.example"])]
        )
    assert Message.objects.count() == 0
    assert django_mail.send_mail("s", "t", None, ["a@x.example"]) == 1
    assert Message.objects.get().from_header


def test_queueing_by_hand_needs_a_known_policy() -> None:
    with pytest.raises(ValueError, match="often"):
        message_queue(kind="x", policy="often", to_address="a@x.example", subject="s", text_body="t")
