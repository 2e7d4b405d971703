"""Real mails that came back, from the listener to what people see: states of letters and addresses, answers, files."""

from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from apps.core.registries import timeline_sources
from apps.governments.models import Recipient, RecipientAddress
from apps.letters.selectors.letters import members_without_address
from apps.outreach.models import Dispatch, Exclusion, Reply
from apps.outreach.services.deliveries import dispatches_advance
from apps.outreach.services.preparation import dispatch_prepare
from apps.postbox.models import InboundMail, Message, Suppression
from apps.postbox.services.inbound import Arrival, mails_receive
from apps.postbox.services.send_worker import messages_deliver
from tests.factories.letters import make_version

pytestmark = pytest.mark.django_db
MAILS = Path(__file__).parents[2] / "postbox" / "tests" / "mails"
Health = RecipientAddress.Health


@pytest.fixture
def letter(version: Any, recipients: Any, authorised: Any, inbox: Any) -> Message:
    """The cabinet's letter, handed over."""
    dispatch: Dispatch = authorised(version)
    dispatches_advance()
    messages_deliver()
    message = dispatch.deliveries.get(recipient=recipients.cabinet).message
    assert message.state == "accepted"
    return message


def comes_back(letter: Message, name: str) -> InboundMail:
    raw = next(MAILS.glob(f"{name}-*.eml")).read_bytes()
    values = {b"{RCPT}": letter.to_address, b"{TO}": letter.reply_to, b"{MID}": letter.message_id}
    for placeholder, value in values.items():
        raw = raw.replace(placeholder, value.encode())
    return arrives(letter, raw, sender="" if name[0] in "BM" and name not in {"B7a", "M1"} else "desk@trade-ke.example")


def arrives(letter: Message, raw: bytes, sender: str = "desk@trade-ke.example") -> InboundMail:
    mails_receive(arrivals=[Arrival(sender, letter.reply_to, raw)], sink=True)
    letter.refresh_from_db()
    return InboundMail.objects.latest("pk")


def titles(letter: Message) -> list[str]:
    delivery = letter.delivery
    source: Any = dict(timeline_sources.items())["outreach"]
    entries = sorted(source(delivery.dispatch.campaign, delivery.member), key=lambda entry: entry.at)
    return [entry.title for entry in entries if "Geneva" not in entry.title]


@pytest.mark.parametrize("name", ["B1", "B2", "B6", "M4"])
def test_a_bounce_marks_the_letter_and_the_address_which_is_not_written_to_again(
    letter: Message, name: str, campaign: Any, cast: Any, kenya: Any
) -> None:
    comes_back(letter, name)
    assert letter.state == "bounced"
    assert letter.delivery.address.health == Health.BOUNCED
    assert not Reply.objects.exists()
    assert titles(letter)[-1] == "Bounced, Ministry of Trade"
    again = dispatch_prepare(version=make_version(campaign, cast, kenya, title="Another"), actor=cast.coordinator)
    reasons = again.exclusions.values_list("recipient__post", "reason")
    assert ("Cabinet Secretary", Exclusion.Reason.BOUNCED) in reasons


@pytest.mark.parametrize("name", ["B4", "M6"])
def test_a_delay_is_said_and_changes_nothing(letter: Message, name: str, cast: Any, signed_in: Any) -> None:
    comes_back(letter, name)
    assert (letter.state, letter.replied_at) == ("accepted", None)
    assert letter.delivery.address.health == Health.UNVERIFIED
    assert not Reply.objects.exists()
    assert titles(letter)[-1] == "Delayed, Ministry of Trade"
    page = signed_in(cast.observer).get(reverse("dashboard:government", args=["mc11", "KE"])).content.decode()
    assert "Sent, " in page.partition('id="now-contact"')[2].partition("</section>")[0], "a delay is no contact"
    comes_back(letter, "M1")
    assert letter.replied_at
    assert Reply.objects.get().kind == "reply"


