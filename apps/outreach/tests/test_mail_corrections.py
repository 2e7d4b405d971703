"""A person says what a mail is, to any kind and back: address, letter, answers and figures follow."""

from itertools import count
from typing import Any

import pytest
from django.urls import reverse

from apps.core.encryption import lookup_hashes
from apps.core.models import AuditEvent
from apps.core.signals import personal_data_erase
from apps.governments.models import RecipientAddress
from apps.outreach.models import Dispatch, Reply
from apps.outreach.selectors.dispatches import dispatch_summaries
from apps.outreach.selectors.inbound_guesses import inbound_guesses
from apps.outreach.services.deliveries import dispatches_advance
from apps.postbox.forms import MailKindForm
from apps.postbox.models import InboundMail, Message, MessageEvent, Suppression
from apps.postbox.services.inbound import Arrival, mails_receive
from apps.postbox.services.inbound_corrections import (
    AlreadyMatched,
    Unmatched,
    inbound_match,
    inbound_reclassify,
)
from apps.postbox.services.queue import message_queue
from apps.postbox.services.send_worker import messages_deliver
from tests.factories import make_member
from tests.factories.governments import make_recipient
from tests.factories.letters import make_version

pytestmark = pytest.mark.django_db
Health = RecipientAddress.Health
_numbers = count(1)
#: the letter to Geneva, which is refused at once
GONE = 1


@pytest.fixture
def letter(version: Any, recipients: Any, authorised: Any, inbox: Any) -> Message:
    dispatch: Dispatch = authorised(version)
    dispatches_advance()
    messages_deliver()
    return dispatch.deliveries.get(recipient=recipients.cabinet).message


def arrives(text: str, to: str, *, sender: str = "", subject: str = "", **headers: str) -> InboundMail:
    heads = {"From": sender or "MAILER-DAEMON@mx.example", "Message-ID": f"<{next(_numbers)}@mx.example>", **headers}
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in heads.items())
    raw = f"{head}Subject: {subject or 'Undeliverable: Letter'}\r\n\r\n{text}\r\n".encode()
    mails_receive(arrivals=[Arrival(sender, to, raw)], sink=True)
    return InboundMail.objects.latest("pk")


def bounce(letter: Message) -> InboundMail:
    return arrives(f"<{letter.to_address}>: 550 5.1.1 User unknown", letter.reply_to)


def state_of(letter: Message) -> tuple[str, str, bool, int]:
    """State of the letter, health of its address, whether it was answered, how many more came back."""
    letter.refresh_from_db()
    address = RecipientAddress.objects.get(pk=letter.delivery.address_id)
    [summary] = dispatch_summaries(letter.delivery.dispatch.campaign)
    return letter.state, address.health, letter.replied_at is not None, summary.bounced - GONE


BOUNCED = ("bounced", Health.BOUNCED, False, 1)
EXPECTED = {
    "reply:": ("accepted", Health.UNVERIFIED, True, 0),
    "auto_reply:": ("accepted", Health.UNVERIFIED, False, 0),
    "acknowledgement:": ("accepted", Health.UNVERIFIED, False, 0),
    "delivered:": ("delivered", Health.GOOD, False, 0),
    "delay:": ("accepted", Health.UNVERIFIED, False, 0),
    "forwarding_failed:": ("accepted", Health.UNVERIFIED, False, 0),
    "complaint:": ("accepted", Health.UNVERIFIED, False, 0),
    "unreadable:": ("accepted", Health.UNVERIFIED, False, 0),
    "bounce:full": ("bounced", Health.UNVERIFIED, False, 1),
    "bounce:policy": ("bounced", Health.UNVERIFIED, False, 1),
    "bounce:too_large": ("bounced", Health.UNVERIFIED, False, 1),
    "bounce:other": ("bounced", Health.UNVERIFIED, False, 1),
}


def test_every_kind_can_be_chosen_and_taken_back(letter: Message, cast: Any) -> None:
    mail = bounce(letter)
    assert (mail.kind, mail.bounce_reason, mail.evidence) == ("bounce", "address", "undeliverable")
    assert state_of(letter) == BOUNCED
    for chosen, expected in EXPECTED.items():
        kind, _colon, reason = chosen.partition(":")
        inbound_reclassify(mail=mail, kind=kind, bounce_reason=reason, actor=cast.sender)
        state, health, answered, bounced = state_of(letter)
        # an answer proves that the address delivers, unless a colleague gave it
        assert (state, health if kind != "reply" else Health.UNVERIFIED, answered, bounced) == expected, chosen
        assert Reply.objects.count() == (kind in {"reply", "auto_reply", "acknowledgement"}), chosen
        assert Suppression.objects.exists() == (kind == "complaint"), chosen
        inbound_reclassify(mail=mail, kind="bounce", bounce_reason="address", actor=cast.sender)
        assert state_of(letter) == BOUNCED, chosen
        assert not Reply.objects.exists()
        assert not Suppression.objects.exists()
    said = AuditEvent.objects.filter(verb="inbound.reclassify")
    assert said.count() == 2 * len(EXPECTED)
    assert set(said.values_list("actor_id", flat=True)) == {str(cast.sender.pk)}


