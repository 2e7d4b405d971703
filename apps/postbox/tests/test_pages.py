"""Pages of the postbox: the local inbox, the switch; for operators only, and harmless whatever a mail contains."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.postbox.models import InboundMail, Message, SinkMail, Switch
from apps.postbox.selectors.kill_switch import switch_read
from apps.postbox.services.claims import message_claim
from apps.postbox.services.inbound import Arrival, mails_receive
from apps.postbox.services.kill_switch import switch_kill
from apps.postbox.services.last_step import message_to_final
from apps.postbox.services.send_worker import leases_sweep, messages_deliver
from tests.factories import make_user
from tests.factories.postbox import again, end_leases
from tests.factories.processes import listening

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(signed_in: Any) -> Client:
    return signed_in(make_user("Op Erator", is_superuser=True))


@pytest.fixture
def kept(settings: Any) -> Callable[..., SinkMail]:
    """kept(raw, to=…): a mail that the local inbox took."""

    def keep(raw: str, to: str = "minister@trade.example") -> SinkMail:
        arrival = Arrival("letters@mc11.example", to, raw.replace("\n", "\r\n").encode())
        mails_receive(arrivals=[arrival], sink=True)
        return SinkMail.objects.latest("id")

    return keep


def doubtful(message: Message) -> Message:
    claimed = message_claim(worker="a:1")
    assert claimed == message
    assert message_to_final(message=claimed, attempt=1)
    end_leases()
    leases_sweep()
    return again(message)


ROUTES = [("inbox", ()), ("mail", (1,)), ("raw", (1,)), ("attachment", (1, 1)), ("received", (1,)), ("switch", ())]
ACTS = [("answer", (1,)), ("kill", ()), ("release", ()), ("decide", ("00000000-0000-0000-0000-000000000000",))]


@pytest.mark.parametrize(("name", "args"), [*ROUTES, *ACTS])
def test_only_operators(signed_in: Any, cast: Any, client: Client, name: str, args: tuple[Any, ...]) -> None:
    url = reverse(f"postbox:{name}", args=args)
    send = "post" if (name, args) in ACTS else "get"
    assert getattr(client, send)(url).status_code == 302
    for person in (cast.coordinator, cast.sender, cast.data_officer, cast.outsider):
        assert getattr(signed_in(person), send)(url).status_code == 403


def test_a_page_never_acts(operator: Client) -> None:
    for name, args in ACTS:
        assert operator.get(reverse(f"postbox:{name}", args=args)).status_code == 405


def test_missing_mails_are_404(operator: Client) -> None:
    for name, args in ROUTES[1:5]:
        assert operator.get(reverse(f"postbox:{name}", args=args)).status_code == 404
    assert operator.get(reverse("postbox:inbox"), {"show": "else"}).status_code == 404
    assert operator.get(reverse("postbox:inbox"), {"page": "9999999999999999999"}).status_code == 200


def test_empty_lists_say_what_to_do(operator: Client) -> None:
    for show in ("sent", "answers", "unmatched"):
        page = operator.get(reverse("postbox:inbox"), {"show": show}).content.decode()
        assert 'class="empty"' in page


EVIL = """From: Us <us@mc11.example>
To: minister@trade.example
Subject: =?utf-8?q?=3Cscript=3Ealert(1)=3C/script=3E?=
Message-ID: <x@mc11.example>
Reply-To: reply@x.example
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html

<h1 style="x" onclick="y()">Hello</h1><script>alert(2)</script><img src="https://spy.example/x.gif"><a href="javascript:z()">a</a>
<form action="https://x.example"><input name=q></form><iframe src=x></iframe><style>*{display:none}</style><p>Fine</p>
--b
Content-Type: text/html
Content-Disposition: attachment; filename="../../x<y>.html"

