"""An addendum goes to those whom the letter reached: with a covering note, by a second person, once."""

import io
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from apps.coalitions.models import Annex, SignOn
from apps.coalitions.services.annexes import addendum_freeze
from apps.coalitions.services.signer_changes import sign_on_withdraw
from apps.coalitions.services.signer_mails import manage_token_issue
from apps.outreach.models import Delivery, Dispatch
from apps.outreach.pages.timeline_entries import timeline
from apps.outreach.selectors.departures import letter_departure
from apps.outreach.services.authorisation import dispatch_authorise
from apps.outreach.services.deliveries import dispatches_advance
from apps.outreach.services.exceptions import NothingToSend, SecondPersonNeeded
from apps.outreach.services.preparation import dispatch_prepare
from apps.postbox.models import Message, MessageEvent
from tests.factories.outreach import move_messages
from tests.factories.signing import make_sign_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(version: Any, recipients: Any, signed: Any, call: Any, authorised: Any, cast: Any) -> SimpleNamespace:
    """The letter reached the cabinet and came back from the mission; then somebody signed, and is in an addendum."""
    authorised(version)
    dispatches_advance()
    letters = Message.objects.filter(kind="letter")
    move_messages(letters.filter(delivery__recipient=recipients.cabinet), "accepted")
    move_messages(letters.filter(delivery__recipient=recipients.mission), "bounced")
    dispatches_advance()
    sign_on = make_sign_on(call, "Lagoon Fishers’ Union")
    addendum = addendum_freeze(annex=Annex.objects.get(), actor=cast.coordinator)
    return SimpleNamespace(sign_on=sign_on, addendum=addendum, version=version, call=call, campaign=call.campaign)


def authorise(made: Dispatch, actor: Any) -> Dispatch:
    return dispatch_authorise(dispatch=made, actor=actor, typed_count=made.deliveries.count(), plan=made.plan)


@pytest.fixture
def sent(late: SimpleNamespace, cast: Any) -> Message:
    """The mail with the addendum, in the postbox."""
    made = dispatch_prepare(version=late.version, actor=cast.coordinator, addendum=late.addendum)
    with pytest.raises(SecondPersonNeeded):
        authorise(made, cast.coordinator)
    authorise(made, cast.sender)
    dispatches_advance()
    return Message.objects.get(kind="letter", once_key__startswith="addendum:")


def pdf_text(message: Message) -> str:
    [file] = message.attachments.all()
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(bytes(file.blob.content))).pages)


def test_only_those_whom_the_letter_reached_get_it(late: SimpleNamespace, sent: Message, recipients: Any) -> None:
    delivery = Delivery.objects.get(message=sent)
    assert delivery.recipient == recipients.cabinet
    assert sent.subject == f"Addendum to letter {late.call.letter.number}: further signatures"
    assert "The attached addendum lists them." in " ".join(sent.text_body.split())
    assert "Lagoon Fishers" not in sent.text_body
    text = pdf_text(sent)
    assert "Lagoon Fishers’ Union" in text
    assert "Kisumu" not in text
    assert delivery.dispatch.annex == late.addendum
    assert Annex.objects.count() == 2, "nothing else was frozen"


def test_nobody_gets_it_twice(late: SimpleNamespace, sent: Message, cast: Any) -> None:
    dispatches_advance()
    again = dispatch_prepare(version=late.version, actor=cast.coordinator, addendum=late.addendum)
    assert not again.deliveries.exists()
    with pytest.raises(NothingToSend):
        authorise(again, cast.sender)
    assert Message.objects.filter(kind="letter").count() == 3


def test_the_letter_counts_as_it_did(late: SimpleNamespace, sent: Message, client: Client) -> None:
    before = letter_departure(late.version.pk)
    move_messages(Message.objects.filter(pk=sent.pk), "accepted")
    assert letter_departure(late.version.pk) == before
    assert before is not None
    assert before.annex_id == late.addendum.supplements_id
    MessageEvent.objects.create(message=sent, kind="accepted", occurred_at=timezone.now(), provider_id="one")
    member = Delivery.objects.get(message=sent).member
    assert any("Addendum to letter" in str(entry.detail) for entry in timeline(late.campaign, member))


def test_a_name_withdrawn_before_it_leaves_is_not_printed(late: SimpleNamespace, cast: Any) -> None:
    made = authorise(
        dispatch_prepare(version=late.version, actor=cast.coordinator, addendum=late.addendum), cast.sender
    )
    sign_on_withdraw(sign_on=late.sign_on)
    dispatches_advance()
    made.refresh_from_db()
    assert made.state == "authorised", "the addendum is frozen: no other list can be made"
    text = pdf_text(Message.objects.get(once_key__startswith="addendum:"))
    assert "Lagoon" not in text
    assert "removed on request" in text


def test_the_signer_reads_that_it_was_mailed(late: SimpleNamespace, sent: Message, client: Client) -> None:
    move_messages(Message.objects.filter(pk=sent.pk), "accepted")
    row = SignOn.objects.select_related("call", "campaign").get(pk=late.sign_on.pk)
    page = client.get(reverse("signing:withdraw", args=[manage_token_issue(sign_on=row)])).content.decode()
    assert "An addendum with your signature was sent to 1 government on" in " ".join(page.split())


def test_it_is_prepared_from_the_page_of_the_addenda(late: SimpleNamespace, cast: Any, signed_in: Any) -> None:
    coordinator = signed_in(cast.coordinator)
    addenda = reverse("sign_on:addenda", args=[late.campaign.slug, late.call.pk])
    prepare = reverse("outreach:prepare_addendum", args=[late.campaign.slug, late.addendum.pk])
    assert prepare in coordinator.get(addenda).content.decode()
    page = coordinator.post(prepare)["Location"]
    text = " ".join(coordinator.get(page).content.decode().split())
    assert f"Send the addendum to letter {late.call.letter.number}" in text
    assert "This mailing sends the addendum" in text
    made = Dispatch.objects.latest("id")
    delivery = made.deliveries.get()
    shown = coordinator.get(reverse("outreach:delivery", args=[late.campaign.slug, made.pk, delivery.pk]))
    assert "The attached addendum lists them." in " ".join(shown.content.decode().split())
    assert coordinator.post(reverse("outreach:test", args=[late.campaign.slug, made.pk]), {"delivery": delivery.pk})
    assert "Lagoon" in pdf_text(Message.objects.get(kind="test"))
    authorise(made, cast.sender)
    dispatches_advance()
    move_messages(Message.objects.filter(once_key__startswith="addendum:"), "accepted")
    assert "Emailed to 1 government on" in " ".join(coordinator.get(addenda).content.decode().split())
    assert prepare not in coordinator.get(addenda).content.decode()
    listed = coordinator.get(reverse("outreach:index", args=[late.campaign.slug])).content.decode()
    assert "Addendum" in listed


@pytest.mark.parametrize("has_salutation", [True, False])
def test_the_note_is_in_the_recipients_language(
    late: SimpleNamespace, cast: Any, recipients: Any, has_salutation: bool
) -> None:
    recipients.cabinet.language = "ar"
    if has_salutation:
        recipients.cabinet.salutation = {**recipients.cabinet.salutation, "ar": "معالي الوزير"}
    recipients.cabinet.save()
    made = dispatch_prepare(version=late.version, actor=cast.coordinator, addendum=late.addendum)
    authorise(made, cast.sender)
    dispatches_advance()
    message = Message.objects.get(once_key__startswith="addendum:")
    assert ('dir="rtl"' in message.html_body) is has_salutation
    assert ("معالي الوزير" in message.text_body) is has_salutation
