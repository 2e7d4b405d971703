"""Telling those who agreed to it that another letter is open: to whom, at which pace, and how it is stopped."""

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.coalitions.models import SignOn, SignOnCall
from apps.coalitions.services.closing_times import sign_on_call_close
from apps.coalitions.services.erasure import sign_on_erase
from apps.coalitions.services.signer_changes import sign_on_withdraw
from apps.core.models import AuditEvent
from apps.outreach.models import SignerReport, SignerReportMail
from apps.outreach.selectors.reports import report_audience, report_fingerprint
from apps.outreach.services import report_sending
from apps.outreach.services.report_sending import reports_advance
from apps.outreach.services.reports import NotOpen, signer_report_authorise, signer_report_save
from apps.postbox.models import Message, Priority
from apps.postbox.services.composing import ContentGone, message_compose
from tests.factories.concurrency import at_once
from tests.factories.letters import make_version
from tests.factories.outreach import move_messages
from tests.factories.signing import make_call, make_sign_ons, organisation, person, signed

pytestmark = pytest.mark.django_db
TEXTS = {"en": ("Another letter", "Dear friends,\n\nA second letter is open."), "ar": ("رسالة أخرى", "الرسالة مفتوحة.")}
CONSENT = SignerReport.Consent.LETTERS


@pytest.fixture
def readers(call: SignOnCall) -> SimpleNamespace:
    """Signers of the first letter: two who agreed, one who agreed to something else."""
    kisumu = signed(call, organisation(wants_letters=True, wants_answers=True))
    afi = signed(call, person("عافية منسى", email="afia@post.example", wants_letters=True, language="ar", country="EG"))
    signed(call, person("Quiet", email="quiet@post.example", wants_answers=True))
    return SimpleNamespace(kisumu=kisumu, afi=afi)


@pytest.fixture
def second(campaign: Any, cast: Any, kenya: Any, readers: Any) -> SignOnCall:
    return make_call(make_version(campaign, cast, kenya), cast, moderated=False)


def save(call: SignOnCall, cast: Any, **values: Any) -> SignerReport:
    return signer_report_save(
        letter=call.letter, consent=CONSENT, actor=cast.coordinator, texts=values.pop("texts", TEXTS), **values
    )


def authorised(report: SignerReport, actor: Any) -> SignerReport:
    seen, total = report_fingerprint(report, {}), report_audience(report).total
    return signer_report_authorise(report=report, actor=actor, typed_count=total, seen=seen)


@pytest.fixture
def sending(second: SignOnCall, cast: Any) -> SignerReport:
    report = authorised(save(second, cast), cast.sender)
    reports_advance()
    return report


def queued(sign_on: SignOn) -> Message:
    return Message.objects.get(kind="report", origin_id=str(sign_on.pk))


def composed(sign_on: SignOn) -> Message:
    message = queued(sign_on)
    message_compose(message=message)
    return message


def stop_path(message: Message) -> str:
    return re.sub(r"https?://[^/]+", "", message.headers["List-Unsubscribe"].strip("<>"))


def test_it_goes_to_signers_of_other_letters_who_agreed_to_that(sending: SignerReport, readers: Any) -> None:
    assert set(SignerReportMail.objects.values_list("sign_on", flat=True)) == {readers.kisumu.pk, readers.afi.pk}
    assert set(Message.objects.filter(kind="report").values_list("priority", flat=True)) == {Priority.UPDATE}
    message = composed(readers.kisumu)
    assert message.subject == "Another letter"
    words = " ".join(message.text_body.split())
    assert "you signed another letter of this campaign" in words
    assert "ticked “Email me when the campaign opens another letter”" in words
    assert reverse("website:letter", args=["mc11", sending.letter.number]) in message.text_body
    assert composed(readers.afi).subject == "رسالة أخرى"


def test_who_has_signed_that_letter_is_not_asked_to(second: SignOnCall, cast: Any, readers: Any) -> None:
    report = save(second, cast)
    assert report_audience(report).total == 2
    signed(second, organisation())
    assert report_audience(report).by_language == {"ar": 1}


def test_it_is_narrowed_to_a_kind_of_signers_and_to_countries(second: SignOnCall, cast: Any) -> None:
    assert report_audience(save(second, cast, signers="organisation")).by_country == {"KE": 1}
    assert report_audience(save(second, cast, signers="person")).by_country == {"EG": 1}
    assert report_audience(save(second, cast, countries=["EG", "TG"])).by_country == {"EG": 1}


