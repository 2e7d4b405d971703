"""Reports to signers: written by one person, authorised by another, sent once to those who still want it."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.campaigns.roles import Role
from apps.coalitions.models import SignOn
from apps.coalitions.services.erasure import sign_on_erase
from apps.coalitions.services.signer_changes import consent_decline, sign_on_correct, sign_on_withdraw
from apps.core.models import AuditEvent
from apps.outreach.forms import PARTS
from apps.outreach.models import SignerReport, SignerReportMail
from apps.outreach.pages.reports import figure_lines
from apps.outreach.selectors.reports import report_audience, report_figures, report_fingerprint
from apps.outreach.services import report_sending
from apps.outreach.services.deliveries import dispatches_advance
from apps.outreach.services.exceptions import NotEntitled, SecondPersonNeeded
from apps.outreach.services.report_sending import reports_advance, signer_report_stop
from apps.outreach.services.reports import (
    NoRecipients,
    NotSentYet,
    ReaderCountChanged,
    ReportChanged,
    ReportClosed,
    ReportOverwritten,
    signer_report_authorise,
    signer_report_save,
)
from apps.postbox.models import Message
from apps.postbox.services.composing import ContentGone, message_compose
from apps.postbox.services.send_worker import messages_deliver
from apps.postbox.services.suppressions import address_suppress
from tests.factories.campaigns import add_team_member, make_user
from tests.factories.concurrency import at_once
from tests.factories.outreach import move_messages
from tests.factories.postbox import change_all
from tests.factories.signing import organisation, person, signed

pytestmark = pytest.mark.django_db
TEXTS = {
    "en": ("{answered} governments have answered", "Dear friends,\n\nThe letter went to {governments} government."),
    "ar": ("الردود", "وصلت الرسالة إلى {reached} حكومة."),
}


@pytest.fixture
def readers(call: Any) -> SimpleNamespace:
    """Two who want to hear, in English and Arabic, and one who does not."""
    kisumu = signed(call, organisation(wants_answers=True))
    afi = signed(call, person("عافية منسى", email="afia@post.example", wants_answers=True, language="ar"))
    signed(call, person("Quiet", email="quiet@post.example", wants_letters=True))
    return SimpleNamespace(kisumu=kisumu, afi=afi)


@pytest.fixture
def left(version: Any, recipients: Any, readers: Any, authorised: Any) -> Any:
    """The letter, which has left for Kenya."""
    authorised(version)
    dispatches_advance()
    move_messages(Message.objects.filter(kind="letter"), "accepted")
    return version.letter


@pytest.fixture
def report(left: Any, cast: Any) -> SignerReport:
    return signer_report_save(letter=left, actor=cast.coordinator, texts=TEXTS)


def authorise(report: SignerReport, actor: Any, **changed: Any) -> SignerReport:
    seen = report_fingerprint(SignerReport.objects.get(pk=report.pk), report_figures(report))
    given = {"typed_count": report_audience(report).total, "seen": seen, **changed}
    return signer_report_authorise(report=report, actor=actor, **given)


@pytest.fixture
def sending(report: SignerReport, cast: Any) -> SignerReport:
    """Authorised, with every mail in the postbox."""
    authorise(report, cast.sender)
    reports_advance()
    return SignerReport.objects.get(pk=report.pk)


def report_mails() -> Any:
    return Message.objects.filter(kind="report").order_by("created_at")


def composed(sign_on: SignOn) -> Message:
    message = report_mails().get(origin_id=str(sign_on.pk))
    message_compose(message=message)
    return message


def address(name: str, report: SignerReport) -> str:
    return reverse(f"outreach:{name}", args=[report.campaign.slug, report.pk])


def test_only_those_who_asked_and_can_be_reached_get_it(left: Any, call: Any, readers: Any) -> None:
    assert report_audience(SignerReport(campaign=left.campaign, letter=left)).by_language == {"en": 1, "ar": 1}
    second = organisation("Union of the Same Secretary", wants_answers=True, org_website="https://other.example/")
    signed(call, second)
    assert report_audience(SignerReport(campaign=left.campaign, letter=left)).total == 2, "one mail for each address"
    withdrawn = signed(call, person("Withdrawn", email="w@post.example", wants_answers=True))
    sign_on_withdraw(sign_on=withdrawn)
    imported = signed(call, person("Without a sentence", email="i@post.example", wants_answers=True))
    SignOn.objects.filter(pk=imported.pk).update(consents=[])
    complained = signed(call, person("Complained", email="c@post.example", wants_answers=True))
    address_suppress(address="c@post.example", reason="spam", actor=None)
    bounced = signed(call, person("Bounced", email="b@post.example", wants_answers=True))
    move_messages(Message.objects.filter(origin_id=str(bounced.pk)), "bounced")
    audience = report_audience(SignerReport(campaign=left.campaign, letter=left))
    assert audience.by_language == {"en": 1, "ar": 1}
    assert audience.unreachable == 2
    assert complained.wants_answers


def test_two_people_are_needed_and_nothing_leaves_before(report: SignerReport, cast: Any) -> None:
    reports_advance()
    with pytest.raises(SecondPersonNeeded):
        authorise(report, cast.coordinator)
    for outsider in (cast.drafter, cast.observer):
        with pytest.raises(NotEntitled):
            authorise(report, outsider)
    assert not report_mails().exists()


def test_nobody_who_wrote_in_it_authorises_it(
    report: SignerReport, left: Any, cast: Any, signed_in: Callable[..., Client]
) -> None:
    second, third = make_user("Second Writer"), make_user("Third Writer")
    for writer in (second, third):
        add_team_member(writer, left.campaign, Role.SENDER)
        seen = report_fingerprint(SignerReport.objects.get(pk=report.pk), {})
        report = signer_report_save(letter=left, actor=writer, texts=TEXTS, report=report, seen=seen)
    for writer in (cast.coordinator, second, third):
        with pytest.raises(SecondPersonNeeded):
            authorise(report, writer)
        assert 'id="authorise"' not in signed_in(writer).get(address("report", report)).content.decode()
    assert 'id="authorise"' in signed_in(cast.sender).get(address("report", report)).content.decode()
    assert authorise(report, cast.sender).state == "authorised"


def test_what_was_not_seen_is_not_sent(report: SignerReport, left: Any, readers: Any, cast: Any) -> None:
    with pytest.raises(ReaderCountChanged) as refused:
        authorise(report, cast.sender, typed_count=3)
    assert "2 people" in str(refused.value)
    with pytest.raises(ReportChanged):
        authorise(report, cast.sender, seen="0" * 64)
    begun = report_fingerprint(report, {})
    signer_report_save(letter=left, actor=cast.coordinator, texts={"en": TEXTS["en"]}, report=report, seen=begun)
    with pytest.raises(ReportOverwritten):
        signer_report_save(letter=left, actor=cast.coordinator, texts=TEXTS, report=report, seen=begun)
    for sign_on in (readers.kisumu, readers.afi):
        consent_decline(consent="wants_answers", sign_on=sign_on)
    with pytest.raises(NoRecipients):
        authorise(report, cast.sender)
    assert not SignerReportMail.objects.exists()


def test_there_is_nothing_to_report_before_the_letter_has_left(version: Any, cast: Any) -> None:
    with pytest.raises(NotSentYet):
        signer_report_save(letter=version.letter, actor=cast.coordinator, texts=TEXTS)


def test_each_reads_it_in_their_language_and_can_stop_it(sending: SignerReport, readers: Any, client: Client) -> None:
    english, arabic = composed(readers.kisumu), composed(readers.afi)
    assert english.subject == "0 governments have answered"
    assert "The letter went to 1 government." in english.text_body
    assert "ticked “Email me what governments answer to this letter”" in " ".join(english.text_body.split())
    assert arabic.subject == "الردود"
    assert "/ar/" in arabic.text_body
    assert "{" not in arabic.text_body
    stop = english.headers["List-Unsubscribe"].strip("<>")
    assert english.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert stop in english.text_body
    assert "List-Unsubscribe" not in Message.objects.get(pk=english.pk).headers, "its token is stored nowhere in plain"

    path = re.sub(r"https?://[^/]+", "", stop)
    assert client.get(path).status_code == client.head(path).status_code == 200
    assert SignOn.objects.get(pk=readers.kisumu.pk).wants_answers, "opening a link changes nothing"
    for _twice in range(2):
        assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200, "no redirect (RFC 8058)"
    row = SignOn.objects.get(pk=readers.kisumu.pk)
    assert not row.wants_answers
    assert row.consents[0]["withdrawn_at"]
    assert row.state == "confirmed"
    private = re.findall(r"https?://[^/]+(\S+/mine/\S+/)\n", english.text_body)[0]
    assert client.get(private).status_code == 200


def test_it_leaves_once_whatever_happens(
    report: SignerReport, readers: Any, cast: Any, inbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    authorise(report, cast.sender)
    with monkeypatch.context() as killed:
        killed.setattr(report_sending, "_queue", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            reports_advance()
    for _again in range(3):
        reports_advance()
        messages_deliver()
    assert report_mails().count() == 2
    sent = [mail for mail in inbox.arrivals if b"List-Unsubscribe" in mail.raw]
    assert sorted(mail.envelope_to for mail in sent) == ["afia@post.example", "o.were@kdrf.example"]
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in sent[0].raw
    report.refresh_from_db()
    assert report.state == "finished"
    with pytest.raises(ReportClosed):
        authorise(report, cast.sender)


def test_killed_in_the_middle_of_a_batch_nothing_is_lost_or_doubled(
    report: SignerReport, readers: Any, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    authorise(report, cast.sender)
    with monkeypatch.context() as killed:
        killed.setattr(SignerReportMail.objects, "bulk_create", lambda _rows: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            reports_advance()
    assert not report_mails().exists()
    reports_advance()
    assert report_mails().count() == 2


def test_who_takes_the_consent_back_in_between_gets_nothing(report: SignerReport, readers: Any, cast: Any) -> None:
    authorise(report, cast.sender)
    consent_decline(consent="wants_answers", sign_on=readers.kisumu)
    reports_advance()
    [message] = report_mails()
    assert message.origin_id == str(readers.afi.pk)
    sign_on_correct(sign_on=readers.afi, changes={"wants_answers": False})
    with pytest.raises(ContentGone):
        message_compose(message=message)
    assert not SignerReportMail.objects.filter(sign_on=readers.kisumu).exists()


def test_who_erases_everything_leaves_nothing_in_the_mails(sending: SignerReport, readers: Any) -> None:
    sign_on_erase(sign_on=readers.kisumu)
    message = report_mails().get(origin_id=str(readers.kisumu.pk))
    assert (message.state, message.to_address, message.composer_values) == ("cancelled", "", "")


def test_few_wait_at_a_time_and_a_stop_keeps_the_rest(
    report: SignerReport, readers: Any, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_sending, "MOST_WAITING", 1)
    authorise(report, cast.sender)
    reports_advance()
    reports_advance()
    assert report_mails().count() == 1
    assert signer_report_stop(report=report, actor=cast.coordinator) == 2
    reports_advance()
    assert list(report_mails().values_list("state", flat=True)) == ["cancelled"]
    with pytest.raises(ReportClosed):
        signer_report_stop(report=report, actor=cast.coordinator)
    report.refresh_from_db()
    assert report.state == "stopped"


def test_a_stopped_one_that_a_worker_had_says_nothing(sending: SignerReport, readers: Any, cast: Any) -> None:
    message = report_mails().get(origin_id=str(readers.kisumu.pk))
    signer_report_stop(report=sending, actor=cast.coordinator)
    with pytest.raises(ContentGone):
        message_compose(message=message)


def test_it_is_finished_when_all_are_sent(sending: SignerReport, cast: Any) -> None:
    reports_advance()
    move_messages(report_mails(), "accepted")
    reports_advance()
    sending.refresh_from_db()
    assert sending.state == "finished"
    [row] = AuditEvent.objects.filter(verb="signer_report.finish")
    assert row.data == {"sent": 2}


def test_the_figures_are_those_that_were_authorised(sending: SignerReport, readers: Any) -> None:
    change_all(Message.objects.filter(kind="letter"), state="bounced")
    assert report_figures(sending)["reached"] == 0
    assert "١" in composed(readers.afi).text_body.split("\n")[0]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_authorise_at_once_one_does(report: SignerReport, cast: Any) -> None:
    seen, second = report_fingerprint(report, report_figures(report)), cast.sender

    def press() -> str:
        try:
            signer_report_authorise(report=report, actor=second, typed_count=2, seen=seen)
        except ReportClosed:
            return "closed"
        return "done"

    assert sorted(at_once(press, press)) == ["closed", "done"]
    at_once(reports_advance, reports_advance)
    reports_advance()
    assert report_mails().count() == SignerReportMail.objects.count() == 2


def test_one_is_said_in_the_singular() -> None:
    assert [str(label) for _place, label, _n in figure_lines({"governments": 2, "answered": 1, "signatures": 1})] == [
        "governments that were sent the letter",
        "government that answered",
        "signature on the list that was sent last",
    ]


def test_it_is_written_read_tested_and_authorised_on_pages(
    left: Any, cast: Any, signed_in: Callable[..., Client]
) -> None:
    writer, second = signed_in(cast.coordinator), signed_in(cast.sender)
    index = writer.get(reverse("outreach:index", args=[left.campaign.slug])).content.decode()
    write = reverse("outreach:report_write", args=[left.campaign.slug, left.number])
    assert write in index
    assert 'name="subject_ar"' in writer.get(write).content.decode()
    wrong = writer.post(
        write, {"subject_en": "Answers", "body_en": "{nobody} answered.", "subject_ar": "نص", "signers": "both"}
    )
    text = wrong.content.decode()
    assert wrong.status_code == 400
    assert "There is no figure {nobody}." in text
    assert "Write the text to this subject." in text
    assert "{nobody} answered." in text, "nothing typed is lost"

    typed = {f"{part}_{code}": words for code, pair in TEXTS.items() for part, words in zip(PARTS, pair, strict=True)}
    typed["signers"] = "both"
    report = SignerReport.objects.get(pk=writer.post(write, typed)["Location"].rstrip("/").rpartition("/")[2])
    page = " ".join(writer.get(address("report", report)).content.decode().split())
    assert "0 governments have answered" in page
    assert "somebody else has to authorise it" in page
    writer.post(address("report_test", report))
    tests = Message.objects.filter(kind="test")
    assert {mail.to_address for mail in tests} == {cast.coordinator.email}
    assert tests.count() == 2

    shown = " ".join(second.get(address("report", report)).content.decode().split())
    assert f"<b>2 emails</b> from <b>{report.sender_address}</b> to <b>2 people</b>" in shown
    seen = re.findall(r'name="seen" value="([0-9a-f]{64})"', shown)[0]
    few = second.post(address("report_authorise", report), {"typed_count": 1, "seen": seen})
    assert few.status_code == 400
    assert "2 people get this email now" in few.content.decode()
    assert second.post(address("report_authorise", report), {"typed_count": 2, "seen": seen}).status_code == 302
    reports_advance()
    going = " ".join(second.get(address("report", report)).content.decode().split())
    assert "Stop: send no more emails" in going
    assert writer.post(address("report_stop", report)).status_code == 302
    assert "not sent: stopped" in writer.get(address("report", report)).content.decode()
