"""ClamAV looks at files of incoming mail: an infected one is not handed out, and what was not scanned says so."""

import socket
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.postbox.models import FileScan, InboundMail
from apps.postbox.services.file_scans import mails_scan
from apps.postbox.services.inbound import Arrival, mails_receive
from tests.access.requests import browser
from tests.factories import make_user
from tests.factories.virus_scanner import EICAR, VirusScanner, running_scanner

pytestmark = pytest.mark.django_db


@pytest.fixture
def scanner(settings: Any) -> Iterator[VirusScanner]:
    with running_scanner() as running:
        settings.POSTBOX = {**settings.POSTBOX, "CLAMD": f"127.0.0.1:{running.port}", "CLAMD_TIMEOUT": 0.5}
        yield running


@pytest.fixture
def operator() -> Client:
    return browser(make_user("operator", is_superuser=True))


@pytest.fixture
def mail() -> InboundMail:
    """With a harmless file and one that scanners know."""
    written = EmailMessage()
    written["From"], written["Subject"], written["Message-ID"] = "m@trade.example", "Files", "<f1@trade.example>"
    written.set_content("See below.")
    written.add_attachment(b"harmless", maintype="application", subtype="pdf", filename="letter.pdf")
    written.add_attachment(EICAR, maintype="application", subtype="octet-stream", filename="invoice.exe")
    mails_receive(arrivals=[Arrival("m@trade.example", "x@mc11.example", written.as_bytes())], sink=False)
    return InboundMail.objects.get()


def page(operator: Client, mail: InboundMail) -> str:
    return operator.get(reverse("postbox:received", args=[mail.pk])).text


def fetch(operator: Client, mail: InboundMail, number: int) -> Any:
    return operator.get(reverse("postbox:received_file", args=[mail.pk, number]), follow=True)


def test_an_infected_file_is_not_handed_out(scanner: VirusScanner, operator: Client, mail: InboundMail) -> None:
    assert "Waits for the virus scanner" in page(operator, mail)
    assert mails_scan() == 1
    assert [scan.result for scan in mail.scans.all()] == ["clean", "infected"]
    assert mail.scans.last().signature == "Eicar-Test-Signature"
    shown = page(operator, mail)
    assert "No virus found" in shown
    assert "Virus found" in shown
    assert "application/pdf" in shown, "type and size stand beside it"
    clean, infected = fetch(operator, mail, 1), fetch(operator, mail, 2)
    assert clean.content == b"harmless"
    assert clean["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert EICAR not in infected.content
    assert "It cannot be downloaded." in infected.text
    raw = operator.get(reverse("postbox:received_raw", args=[mail.pk]), follow=True)
    assert "found a virus in this email" in raw.text
    assert (mails_scan(), len(scanner.scanned)) == (0, 2), "each file is scanned once"


def test_a_file_is_scanned_when_somebody_asks_for_it_first(
    scanner: VirusScanner, operator: Client, mail: InboundMail
) -> None:
    assert "It cannot be downloaded." in fetch(operator, mail, 2).text


@pytest.fixture(params=["hang", "close", "error", "away"])
def gone(request: Any, scanner: VirusScanner, settings: Any) -> Callable[[], None]:
    """The scanner does not answer, until this is called."""
    address = settings.POSTBOX["CLAMD"]
    scanner.mood = request.param
    if request.param == "away":
        settings.POSTBOX["CLAMD"] = "127.0.0.1:1"

    def back() -> None:
        scanner.mood, settings.POSTBOX["CLAMD"] = "", address

    return back


def test_a_file_waits_while_the_scanner_is_away(operator: Client, mail: InboundMail, gone: Callable[[], None]) -> None:
    assert mails_scan() == 0
    shown = page(operator, mail)
    assert "Waits for the virus scanner" in shown
    assert shown.count("Try again") == 2
    answer = fetch(operator, mail, 1)
    assert b"harmless" not in answer.content
    assert "The virus scanner does not answer." in answer.text
    raw = operator.get(reverse("postbox:received_raw", args=[mail.pk]), follow=True)
    assert "The virus scanner does not answer." in raw.text
    assert not FileScan.objects.exists()
    gone()
    assert fetch(operator, mail, 1).content == b"harmless", "trying again scans it"
    assert "It cannot be downloaded." in fetch(operator, mail, 2).text
    assert "Waits for the virus scanner" not in page(operator, mail)


def test_an_operator_may_let_files_go_without_it(
    operator: Client, mail: InboundMail, gone: Callable[[], None], settings: Any
) -> None:
    settings.POSTBOX["CLAMD_OPTIONAL"] = True
    assert fetch(operator, mail, 1).content == b"harmless"
    shown = page(operator, mail)
    assert "Not scanned for viruses" in shown
    assert "Try again" not in shown
    gone()
    assert mails_scan() == 1, "it is tried again"


def test_a_file_at_which_the_scanner_fails_waits_alone(
    scanner: VirusScanner, operator: Client, mail: InboundMail
) -> None:
    scanner.mood = "EICAR"
    assert "does not answer" in fetch(operator, mail, 2).text
    assert fetch(operator, mail, 1).content == b"harmless"
    assert mails_scan() == 0
    scanner.mood = ""
    assert mails_scan() == 1
    assert [part == b"harmless" for part in scanner.scanned].count(True) == 1, "each file is scanned once"


def test_a_file_at_which_the_scanner_fails_holds_back_no_other(scanner: VirusScanner, mail: InboundMail) -> None:
    written = EmailMessage()
    written.add_attachment(b"stumbles", maintype="application", subtype="pdf", filename="a.pdf")
    mails_receive(arrivals=[Arrival("m@trade.example", "x@mc11.example", written.as_bytes())], sink=False)
    scanner.mood = "stumbles"
    assert mails_scan() == 1
    mail.refresh_from_db()
    assert mail.scanned_at is not None


@pytest.mark.parametrize("answer", ["INSTREAM size limit exceeded. ERROR", "Heuristics.Limits.Exceeded.MaxFileSize"])
def test_a_file_that_is_too_large_for_the_scanner_is_handed_out_with_a_note(
    scanner: VirusScanner, operator: Client, answer: str
) -> None:
    """The daemon hangs up in the middle of it, or says that it did not look at all of it."""
    large = bytes(8 * 1024 * 1024)
    written = EmailMessage()
    written.add_attachment(b"harmless", maintype="application", subtype="pdf", filename="letter.pdf")
    written.add_attachment(large, maintype="application", subtype="pdf", filename="scan.pdf")
    mails_receive(arrivals=[Arrival("m@trade.example", "x@mc11.example", written.as_bytes())], sink=False)
    mail = InboundMail.objects.get()
    scanner.limit, scanner.stops_with = 1_000_000, answer
    assert mails_scan() == 1
    assert [scan.result for scan in mail.scans.all()] == ["clean", "too_large"]
    shown = page(operator, mail)
    assert "Not scanned for viruses: too large" in shown
    assert "Virus found" not in shown
    assert fetch(operator, mail, 2).content == large


def test_without_a_scanner_nothing_is_said(operator: Client, mail: InboundMail) -> None:
    assert mails_scan() == 0
    assert "scanned for viruses" not in page(operator, mail)
    assert fetch(operator, mail, 2).content == EICAR


def test_in_sink_mode_no_file_leaves_this_machine(settings: Any, monkeypatch: Any, mail: InboundMail) -> None:
    opened: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda self, address: opened.append(address))
    settings.POSTBOX = {**settings.POSTBOX, "CLAMD": "192.0.2.7:3310"}
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda *args, **kwargs: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.7", 3310))],
    )
    assert mails_scan() == 0
    assert opened == []
