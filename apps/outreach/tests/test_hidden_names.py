"""One button hides all names at once: whatever is shown, read, downloaded, printed or mailed afterwards has none."""

import io
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from apps.coalitions.models import Annex, SignOn, SignOnCall
from apps.coalitions.services.annexes import addendum_freeze
from apps.coalitions.services.calls import names_show
from apps.coalitions.services.erasure import expired_sweep
from apps.coalitions.services.signer_changes import sign_on_withdraw
from apps.core.interface_languages import address_in_language
from apps.outreach.models import Delivery, Dispatch
from apps.outreach.services.deliveries import dispatches_advance
from apps.postbox.models import Message
from apps.postbox.services.send_worker import messages_deliver
from tests.factories.outreach import move_messages
from tests.factories.signing import make_sign_on, person, signed
from tests.factories.stored_rows import everything_readable

pytestmark = pytest.mark.django_db
PLANTED = "Zanzibar Canary Weavers"
NAMES = (PLANTED, "نقابة الكناري", "Afi Canary", "Quiet Canary Union", "Late Canary Union")


@pytest.fixture
def planted(call: Any, version: Any) -> SimpleNamespace:
    """Names of each kind: public, in Arabic, of a person, for governments only."""
    make_sign_on(call, PLANTED)
    make_sign_on(call, "نقابة الكناري", country="EG", english="Canary Syndicate")
    make_sign_on(call, "Quiet Canary Union", visibility="government")
    signed(call, person("Afi Canary"))
    return SimpleNamespace(call=call, version=version, slug=call.campaign.slug, number=call.letter.number)


@pytest.fixture
def left(planted: SimpleNamespace, recipients: Any, authorised: Any, cast: Any) -> SimpleNamespace:
    """Of two letters one has left; the other waits. A late signature is in an addendum."""
    dispatch = authorised(planted.version)
    dispatches_advance()
    move_messages(Message.objects.filter(delivery__recipient=recipients.mission), "accepted")
    make_sign_on(planted.call, "Late Canary Union")
    addendum = addendum_freeze(annex=Annex.objects.get(), actor=cast.coordinator)
    return SimpleNamespace(dispatch=dispatch, addendum=addendum, **vars(planted))


def press(client: Client, planted: SimpleNamespace, button: str = "hide") -> None:
    client.post(reverse("sign_on:names", args=[planted.slug, planted.call.pk]), {button: "1"})


def public_answers(planted: SimpleNamespace) -> Iterator[bytes]:
    """All that anybody can ask for, as it is and as it is kept."""
    slug, number = planted.slug, planted.number
    pages = [reverse(f"website:{name}", args=[slug, number]) for name in ("letter", "check_mail", "embed")]
    lists = reverse("website:signatories", args=[slug])
    pages += [reverse(f"website:{name}", args=[slug]) for name in ("home", "signature_log", "timeline", "points")]
    pages += [
        lists,
        *(f"{lists}?{query}" for query in ("q=canary", "q=كناري", "country=KE", "country=EG", "country=TG")),
    ]
    files = [reverse("files:signatories", args=[slug, number]), reverse("files:signature_log", args=[slug])]
    for page in [*pages, *(address_in_language(page, "ar") for page in pages), *files]:
        for _kept in range(2):
            answer = Client().get(page)
            assert answer.status_code == 200, page
            yield answer.content


def pdf_text(content: bytes) -> bytes:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).encode()


def export(client: Client, planted: SimpleNamespace, audience: str) -> bytes:
    typed = {"letter": planted.number, "purpose": audience, "format": "csv_plain", "reason": "For the press"}
    answer = client.post(reverse("exports:choose", args=[planted.slug, "signatories"]), typed)
    assert answer["Content-Type"].startswith("text/csv")
    return answer.content


def found(*answers: bytes) -> set[str]:
    return {name for name in NAMES for answer in answers if name.encode() in answer}


