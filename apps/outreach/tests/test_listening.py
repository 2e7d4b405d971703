"""Bounces and answers: they come back to the letter, the address and the government's timeline."""

from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.core.batches import written_together
from apps.core.models import AuditEvent
from apps.core.registries import timeline_sources
from apps.core.signals import personal_data_erase
from apps.governments.models import RecipientAddress
from apps.governments.services.addresses import address_mark_good
from apps.outreach.models import Delivery, Dispatch, Reply
from apps.outreach.pages.timeline_entries import first_lines
from apps.outreach.services.deliveries import deliveries_erase, dispatches_advance
from apps.outreach.services.mail_outcomes import mail_event_handle, rejects_address
from apps.postbox.models import InboundMail
from apps.postbox.services.inbound import Arrival, mails_receive
from apps.postbox.services.send_worker import messages_deliver
from tests.factories import make_member
from tests.factories.governments import make_recipient
from tests.factories.letters import make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(version, recipients, authorised, inbox) -> Dispatch:
    """Both letters were handed over: the cabinet's accepted, the mission's refused."""
    dispatch = authorised(version)
    dispatches_advance()
    messages_deliver()
    inbox.file()
    return dispatch


def timeline(campaign: Any, member: Any) -> list[Any]:
    found = [entry for _name, source in timeline_sources.items() for entry in source(campaign, member)]
    return sorted(found, key=lambda entry: entry.at)


def answer(dispatch: Dispatch, recipient: Any, text: str, **headers: str) -> bytes:
    message = dispatch.deliveries.get(recipient=recipient).message
    mail = EmailMessage()
    mail["From"] = "Desk Officer <desk.officer@trade-ke.example>"
    mail["To"] = message.reply_to
    mail["Subject"] = "Re: No new rules on electronic commerce"
    mail["In-Reply-To"] = message.message_id
    mail["Message-ID"] = "<answer-1@trade-ke.example>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    raw = mail.as_bytes()
    mails_receive(arrivals=[Arrival("desk.officer@trade-ke.example", message.reply_to, raw)], sink=True)
    return raw


def test_a_refused_address_is_marked_and_stands_on_the_timeline(sent, recipients, campaign, kenya):
    address = recipients.mission.addresses.get()
    assert address.health == RecipientAddress.Health.BOUNCED
    assert recipients.cabinet.addresses.get().health != RecipientAddress.Health.BOUNCED
    entries = timeline(campaign, kenya)
    [bounced] = [entry for entry in entries if entry.glyph == "bounce"]
    assert bounced.title == "Bounced, Geneva mission"
    assert bounced.tone == "bad"
    assert bounced.code == "550 5.1.1"
    assert "No such mailbox" in bounced.detail
    [accepted] = [entry for entry in entries if entry.glyph == "sent"]
    assert accepted.title == "Sent, Ministry of Trade"
    assert "@" not in "".join(f"{entry.title}{entry.detail}{entry.quote}{entry.code}" for entry in entries)


def test_an_answer_stands_on_the_timeline_with_its_first_lines(sent, recipients, campaign, kenya):
    answer(
        sent, recipients.cabinet, "Dear friends,\n\nKenya will follow the African Group.\n\n> We write to you\n> again"
    )
    reply = Reply.objects.get()
    assert (reply.kind, reply.member, reply.delivery.recipient) == ("reply", kenya, recipients.cabinet)
    entry = timeline(campaign, kenya)[-1]
    assert entry.title == "Reply, Ministry of Trade"
    assert entry.quote == "Dear friends, Kenya will follow the African Group."
    assert f"/outreach/replies/{reply.pk}/" in entry.links[0][1]
    assert AuditEvent.objects.filter(verb="reply.file").count() == 1


