"""The pages of outreach: what each person sees and may do, and that looking changes nothing."""

import re
from datetime import UTC, datetime
from email.message import EmailMessage
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from apps.coalitions.models import SignOnCall
from apps.governments.models import Recipient, RecipientAddress
from apps.outreach.letter_rendering import annex_preview
from apps.outreach.models import Dispatch, Reply
from apps.outreach.pages.dispatch_progress import delivery_lines, sending_rate
from apps.outreach.services.deliveries import dispatches_advance
from apps.outreach.services.preparation import dispatch_prepare
from apps.postbox.models import Message
from apps.postbox.services.inbound import Arrival, mails_receive
from apps.postbox.services.kill_switch import switch_kill
from apps.postbox.services.send_worker import messages_deliver
from tests.factories import add_team_member, make_campaign
from tests.factories.governments import make_recipient
from tests.factories.letters import make_version
from tests.factories.outreach import move_messages
from tests.factories.signing import make_sign_on

pytestmark = pytest.mark.django_db

ADDRESS = "cabinet.secretary@trade-ke.example"


def at(name: str, *args: Any) -> str:
    return reverse(f"outreach:{name}", args=["mc11", *args])


def body(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


@pytest.fixture
def prepared(version, signed, cast) -> Dispatch:
    return dispatch_prepare(version=version, actor=cast.coordinator)


@pytest.fixture
def sent(version, recipients, signed, authorised, inbox) -> Dispatch:
    dispatch = authorised(version)
    dispatches_advance()
    messages_deliver()
    dispatches_advance()
    return dispatch


def test_the_whole_way_through_the_pages(version, recipients, signed, cast, signed_in):
    coordinator, sender = signed_in(cast.coordinator), signed_in(cast.sender)
    page = body(coordinator.get(at("index")))
    assert "Ready to send" in page
    assert "Nothing has been sent yet" in page
    assert f"?version={version.pk}" in page
    answer = coordinator.post(at("prepare"), {"version": version.pk})
    dispatch = Dispatch.objects.get()
    assert answer["Location"] == at("dispatch", dispatch.pk)
    assert "Waits for a second person" in body(coordinator.get(at("index")))
    page = body(coordinator.get(answer["Location"]))
    assert "somebody else has to authorise it" in page
    assert "Lena Fischer" in page
    assert "Authorise: send" not in page

    page = body(sender.get(at("dispatch", dispatch.pk)))
    assert "Authorise: send 2 letters" in page
    assert "Type the number of letters" in page
    assert "letters@mc11.example" in page

    delivery = dispatch.deliveries.get(recipient=recipients.cabinet)
    sender.post(at("test", dispatch.pk), {"delivery": delivery.pk})
    assert Message.objects.get(kind="test").to_address == cast.sender.email
    assert "A test was sent on" in body(sender.get(at("dispatch", dispatch.pk)))

    answer = sender.post(at("authorise", dispatch.pk), {"typed_count": "2", "plan": dispatch.plan})
    assert answer.status_code == 302
    dispatches_advance()
    page = body(sender.get(at("dispatch", dispatch.pk)))
    assert "Sending letter 1, version 1" in page
    assert "Of 2 letters: 0 accepted" in page
    assert "Waits for its turn" in page


def test_a_wrong_number_keeps_what_was_typed_and_says_so(prepared, cast, signed_in):
    sender = signed_in(cast.sender)
    answer = sender.post(at("authorise", prepared.pk), {"typed_count": "3", "plan": prepared.plan})
    assert answer.status_code == 400
    page = body(answer)
    assert "This mailing has 2 letters." in page
    assert 'value="3"' in page
    assert 'aria-invalid="true"' in page
    for typed in ("", "two", "-1", "9" * 40):
        assert (
            sender.post(at("authorise", prepared.pk), {"typed_count": typed, "plan": prepared.plan}).status_code == 400
        )
    assert not Message.objects.exists()


def test_the_preparer_who_posts_anyway_is_refused(prepared, cast, signed_in):
    typed = {"typed_count": 2, "plan": prepared.plan}
    answer = signed_in(cast.coordinator).post(at("authorise", prepared.pk), typed, follow=True)
    assert "another person has to authorise it" in body(answer)
    prepared.refresh_from_db()
    assert prepared.state == "prepared"


def test_a_changed_plan_is_shown_refused_and_computed_again(prepared, recipients, cast, signed_in):
    recipients.mission.addresses.update(health=RecipientAddress.Health.BOUNCED)
    sender = signed_in(cast.sender)
    page = body(sender.get(at("dispatch", prepared.pk)))
    assert "One thing has changed since this list was made" in page
    answer = sender.post(at("authorise", prepared.pk), {"typed_count": 2, "plan": prepared.plan}, follow=True)
    assert "Nothing was sent" in body(answer)
    sender.post(at("recompute", prepared.pk))
    page = body(sender.get(at("dispatch", prepared.pk)))
    assert "has changed since" not in page
    assert "Authorise: send 1 letter" in page
    assert "The address bounces" in page


def test_addresses_are_for_those_who_may_see_contact_data(prepared, cast, recipients, signed_in, version):
    recipients.cabinet.name = "Wanjiru Kamau"
    recipients.cabinet.save()
    delivery = prepared.deliveries.get(recipient=recipients.cabinet)
    pages = [at("dispatch", prepared.pk), at("delivery", prepared.pk, delivery.pk)]
    for who, sees in [("sender", True), ("coordinator", True), ("observer", False), ("drafter", False)]:
        client = signed_in(getattr(cast, who))
        for page in pages:
            assert (ADDRESS in body(client.get(page))) is sees, (who, page)


def test_what_was_sent_shows_bounce_and_state_without_addresses_to_observers(sent, cast, signed_in):
    page = body(signed_in(cast.observer).get(at("dispatch", sent.pk)))
    assert "Sent: letter 1, version 1" in page
    assert "Bounced" in page
    assert "No such mailbox" in page
    assert "Accepted" in page
    assert "trade-ke.example" not in page
    assert "mission-ke.example" not in page


def test_the_number_that_needs_attention_leads_to_exactly_those(sent, recipients, cast, signed_in):
    client = signed_in(cast.observer)
    page = body(client.get(at("dispatch", sent.pk)))
    assert re.search(r'href="\?show=attention#letters">\s*1 needs attention', page)
    assert "Cabinet Secretary, Ministry of Trade" in page
    page = body(client.get(at("dispatch", sent.pk), {"show": "attention"}))
    assert "Permanent Representative, Geneva mission" in page
    assert "Cabinet Secretary, Ministry of Trade" not in page
    assert "Show all letters" in page


def test_the_exact_letter_is_on_its_page_as_text_and_as_pdf(prepared, recipients, cast, signed_in):
    delivery = prepared.deliveries.get(recipient=recipients.cabinet)
    client = signed_in(cast.sender)
    page = body(client.get(at("delivery", prepared.pk, delivery.pk)))
    assert "We write to the government of Kenya" in page
    assert "signed by 3 organisations" in page
    assert "Not sent yet" in page
    pdf = client.get(at("delivery_pdf", prepared.pk, delivery.pk))
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")
    assert not Message.objects.exists()


@pytest.mark.parametrize("stage", ["prepared", "sent"])
def test_names_given_for_governments_only_and_salutations_are_not_for_observers(
    request, stage, version, recipients, signed, cast, signed_in
):
    recipients.cabinet.name = "Amani Kamau"
    recipients.cabinet.salutation = {"en": "Dear Ambassador Kamau"}
    recipients.cabinet.save()
    dispatch = request.getfixturevalue(stage)
    delivery = dispatch.deliveries.get(recipient=recipients.cabinet)
    for who, sees in [("sender", True), ("observer", False), ("drafter", False), ("reviewer", False)]:
        client = signed_in(getattr(cast, who))
        page = body(client.get(at("delivery", dispatch.pk, delivery.pk)))
        pdf = client.get(at("delivery_pdf", dispatch.pk, delivery.pk)).content
        for text in (page, words_of(pdf)):
            for name in ("Baraza la Wakulima", "Kisumu Data Rights Forum", "Kamau"):
                assert (name in text) is sees, (who, name)
            assert "signed by 3 organisations" in text
            assert sees or "Excellency," in text


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def test_the_pdf_that_was_sent_is_the_one_that_is_shown(sent, recipients, cast, signed_in):
    delivery = sent.deliveries.get(recipient=recipients.cabinet)
    pdf = signed_in(cast.sender).get(at("delivery_pdf", sent.pk, delivery.pk))
    assert pdf.content == bytes(delivery.pdf.content)
    page = body(signed_in(cast.sender).get(at("delivery", sent.pk, delivery.pk)))
    assert delivery.message.message_id.strip("<>") in page
    assert "Sent, Ministry of Trade" in page


def test_a_bounced_letter_names_the_code_on_its_page(sent, recipients, cast, signed_in):
    delivery = sent.deliveries.get(recipient=recipients.mission)
    page = body(signed_in(cast.observer).get(at("delivery", sent.pk, delivery.pk)))
    assert "550 5.1.1" in page
    assert "Bounced, Geneva mission" in page


def test_an_answer_is_shown_as_text_never_as_markup(sent, recipients, cast, signed_in):
    message = sent.deliveries.get(recipient=recipients.cabinet).message
    raw = (
        f"From: Desk <desk@trade-ke.example>\r\nTo: {message.reply_to}\r\nSubject: Re: <b>letter</b>\r\n"
        "Message-ID: <x@trade-ke.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        "Thank you <script>alert(1)</script>\r\n"
    )
    mails_receive(arrivals=[Arrival("desk@trade-ke.example", message.reply_to, raw.encode())], sink=True)
    reply = Reply.objects.get()
    page = body(signed_in(cast.sender).get(at("reply", reply.pk)))
    assert "<script>alert" not in page
    assert "Thank you &lt;script&gt;" in page
    assert "desk@trade-ke.example" in page
    assert "desk@" not in body(signed_in(cast.observer).get(at("reply", reply.pk)))
    assert "Answer from Kenya" in page
    index = body(signed_in(cast.observer).get(at("index")))
    assert "Thank you" in index
    page = body(signed_in(cast.sender).get(at("dispatch", sent.pk)))
    assert "Answered" in page


def test_an_answer_shows_observers_its_first_lines_without_contact_data(sent, recipients, cast, signed_in):
    message = sent.deliveries.get(recipient=recipients.cabinet).message
    mail = EmailMessage()
    mail["From"], mail["To"] = "Desk <desk@trade-ke.example>", message.reply_to
    mail["Subject"], mail["Message-ID"] = "Re: letter, from Amani Kamau", "<y@trade-ke.example>"
    mail.set_content(
        "Kenya will follow the African Group on 2017-12-10.\nWrite to a.kamau@trade-ke.example, +254 (20) 555-0134.\n"
        "or 020 5550134\nThank you.\nAnnabel Otieno, direct line\n> Dear Ambassador Kamau"
    )
    mail.add_attachment(b"x", maintype="application", subtype="pdf", filename="otieno-notes.pdf")
    mails_receive(arrivals=[Arrival("desk@trade-ke.example", message.reply_to, mail.as_bytes())], sink=True)
    reply = Reply.objects.get()
    page = body(signed_in(cast.sender).get(at("reply", reply.pk)))
    whole = ("a.kamau@", "+254 (20) 555-0134", "020 5550134", "Annabel Otieno", "Ambassador Kamau", "from Amani Kamau",
             "otieno-notes.pdf")  # fmt: skip
    for words in whole:
        assert words in page, words
    for who in ("observer", "drafter", "reviewer"):
        page = body(signed_in(getattr(cast, who)).get(at("reply", reply.pk)))
        assert "Kenya will follow the African Group on 2017-12-10." in page
        assert "Write to [email address], [telephone number]" in page
        assert "Only people who may see contact data" in page
        for words in ("kamau", "otieno", "555-0134", "5550134"):
            assert words not in page.lower(), (who, words)
    index = body(signed_in(cast.sender).get(at("index")))
    assert "Write to [email address], [telephone number]" in index


def test_cancelling_from_the_page_says_how_many_had_left(version, recipients, signed, authorised, cast, signed_in):
    dispatch = authorised(version)
    dispatches_advance()
    move_messages(Message.objects.filter(pk=Message.objects.first().pk), "accepted")
    assert "Letters per minute lately" in body(signed_in(cast.coordinator).get(at("dispatch", dispatch.pk)))
    switch_kill(actor=None, reason="A wrong list")
    assert "Letters per minute lately" not in body(signed_in(cast.coordinator).get(at("dispatch", dispatch.pk)))
    answer = signed_in(cast.coordinator).post(at("cancel", dispatch.pk), follow=True)
    page = body(answer)
    assert "Cancelled: 1 letter will not be sent. 1 had been sent and cannot be recalled." in page
    assert "Cancelled: letter 1, version 1" in page
    again = signed_in(cast.coordinator).post(at("cancel", dispatch.pk), follow=True)
    assert "Its state now: Cancelled" in body(again)
    assert again.request["PATH_INFO"] == at("dispatch", dispatch.pk), "which can be loaded again"


def test_no_time_is_promised_for_letters_in_doubt(version, recipients, signed, authorised):
    dispatch = authorised(version)
    dispatches_advance()
    left, silent = Message.objects.values_list("pk", flat=True)
    move_messages(Message.objects.filter(pk=left), "accepted")
    assert sending_rate(delivery_lines(dispatch, ""))
    move_messages(Message.objects.filter(pk=silent), "in_doubt")
    assert sending_rate(delivery_lines(dispatch, "")) is None


def test_looking_changes_nothing_and_acts_are_posts(prepared, cast, signed_in, version):
    client = signed_in(cast.sender)
    for name in ("recompute", "test", "authorise", "cancel"):
        assert client.get(at(name, prepared.pk)).status_code == 405
    before = Dispatch.objects.get().updated_at
    client.get(at("index"))
    client.get(at("prepare"))
    client.get(at("dispatch", prepared.pk))
    assert Dispatch.objects.get().updated_at == before


@pytest.mark.parametrize("who", ["drafter", "reviewer", "observer", "data_officer"])
def test_readers_read_and_do_not_act(prepared, cast, signed_in, who):
    client = signed_in(getattr(cast, who))
    page = body(client.get(at("dispatch", prepared.pk)))
    assert "Your role does not include authorising" in page
    assert "Cancel this mailing" not in page
    for name in ("recompute", "test", "authorise", "cancel"):
        assert client.post(at(name, prepared.pk)).status_code == 403
    assert client.get(at("prepare")).status_code == 403


def test_acting_needs_the_second_factor(prepared, cast, signed_in):
    client = signed_in(cast.sender, second_factor=False)
    assert client.get(at("dispatch", prepared.pk)).status_code == 200
    answer = client.post(at("authorise", prepared.pk), {"typed_count": 2, "plan": prepared.plan})
    assert answer.status_code == 302
    assert "second" in answer["Location"]
    prepared.refresh_from_db()
    assert prepared.state == "prepared"


def test_ids_of_another_campaign_do_not_exist(sent, recipients, cast, signed_in, version):
    other = make_campaign("mc12")
    add_team_member(cast.outsider, other, "coordinator", "sender")
    client = signed_in(cast.outsider)
    delivery = sent.deliveries.first()
    for name, ids in [
        ("dispatch", [sent.pk]),
        ("delivery", [sent.pk, delivery.pk]),
        ("delivery_pdf", [sent.pk, delivery.pk]),
        ("reply", [1]),
    ]:
        assert client.get(reverse(f"outreach:{name}", args=["mc12", *ids])).status_code == 404
    for name in ("recompute", "test", "authorise", "cancel"):
        assert client.post(reverse(f"outreach:{name}", args=["mc12", sent.pk])).status_code == 404
    answer = client.post(reverse("outreach:prepare", args=["mc12"]), {"version": version.pk})
    assert answer.status_code == 400
    assert Dispatch.objects.count() == 1
    assert "trade-ke" not in body(client.get(reverse("outreach:index", args=["mc12"])))


def test_a_letter_of_another_dispatch_is_not_in_this_one(prepared, cast, signed_in, version):
    other = dispatch_prepare(version=version, actor=cast.coordinator)
    stranger = other.deliveries.first()
    client = signed_in(cast.sender)
    assert client.get(at("delivery", prepared.pk, stranger.pk)).status_code == 404
    answer = client.post(at("test", prepared.pk), {"delivery": stranger.pk}, follow=True)
    assert "That letter is no longer in this mailing." in body(answer)
    assert not Message.objects.filter(kind="test").exists()


def test_empty_pages_say_what_to_do(campaign, cast, signed_in, kenya):
    client = signed_in(cast.coordinator)
    page = body(client.get(at("index")))
    assert "A letter can be sent once it is approved and frozen" in page
    assert "No answers yet" in page
    assert "There is no frozen letter yet" in body(client.get(at("prepare")))
    version = make_version(campaign, cast, kenya)
    client.post(at("prepare"), {"version": version.pk})
    page = body(client.get(at("dispatch", Dispatch.objects.get().pk)))
    assert "Nobody would get it" in page
    assert "No recipient entered" in page
    assert "There is nothing to authorise" in page
    listed = body(client.get(at("index")))
    assert "Nobody to send to" in listed
    for text in (page, listed):
        assert "Waits for a second person" not in text
        assert "These people can" not in text
    assert "Authorise: send" not in body(signed_in(cast.sender).get(at("dispatch", Dispatch.objects.get().pk)))


def test_many_letters_are_folded_and_need_few_queries(campaign, cast, kenya, signed_in, django_assert_max_num_queries):
    for number in range(60):
        make_recipient(campaign, kenya, f"Minister {number}", f"m{number}@ke.example")
    prepared = dispatch_prepare(version=make_version(campaign, cast, kenya), actor=cast.coordinator)
    client = signed_in(cast.sender)
    with django_assert_max_num_queries(60):
        page = body(client.get(at("dispatch", prepared.pk)))
    [fold] = re.findall(r'<details class="fold" *(open)?>', page)
    assert not fold
    assert "Africa: 60 letters, 1 government" in " ".join(page.split())
    assert "Minister 59," in page


def test_names_that_no_font_prints_are_warned_of_before_the_letter_leaves(version, recipients, call, cast, signed_in):
    prepared = dispatch_prepare(version=version, actor=cast.coordinator)
    assert "cannot print" not in body(signed_in(cast.sender).get(at("dispatch", prepared.pk)))
    make_sign_on(call, "Union 𒀀𒀁", visibility="government")
    page = body(signed_in(cast.sender).get(at("dispatch", prepared.pk)))
    page = " ".join(page.split())
    assert "1 name has letters that the PDF cannot print." in page
    assert "<bdi>Union 𒀀𒀁</bdi> is printed as <bdi>Union […]</bdi>" in page
    annex, _counts = annex_preview(version)
    assert (annex.place, str(annex.frozen_at.tzinfo)) == ("Geneva", "Europe/Zurich")
    page = body(signed_in(cast.observer).get(at("dispatch", prepared.pk)))
    assert "cannot print" in page
    assert "𒀀" not in page, "who signed for governments only is not shown to observers"


@pytest.mark.parametrize("year", [2017, 2099])
def test_the_end_of_signing_is_spelled_alike_on_every_page(year, version, call, cast, signed_in, client):
    """Staff read their own zone, the public the campaign's; the place is always named."""
    ends = datetime(year, 11, 30, 23, 30, tzinfo=UTC)
    SignOnCall.objects.update(opens_at=datetime(2017, 11, 1, tzinfo=UTC), closes_at=ends)
    cast.coordinator.time_zone = "Asia/Kathmandu"
    cast.coordinator.save()
    coordinator = signed_in(cast.coordinator)
    elsewhere = re.compile(rf"30 Nov\w* (?!{timezone.now().year})")  # the version may have been frozen on a 30 November
    for path in (at("index"), reverse("sign_on:index", args=["mc11"])):
        page = body(coordinator.get(path))
        assert f"1 December {year}, 05:15 in Kathmandu" in page, path
        assert not elsewhere.search(page), path
    public = body(client.get(reverse("website:letter", args=["mc11", version.letter.number])))
    assert f"1 December {year}, 00:30 in Geneva (23:30 UTC)" in public
    assert not elsewhere.search(public)


def test_a_page_of_queued_letters_asks_as_much_for_twelve_as_for_two(campaign, cast, kenya, signed_in, authorised):
    """The page is polled while letters are on their way, and needs none of their texts."""
    client, numbers = signed_in(cast.sender), []
    for letters in (2, 12):
        for number in range(Recipient.objects.count(), letters):
            make_recipient(campaign, kenya, f"Minister {number}", f"m{number}@ke.example")
        dispatch = authorised(make_version(campaign, cast, kenya))
        dispatches_advance()
        client.get(at("dispatch", dispatch.pk))
        with CaptureQueriesContext(connection) as asked:
            assert body(client.get(at("dispatch", dispatch.pk))).count("Queued") >= letters
        numbers.append(len(asked))
        assert not any('"text_body"' in query["sql"] or '_edition"."body"' in query["sql"] for query in asked)
    assert numbers[0] == numbers[1]