def test_no_public_page_or_file_has_a_name(
    planted: SimpleNamespace, cast: Any, signed_in: Any, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.PUBLIC_PAGE_SECONDS = 600
    assert found(*public_answers(planted)) == {PLANTED, "نقابة الكناري", "Afi Canary"}
    with django_capture_on_commit_callbacks(execute=True):
        press(signed_in(cast.coordinator), planted)
    assert found(*public_answers(planted)) == set()


def test_no_file_for_staff_has_a_name(left: SimpleNamespace, cast: Any, signed_in: Any) -> None:
    officer = signed_in(cast.data_officer)
    addendum = reverse("sign_on:addendum", args=[left.slug, left.addendum.pk])

    def files() -> Iterator[bytes]:
        yield from (export(officer, left, audience) for audience in ("public", "government"))
        yield pdf_text(officer.get(addendum).content)

    assert "Late Canary Union" in found(*files())
    assert "Quiet Canary Union" in found(*files())
    press(signed_in(cast.coordinator), left)
    assert found(*files()) == set()
    assert b"Addendum" in pdf_text(officer.get(addendum).content)


def test_what_has_left_is_printed_anew_for_the_team(
    left: SimpleNamespace, recipients: Any, cast: Any, signed_in: Any
) -> None:
    """The stored file stays as evidence, and is served again once names are shown."""
    officer, sent = signed_in(cast.data_officer), Delivery.objects.get(recipient=recipients.mission)
    pages = [
        reverse(f"outreach:{name}", args=[left.slug, left.dispatch.pk, sent.pk])
        for name in ("delivery", "delivery_html", "delivery_pdf")
    ]

    def shown() -> list[bytes]:
        page, html, pdf = (officer.get(address).content for address in pages)
        return [page, html, pdf_text(pdf)]

    assert sent.pdf is not None
    before, kept = shown(), bytes(sent.pdf.content)
    assert PLANTED in found(before[2])
    assert b"removed on request" not in before[0]
    press(signed_in(cast.coordinator), left)
    page, _html, _pdf = after = shown()
    assert found(*after) == set()
    assert "Names on the list of this letter were removed" in page.decode()
    sent.refresh_from_db()
    assert bytes(sent.pdf.content) == kept
    press(signed_in(cast.coordinator), left, "show")
    assert shown()[2] == before[2]


def test_one_withdrawal_is_enough(left: SimpleNamespace, recipients: Any, cast: Any, signed_in: Any) -> None:
    sent = Delivery.objects.get(recipient=recipients.mission)
    address = reverse("outreach:delivery_pdf", args=[left.slug, left.dispatch.pk, sent.pk])
    sign_on_withdraw(sign_on=SignOn.objects.get(org_name=PLANTED))
    text = pdf_text(signed_in(cast.data_officer).get(address).content)
    assert PLANTED not in found(text)
    assert "Quiet Canary Union" in found(text)
    assert b"removed on request" in text


def mailed(message: Message) -> list[bytes]:
    texts = [message.text_body.encode(), message.html_body.encode()]
    return [*texts, *(pdf_text(bytes(file.blob.content)) for file in message.attachments.all())]


def test_letters_that_wait_are_made_anew_and_leave_without_names(
    left: SimpleNamespace, cast: Any, signed_in: Any, inbox: Any
) -> None:
    [waiting] = Message.objects.filter(kind="letter", state="queued")
    assert PLANTED in found(*mailed(waiting))
    press(signed_in(cast.coordinator), left)
    waiting.refresh_from_db()
    assert waiting.state == "cancelled", "in the transaction of the button, not some seconds later"
    for _again in range(2):
        dispatches_advance()
    [made_anew] = Message.objects.filter(kind="letter", state="queued")
    assert found(*mailed(made_anew)) == set()
    assert made_anew.once_key == waiting.once_key
    messages_deliver()
    dispatches_advance()
    assert [mail.envelope_to for mail in inbox.arrivals if b"application/pdf" in mail.raw] == [made_anew.to_address]
    left.dispatch.refresh_from_db()
    assert left.dispatch.state == "finished"
    assert Delivery.objects.filter(dispatch=left.dispatch, message__state="accepted").count() == 2


def test_one_that_a_worker_had_is_made_anew_when_it_comes_back(
    left: SimpleNamespace, cast: Any, signed_in: Any
) -> None:
    waiting = Message.objects.filter(kind="letter", state="queued")
    [pk] = waiting.values_list("pk", flat=True)
    move_messages(waiting, "claimed")
    press(signed_in(cast.coordinator), left)
    dispatches_advance()
    left.dispatch.refresh_from_db()
    assert left.dispatch.state == "authorised"
    Message.objects.filter(pk=pk).update(state="queued", lease_until=None)
    Message.objects.filter(pk=pk).update(state="cancelled")
    dispatches_advance()
    [made_anew] = Message.objects.filter(kind="letter", state="queued")
    assert found(*mailed(made_anew)) == set()


def test_a_mailing_of_which_nothing_has_left_waits_for_a_second_person(
    planted: SimpleNamespace, authorised: Any, cast: Any, signed_in: Any
) -> None:
    dispatch = authorised(planted.version)
    dispatches_advance()
    press(signed_in(cast.coordinator), planted)
    dispatch = Dispatch.objects.get(pk=dispatch.pk)
    assert dispatch.state == "prepared"
    assert not Message.objects.filter(kind="letter", state="queued").exists()


def test_they_can_be_shown_again(planted: SimpleNamespace, cast: Any, signed_in: Any) -> None:
    press(signed_in(cast.coordinator), planted)
    names_show(call=planted.call, actor=cast.coordinator)
    assert found(*public_answers(planted)) == {PLANTED, "نقابة الكناري", "Afi Canary"}


def time_is_over() -> None:
    long_ago = timezone.now() - timedelta(days=3000)
    SignOnCall.objects.update(opens_at=long_ago - timedelta(days=9), closes_at=long_ago)
    expired_sweep()


def test_names_of_people_go_from_what_was_sent_when_their_time_is_over(
    left: SimpleNamespace, recipients: Any, cast: Any, signed_in: Any
) -> None:
    sent = Delivery.objects.get(recipient=recipients.mission)
    assert sent.pdf is not None
    assert sent.message is not None
    fingerprint = sent.pdf.sha256
    assert "Afi Canary" in found(pdf_text(bytes(sent.pdf.content)), *mailed(sent.message))
    time_is_over()
    sent = Delivery.objects.get(pk=sent.pk)
    assert sent.pdf is not None
    assert sent.message is not None
    assert (bytes(sent.pdf.content), sent.pdf.sha256) == (b"", fingerprint), "the fingerprint is the proof of it"
    assert (sent.message.text_body, sent.message.html_body) == ("", "")
    assert sent.message.to_address
    assert "Afi Canary" not in everything_readable()
    address = reverse("outreach:delivery_pdf", args=[left.slug, left.dispatch.pk, sent.pk])
    text = pdf_text(signed_in(cast.data_officer).get(address).content)
    assert {PLANTED, "Quiet Canary Union"} <= found(text)
    assert "Afi Canary" not in found(text)
    assert b"removed on request" in text


def test_a_letter_whose_list_names_no_people_stays_as_it_was_sent(
    call: Any, version: Any, recipients: Any, authorised: Any
) -> None:
    make_sign_on(call, PLANTED)
    authorised(version)
    dispatches_advance()
    move_messages(Message.objects.filter(kind="letter"), "accepted")
    time_is_over()
    sent = Delivery.objects.select_related("pdf").first()
    assert sent is not None
    assert sent.pdf is not None
    assert PLANTED in found(pdf_text(bytes(sent.pdf.content)))