def test_a_failed_forwarding_does_not_blame_our_address(letter: Message) -> None:
    comes_back(letter, "B8")
    assert letter.state == "accepted"
    assert letter.delivery.address.health == Health.UNVERIFIED
    assert titles(letter)[-1] == "Perhaps not delivered, Ministry of Trade"


@pytest.mark.parametrize("name", ["B7a", "M1"])
def test_an_answer_of_a_person_counts(letter: Message, name: str) -> None:
    comes_back(letter, name)
    assert letter.replied_at
    assert Reply.objects.get().kind == "reply"
    assert letter.delivery.address.health == Health.GOOD


@pytest.mark.parametrize("name", ["R12-en2", "R12-ja", "R12-ru"])
def test_an_absence_note_is_no_answer_and_proves_nothing_about_the_address(letter: Message, name: str) -> None:
    comes_back(letter, name)
    assert letter.replied_at is None
    assert Reply.objects.get().kind == "auto_reply"
    assert letter.delivery.address.health == Health.UNVERIFIED


def test_a_dead_address_becomes_good_by_its_own_answer_only(letter: Message) -> None:
    address = letter.delivery.address
    comes_back(letter, "B1")
    heads = f"From: other@elsewhere.example\r\nTo: {letter.reply_to}\r\nSubject: Re\r\nMessage-ID: <1@x>"
    raw = f"{heads}\r\n\r\nThank you.\r\n"
    arrives(letter, raw.encode(), sender="other@elsewhere.example")
    assert letter.replied_at
    address.refresh_from_db()
    assert address.health == Health.BOUNCED
    own = raw.replace("other@elsewhere.example", letter.to_address).replace("<1@x>", "<2@x>")
    arrives(letter, own.encode(), sender=letter.to_address)
    address.refresh_from_db()
    assert address.health == Health.GOOD


def test_after_a_complaint_nothing_is_sent_until_a_person_allows_it(
    letter: Message, campaign: Any, cast: Any, kenya: Any, client: Any, settings: Any, signed_in: Any
) -> None:
    mail = comes_back(letter, "M5")
    assert titles(letter)[-1] == "Reported as spam, Ministry of Trade"
    recipient = letter.delivery.recipient
    comes_back(letter, "M1")
    coordinator = signed_in(cast.coordinator)
    for page in (
        reverse("recipients:recipient", args=["mc11", recipient.pk]),
        reverse("dashboard:government", args=["mc11", kenya.code]),
    ):
        shown = coordinator.get(page).content.decode()
        assert "Reported our email as spam" in shown
        assert "Delivers" not in shown.split("Reported our email as spam")[0][-600:]
    Recipient.objects.exclude(pk=recipient.pk).update(active=False)
    assert members_without_address(campaign, [kenya]) == [kenya], "the flag of the letter says so too"
    Recipient.objects.update(active=True)
    another = make_version(campaign, cast, kenya, title="Another")
    prepared = dispatch_prepare(version=another, actor=cast.coordinator)
    assert ("Cabinet Secretary", "suppressed") in prepared.exclusions.values_list("recipient__post", "reason")

    cast.coordinator.is_superuser = True
    cast.coordinator.save()
    operator = signed_in(cast.coordinator)
    page = reverse("postbox:received", args=[mail.pk])
    assert "Allow email to this address again" in operator.get(page).content.decode()
    assert operator.post(reverse("postbox:allow", args=[mail.pk])).status_code == 302
    assert not Suppression.objects.exists()
    assert recipient.addresses.get().usable
    assert titles(letter)[-1] == "Email allowed again, Ministry of Trade"
    assert "Allow email to this address again" not in operator.get(page).content.decode()