def test_it_is_narrowed_to_languages_and_counted_in_each(second: SignOnCall, cast: Any, signed_in: Any) -> None:
    report = save(second, cast, languages=["ar"])
    assert report_audience(report).by_language == {"ar": 1}
    assert report_audience(save(second, cast, languages=["en", "fr"])).by_language == {"en": 1}
    SignOn.objects.filter(language="en").update(language="sw")
    assert report_audience(save(second, cast, languages=["en"])).by_language == {"en": 1}, "they read English"
    page = signed_in(cast.sender).get(reverse("outreach:report", args=["mc11", report.pk])).content.decode()
    assert "Only those who signed in: Arabic." in page
    assert page.count("1 person gets this text.") == page.count("0 people get this text.") == 1
    edit = signed_in(cast.coordinator).get(reverse("outreach:report_edit", args=["mc11", report.pk]))
    assert edit.context["form"]["languages"].value() == ["ar"]
    assert "(1)" in edit.content.decode()
    seen = report_fingerprint(report, {})
    report = save(second, cast, report=report, seen=seen)
    assert report_audience(report).total == 2
    assert report_fingerprint(report, {}) != seen, "whoever authorises it sees another one"


def test_a_language_is_kept_until_the_last_email(second: SignOnCall, cast: Any, readers: Any) -> None:
    authorised(save(second, cast, languages=["ar"]), cast.sender)
    reports_advance()
    assert [*SignerReportMail.objects.values_list("sign_on", flat=True)] == [readers.afi.pk]


def test_who_has_no_text_in_their_language_gets_another(second: SignOnCall, cast: Any, readers: Any) -> None:
    authorised(save(second, cast, texts={"en": TEXTS["en"]}), cast.sender)
    reports_advance()
    message = composed(readers.afi)
    assert message.subject == "Another letter"
    assert "Letter 2, and the form to sign it:" in message.text_body, "all of it in one language"


def test_it_needs_an_open_letter_until_it_leaves(second: SignOnCall, cast: Any, readers: Any) -> None:
    report, later = authorised(save(second, cast), cast.sender), save(second, cast)
    reports_advance()
    sign_on_call_close(call=second, actor=cast.coordinator)
    with pytest.raises(ContentGone):
        composed(readers.kisumu)
    with pytest.raises(NotOpen):
        authorised(later, cast.sender)
    with pytest.raises(NotOpen):
        save(second, cast)
    assert report.pk