<script>alert(3)</script>
--b--
"""  # noqa: E501 – a mail as somebody hostile writes it


def test_a_hostile_mail_is_shown_without_harm(operator: Client, kept: Callable[..., SinkMail]) -> None:
    row = kept(EVIL)
    listed = operator.get(reverse("postbox:inbox")).content.decode()
    assert "&lt;script&gt;alert(1)" in listed
    page = operator.get(reverse("postbox:mail", args=[row.pk])).content.decode()
    for bad in ("<script>alert", "onclick", "spy.example", "javascript:", "<iframe", 'action="https', "<style>"):
        assert bad not in page, bad
    assert page.count("<h1") == 1
    assert "<p>Hello</p>" in page
    assert "Fine" in page
    download = operator.get(reverse("postbox:attachment", args=[row.pk, 1]))
    assert download["Content-Type"] == "application/octet-stream"
    assert download["Content-Disposition"].startswith("attachment")
    assert "/" not in download["Content-Disposition"]
    assert "sandbox" in download["Content-Security-Policy"]
    assert operator.get(reverse("postbox:attachment", args=[row.pk, 2])).status_code == 404
    assert operator.get(reverse("postbox:raw", args=[row.pk])).content == EVIL.replace("\n", "\r\n").encode()


@pytest.fixture
def sink(settings: Any) -> Iterator[None]:
    with listening("--sink") as port:
        settings.POSTBOX = {**settings.POSTBOX, "PORT": port, "LISTEN_PORT": port}
        yield


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("form", "kind"), [("reply", "reply"), ("auto_reply", "auto_reply"), ("bounce", "bounce")])
def test_answering_as_the_recipient(
    sink: None, operator: Client, make_message: Callable[..., Message], form: str, kind: str
) -> None:
    letter = make_message(want_answers=True, subject="رسالة مفتوحة")
    messages_deliver()
    row = SinkMail.objects.get()
    url = reverse("postbox:answer", args=[row.pk])
    missing = operator.post(url, {"form": form, "text": ""})
    assert missing.status_code == 400
    assert "Enter what the email says, also for a report." in missing.content.decode()
    assert InboundMail.objects.count() == 0
    answered = operator.post(url, {"form": form, "text": "شكرا. Thank you.\n.\nBest"})
    assert answered.status_code == 302
    mail = InboundMail.objects.get()
    assert (mail.kind, mail.message) == (kind, letter)
    assert "شكرا" in mail.text
    assert again(letter).state == ("bounced" if form == "bounce" else "accepted")
    assert (again(letter).replied_at is not None) == (form == "reply")
    page = operator.get(reverse("postbox:received", args=[mail.pk])).content.decode()
    assert "Thank you" in page
    assert (
        "Re: رسالة" in operator.get(reverse("postbox:inbox"), {"show": "answers"}).content.decode() or form != "reply"
    )


def test_an_answer_that_cannot_be_sent_keeps_the_text(
    settings: Any, operator: Client, kept: Callable[..., SinkMail]
) -> None:
    settings.POSTBOX = {**settings.POSTBOX, "LISTEN_PORT": 1}
    row = kept(EVIL)
    page = operator.post(reverse("postbox:answer", args=[row.pk]), {"form": "reply", "text": "typed words"})
    assert page.status_code == 409
    assert "typed words" in page.content.decode()
    assert "did not take the answer" in page.content.decode()
    silent = kept("From: a@x.example\nSubject: code\n\n123456\n")
    page = operator.post(reverse("postbox:answer", args=[silent.pk]), {"form": "reply", "text": "x"})
    assert page.status_code == 409
    settings.POSTBOX = {**settings.POSTBOX, "MODE": "live"}
    assert operator.post(reverse("postbox:answer", args=[row.pk]), {"form": "reply", "text": "x"}).status_code == 409


def test_stopping_and_releasing(operator: Client, make_message: Callable[..., Message]) -> None:
    make_message()
    assert operator.post(reverse("postbox:kill"), {"reason": ""}).status_code == 400
    page = operator.post(reverse("postbox:kill"), {"reason": "wrong annex"}, follow=True).content.decode()
    assert "No email was being sent" in page
    assert "wrong annex" in page
    assert "1 email is waiting. It is sent when sending resumes." in page
    page = operator.post(reverse("postbox:release"), follow=True).content.decode()
    assert "Sending has resumed" in page


def test_the_page_lists_the_last_step_and_the_doubts(operator: Client, make_message: Callable[..., Message]) -> None:
    doubt = doubtful(make_message(subject="Letter in doubt"))
    final = make_message(to_address="final@trade.example")
    claimed = message_claim(worker="a:1")
    assert claimed == final
    message_to_final(message=claimed, attempt=1)
    assert switch_kill(actor=None, reason="x") == [final]
    page = operator.get(reverse("postbox:switch")).content.decode()
    assert "Letter in doubt" in page
    assert "final@trade.example" in page
    url, prefix = reverse("postbox:decide", args=[doubt.pk]), str(doubt.pk)
    page = operator.post(url, {f"{prefix}-decision": "queued", f"{prefix}-evidence": ""})
    assert page.status_code == 400
    assert again(doubt).state == "in_doubt"
    given = {f"{prefix}-decision": "accepted", f"{prefix}-evidence": "the mission called"}
    assert operator.post(url, given).status_code == 302
    assert again(doubt).state == "accepted"
    late = operator.post(url, given)
    assert late.status_code == 409
    assert "no longer in doubt" in late.content.decode()
    assert operator.post(url, {f"{prefix}-decision": "refused", f"{prefix}-evidence": "x"}).status_code == 400


def test_no_page_costs_more_queries_with_more_mails(
    operator: Client, kept: Callable[..., SinkMail], django_assert_max_num_queries: Any
) -> None:
    for _ in range(30):
        kept(EVIL)
    with django_assert_max_num_queries(16):
        operator.get(reverse("postbox:inbox"))


def test_addresses_in_our_own_mails_can_be_pressed_and_carry_nothing_else(
    operator: Client, kept: Callable[..., SinkMail]
) -> None:
    mail = kept(
        """Subject: Confirm\n\nOpen <b> http://site.example/sign/a_b-c/?x=1&y="2. Or (https://other.example/x).\n"""
    )
    page = operator.get(reverse("postbox:mail", args=[mail.pk])).content.decode()
    assert '<a href="http://site.example/sign/a_b-c/?x=1&amp;y=" rel="noreferrer">' in page
    assert '<a href="https://other.example/x" rel="noreferrer">https://other.example/x</a>).' in page
    assert "&lt;b&gt;" in page


