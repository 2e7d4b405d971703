"""Sorting what came in, answering it, contacts by other ways, next steps, and the numbers with their lists."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.campaigns.models import Campaign, TeamMember
from apps.core.audit import AuditEvent
from apps.core.encryption import lookup_hashes
from apps.core.signals import personal_data_erase
from apps.governments.models import DrafterLimit, Member, Position
from apps.outreach.models import FollowUp, MailTriage, Reply, ReplyPosition, SentAnswer, Touch, TouchFile
from apps.outreach.pages.alarms import answers_left, follow_ups_waiting
from apps.outreach.pages.contacts import chart_line, contact_figures, contacts_page
from apps.outreach.pages.mail_text import text_parts, unwrapped
from apps.outreach.selectors.tracking import campaign_today, follow_ups_due
from apps.outreach.services.deliveries import dispatches_advance
from apps.outreach.services.follow_ups import DayPast, FollowUpDone, follow_up_add, follow_up_finish, follow_up_postpone
from apps.outreach.services.sent_answers import AnsweredMeanwhile, answer_send
from apps.outreach.services.touches import Contact, touch_record, touch_withdraw, tracking_delete_expired
from apps.outreach.services.tracking_rights import NotYourGovernment
from apps.postbox.models import InboundMail, Message
from apps.postbox.services.inbound import Arrival, mails_receive
from apps.postbox.services.send_worker import messages_deliver
from tests.factories import make_campaign, make_member
from tests.factories.governments import make_recipient

pytestmark = pytest.mark.django_db
COLLEAGUE = "a.colleague@trade-ke.example"


def at(name: str, *args: Any) -> str:
    return reverse(f"outreach:{name}", args=["mc11", *args])


def body(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


@pytest.fixture
def letter(version: Any, recipients: Any, authorised: Any, inbox: Any) -> Message:
    """The cabinet's letter, handed over; the mission's was refused."""
    dispatch = authorised(version)
    dispatches_advance()
    messages_deliver()
    message: Message = dispatch.deliveries.get(recipient=recipients.cabinet).message
    return message


def write(letter: Message, text: str = "We note your letter.", number: int = 1, to: str = "") -> InboundMail:
    """A mail of a colleague whom nobody knows, to the address for answers."""
    mail = EmailMessage()
    mail["From"], mail["To"] = f"A Colleague <{COLLEAGUE}>", letter.reply_to
    mail["Subject"], mail["Message-ID"] = "Your letter", f"<answer-{number}@trade-ke.example>"
    mail["References"] = f"<before@trade-ke.example> {letter.message_id}"
    mail.set_content(text)
    raw = mail.as_bytes()
    mails_receive(arrivals=[Arrival(COLLEAGUE, to or letter.reply_to, raw)], sink=True)
    return InboundMail.objects.latest("pk")


def met(campaign: Campaign, member: Member, cast: Any, **said: Any) -> Touch:
    contact = Contact(**{"channel": "meeting", "on": campaign_today(campaign), "summary": "They listened.", **said})
    return touch_record(campaign=campaign, member=member, actor=cast.coordinator, contact=contact)


def test_a_meeting_has_its_hour(campaign: Campaign, kenya: Member, cast: Any, signed_in: Any) -> None:
    coordinator = signed_in(cast.coordinator)
    said = {"channel": "meeting", "on": campaign_today(campaign).isoformat(), "summary": "They listened."}
    assert coordinator.post(at("touch_new", "KE"), {**said, "at": "25:00"}).status_code == 400
    assert coordinator.post(at("touch_new", "KE"), {**said, "at": "14:30"}).status_code == 302
    government = reverse("dashboard:government", args=[campaign.slug, "KE"])
    assert "At 14:30 there." in body(coordinator.get(government))
    assert "14:30 on the clock there" in body(coordinator.get(at("touch", Touch.objects.get().pk)))
    met(campaign, kenya, cast)
    assert body(coordinator.get(government)).count(" there.") == 1
    contacts = body(coordinator.get(at("contacts")))
    assert "The chart over time begins tomorrow." in contacts, "a chart of one day is no chart"
    assert "<polyline" not in contacts


def test_a_mail_is_sorted_and_the_filters_follow(letter: Message, cast: Any, signed_in: Any) -> None:
    mail = write(letter)
    coordinator = signed_in(cast.coordinator)
    page = body(coordinator.get(at("inbox")))
    assert "Nobody looks after it" in page
    assert "Needs an answer" in page
    assert COLLEAGUE in page
    form = {"assignee": cast.coordinator.pk, "label": "acknowledgement"}
    assert coordinator.post(at("mail_sort", mail.pk), form).status_code == 302
    page = body(coordinator.get(at("inbox")))
    assert "Acknowledgement" in page
    assert "Needs an answer" not in page
    assert "Nobody looks after it" not in page
    assert ">Mine" in page
    coordinator.post(at("mail_sort", mail.pk), {**form, "closed": "on"})
    assert ">Mine" not in body(coordinator.get(at("inbox")))
    assert AuditEvent.objects.filter(verb="mail.sort").count() == 2


def test_an_observer_sees_neither_sender_nor_subject_and_may_not_sort(
    letter: Message, cast: Any, signed_in: Any
) -> None:
    mail = write(letter)
    page = body(signed_in(cast.observer).get(at("inbox")))
    assert "Kenya" in page
    assert COLLEAGUE not in page
    assert "Your letter" not in page
    assert signed_in(cast.observer).post(at("mail_sort", mail.pk), {"label": ""}).status_code == 403


def test_mail_labelled_as_out_of_office_is_no_answer_any_more(letter: Message, cast: Any, signed_in: Any) -> None:
    mail = write(letter)
    assert Reply.objects.get().kind == "reply"
    signed_in(cast.coordinator).post(at("mail_sort", mail.pk), {"label": "out_of_office"})
    assert Reply.objects.get().kind == "auto_reply"
    letter.refresh_from_db()
    assert letter.replied_at is None


def test_an_answer_from_here_leaves_once_in_the_same_thread_and_what_comes_back_is_matched(
    letter: Message, cast: Any, signed_in: Any, inbox: Any
) -> None:
    mail = write(letter, "When can we meet?")
    sender = signed_in(cast.sender)
    page = sender.get(at("mail_answer", mail.pk))
    assert COLLEAGUE in body(page)
    form = {"text": "On Monday.", "quote": "on", "seen": "0"}
    preview = body(sender.post(at("mail_answer", mail.pk), {**form, "preview": "1"}))
    assert "On Monday." in preview
    assert "&gt; When can we meet?" in preview
    assert not SentAnswer.objects.exists()
    assert sender.post(at("mail_answer", mail.pk), {**form, "send": "1"}).status_code == 302
    again = sender.post(at("mail_answer", mail.pk), {**form, "send": "1"})
    assert again.status_code == 409
    assert "has been answered since" in body(again)
    inbox.arrivals.clear()
    messages_deliver()
    [arrived] = inbox.arrivals
    sent = message_from_bytes(arrived.raw, policy=policy.default)
    assert arrived.envelope_to == COLLEAGUE
    assert sent["Subject"] == "Re: Your letter"
    assert sent["In-Reply-To"] == "<answer-1@trade-ke.example>"
    assert letter.message_id in sent["References"]
    assert sent["Auto-Submitted"] is None
    assert "On Monday." in arrived.raw.decode()
    assert "> When can we meet?" in arrived.raw.decode()
    answer = SentAnswer.objects.get()
    assert answer.message.policy == "once"
    assert answer.message.reply_to in str(sent["Reply-To"])
    back = write(letter, "Monday suits us.", 2, to=answer.message.reply_to)
    assert Reply.objects.get(mail=back).delivery == letter.delivery
    page = body(sender.get(reverse("outreach:mail", args=["mc11", back.pk])))
    assert "Monday suits us." in page
    assert "We answered" in body(sender.get(at("inbox")))


def test_a_mail_through_a_list_is_not_answered_to_all_its_readers(letter: Message, cast: Any, signed_in: Any) -> None:
    raw = (
        f"From: List <list@trade-ke.example>\nTo: {letter.reply_to}\nList-Post: <mailto:List@trade-ke.example>\n"
        "Subject: Your letter\nMessage-ID: <list-1@trade-ke.example>\n\nWe note it.\n"
    ).encode()
    mails_receive(arrivals=[Arrival(COLLEAGUE, letter.reply_to, raw)], sink=True)
    mail = InboundMail.objects.latest("pk")
    form = {"text": "Thank you", "seen": "0", "send": "1"}
    answer = signed_in(cast.sender).post(at("mail_answer", mail.pk), form, follow=True)
    assert "all its readers would get the answer" in body(answer)
    assert not Message.objects.filter(kind="answer").exists()


def test_of_two_who_answer_at_once_one_sends(letter: Message, campaign: Campaign, cast: Any) -> None:
    mail = write(letter)
    about = {"campaign": campaign, "mail": mail, "delivery": letter.delivery, "seen": 0}
    answer_send(**about, actor=cast.sender, text="One")
    with pytest.raises(AnsweredMeanwhile):
        answer_send(**about, actor=cast.coordinator, text="Two")
    assert SentAnswer.objects.count() == 1


def test_a_position_is_recorded_from_an_answer_and_leads_back_to_it(
    letter: Message, cast: Any, signed_in: Any, kenya: Member
) -> None:
    write(letter, "We oppose it.")
    reply = Reply.objects.get()
    coordinator = signed_in(cast.coordinator)
    path = reverse("dashboard:government_position", args=["mc11", kenya.code]) + f"?reply={reply.pk}"
    page = body(coordinator.get(path))
    assert "The source is the answer of" in page
    today = timezone.localdate().isoformat()
    assert f'value="{today}"' in page
    assert coordinator.post(path, {"stance": "opposes", "on": today, "confidence": "high"}).status_code == 302
    assert ReplyPosition.objects.get().position == Position.objects.get()
    page = body(coordinator.get(reverse("dashboard:government", args=["mc11", kenya.code])))
    assert "The answer that states it" in page
    first = Position.objects.get()
    said = {"stance": "undecided", "on": today, "confidence": "low", "reason": "Read again"}
    coordinator.post(reverse("dashboard:government_position_correct", args=["mc11", first.pk]), said)
    assert ReplyPosition.objects.filter(position__withdrawn_at=None).get().reply == reply


def test_a_meeting_counts_and_stands_in_the_timeline(
    campaign: Campaign, kenya: Member, cast: Any, signed_in: Any
) -> None:
    coordinator = signed_in(cast.coordinator)
    form = {
        "channel": "meeting", "on": campaign_today(campaign).isoformat(), "summary": "They oppose new rules.",
        "place_and_people": "Geneva, with Mr Otieno", "answered": "on",
        "evidence": SimpleUploadedFile("notes.txt", b"Notes of the meeting"),
    }  # fmt: skip
    assert coordinator.post(at("touch_new", kenya.code), form).status_code == 302
    touch = Touch.objects.get()
    government = reverse("dashboard:government", args=["mc11", kenya.code])
    for person in (coordinator, signed_in(cast.observer)):
        page = body(person.get(government))
        assert "They oppose new rules." in page
        assert "Otieno" not in page
    assert "Otieno" in body(coordinator.get(at("touch", touch.pk)))
    assert "Otieno" not in body(signed_in(cast.observer).get(at("touch", touch.pk)))
    download = coordinator.get(at("touch_file", touch.pk))
    assert download.content == b"Notes of the meeting"
    assert download["Content-Disposition"].startswith("attachment")
    assert signed_in(cast.observer).get(at("touch_file", touch.pk)).status_code == 403
    figures = contact_figures(campaign)
    assert (figures["touched"], figures["answered"], figures["written"]) == (1, 1, 0)
    coordinator.post(at("touch_withdraw", touch.pk))
    assert contact_figures(campaign)["touched"] == 0
    touch.refresh_from_db()
    assert touch.summary == touch.place_and_people == ""
    assert not TouchFile.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"on": "2099-01-01"}, "This day is in the future"),
        ({"evidence": SimpleUploadedFile("page.html", b"<script>")}, "Choose a PDF"),
        ({"evidence": SimpleUploadedFile("scan.pdf", b"no PDF at all")}, "This is not a PDF file"),
        ({"link": "javascript:alert(1)"}, "Enter an address like"),
        ({"channel": ""}, "Choose how the contact took place"),
    ],
)
def test_a_contact_that_cannot_be_is_refused_and_keeps_what_was_typed(
    campaign: Campaign, kenya: Member, cast: Any, signed_in: Any, typed: dict[str, Any], said: str
) -> None:
    form = {"channel": "call", "on": campaign_today(campaign).isoformat(), "summary": "They listened.", **typed}
    answer = signed_in(cast.coordinator).post(at("touch_new", kenya.code), form)
    assert answer.status_code == 400
    assert said in body(answer)
    assert "They listened." in body(answer)
    assert not Touch.objects.exists()


def test_a_limited_drafter_records_only_about_their_governments(
    campaign: Campaign, kenya: Member, cast: Any, signed_in: Any
) -> None:
    togo = make_member("TG", "Togo")
    DrafterLimit.objects.create(team_member=TeamMember.objects.get(campaign=campaign, user=cast.drafter), member=togo)
    drafter, today = signed_in(cast.drafter), campaign_today(campaign)
    call = {"channel": "call", "on": today.isoformat(), "summary": "They listened."}
    assert drafter.post(at("touch_new", "TG"), call).status_code == 302
    assert drafter.post(at("touch_new", "KE"), call).status_code == 403
    assert "this is not one of them" in body(drafter.get(at("touch_new", "KE")))
    with pytest.raises(NotYourGovernment):
        follow_up_add(campaign=campaign, member=kenya, actor=cast.drafter, what="Call", due_on=today)
    with pytest.raises(NotYourGovernment):
        touch_withdraw(touch=met(campaign, kenya, cast), actor=cast.drafter)


def test_a_next_step_is_due_postponed_and_done(campaign: Campaign, kenya: Member, cast: Any, signed_in: Any) -> None:
    coordinator, today = signed_in(cast.coordinator), campaign_today(campaign)
    form = {"what": "Call the minister", "due_on": today.isoformat(), "assignee": cast.coordinator.pk}
    assert coordinator.post(at("follow_up_new", kenya.code), form).status_code == 302
    step = FollowUp.objects.get()
    member = TeamMember.objects.get(campaign=campaign, user=cast.coordinator)
    assert list(follow_ups_due(campaign, cast.coordinator)) == [step]
    assert list(follow_ups_due(campaign, cast.sender)) == []
    waiting = follow_ups_waiting(member)
    assert waiting is not None
    assert (waiting.tone, waiting.count) == ("warn", 1)
    FollowUp.objects.update(due_on=today - timedelta(days=1))
    assert follow_ups_waiting(member).tone == "bad"
    page = body(coordinator.get(reverse("dashboard:overview", args=["mc11"])))
    assert "1 next step is due" in page
    government = reverse("dashboard:government", args=["mc11", kenya.code])
    assert "Overdue" in body(coordinator.get(government))
    later = today + timedelta(days=7)
    coordinator.post(at("follow_up_postpone", step.pk), {"due_on": later.isoformat()})
    assert follow_ups_waiting(member) is None
    assert "Call the minister" in body(coordinator.get(at("follow_ups")))
    coordinator.post(at("follow_up_finish", step.pk))
    with pytest.raises(FollowUpDone):
        follow_up_postpone(follow_up=step, actor=cast.coordinator, due_on=later)
    follow_up_finish(follow_up=step, actor=cast.sender)
    step.refresh_from_db()
    assert step.done_by == cast.coordinator
    assert "Call the minister" in body(coordinator.get(at("follow_ups") + "?show=done"))
    assert "Call the minister" in body(coordinator.get(government + "?kind=follow_up"))
    with pytest.raises(DayPast):
        follow_up_add(campaign=campaign, member=kenya, actor=cast.coordinator, what="x", due_on=today - timedelta(1))


def test_each_number_leads_to_exactly_its_governments(
    letter: Message, campaign: Campaign, kenya: Member, cast: Any, signed_in: Any
) -> None:
    togo, peru = make_member("TG", "Togo"), make_member("PE", "Peru")
    make_recipient(campaign, togo, "Minister", "minister@trade-tg.example")
    day = campaign_today(campaign)
    met(campaign, togo, cast, on=day - timedelta(days=3))

    def listed(show: str) -> set[str]:
        page = contacts_page(campaign, day, show=show)
        rows = {row.member.code for row in page.rows}
        assert {key: n for key, _words, n in page.numbers}[show] == len(rows)
        return rows

    assert listed("written") == listed("delivered") == {"KE"}
    assert listed("unanswered") == {"KE", "TG"}
    assert listed("touched") == {"TG"}
    assert listed("untouched") == {peru.code}
    Position.objects.create(campaign=campaign, member=kenya, stance="undecided", on=day - timedelta(days=30))
    Position.objects.create(campaign=campaign, member=kenya, stance="opposes", on=day)
    write(letter)
    assert listed("answered") == listed("changed") == {"KE"}
    assert listed("unanswered") == {"TG"}
    page = body(signed_in(cast.observer).get(at("contacts") + "?show=answered"))
    assert "Kenya" in page
    assert "Togo" not in page
    assert "<polyline" in page
    stage = body(signed_in(cast.observer).get(reverse("dashboard:overview", args=["mc11"])))
    assert "1 of 2 governments that were reached" in stage


def test_an_answer_that_nobody_takes_becomes_an_alarm(letter: Message, campaign: Campaign, cast: Any) -> None:
    mail = write(letter)
    member = TeamMember.objects.get(campaign=campaign, user=cast.coordinator)
    assert answers_left(member) is None
    InboundMail.objects.update(received_at=timezone.now() - timedelta(days=3, hours=1))
    assert answers_left(member).count == 1
    MailTriage.objects.create(mail=mail, campaign=campaign, assignee=cast.sender)
    assert answers_left(member) is None


@pytest.mark.parametrize("number", [3, 60])
def test_pages_ask_as_little_with_many_rows(
    letter: Message, campaign: Campaign, cast: Any, signed_in: Any, number: int
) -> None:
    InboundMail.objects.bulk_create(
        InboundMail(
            sha256=f"{n:064d}", raw=b"x", sender=COLLEAGUE, subject=f"Mail {n}", text="Yes", kind="reply", size=1,
            message=letter,
        )
        for n in range(number)
    )  # fmt: skip
    Reply.objects.bulk_create(
        Reply(
            campaign=campaign, delivery=letter.delivery, member=letter.delivery.member, mail=mail, kind="reply",
            received_at=mail.received_at,
        )
        for mail in InboundMail.objects.all()
    )  # fmt: skip
    for n in range(number):
        met(campaign, make_member(f"{'QXZ'[n // 26]}{chr(65 + n % 26)}", f"State {n}", code3=f"Q{n:02d}"), cast)
    coordinator = signed_in(cast.coordinator)
    coordinator.get(at("inbox"))
    for name, most in (("inbox", 22), ("contacts", 27)):
        with CaptureQueriesContext(connection) as asked:
            page = coordinator.get(at(name))
        assert page.status_code == 200
        assert len(asked) <= most, f"{name}: {len(asked)}"


def stray(number: int, sender: str) -> InboundMail:
    raw = f"From: {sender}\nSubject: To the campaign\nMessage-ID: <{number}@x.example>\n\nWe oppose it.\n".encode()
    mails_receive(arrivals=[Arrival(sender, f"reply+{'a' * 52}@reply.example", raw)], sink=False)
    return InboundMail.objects.latest("pk")


def test_a_mail_that_names_no_letter_is_filed_by_a_person(letter: Message, cast: Any, signed_in: Any) -> None:
    mail, other = stray(1, COLLEAGUE), stray(2, "somebody@elsewhere.example")
    assert mail.message is None
    coordinator = signed_in(cast.coordinator)
    assert "Matches no letter" in body(coordinator.get(at("inbox")))
    page = body(coordinator.get(at("unmatched")))
    assert "Kenya" in page
    assert "It comes from the same domain." in page
    assert "Nobody we know" in page
    page = body(coordinator.get(at("unmatched_mail", mail.pk)))
    assert "We oppose it." in page
    assert "Its sender’s address belongs to Kenya." in page
    assert f'value="{letter.delivery.pk}" selected' in page
    assert coordinator.post(at("unmatched_mail", mail.pk), {"letter": ""}).status_code == 400
    assert coordinator.post(at("unmatched_mail", mail.pk), {"letter": letter.delivery.pk}).status_code == 302
    assert Reply.objects.get().mail == mail
    coordinator.post(at("unmatched_set_aside", other.pk))
    assert "No email waits here" in body(coordinator.get(at("unmatched")))
    assert "elsewhere.example" in body(coordinator.get(at("unmatched") + "?show=aside"))
    assert signed_in(cast.observer).get(at("unmatched")).status_code == 403


def test_another_campaigns_stray_mail_is_not_shown(letter: Message, cast: Any, signed_in: Any) -> None:
    make_campaign("mc12")
    stray(1, COLLEAGUE), stray(2, "somebody@elsewhere.example")
    page = body(signed_in(cast.coordinator).get(at("unmatched")))
    assert COLLEAGUE in page
    assert "elsewhere.example" not in page
    other = InboundMail.objects.earliest("pk"), InboundMail.objects.latest("pk")
    coordinator = signed_in(cast.coordinator)
    assert [coordinator.get(at("unmatched_mail", mail.pk)).status_code for mail in other] == [200, 404]
    page = body(coordinator.get(at("inbox")))
    assert ">2</b>Matches no letter" not in page, "one of them is another campaign's"
    assert "Matches no letter" in page


def test_a_stray_mail_that_names_a_letter_is_offered_that_letter(letter: Message, cast: Any, signed_in: Any) -> None:
    raw = f"From: a@elsewhere.example\nSubject: To you\n\nYou wrote {letter.message_id} to us.\n".encode()
    mails_receive(arrivals=[Arrival("a@elsewhere.example", f"reply+{'a' * 52}@reply.example", raw)], sink=False)
    mail = InboundMail.objects.get()
    coordinator = signed_in(cast.coordinator)
    assert "Kenya" in body(coordinator.get(at("unmatched")))
    page = body(coordinator.get(at("unmatched_mail", mail.pk)))
    assert "It names the letter’s Message-ID." in page
    assert "Its sender’s address belongs to" not in page
    assert f'value="{letter.delivery.pk}" selected' in page


def test_the_inbox_counts_stray_mail_without_reading_it(letter: Message, cast: Any, signed_in: Any) -> None:
    stray(1, COLLEAGUE), stray(2, "somebody@elsewhere.example")
    coordinator = signed_in(cast.coordinator)
    with CaptureQueriesContext(connection) as asked:
        page = body(coordinator.get(at("inbox")))
    assert ">2</b>Matches no letter" in page
    read = [each["sql"] for each in asked if '"sender"' in each["sql"] and '"message_id" IS NULL' in each["sql"]]
    assert not read


def test_next_steps_are_masked_for_those_who_may_not_see_contacts(
    letter: Message, campaign: Campaign, cast: Any, signed_in: Any
) -> None:
    mail, member = write(letter), letter.delivery.member
    follow_up_add(
        campaign=campaign, member=member, actor=cast.coordinator, mail=mail, due_on=campaign_today(campaign),
        what="Call otieno@trade-ke.example, +254 20 555 0199",
    )  # fmt: skip
    pages = [at("follow_ups"), at("mail", mail.pk), reverse("dashboard:government", args=["mc11", member.code])]
    for page in pages:
        seen, masked = (body(signed_in(who).get(page)) for who in (cast.coordinator, cast.drafter))
        assert "otieno@trade-ke.example" in seen, page
        assert "otieno" not in masked, page
        assert "555 0199" not in masked, page
        assert "Call [email address], [telephone number]" in masked, page


def test_text_of_contacts_goes_with_the_retention_and_with_an_erasure(
    campaign: Campaign, kenya: Member, cast: Any
) -> None:
    named = met(campaign, kenya, cast, place_and_people="With otieno@trade-ke.example, in Geneva")
    other = met(campaign, kenya, cast, place_and_people="In Nairobi")
    hashes = [each.digest for each in lookup_hashes("otieno@trade-ke.example")]
    personal_data_erase.send(None, hashes=hashes)
    named.refresh_from_db()
    other.refresh_from_db()
    assert (named.place_and_people, named.summary) == ("", "")
    assert other.place_and_people == "In Nairobi"
    step = follow_up_add(
        campaign=campaign, member=kenya, actor=cast.coordinator, what="Call Mr Otieno", due_on=campaign_today(campaign)
    )
    assert tracking_delete_expired() == 0, "the conference is long over, but this is new"
    long_ago = timezone.now() - timedelta(days=campaign.retention_days + 1)
    Touch.objects.update(created_at=long_ago)
    FollowUp.objects.update(created_at=long_ago)
    assert tracking_delete_expired() == 2
    assert tracking_delete_expired() == 0
    step.refresh_from_db()
    other.refresh_from_db()
    assert (step.what, other.summary, other.place_and_people) == ("", "", "")
    assert other.withdrawn_at is None


def test_what_is_encrypted_is_not_in_the_rows(campaign: Campaign, kenya: Member, cast: Any) -> None:
    met(campaign, kenya, cast, place_and_people="CANARY", summary="CANARY", link="https://canary.example")
    with connection.cursor() as cursor:
        cursor.execute("SELECT outreach_touch::text FROM outreach_touch")
        assert not re.search("canary", cursor.fetchone()[0], re.IGNORECASE)


def test_only_our_own_text_is_folded() -> None:
    ours = "Dear Minister,\n\nWe ask you to oppose new rules on electronic commerce.\nRegards\nKenya"
    theirs = (
        "Thank you.\n\nOn Monday, you wrote:\n> Dear Minister,\n>\n> We ask you to oppose new rules on electronic\n"
    )
    theirs += "> commerce.\n> We disagree with this.\n> Kenya\n\nKenya\n\nRegards"
    parts = text_parts(theirs, ours)
    shown = "\n".join(part.text for part in parts if not part.ours)
    folded = "\n".join(part.text for part in parts if part.ours)
    assert "Dear Minister" in folded
    for words in ("Thank you.", "We disagree with this.", "Regards", "\nKenya\n"):
        assert words in f"\n{shown}\n"
    assert "Regards" not in folded
    assert sorted("\n".join(part.text for part in parts).split()) == sorted(theirs.split())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Could you tell us which of the proposals your point on source code refers to,\nplease? We ask for the\ntext.",
         "Could you tell us which of the proposals your point on source code refers to, please? We ask for the\ntext."),
        ("We oppose it.\nAda Okoro\nMinistry of Trade, Industry and Cooperatives, Nairobi, P.O. Box 1",
         None),
        ("- the first of our points is that nothing has been agreed on\n- the second is another", None),
        ("> Excellency, we ask you to oppose new rules on electronic commerce\n> mandates", None),
        (f"{'部長反對新的授權' * 7}\n部長", None),
        ("x" * 300 + "\nshort", None),
        ("One paragraph that ends with a line which is as long as this\n\nand another", None),
    ],
)  # fmt: skip
def test_lines_that_a_program_broke_are_whole_again(text: str, shown: str | None) -> None:
    assert unwrapped(text) == (text if shown is None else shown)


def test_the_chart_stays_in_its_box() -> None:
    assert chart_line([], 0) == ""
    assert chart_line([3], 3) == "0,0 600,0"
    assert chart_line([0, 2, 4], 4) == "0,150 300,75 600,0"