def test_the_same_answer_by_two_routes_is_one(letter: Message) -> None:
    for number in (1, 2):
        raw = (MAILS / f"R14-same-reply-two-routes-{number}.eml").read_bytes()
        arrives(letter, raw.replace(b"{TO}", letter.reply_to.encode()).replace(b"{RCPT}", b"desk@trade-ke.example"))
    assert Reply.objects.count() == 1
    assert letter.events.filter(kind="replied").count() == 1


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("R1", "将转交镕先生处理"),
        ("R2", "“no mandate” – has not changed… The levy is € 5."),
        ("R3", "Le ministre a bien reçu votre lettre et sera représenté à Genève."),
        ("R4", "Kenya will follow the African Group. Trade & Industry thanks you. We meet on 8 December."),
        ("R5", "The ministry will vote against the mandate."),
        ("R6b", "Yes, we will oppose it."),
        ("R7", "The ministry opposes the mandate."),
    ],
)
def test_an_answer_is_read_as_it_was_meant(letter: Message, name: str, shown: str) -> None:
    comes_back(letter, name)
    source: Any = dict(timeline_sources.items())["outreach"]
    entries = list(source(letter.delivery.dispatch.campaign, letter.delivery.member))
    [quote] = [entry.quote for entry in entries if entry.kind == "answer"]
    assert shown in quote


def test_our_own_letter_is_never_shown_as_theirs(letter: Message) -> None:
    comes_back(letter, "R6a")
    source: Any = dict(timeline_sources.items())["outreach"]
    entries = list(source(letter.delivery.dispatch.campaign, letter.delivery.member))
    [quote] = [entry.quote for entry in entries if entry.kind == "answer"]
    assert quote == "Nous avons bien noté."


def nested_answer(letter: Message) -> bytes:
    """An answer whose only content is an attached mail with a PDF."""
    pdf = b64encode(b"%PDF-1.4 answer").decode()
    return (
        f"From: <desk@trade-ke.example>\r\nTo: {letter.reply_to}\r\nSubject: Fwd\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="o"\r\n\r\n--o\r\nContent-Type: message/rfc822\r\n\r\n'
        "Subject: =?utf-8?Q?R=C3=A9ponse?=\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="i"\r\n\r\n--i\r\nContent-Type: text/plain\r\n\r\n'
        "The Minister opposes the mandate.\r\n--i\r\n"
        'Content-Type: text/html; name="page.html"\r\nContent-Disposition: attachment; filename="page.html"\r\n\r\n'
        "<script>alert(1)</script>\r\n--i\r\n"
        'Content-Type: application/pdf; name="letter.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        f"{pdf}\r\n--i--\r\n--o--\r\n"
    ).encode()


def test_whoever_may_see_contact_data_opens_every_file(letter: Message, cast: Any, signed_in: Any) -> None:
    mail = arrives(letter, nested_answer(letter))
    sender, observer = signed_in(cast.sender), signed_in(cast.observer)
    page = sender.get(reverse("outreach:reply", args=["mc11", Reply.objects.get().pk])).content.decode()
    assert "The Minister opposes the mandate." in page
    names = ["Réponse.eml", "page.html", "letter.pdf"]
    for number, name in enumerate(names, start=1):
        assert name in page
        address = reverse("outreach:mail_file", args=["mc11", mail.pk, number])
        assert address in page
        answer = sender.get(address)
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert observer.get(address).status_code == 403
    assert answer.content == b"%PDF-1.4 answer"
    assert sender.get(reverse("outreach:mail_file", args=["mc11", mail.pk, 4])).status_code == 404
    raw = sender.get(reverse("outreach:mail_raw", args=["mc11", mail.pk]))
    assert raw.content == nested_answer(letter)
    assert "Réponse.eml" not in observer.get(reverse("outreach:mail", args=["mc11", mail.pk])).content.decode()


@pytest.mark.parametrize(
    ("name", "files"), [("R7", ["smime.p7m"]), ("R8", ["Réponse du ministre.pdf"]), ("R9", ["winmail.dat"])]
)
def test_files_of_real_answers_are_named_and_open(
    letter: Message, name: str, files: list[str], cast: Any, signed_in: Any
) -> None:
    mail = comes_back(letter, name)
    client = signed_in(cast.sender)
    page = client.get(reverse("outreach:mail", args=["mc11", mail.pk])).content.decode()
    for number, filename in enumerate(files, start=1):
        assert filename in page
        assert client.get(reverse("outreach:mail_file", args=["mc11", mail.pk, number])).content