def test_the_form_offers_every_kind(letter: Message) -> None:
    for chosen in EXPECTED:
        form = MailKindForm({"kind": chosen.removesuffix(":")})
        assert form.is_valid(), chosen
        kind, _colon, reason = chosen.partition(":")
        assert form.cleaned_data == {"kind": kind, "bounce_reason": reason}


def test_another_report_keeps_the_letter_bounced(letter: Message, cast: Any) -> None:
    first, second = bounce(letter), bounce(letter)
    inbound_reclassify(mail=first, kind="auto_reply", actor=cast.sender)
    assert state_of(letter) == BOUNCED
    inbound_reclassify(mail=second, kind="auto_reply", actor=cast.sender)
    assert state_of(letter) == ("accepted", Health.UNVERIFIED, False, 0)


def test_a_letter_that_was_sent_again_stays_bounced(letter: Message, cast: Any) -> None:
    """Otherwise one government would have two accepted letters."""
    mail = bounce(letter)
    letter.refresh_from_db()
    message_queue(
        kind="letter", policy="once", to_address="new@trade-ke.example", subject="A letter", text_body="Again",
        from_header=letter.from_header, once_key=letter.once_key,
    )  # fmt: skip
    inbound_reclassify(mail=mail, kind="reply", actor=cast.sender)
    letter.refresh_from_db()
    assert (letter.state, letter.replied_at is not None) == ("bounced", True)
    assert Reply.objects.get().kind == "reply"


def test_a_false_answer_no_longer_proves_that_the_address_delivers(letter: Message, cast: Any) -> None:
    mail = arrives("Thank you.", letter.reply_to, sender=letter.to_address, subject="Re: Letter")
    assert state_of(letter) == ("accepted", Health.GOOD, True, 0)
    inbound_reclassify(mail=mail, kind="auto_reply", actor=cast.sender)
    assert state_of(letter) == ("accepted", Health.UNVERIFIED, False, 0)


def test_what_was_corrected_is_told_with_its_person(letter: Message, cast: Any, signed_in: Any) -> None:
    mail = bounce(letter)
    client = signed_in(cast.sender)
    page = reverse("outreach:mail", args=["mc11", mail.pk])
    shown = client.get(page).content.decode()
    assert "Not delivered: no such address" in shown
    assert "undeliverable</q>" in shown
    change = reverse("outreach:mail_kind", args=["mc11", mail.pk])
    assert client.post(change, {"kind": "bounce:full"}).status_code == 302
    assert "Not delivered: mailbox full" in client.get(page).content.decode()
    event = MessageEvent.objects.get(kind="corrected")
    assert event.actor_id == cast.sender.pk
    history = client.get(reverse("outreach:delivery", args=["mc11", letter.delivery.dispatch_id, letter.delivery.pk]))
    assert "A person corrected what an email says" in history.content.decode()


UNKNOWN = "reply+" + "a" * 52 + "@reply.ecomcampaign.example"


def test_a_person_gives_a_mail_to_its_letter(letter: Message, cast: Any) -> None:
    mail = arrives("We agree.", UNKNOWN, sender="colleague@elsewhere.example", subject="Your letter")
    assert (mail.kind, mail.message) == ("unknown", None)
    with pytest.raises(Unmatched):
        inbound_reclassify(mail=mail, kind="reply", actor=cast.sender)
    inbound_match(mail=mail, message=letter, actor=cast.sender)
    assert state_of(letter)[2]
    assert Reply.objects.get().mail_id == mail.pk
    assert AuditEvent.objects.get(verb="inbound.match").actor_id == str(cast.sender.pk)
    with pytest.raises(AlreadyMatched):
        inbound_match(mail=mail, message=letter, actor=cast.sender)


def test_a_bounce_that_a_person_matched_counts(letter: Message, cast: Any) -> None:
    mail = arrives(f"<{letter.to_address}>: 550 5.1.1 User unknown", UNKNOWN)
    inbound_match(mail=mail, message=letter, actor=cast.sender)
    assert state_of(letter) == BOUNCED
    inbound_reclassify(mail=mail, kind="auto_reply", actor=cast.sender)
    assert state_of(letter) == ("accepted", Health.UNVERIFIED, False, 0)


def test_erasure_finds_a_colleagues_mail_that_was_filed_with_anothers_letter(letter: Message, cast: Any) -> None:
    filed = arrives("I am Amina.", UNKNOWN, sender="Amina@Trade-KE.example", subject="From Amina")
    stray = arrives("Amina again.", UNKNOWN, sender="amina@trade-ke.example", subject="Hello")
    other = arrives("I am Ben.", letter.reply_to, sender="ben@trade-ke.example", subject="From Ben")
    inbound_match(mail=filed, message=letter, actor=cast.sender)
    hashes = {found.digest for found in lookup_hashes("amina@trade-ke.example")}
    personal_data_erase.send(sender=None, hashes=hashes)
    for mail in (filed, other):
        mail.refresh_from_db()
    assert (bytes(filed.raw), filed.sender, filed.subject, filed.text) == (b"", "", "", "")
    assert Reply.objects.filter(mail=filed, kind="reply").exists(), "that they answered stays"
    assert not InboundMail.objects.filter(pk=stray.pk).exists(), "nobody had filed it"
    assert "I am Ben." in other.text
    letter.refresh_from_db()
    assert letter.to_address, "the letter was to somebody else"
    assert AuditEvent.objects.filter(verb="inbound.erase").count() == 2


