"""Mail that comes back, for all who are concerned, and another address for a signature."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.coalitions.models import EmailChange, SignOn, SignOnCall
from apps.coalitions.selectors.returned_mail import returned_mail, sign_ons_with_returned_mail
from apps.coalitions.selectors.sign_ons import sign_on_fingerprint
from apps.coalitions.services.email_changes import (
    MailArrives,
    email_change_confirm,
    email_change_request,
    sign_on_readdress,
)
from apps.coalitions.services.erasure import expired_sweep, sign_on_erase, sign_ons_erase_by_address
from apps.coalitions.services.exceptions import DuplicatePerson, LinkUnknown
from apps.coalitions.services.moderation import OwnSignature
from apps.coalitions.services.signer_changes import SignatureInactive, sign_on_withdraw
from apps.core.encryption import lookup_hashes
from apps.core.errors import DomainError
from tests.factories.concurrency import at_once, errors
from tests.factories.postbox import come_back
from tests.factories.signing import PERSON_FORM, link_in, mails, organisation, person, signed, submit

pytestmark = pytest.mark.django_db

NEW = "afi@new.example"


@pytest.fixture
def sign_on(call: SignOnCall, cast: SimpleNamespace) -> SignOn:
    return signed(call, person(), accepted_by=cast.coordinator)


def private_page() -> str:
    return next(link_in(mail) for mail in mails() if "/mine/" in mail.text_body)


# ---- mail that came back


def test_who_gave_a_wrong_address_can_see_that_the_mail_came_back(call: SignOnCall, client: Client) -> None:
    page = reverse("website:letter", args=[call.campaign.slug, call.letter.number])
    sent = client.post(page + "?for=person", PERSON_FORM)
    before = client.get(sent["Location"])
    assert "Check your email to finish signing" in before.content.decode()
    assert before["Cache-Control"] == "no-store"
    assert before["Referrer-Policy"]

    come_back(mails()[0])

    after = client.get(sent["Location"]).content.decode()
    assert "The email came back" in after
    assert PERSON_FORM["email"] not in after
    other = client.post(page + "?for=person", {**PERSON_FORM, "email": "another@post.example"})
    assert "came back" not in client.get(other["Location"]).content.decode().replace("the email comes back", "")


def test_a_known_address_whose_mail_comes_back_says_the_same(call: SignOnCall, sign_on: SignOn, client: Client) -> None:
    """Neither earlier nor later than an unknown one, and nothing of what came back before."""
    come_back(mails()[-1])
    page = reverse("website:letter", args=[call.campaign.slug, call.letter.number])
    SignOn.objects.update(created_at=timezone.now() - timedelta(hours=1))
    sign_on.tokens.update(created_at=timezone.now() - timedelta(hours=1))
    sent = client.post(page + "?for=person", PERSON_FORM)
    assert "Check your email to finish signing" in client.get(sent["Location"]).content.decode()
    come_back(mails()[-1])
    assert "The email came back" in client.get(sent["Location"]).content.decode()


@pytest.mark.parametrize("sealed", ["x", "A" * 140, "ا" * 30])
def test_addresses_of_forms_that_are_not_ours(call: SignOnCall, client: Client, sealed: str) -> None:
    page = reverse("website:mail_sent", args=[call.campaign.slug, call.letter.number, sealed])
    assert client.get(page).status_code == 404


def test_moderators_see_it_in_the_list_and_on_the_page(call: SignOnCall, cast: Any, signed_in: Any) -> None:
    submit(call, organisation())
    staff, index = signed_in(cast.coordinator), reverse("sign_on:index", args=[call.campaign.slug])
    assert "Email came back" not in staff.get(index).content.decode()

    come_back(mails()[0])

    listed = staff.get(index).content.decode()
    assert "<b>1</b>Email came back" in " ".join(listed.split()).replace("> <", "><").replace("</b> ", "</b>")
    assert "Kisumu Data Rights Forum" in staff.get(f"{index}?state=returned").content.decode()
    detail = staff.get(reverse("sign_on:sign_on", args=[call.campaign.slug, SignOn.objects.get().pk]))
    assert "The last email to this address came back" in detail.content.decode()
    assert "Correct the email address" in detail.content.decode()


def test_a_moderator_corrects_the_address_of_a_form(call: SignOnCall, cast: Any, signed_in: Any) -> None:
    submit(call, organisation())
    first = mails()[0]
    pending = SignOn.objects.get()
    staff, page = signed_in(cast.coordinator), reverse("sign_on:decide", args=[call.campaign.slug, pending.pk])
    typed = {"readdress": "1", "email": "o.were@kdrf-ke.example", "seen": sign_on_fingerprint(pending)}
    assert staff.post(page, typed).status_code == 409, "it arrives"
    come_back(first)
    assert staff.post(page, {**typed, "email": "o.were@"}).status_code == 400
    assert staff.post(page, {**typed, "email": cast.coordinator.email}).status_code == 403

    assert staff.post(page, typed).status_code == 302

    pending.refresh_from_db()
    assert (pending.email, pending.state) == ("o.were@kdrf-ke.example", "pending")
    assert Client().get(link_in(first)).status_code == 404, "whoever reads the wrong address cannot sign"
    assert Client().post(link_in(mails()[-1])).status_code == 302
    assert mails()[-1].to_address == "o.were@kdrf-ke.example"


def test_a_moderator_corrects_the_address_of_a_signature_which_its_reader_confirms(
    sign_on: SignOn, call: SignOnCall, cast: Any, signed_in: Any
) -> None:
    come_back(mails()[-1])
    sign_on.refresh_from_db()
    page = reverse("sign_on:decide", args=[call.campaign.slug, sign_on.pk])
    typed = {"readdress": "1", "email": NEW, "seen": sign_on_fingerprint(sign_on)}
    assert signed_in(cast.data_officer).post(page, typed).status_code == 302
    sign_on.refresh_from_db()
    assert sign_on.email == "afi.mensah@post.example"
    assert Client().post(link_in(mails()[-1])).status_code == 302
    sign_on.refresh_from_db()
    assert sign_on.email == NEW
    assert not sign_ons_with_returned_mail(call.campaign).exists()


def test_the_private_page_says_so_and_leads_to_another_address(sign_on: SignOn, client: Client) -> None:
    private = private_page()
    assert "came back" not in client.get(private).content.decode()
    come_back(mails()[-1])
    page = client.get(private).content.decode()
    assert "Our last email to you came back" in page
    assert f"{private}email/" in page


def test_what_was_confirmed_since_arrives(call: SignOnCall, client: Client) -> None:
    submit(call, person())
    come_back(mails()[0])
    pending = SignOn.objects.get()
    assert returned_mail([pending])
    client.post(link_in(mails()[0]))
    pending.refresh_from_db()
    assert not returned_mail([pending])


# ---- another address


def test_an_address_changes_once_its_reader_confirms(sign_on: SignOn, client: Client) -> None:
    private = private_page()
    assert client.get(f"{private}email/").status_code == 200
    assert client.post(f"{private}email/", {"email": "afi@"}).status_code == 400
    same = client.post(f"{private}email/", {"email": sign_on.email})
    assert "This is the address that we have." in same.content.decode()
    mailed = client.post(f"{private}email/", {"email": NEW}, follow=True)
    assert "Check your email at the new address" in mailed.content.decode()
    request, link = mails()[-1], link_in(mails()[-1])
    assert request.to_address == NEW
    for method in (client.get, client.head, client.get):
        assert method(link).status_code == 200
    sign_on.refresh_from_db()
    assert sign_on.email == "afi.mensah@post.example"

    done = client.post(link)

    sign_on.refresh_from_db()
    assert sign_on.email == NEW
    assert sign_on.email_hash == lookup_hashes(NEW)[0].digest
    assert (sign_on.state, sign_on.moderation) == ("confirmed", "accepted")
    assert client.get(done["Location"]).status_code == 200
    assert client.get(private).status_code == 404, "the old address has no key any more"
    assert client.post(link).status_code == 404
    new, old = mails()[-2:]
    assert (new.to_address, old.to_address) == (NEW, "afi.mensah@post.example")
    assert link_in(new) == done["Location"]
    assert "/sign/" not in old.text_body
    assert sign_on.moderation == "accepted"
    assert not EmailChange.objects.exists()


def test_the_answer_is_the_same_for_known_and_unknown_addresses(sign_on: SignOn, call: SignOnCall) -> None:
    signed(call, person("Kossi Adjei", email="kossi@post.example"))
    client, private = Client(), private_page()

    def answer(email: str) -> tuple[int, str, bytes]:
        sent = client.post(f"{private}email/", {"email": email})
        return sent.status_code, sent["Location"], client.get(sent["Location"]).content

    known = answer("kossi@post.example")
    assert known == answer("nobody@post.example")
    for _more in range(4):
        assert answer("nobody@post.example") == known, "nor does it say that the address has had its share"


def test_an_address_that_has_signed_cannot_be_taken(sign_on: SignOn, call: SignOnCall) -> None:
    signed(call, person("Kossi Adjei", email="kossi@post.example"))
    token = email_change_request(sign_on=sign_on, email="kossi@post.example")
    with pytest.raises(DuplicatePerson):
        email_change_confirm(token=token)
    sign_on.refresh_from_db()
    assert sign_on.email == "afi.mensah@post.example"


def test_an_address_that_proves_less_is_checked_again(call: SignOnCall, cast: Any) -> None:
    sign_on = signed(call, organisation(), accepted_by=cast.coordinator)
    assert sign_on.authority_verified
    email_change_confirm(token=email_change_request(sign_on=sign_on, email="kdrf@gmail.com"))
    sign_on.refresh_from_db()
    assert (sign_on.moderation, sign_on.authority_verified) == ("waiting", False)
    email_change_confirm(token=email_change_request(sign_on=sign_on, email="info@kdrf.example"))
    sign_on.refresh_from_db()
    assert sign_on.authority_verified


def test_late_links_and_withdrawn_signatures(sign_on: SignOn) -> None:
    token = email_change_request(sign_on=sign_on, email=NEW)
    second = email_change_request(sign_on=sign_on, email="afi@newest.example")
    with pytest.raises(LinkUnknown):
        email_change_confirm(token=token)
    EmailChange.objects.update(expires_at=timezone.now())
    with pytest.raises(LinkUnknown):
        email_change_confirm(token=second)
    third = email_change_request(sign_on=sign_on, email=NEW)
    sign_on_withdraw(sign_on=sign_on)
    with pytest.raises(SignatureInactive):
        email_change_confirm(token=third)
    with pytest.raises(SignatureInactive):
        email_change_request(sign_on=sign_on, email=NEW)


@pytest.mark.django_db(transaction=True)
def test_the_button_pressed_twice_at_once(sign_on: SignOn) -> None:
    token = email_change_request(sign_on=sign_on, email=NEW)
    results = at_once(*[lambda: email_change_confirm(token=token)] * 4)
    assert [type(error) for error in errors(results)] == [LinkUnknown] * 3
    assert len([mail for mail in mails() if mail.to_address == NEW]) == 2, "the link to confirm, the private link"


def test_a_link_to_confirm_goes_with_all_other_data(sign_on: SignOn, call: SignOnCall) -> None:
    """Encrypted while it waits; gone when it is late, erased, or its address is."""
    stored = "SELECT row_to_json(t)::text FROM coalitions_emailchange t"
    email_change_request(sign_on=sign_on, email="canary@birds.example")
    with connection.cursor() as cursor:
        cursor.execute(stored)
        assert "anary" not in str(cursor.fetchall())
    EmailChange.objects.update(expires_at=timezone.now())
    assert expired_sweep()["email_changes_deleted"] == 1
    email_change_request(sign_on=sign_on, email=NEW)
    sign_ons_erase_by_address(hashes=[each.digest for each in lookup_hashes(NEW)])
    assert not EmailChange.objects.exists()
    email_change_request(sign_on=sign_on, email=NEW)
    sign_on_erase(sign_on=sign_on)
    assert not EmailChange.objects.exists()


def test_only_what_comes_back_is_readdressed(sign_on: SignOn, cast: Any) -> None:
    with pytest.raises(MailArrives):
        sign_on_readdress(sign_on=sign_on, actor=cast.coordinator, email=NEW)
    come_back(mails()[-1])
    with pytest.raises(OwnSignature):
        sign_on_readdress(sign_on=sign_on, actor=cast.coordinator, email=cast.coordinator.email)
    with pytest.raises(DomainError):
        sign_on_readdress(sign_on=sign_on, actor=cast.coordinator, email=sign_on.email)
