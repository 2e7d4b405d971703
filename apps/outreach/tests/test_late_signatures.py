"""Once a letter has left, every page and mail of signing says so, and what a signature still does."""

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from apps.coalitions.models import Annex, SignOn, SignOnToken
from apps.coalitions.selectors.annexes import annex_data
from apps.coalitions.services.annexes import NobodyNew, addendum_freeze
from apps.coalitions.services.signer_changes import sign_on_withdraw
from apps.coalitions.services.signer_mails import manage_token_issue
from apps.core.times import campaign_time
from apps.outreach.services.deliveries import dispatches_advance
from apps.postbox.models import Message
from tests.factories.outreach import move_messages
from tests.factories.signing import ORGANISATION_FORM, link_in, mails, make_sign_on

pytestmark = pytest.mark.django_db
LATE = "You can still sign."


def pdf_text(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def text_of(client: Client, path: str) -> str:
    return " ".join(client.get(path).content.decode().split())


@pytest.fixture
def left(version: Any, recipients: Any, signed: Any, authorised: Any) -> str:
    """The letter has left for one of two recipients in Kenya; the sentence that says when."""
    authorised(version)
    dispatches_advance()
    letters = Message.objects.filter(kind="letter")
    move_messages(letters, "accepted")
    now = timezone.now().replace(microsecond=0)
    letters.update(accepted_at=now)
    return f"This letter was sent to 1 government on {campaign_time(now, version.letter.campaign)}."


def letter_url(version: Any) -> str:
    return reverse("website:letter", args=[version.letter.campaign.slug, version.letter.number])


def test_nothing_is_said_before_the_first_letter_has_left(version, recipients, call, authorised, client):
    authorised(version)
    dispatches_advance()
    assert "This letter was sent" not in text_of(client, letter_url(version))


def test_a_late_signer_reads_it_at_every_step(left: str, version: Any, client: Client) -> None:
    page = text_of(client, letter_url(version))
    assert left in page
    assert "The list that went with it has 3 signatures." in page
    assert LATE in page.split('id="sign"')[1]

    thanks = client.post(letter_url(version), ORGANISATION_FORM)["Location"]
    assert left in text_of(client, thanks)
    confirm = link_in(mails()[-1])
    for text in (" ".join(mails()[-1].text_body.split()), text_of(client, confirm)):
        assert left in text
        assert LATE in text

    private = client.post(confirm)["Location"]
    page = text_of(client, private)
    assert left in page
    assert "It is not on the list that was sent." in page
    assert "The letter goes to the governments" not in page
    assert left in " ".join(mails()[-1].text_body.split())


def test_who_signed_in_time_reads_that_they_are_on_the_list(left: str, signed: Any, client: Client) -> None:
    token = manage_token_issue(sign_on=SignOn.objects.select_related("call", "campaign").get(pk=signed.public.pk))
    assert SignOnToken.objects.exists()
    page = text_of(client, reverse("signing:manage", args=[token]))
    assert left in page
    assert "Your signature is on the list that was sent with it." in page


def test_a_closed_letter_says_when_it_was_sent_and_invites_nobody(
    left: str, version: Any, call: Any, client: Client
) -> None:
    call.closed_at = timezone.now()
    call.save()
    page = text_of(client, letter_url(version))
    assert left in page
    assert LATE not in page


def test_late_signers_go_into_an_addendum(
    left: str, version: Any, call: Any, cast: Any, signed_in: Any, client: Client
) -> None:
    late = make_sign_on(call, "Lagoon Fishers’ Union")
    quiet = make_sign_on(call, "Quiet Union", visibility="counted")
    token = manage_token_issue(sign_on=SignOn.objects.select_related("call", "campaign").get(pk=late.pk))
    private = reverse("signing:manage", args=[token])
    assert "goes into the next addendum" in text_of(client, private)

    coordinator, page = signed_in(cast.coordinator), reverse("sign_on:addenda", args=[call.campaign.slug, call.pk])
    assert "2 signatures are on no list yet." in text_of(coordinator, page)
    freeze = reverse("sign_on:addendum_freeze", args=[call.campaign.slug, call.pk])
    assert coordinator.post(freeze).status_code == 302
    assert coordinator.post(freeze).status_code == 409, "nobody has signed since"

    first, addendum = Annex.objects.order_by("id")
    assert addendum.supplements == first
    assert [entry.sign_on_id for entry in addendum.entries.all()] == [late.pk, quiet.pk]
    assert addendum.counts["unnamed"] == 1
    assert "Your signature is on an addendum to that list" in text_of(client, private)
    public = text_of(client, letter_url(version))
    assert addendum.sha256 in public
    assert "lists 2 signatures that came later." in public

    pdf = reverse("sign_on:addendum", args=[call.campaign.slug, addendum.pk])
    text = pdf_text(coordinator.get(pdf).content)
    assert "Lagoon Fishers’ Union" in text
    assert "Quiet Union" not in text
    assert "Kisumu" not in text
    assert addendum.sha256 in text.replace("\n", "")
    assert first.sha256 in text.replace("\n", "").replace(" ", "")


def test_an_addendum_is_frozen_once_by_two_at_once_and_withdrawals_leave_it(left: str, call: Any, cast: Any) -> None:
    late = make_sign_on(call, "Lagoon Fishers’ Union")
    first = Annex.objects.get()
    addendum = addendum_freeze(annex=first, actor=cast.coordinator)
    with pytest.raises(NobodyNew):
        addendum_freeze(annex=first, actor=cast.coordinator)
    sign_on_withdraw(sign_on=late)
    assert [name for section in annex_data(addendum).sections for name in section.names] == [""]


def private_page(sign_on: SignOn) -> str:
    row = SignOn.objects.select_related("call", "campaign").get(pk=sign_on.pk)
    return reverse("signing:manage", args=[manage_token_issue(sign_on=row)])


def test_who_withdraws_reads_first_and_afterwards_what_has_left_with_the_name(
    left: str, signed: Any, call: Any, cast: Any, client: Client
) -> None:
    gone = "was sent to 1 government on"
    for sign_on, said in (
        (signed.public, "Your name is on the list that went with it."),
        (signed.counted, "Your signature is counted in the list that went with it, without your name."),
    ):
        private = private_page(sign_on)
        assert "We cannot recall letters that were already sent." in text_of(client, private)
        for page in ("withdraw/", "erase/"):
            text = text_of(client, private + page)
            assert gone in text
            assert said in text
        client.post(f"{private}withdraw/")
        assert said in text_of(client, private)
        erased = client.post(f"{private}erase/").content.decode()
        assert said in " ".join(erased.split())

    late = private_page(make_sign_on(call, "Lagoon Fishers’ Union"))
    for text in (text_of(client, late), text_of(client, f"{late}withdraw/")):
        assert "No letter with your signature has been sent" in text
    addendum_freeze(annex=Annex.objects.get(), actor=cast.coordinator)
    assert "We have not emailed it to governments." in text_of(client, f"{late}withdraw/")


def test_the_private_page_goes_on_after_delivery(left: str, version: Any, signed: Any, client: Client) -> None:
    page = text_of(client, private_page(signed.public))
    assert "The letter was sent to 1 government." in page
    assert f"{letter_url(version)}#outcome" in page