def test_a_comma_in_a_name_is_part_of_it(letter: Message, cast: Any, signed_in: Any) -> None:
    mail = comes_back(letter, "R11")
    assert mail.sender == letter.to_address
    page = signed_in(cast.sender).get(reverse("outreach:mail", args=["mc11", mail.pk])).content.decode()
    assert "König, Anna (BMWK)" in page


def test_a_person_changes_what_a_mail_is(letter: Message, cast: Any, signed_in: Any) -> None:
    mail = comes_back(letter, "R12-en3")
    client = signed_in(cast.sender)
    page = client.get(reverse("outreach:mail", args=["mc11", mail.pk])).content.decode()
    assert "Its subject begins as those of automatic replies do." in page
    assert "ooo" in page
    change = reverse("outreach:mail_kind", args=["mc11", mail.pk])
    assert client.post(change, {"kind": "reply"}).status_code == 302
    letter.refresh_from_db()
    assert letter.replied_at
    assert Reply.objects.get().kind == "reply"
    assert letter.delivery.address.health == Health.GOOD
    for kind, answers in (("auto_reply", 1), ("delay", 0), ("reply", 1)):
        assert client.post(change, {"kind": kind}).status_code == 302
        assert Reply.objects.count() == answers
        letter.refresh_from_db()
        assert bool(letter.replied_at) == (kind == "reply")
    assert client.post(change, {"kind": "duplicate"}).status_code == 400


@pytest.mark.parametrize(
    ("name", "words"),
    [("B8", "Perhaps not delivered"), ("M5", "Reported as spam"), ("M6", "Delayed"), ("B1", "Came back later: 5.1.10")],
)
def test_the_dispatch_and_the_letter_say_what_came_back(
    letter: Message, name: str, words: str, cast: Any, signed_in: Any
) -> None:
    mail = comes_back(letter, name)
    client, delivery = signed_in(cast.sender), letter.delivery
    page = client.get(reverse("outreach:dispatch", args=["mc11", delivery.dispatch_id])).content.decode()
    assert words in page
    page = client.get(reverse("outreach:delivery", args=["mc11", delivery.dispatch_id, delivery.pk])).content.decode()
    assert reverse("outreach:mail", args=["mc11", mail.pk]) in page


@pytest.mark.parametrize(
    "kind",
    [
        "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m",
        "application/pgp-encrypted",
        "application/pdf",
    ],
)
def test_an_encrypted_answer_says_so(letter: Message, kind: str, cast: Any, signed_in: Any) -> None:
    raw = f"From: m@trade-ke.example\nSubject: Re\nContent-Type: {kind}\nContent-Transfer-Encoding: base64\n\nMIAG\n"
    mail = arrives(letter, raw.encode())
    page = signed_in(cast.sender).get(reverse("outreach:mail", args=["mc11", mail.pk])).text
    assert ("It is encrypted." in page) is ("pdf" not in kind)


@pytest.mark.parametrize(("status", "to_correct"), [("5.1.1 User unknown", True), ("5.2.2 Mailbox full", False)])
def test_only_an_address_that_is_wrong_is_to_be_corrected(
    letter: Message, status: str, to_correct: bool, cast: Any, signed_in: Any
) -> None:
    raw = (
        "From: MAILER-DAEMON@mx.example\nContent-Type: multipart/report; boundary=b\n\n--b\n"
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nAction: failed\n"
        f"Final-Recipient: rfc822; {letter.to_address}\nStatus: {status[:5]}\n"
        f"Diagnostic-Code: smtp; 550 {status}\n--b--\n"
    )
    mail = arrives(letter, raw.encode(), sender="")
    assert letter.state == "bounced"
    assert "Answer by email" not in signed_in(cast.sender).get(reverse("outreach:mail", args=["mc11", mail.pk])).text
    page = signed_in(cast.sender).get(reverse("outreach:dispatch", args=["mc11", letter.delivery.dispatch_id])).text
    cabinet = page.partition(letter.to_address)[2].partition("</tr>")[0]
    assert status in cabinet
    assert ("Correct the address" in cabinet) is to_correct