def test_an_auto_reply_is_kept_and_is_no_answer(sent, recipients, campaign, kenya):
    answer(sent, recipients.cabinet, "Out of office until 11 December.", Auto_Submitted="auto-replied")
    assert Reply.objects.get().kind == "auto_reply"
    sent.deliveries.get(recipient=recipients.cabinet).message.refresh_from_db()
    assert sent.deliveries.get(recipient=recipients.cabinet).message.replied_at is None
    entry = timeline(campaign, kenya)[-1]
    assert entry.glyph == "talk"
    assert "Not counted as an answer" in entry.detail
    assert "Out of office" in entry.detail


def test_the_same_answer_twice_is_one(sent, recipients):
    raw = answer(sent, recipients.cabinet, "Thank you.")
    message = sent.deliveries.get(recipient=recipients.cabinet).message
    mails_receive(arrivals=[Arrival("desk.officer@trade-ke.example", message.reply_to, raw)], sink=True)
    assert Reply.objects.count() == 1
    assert InboundMail.objects.count() == 1


def test_an_answer_in_arabic_and_a_hostile_one_keep_their_words(sent, recipients, campaign, kenya):
    answer(sent, recipients.cabinet, "شكراً على رسالتكم <script>alert(1)</script>")
    entry = timeline(campaign, kenya)[-1]
    assert "شكراً" in entry.quote


def test_an_address_is_good_once_something_came_back_from_it_and_not_before(sent, recipients):
    address = recipients.cabinet.addresses.get()
    assert address.health == RecipientAddress.Health.UNVERIFIED, "our server took the letter: that proves nothing"
    answer(sent, recipients.cabinet, "We have received your letter.")
    address.refresh_from_db()
    assert address.health == RecipientAddress.Health.GOOD
    assert AuditEvent.objects.filter(verb="address.good").count() == 1
    dead = recipients.mission.addresses.get()
    assert dead.health == RecipientAddress.Health.BOUNCED


def test_what_bounced_since_and_what_was_retired_do_not_become_good(sent, recipients):
    dead = recipients.mission.addresses.get()
    assert address_mark_good(hashes={dead.address_hash}, at=dead.bounced_at) == 0
    assert address_mark_good(hashes={dead.address_hash}, at=dead.bounced_at + timedelta(days=1)) == 1
    RecipientAddress.objects.filter(pk=dead.pk).update(health="retired")
    assert address_mark_good(hashes={dead.address_hash}, at=dead.bounced_at + timedelta(days=2)) == 0


def test_letters_that_left_together_cost_one_question_and_the_last_one_wakes(
    sent, recipients, monkeypatch, django_capture_on_commit_callbacks
):
    woken: list[str] = []
    monkeypatch.setattr("apps.outreach.services.mail_outcomes.wake", woken.append)
    message = sent.deliveries.get(recipient=recipients.cabinet).message

    def heard_by(number: int) -> int:
        connection.run_on_commit.clear()  # the test's own transaction never commits
        commit = django_capture_on_commit_callbacks(execute=True)
        with CaptureQueriesContext(connection) as asked, commit, written_together():
            for _ in range(number):
                mail_event_handle(message=message, kind="accepted", at=timezone.now())
        return len(asked)

    # has a mailing ended, and does a webhook want to know; which the process remembers, but not in tests
    assert (heard_by(1), heard_by(30)) == (2, 2)
    assert woken == ["outreach", "outreach"]
    Delivery.objects.filter(pk=sent.deliveries.all()[0].pk).update(message=None)  # one has not left yet
    assert heard_by(30) == 2
    assert len(woken) == 2


def test_a_later_bounce_marks_the_address_too(sent, recipients):
    message = sent.deliveries.get(recipient=recipients.cabinet).message
    report = (
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n"
        f"From: mailer-daemon@trade-ke.example\r\nTo: {message.reply_to}\r\nSubject: Undelivered\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nThe mailbox is gone.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; trade-ke.example\r\n\r\n"
        "Final-Recipient: rfc822; cabinet.secretary@trade-ke.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such mailbox\r\n\r\n--b--\r\n"
    )
    mails_receive(arrivals=[Arrival("", message.reply_to, report.encode())], sink=True)
    message.refresh_from_db()
    assert message.state == "bounced"
    assert recipients.cabinet.addresses.get().health == RecipientAddress.Health.BOUNCED
    assert not Reply.objects.exists(), "a failure report is no answer"