def guessed(mail: InboundMail, letter: Message) -> list[Any]:
    return inbound_guesses([mail], letter.delivery.dispatch.campaign)[mail.pk]


@pytest.mark.parametrize(
    ("sender", "subject", "text", "sign"),
    [
        ("desk@{domain}", "Hello", "We agree.", "domain"),
        ("x@elsewhere.example", "Re: {subject}", "We agree.", "subject"),
        ("x@elsewhere.example", "Hello", "You wrote {id}", "message_id"),
        ("x@elsewhere.example", "Hello", "You wrote to {address}", "named"),
        ("x@elsewhere.example", "Hello", "We agree.\r\n> {line}", "quote"),
    ],
)
def test_a_mail_without_a_letter_is_guessed(letter: Message, sender: str, subject: str, text: str, sign: str) -> None:
    values = {
        "domain": letter.to_address.partition("@")[2], "subject": letter.subject, "id": letter.message_id,
        "address": letter.to_address, "line": next(line for line in letter.text_body.splitlines() if len(line) > 50),
    }  # fmt: skip
    mail = arrives(text.format(**values), UNKNOWN, sender=sender.format(**values), subject=subject.format(**values))
    assert mail.message is None
    best = guessed(mail, letter)[0]
    assert sign in best.signs
    if sign not in {"subject", "quote"}:
        assert best.delivery.message == letter


def test_a_colleague_is_guessed_by_what_is_known_of_the_government(letter: Message, campaign: Any, cast: Any) -> None:
    """Addresses that got no letter, their domains, the government's name, and who signed."""
    kenya = letter.delivery.member
    office = "Department of External Trade"
    make_recipient(campaign, kenya, "Director of Treaties", "treaties@nairobi.example", office=office)
    signs = {
        "treaties@nairobi.example": "known_address",
        "front.desk@mail.nairobi.example": "known_domain",
    }
    for sender, sign in signs.items():
        [first, *_others] = guessed(arrives("We agree.", UNKNOWN, sender=sender, subject="Hello"), letter)
        assert (first.signs, first.from_government) == ([sign], True)
    texts = {
        "We agree.\r\n\r\nA. Otieno\r\nDepartment of  External\r\nTrade": ["signed"],
        "The position of KENYA stands.": ["government"],
        "The position of Kenyatta stands.": [],
        "We agree.\r\n\r\n> Dear Kenya\r\n> Department of External Trade": [],
    }
    for text, expected in texts.items():
        found = guessed(arrives(text, UNKNOWN, sender="a.otieno@post.example", subject="Hello"), letter)
        assert [each.signs for each in found[:1]] == ([expected] if expected else []), text


def test_what_several_governments_share_is_no_sign(letter: Message, campaign: Any, cast: Any, authorised: Any) -> None:
    guinea, papua = make_member("GN", "Guinea"), make_member("PG", "Papua New Guinea")
    for member in (guinea, papua):
        make_recipient(campaign, member, "Minister of Commerce", f"{member.code.lower()}@shared.example")
    make_recipient(campaign, papua, "Attaché", "png.trade@gmail.com")
    authorised(make_version(campaign, cast, guinea, papua))
    dispatches_advance()
    messages_deliver()

    def signs(text: str, sender: str) -> dict[str, list[str]]:
        found = guessed(arrives(text, UNKNOWN, sender=sender, subject="Hello"), letter)
        return {each.delivery.member.code: [str(sign) for sign in each.signs] for each in found}

    assert signs("We agree.\r\n\r\nMinister of Commerce", "desk@shared.example") == {}
    assert signs("We agree.", "somebody@gmail.com") == {}
    assert signs("Guinea and Kenya agree.", "x@elsewhere.example") == {}
    assert signs("For Papua New Guinea.", "x@elsewhere.example") == {"PG": ["government"]}
    assert signs("La Guinea está de acuerdo.", "x@elsewhere.example") == {"GN": ["government"]}


def test_nothing_is_guessed_from_nothing(letter: Message) -> None:
    assert guessed(arrives("Buy now.", UNKNOWN, sender="a@shop.example", subject="Offer"), letter) == []


def test_the_token_is_found_in_the_header_and_the_letter_in_what_is_returned(letter: Message) -> None:
    redirected = arrives("We agree.", UNKNOWN, sender="a@b.example", subject="Re", To=f"<{letter.reply_to}>")
    assert redirected.message == letter
    raw = (
        "From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; boundary="b"\r\n\r\n--b\r\n\r\nUser unknown\r\n--b\r\n'
        f"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: {letter.message_id}\r\n--b--\r\n"
    )
    mails_receive(arrivals=[Arrival("", UNKNOWN, raw.encode())], sink=True)
    assert InboundMail.objects.latest("pk").message == letter