def test_times_are_those_that_the_head_says(operator: Client, kept: Callable[..., SinkMail]) -> None:
    mail = kept("Subject: Hello\n\nx\n")
    User.objects.update(time_zone="Asia/Kathmandu")
    page = operator.get(reverse("postbox:inbox")).content.decode()
    assert f"{mail.received_at:%H:%M:%S}" in page


def test_a_stop_is_dated_in_the_readers_zone(signed_in: Any) -> None:
    switch_kill(actor=None, reason="wrong annex")
    Switch.objects.update(killed_at=datetime(2026, 11, 29, 6, 37, tzinfo=UTC))
    client = signed_in(make_user("Op Erator", is_superuser=True, time_zone="Africa/Lagos"))
    page = client.get(reverse("postbox:switch")).content.decode()
    assert "All sending has been stopped since 29 November 2026, 07:37 in Lagos: wrong annex." in page
    out = StringIO()
    call_command("postbox_switch", "show", stdout=out)
    assert "stopped since 29 November 2026, 06:37 UTC" in out.getvalue(), "operators at a command line have no profile"


def test_mails_that_cannot_be_decrypted_do_not_keep_sending_from_being_stopped(
    operator: Client, make_message: Callable[..., Message]
) -> None:
    doubt, fine, broken = doubtful(make_message()), make_message(), make_message()
    for _ in range(2):
        claimed = message_claim(worker="a:1")
        assert claimed
        assert message_to_final(message=claimed, attempt=1)
    with connection.cursor() as cursor:
        sealed = r"UPDATE postbox_message SET subject = '\x09ffff', to_address = '\x09ffff' WHERE id = ANY(%s)"
        cursor.execute(sealed, [[broken.pk, doubt.pk]])
    page = operator.post(reverse("postbox:kill"), {"reason": "wrong annex"}, follow=True)
    assert page.status_code == 200
    assert switch_read().killed
    assert "2 emails were being sent" in page.content.decode()
    assert fine.to_address in page.content.decode()
    assert page.content.decode().count("Cannot be decrypted") >= 2


def test_allowing_an_address_that_is_not_suppressed_says_so(
    operator: Client, make_message: Callable[..., Message]
) -> None:
    mails_receive(
        arrivals=[Arrival("a@b.example", make_message(want_answers=True).reply_to, b"Subject: x\n\ny")], sink=False
    )
    mail = InboundMail.objects.get()
    page = operator.post(reverse("postbox:allow", args=[mail.pk]), follow=True)
    assert "This address was not blocked" in page.content.decode()


@pytest.mark.parametrize("show", ["sent", "answers", "unmatched"])
def test_no_list_reads_whole_mails(
    operator: Client, kept: Callable[..., SinkMail], make_message: Callable[..., Message], show: str
) -> None:
    kept("Subject: =?utf-8?q?H=C3=A9llo?=\nContent-Type: application/pdf; name=a.pdf\n\nx\n")
    for to in (make_message(want_answers=True).reply_to, "reply+x@mc11.example"):
        mails_receive(arrivals=[Arrival("a@b.example", to, b"Subject: H\xc3\xa9llo\r\n\r\ny")], sink=False)
    with CaptureQueriesContext(connection) as asked:
        page = operator.get(reverse("postbox:inbox"), {"show": show}).content.decode()
    assert "Héllo" in page
    assert "1 file" in page or show != "sent"
    assert not any('"raw"' in query["sql"] for query in asked)