@pytest.mark.parametrize(
    ("said", "blamed"),
    [
        ("550 5.1.1 No such mailbox", True),
        ("5.1.10 null MX", True),
        ("550 5.2.1 mailbox disabled", True),
        ("550 mailbox unavailable", True),
        ("554 5.7.1 blocked by policy", False),
        ("552 5.3.4 message too big", False),
        ("550 5.6.0 content rejected", False),
        ("", True),
    ],
)
def test_only_refusals_about_the_address_mark_it(said, blamed):
    assert rejects_address(said) is blamed


def test_other_governments_and_campaigns_see_nothing_of_it(sent, recipients, campaign):
    answer(sent, recipients.cabinet, "Thank you.")
    assert timeline(campaign, make_member("UG", "Uganda")) == []


def test_what_was_prepared_is_no_news(campaign, cast, kenya, authorised):
    make_recipient(campaign, kenya, "Minister", "m@ke.example")
    authorised(make_version(campaign, cast, kenya))
    dispatches_advance()
    assert timeline(campaign, kenya) == []


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("call +41 22 555 01 34, or 022/5550134!", "call [telephone number], or [telephone number]!"),
        ("tel. (202) 555-0134", "tel. [telephone number]"),
        ("هاتف ٠٢٠٥٥٥٠١٣٤", "هاتف [telephone number]"),
        ("<a.b@c.example>; mailto:a.b@c.example", "<[email address]>; mailto:[email address]"),
        ("10-13 December 2017, 2017-12-10, 10.12.2017", "10-13 December 2017, 2017-12-10, 10.12.2017"),
        ("WT/MIN(17)/40 of 1998–2017, 164 members", "WT/MIN(17)/40 of 1998–2017, 164 members"),
        ("x" * 395 + " a.kamau@trade-ke.example", "x" * 395 + " [ema…"),
        ("Noted.\n\nFrom: Lena <l@a.example>\nDear Ambassador Kamau", "Noted."),
        ("Noté.\n________________________________\nDe : Lena", "Noté."),
    ],
)
def test_first_lines_tell_no_addresses_and_no_telephone_numbers(text, left):
    assert first_lines(text) == left


def test_first_lines_leave_out_what_is_quoted_and_stop_somewhere():
    assert first_lines("One\nTwo\n> old") == "One Two"
    assert first_lines("a\nb\nc\nd\ne") == "a b c d…"
    assert first_lines("x" * 900) == "x" * 400 + "…"
    assert first_lines("") == ""


def test_who_asks_to_be_forgotten_is_gone_from_the_letters_that_were_sent(sent, recipients, cast, signed_in):
    answer(sent, recipients.cabinet, "Thank you.")
    delivery = sent.deliveries.get(recipient=recipients.cabinet)
    address_hash = recipients.cabinet.addresses.get().address_hash
    waiting = dict(personal_data_erase.send(sender=None, hashes={address_hash}))
    assert waiting[deliveries_erase] == 0
    delivery.refresh_from_db()
    assert delivery.envelope_values == {}
    assert delivery.pdf is None
    client = signed_in(cast.sender)
    page = reverse("outreach:delivery", args=["mc11", sent.pk, delivery.pk])
    assert client.get(page).status_code == 200
    assert client.get(f"{page}letter.pdf").status_code == 404
    assert client.get(reverse("outreach:reply", args=["mc11", Reply.objects.get().pk])).status_code == 200
    assert sent.deliveries.get(recipient=recipients.mission).envelope_values["recipient.salutation"] == "Excellency"


def test_what_is_under_way_is_erased_later(version, recipients, authorised):
    authorised(version)
    address_hash = recipients.cabinet.addresses.get().address_hash
    assert deliveries_erase(hashes={address_hash}) == 1
