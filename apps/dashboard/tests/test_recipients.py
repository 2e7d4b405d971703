"""Adding somebody to write to, and a new address where the one we had is dead."""

from typing import Any

import pytest
from django.urls import reverse

from apps.campaigns.models import Campaign
from apps.core.models import AuditEvent
from apps.governments.models import Office, Recipient, RecipientAddress
from apps.outreach.selectors import dispatch_plan
from apps.outreach.tests.making import make_recipient, make_version
from tests.factories import make_campaign

GIVEN = {
    "kind": "capital", "office": "Ministry of Trade ", "post": "Cabinet  Secretary", "name": "Amina Wanjiru",
    "language": "en", "salutation": "Excellency", "address": "Cabinet@trade-ke.example",
}  # fmt: skip


@pytest.fixture
def send(campaign: Campaign, cast: Any, signed_in: Any, members: Any) -> Any:
    """send(name, data, *args) → the answer to a sender who posts to that page of Kenya."""
    client = signed_in(cast.sender)
    return lambda name, data, *args: client.post(reverse(f"dashboard:{name}", args=[campaign.slug, "KE", *args]), data)


def test_a_recipient_is_saved_whole_and_on_record_without_personal_data(send: Any, campaign: Campaign) -> None:
    assert send("recipient_new", GIVEN).url == f"/work/{campaign.slug}/governments/KE/"
    recipient = Recipient.objects.get()
    assert (recipient.post, recipient.name, recipient.salutation) == (
        "Cabinet Secretary", "Amina Wanjiru", {"en": "Excellency"},
    )  # fmt: skip
    assert (recipient.office.name, recipient.office.member.code) == ("Ministry of Trade", "KE")
    assert recipient.addresses.get().address == "Cabinet@trade-ke.example"
    record = str(list(AuditEvent.objects.values()))
    assert "Wanjiru" not in record
    assert "trade-ke.example" not in record


@pytest.mark.parametrize(
    "wrong", [{"office": " "}, {"post": ""}, {"address": "nowhere"}, {"address": "a@b\0.example"}, {"salutation": ""},
              {"language": "tlh"}, {"kind": "embassy"}],
)  # fmt: skip
def test_a_wrong_form_saves_nothing_and_keeps_what_was_typed(send: Any, wrong: dict[str, str]) -> None:
    answer = send("recipient_new", {**GIVEN, **wrong})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "errmsg" in text
    assert "Amina Wanjiru" in text
    assert not Recipient.objects.exists()
    assert not Office.objects.exists()


def test_an_office_that_is_known_keeps_its_place(send: Any, campaign: Campaign, members: Any) -> None:
    Office.objects.create(
        campaign=campaign, member=members.kenya, kind="capital", name="Ministry of Trade", city="Nairobi"
    )
    send("recipient_new", GIVEN)
    assert Recipient.objects.get().office.city == "Nairobi"
    assert Office.objects.count() == 1


def test_a_new_address_takes_the_place_of_a_dead_one(send: Any, campaign: Campaign, cast: Any, members: Any) -> None:
    recipient = make_recipient(campaign, members.kenya, "Minister", "gone@trade-ke.example")
    version = make_version(campaign, cast, members.kenya)
    RecipientAddress.objects.update(health="bounced")
    assert dispatch_plan(campaign=campaign, version=version).deliveries == []
    send("address_new", {"address": "new@trade-ke.example"}, recipient.pk)
    [planned] = dispatch_plan(campaign=campaign, version=version).deliveries
    assert planned.address.address == "new@trade-ke.example"
    assert recipient.addresses.count() == 2, "the dead one stays on record"


def test_foreign_recipients_are_not_found(send: Any, campaign: Campaign, members: Any) -> None:
    foreign = make_recipient(make_campaign("mc12"), members.kenya, "Minister", "m@trade-ke.example")
    elsewhere = make_recipient(campaign, members.ivory_coast, "Minister", "m@trade-ci.example")
    for recipient in (foreign, elsewhere):
        assert send("address_new", {"address": "new@trade-ke.example"}, recipient.pk).status_code == 404


def test_only_who_may_see_contact_data_may_add(page: Any, members: Any) -> None:
    for role, link in (("sender", True), ("drafter", False)):
        assert ("recipients/new/" in page("governments/KE/", role).content.decode()) is link
    assert page("governments/KE/recipients/new/", "drafter").status_code == 403
