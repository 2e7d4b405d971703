"""Mail that is made to cost time: each kind of search gets half a megabyte of what could make it slow."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_string

import pytest

from apps.core.logs import drop_addresses
from apps.outreach.pages.timeline_entries import first_lines
from apps.postbox.inbound.bounce_reasons import address_is_dead
from apps.postbox.inbound.charsets import decode_text
from apps.postbox.inbound.classification import classify_mail
from apps.postbox.inbound.failing_addresses import failing_addresses
from apps.postbox.inbound.html import clean_html, html_to_text
from apps.postbox.inbound.parsing import parse_mail
from apps.postbox.inbound.quoted_text import without_quotes

SIZE = 500_000
#: of processor time, about ten times what half a megabyte needs
SECONDS = 5
UNITS = [
    "-", " ", "x", ">", "\n", "*", "@", "5.1.", "wrote ", "wrote:\n", "wrote      ",
    "<td>", "<td>x", "a@b ", "user not ", "_ ",
]  # fmt: skip


class TooSlow(BaseException):
    """Not an Exception: those are what the parser expects of hostile mail."""


def _stop(*_: object) -> None:
    raise TooSlow


@contextmanager
def processor_time_limited() -> Iterator[None]:
    """Counts the time that this process computes, whatever the rest of the machine does."""
    before = signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def mail(text: str, kind: str = "text/plain", subject: str = "failure notice") -> bytes:
    head = f"From: MAILER-DAEMON@mx.example\r\nSubject: {subject}\r\nContent-Type: {kind}; charset=utf-8\r\n\r\n"
    return f"{head}{text}".encode()


def report(text: str) -> bytes:
    head = "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n"
    fields = f"Final-Recipient: rfc822;{text}\r\nAction: {text}\r\nStatus: {text}\r\nDiagnostic-Code: {text}"
    return f"{head}Content-Type: message/delivery-status\r\n\r\nA: b\r\n\r\n{fields}\r\n\r\n--b--".encode()


def classified(raw: bytes) -> object:
    return classify_mail(parse_mail(raw), sender="", recipient="minister@trade.example")


#: flufl.bounce looks for addresses below these
BEGINNINGS = "A message that you sent could not be delivered\nUnable to deliver message to\n"


READERS: dict[str, Callable[[str], object]] = {
    "text": lambda text: classified(mail(text)),
    "html": lambda text: classified(mail(text, "text/html")),
    "subject": lambda text: classified(mail("", subject=text.replace("\n", " ")[:200_000])),
    "report": lambda text: classified(report(text[: SIZE // 4])),
    "refusal": address_is_dead,
    "flufl": lambda text: failing_addresses(message_from_string(f"\n{BEGINNINGS}{text}")),
    "flufl in lines": lambda text: failing_addresses(message_from_string(f"\n{BEGINNINGS}" + f"{text[:70]}\n" * 1_000)),
    "quotes": without_quotes,
    "short lines": lambda text: without_quotes("\n".join([text[:900]] * (SIZE // 900))),
    "excerpt": first_lines,
    "html as text": html_to_text,
    "clean html": clean_html,
    "charset": lambda text: decode_text(text.encode("utf-16")),
    "log": lambda text: drop_addresses(None, "", {"event": text}),
}


@pytest.mark.parametrize("unit", UNITS)
def test_half_a_megabyte_of_one_thing_is_read_quickly(unit: str) -> None:
    text = (unit * SIZE)[:SIZE]
    slow = []
    for name, read in READERS.items():
        try:
            with processor_time_limited():
                read(text)
        except TooSlow:
            slow.append(name)
    assert not slow


NESTED = b"Content-Type: message/rfc822\r\n\r\n"
PARTS = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        NESTED * 3_000 + b"Subject: deep\r\n\r\nx",
        PARTS * 3_000 + b"--b\r\n\r\nx\r\n--b--",
        PARTS + b"--b\r\n\r\nx\r\n" * 100_000 + b"--b--",
        PARTS + (b"--b\r\nContent-Type: text/html\r\n\r\n" + b"<p>" * 10_000 + b"\r\n") * 100 + b"--b--",
        b"Subject: x\r\n" + b" folded\r\n" * 200_000 + b"\r\nx",
        b"Received: x\r\n" * 100_000 + b"\r\nx",
        b"References: " + b"<a@b> " * 200_000 + b"\r\n\r\nx",
        b"Subject: " + b"=?utf-8?q?=41?= " * 50_000 + b"\r\n\r\nx",
        b"Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\n\x78\x9f\x3e\x22" + b"\xff" * 500_000,
        b"Content-Type: application/pkcs7-mime; name=smime.p7m\r\n\r\n" + b"\x30\x80" * 250_000,
        b"Content-Type: text/html; charset=utf-7\r\n\r\n" + b"+ADw-" * 100_000,
        b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"QUFB" * 500_000,
        b"Content-Type: text/plain; charset=" + b"x" * 100_000 + b"\r\n\r\nx",
        b"\x00" * 1_000_000,
    ],
    ids=lambda raw: repr(raw[:40]),
)
def test_hostile_structures_are_read_quickly(raw: bytes) -> None:
    with processor_time_limited():
        read = parse_mail(raw)
        found = classify_mail(read, sender="", recipient="minister@trade.example")
        without_quotes(read.text)
    assert found.bounce_reason != "address"


def test_addresses_of_any_length_stay_out_of_the_log() -> None:
    long = "a" * 5_000
    event = drop_addresses(None, "", {"event": f"to <{long}@b.example>, x@@y and @c@d"})
    assert event == {"event": "to <[address]>, [address] and [address]"}