MIXED = (
    "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n"
    "Attached.\r\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b\r\nContent-Type: application/x-strange\r\n\r\nx\r\n"
    "--b\r\nContent-Type: text/calendar\r\n\r\nx\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nTo: x\r\n\r\nx\r\n"
    "--b--\r\n"
)


@pytest.mark.parametrize(
    ("name", "filenames"),
    [
        ("B6", ["Delivery report.txt"]),
        ("B2", ["Delivery report.txt", "Headers of the returned message.txt"]),
        ("B1", ["Returned message.eml"]),
        ("M5", ["Spam report.txt"]),
        ("", ["Image 1.png", "Attachment 2", "Attachment 3.ics", "Attached message.eml"]),
    ],
)
def test_parts_without_a_name_are_named_by_their_kind(
    letter: Message, name: str, filenames: list[str], cast: Any, signed_in: Any
) -> None:
    mail = comes_back(letter, name) if name else arrives(letter, f"Subject: Re\r\n{MIXED}".encode())
    page = signed_in(cast.sender).get(reverse("outreach:mail", args=["mc11", mail.pk])).content.decode()
    assert [found for found in filenames if f"<bdi>{found}</bdi>" in page] == filenames
    assert "part-" not in page


def test_direction_controls_leave_names_and_subjects_of_mails(letter: Message, cast: Any, signed_in: Any) -> None:
    sender = "=?utf-8?q?Minist=C3=A8re_=E2=80=AEevil=E2=81=A6?= <desk@trade-ke.example>"
    mail = arrives(letter, f"From: {sender}\r\nSubject: Re \u202eredro\u2066\r\n\r\n\u202eWe agree.\r\n".encode())
    client = signed_in(cast.coordinator)
    pages = [
        reverse("outreach:mail", args=["mc11", mail.pk]),
        reverse("dashboard:government", args=["mc11", letter.delivery.member.code]),
        reverse("outreach:index", args=["mc11"]),
    ]
    for page in pages:
        heads = client.get(page).content.decode().split('class="mail-text"')[0].rpartition("About this email")
        assert not {"\u202e", "\u2066"} & set("".join(heads))
    assert "Ministère evil" in client.get(pages[0]).content.decode()
    assert mail.subject == "Re redro"


def test_a_mail_without_text_offers_files_only_where_there_are_some(letter: Message, cast: Any, signed_in: Any) -> None:
    client = signed_in(cast.sender)
    empty = arrives(letter, b"Subject: Re\r\n\r\n\r\n")
    page = client.get(reverse("outreach:mail", args=["mc11", empty.pk])).content.decode()
    assert "The email has no text." in page
    assert "Look at its files." not in page
    image = arrives(letter, b"Subject: Re\r\nContent-Type: image/png\r\n\r\nx\r\n")
    assert "Look at its files." in client.get(reverse("outreach:mail", args=["mc11", image.pk])).content.decode()


def test_an_answer_to_a_mail_that_was_called_back_and_made_anew_is_filed(
    letter: Message, campaign: Any, cast: Any, client: Any
) -> None:
    """It was in doubt while the mailing was paused, and somebody decided that it had not arrived; it had."""
    delivery = letter.delivery
    delivery.message = None
    delivery.save(update_fields=["message"])
    raw = b"From: desk@trade-ke.example\r\nSubject: Re: Letter\r\n\r\nWe will oppose the proposal in Buenos Aires.\r\n"
    mail = arrives(letter, raw)
    assert Reply.objects.get().delivery == delivery
    client.force_login(cast.coordinator)
    assert client.get(reverse("outreach:mail", args=[campaign.slug, mail.pk])).status_code == 200