def test_the_link_and_the_header_take_back_exactly_that_consent(
    sending: SignerReport, readers: Any, client: Client
) -> None:
    message = composed(readers.kisumu)
    path = stop_path(message)
    assert message.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert path in message.text_body
    assert client.get(path).status_code == client.head(path).status_code == 200
    assert SignOn.objects.get(pk=readers.kisumu.pk).wants_letters, "prefetching changes nothing"
    strict = Client(enforce_csrf_checks=True)
    for _twice in range(2):
        answer = strict.post(path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 200, "no sign-in, no redirect"
    row = SignOn.objects.get(pk=readers.kisumu.pk)
    assert (row.wants_letters, row.wants_answers, row.state) == (False, True, "confirmed")
    assert [entry["field"] for entry in row.consents if entry["withdrawn_at"]] == ["wants_letters"]
    assert AuditEvent.objects.filter(verb="sign_on.correct", subject_id=str(row.pk)).count() == 1
    forged = path.replace("/mine/", "/mine/x")
    assert strict.post(forged).status_code == 404
    assert SignOn.objects.get(pk=readers.afi.pk).wants_letters


def test_it_is_taken_back_for_all_letters_of_the_campaign(
    sending: SignerReport, second: SignOnCall, readers: Any, client: Client
) -> None:
    other = signed(second, person("عافية منسى", email="afia@post.example", wants_letters=True, wants_answers=True))
    client.post(stop_path(composed_before(readers.afi)))
    assert not SignOn.objects.filter(email_hash=other.email_hash, wants_letters=True).exists()
    assert SignOn.objects.get(pk=other.pk).wants_answers


def composed_before(sign_on: SignOn) -> Message:
    """As it left before its reader signed the letter too."""
    message = queued(sign_on)
    SignOn.objects.filter(email_hash=sign_on.email_hash).exclude(pk=sign_on.pk).update(state="pending")
    message_compose(message=message)
    SignOn.objects.filter(email_hash=sign_on.email_hash).update(state="confirmed")
    return message


def test_who_withdrew_or_erased_since_it_was_queued_gets_none(sending: SignerReport, readers: Any) -> None:
    sign_on_withdraw(sign_on=readers.kisumu)
    with pytest.raises(ContentGone):
        composed(readers.kisumu)
    sign_on_erase(sign_on=readers.afi)
    assert queued(readers.afi).state == "cancelled"
    assert queued(readers.afi).to_address == ""


def test_it_leaves_at_its_pace(second: SignOnCall, cast: Any) -> None:
    report = authorised(save(second, cast, per_hour=60), cast.sender)
    begun = report.authorised_at
    assert begun is not None
    reports_advance(now=begun)
    assert SignerReportMail.objects.count() == 1
    reports_advance(now=begun + timedelta(seconds=30))
    assert SignerReportMail.objects.count() == 1
    reports_advance(now=begun + timedelta(seconds=90))
    assert SignerReportMail.objects.count() == 2


def test_an_address_that_changes_half_way_gets_it_once(
    second: SignOnCall, cast: Any, readers: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mails go in the order of the hashes of addresses, which may change under way, as with a new key."""
    monkeypatch.setattr(report_sending, "BATCH", 1)
    authorised(save(second, cast), cast.sender)
    assert reports_advance()
    done = SignerReportMail.objects.get().sign_on
    left = readers.afi if done == readers.kisumu else readers.kisumu
    SignOn.objects.filter(pk=done.pk).update(email_hash="f" * 64)
    SignOn.objects.filter(pk=left.pk).update(email_hash="0" * 64)
    for _round in range(3):
        reports_advance()
    assert SignerReportMail.objects.count() == 1, "its hash was passed"
    move_messages(Message.objects.filter(kind="report"), "accepted")
    reports_advance()
    assert sorted(SignerReportMail.objects.values_list("sign_on", flat=True)) == sorted([done.pk, left.pk])


@pytest.mark.django_db(transaction=True)
def test_two_beats_queue_each_mail_once(second: SignOnCall, cast: Any) -> None:
    authorised(save(second, cast), cast.sender)
    at_once(reports_advance, reports_advance)
    reports_advance()
    assert SignerReportMail.objects.count() == Message.objects.filter(kind="report").count() == 2


def test_many_are_queued_in_few_statements(call: SignOnCall, second: SignOnCall, cast: Any) -> None:
    counts = []
    for number in (3, 30):
        given = {"field": CONSENT, "withdrawn_at": None, "sentence": "Yes", "given_at": timezone.now().isoformat()}
        make_sign_ons(call, [f"Union {number} {n}" for n in range(number)], wants_letters=True, consents=[given])
        report = authorised(save(second, cast), cast.sender)
        with CaptureQueriesContext(connection) as asked:
            reports_advance()
        counts.append(len(asked))
        SignerReport.objects.filter(pk=report.pk).update(state="stopped")
    assert counts[0] >= counts[1] - 2
    assert counts[1] < 20


def test_it_is_written_on_a_page_with_the_numbers_of_each_choice(
    second: SignOnCall, readers: Any, cast: Any, signed_in: Any
) -> None:
    writer = signed_in(cast.coordinator)
    write = reverse("outreach:report_announce", args=["mc11", second.letter.number])
    assert write in writer.get(reverse("outreach:index", args=["mc11"])).content.decode()
    page = writer.get(write).content.decode()
    assert "Egypt (1)" in page
    assert "2 people agreed to it" in " ".join(page.split())
    typed = {"subject_en": "Another", "body_en": "It is open.", "countries": "EG", "signers": "person", "per_hour": "0"}
    wrong = writer.post(write, typed)
    assert wrong.status_code == 400
    assert "Write 1 or a larger number." in wrong.content.decode()
    saved = writer.post(write, {**typed, "per_hour": "100"})
    shown = " ".join(writer.get(saved["Location"]).content.decode().split())
    assert "People only." in shown
    assert "Only in: Egypt." in shown
    assert "At most 100 emails are sent in an hour." in shown
    assert "they get the one in English" in shown
