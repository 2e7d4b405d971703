"""Letters that came back are offered again once the contact is corrected."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.governments.models import Recipient, RecipientAddress
from apps.governments.services.addresses import address_add, address_restore
from apps.outreach.models import Dispatch
from apps.outreach.selectors.dispatch_criteria import Criteria
from apps.outreach.selectors.failed_letters import letters_to_repeat
from apps.outreach.sending_terms import Terms
from apps.outreach.services.authorisation import dispatch_authorise
from apps.outreach.services.deliveries import dispatches_advance
from apps.outreach.services.exceptions import NothingToRepeat, SecondPersonNeeded
from apps.outreach.services.repetition import dispatch_repeat
from apps.postbox.models import Message
from tests.factories.outreach import move_messages

pytestmark = pytest.mark.django_db


@pytest.fixture
def returned(version: Any, recipients: Any, authorised: Any) -> Dispatch:
    """Both letters came back, and both addresses are dead."""
    made: Dispatch = authorised(version)
    dispatches_advance()
    move_messages(Message.objects.filter(kind="letter"), "bounced")
    RecipientAddress.objects.update(health=RecipientAddress.Health.BOUNCED, bounced_at=timezone.now())
    dispatches_advance()
    made.refresh_from_db()
    return made


def offered(campaign: Any) -> list[str]:
    return [row.recipient.post for row in letters_to_repeat(campaign).select_related("recipient")]


def test_nothing_is_offered_before_the_contact_is_corrected(returned, campaign, cast):
    assert offered(campaign) == []
    with pytest.raises(NothingToRepeat):
        dispatch_repeat(dispatch=returned, actor=cast.coordinator)


def test_a_new_address_and_a_restored_one_both_count(returned, campaign, cast, recipients):
    address_add(recipient=recipients.cabinet, address="new@trade-ke.example", actor=None)
    assert offered(campaign) == ["Cabinet Secretary"]
    address_restore(address=recipients.mission.addresses.get(), actor=cast.coordinator)
    assert sorted(offered(campaign)) == ["Cabinet Secretary", "Permanent Representative"]
    Recipient.objects.filter(pk=recipients.cabinet.pk).update(active=False)
    assert offered(campaign) == ["Permanent Representative"]


def test_it_goes_again_by_a_second_person_and_to_those_only(returned, campaign, cast, recipients):
    address_add(recipient=recipients.cabinet, address="new@trade-ke.example", actor=None)
    again = dispatch_repeat(dispatch=returned, actor=cast.coordinator)
    assert Criteria.of(again.criteria).recipients == (recipients.cabinet.pk,)
    assert [row.address.address for row in again.deliveries.all()] == ["new@trade-ke.example"]
    assert not again.exclusions.exists(), "nobody else was asked for"
    assert offered(campaign) == [], "it is prepared already"
    with pytest.raises(NothingToRepeat):
        dispatch_repeat(dispatch=returned, actor=cast.coordinator)
    with pytest.raises(SecondPersonNeeded):
        dispatch_authorise(dispatch=again, actor=cast.coordinator, typed_count=1, plan=again.plan)
    dispatch_authorise(dispatch=again, actor=cast.sender, typed_count=1, plan=again.plan)
    dispatches_advance()
    assert Message.objects.filter(kind="letter", state="queued").get().delivery.dispatch == again
    assert offered(campaign) == []


def test_it_keeps_how_the_first_one_left_but_not_when(returned, cast, recipients):
    kept = {"quiet_from": time(20), "quiet_until": time(8), "per_hour": 5, "per_domain": 2, "pdf_linked": True}
    now = timezone.now()
    Dispatch.objects.update(send_at=now - timedelta(hours=2), ends_at=now - timedelta(hours=1), **kept)
    address_add(recipient=recipients.cabinet, address="new@trade-ke.example", actor=None)
    again = dispatch_repeat(dispatch=returned, actor=cast.coordinator)
    assert Terms.of(again) == Terms(**kept)


def test_it_can_come_back_again_and_is_offered_once(returned, campaign, cast, recipients):
    address_add(recipient=recipients.cabinet, address="new@trade-ke.example", actor=None)
    again = dispatch_repeat(dispatch=returned, actor=cast.coordinator)
    dispatch_authorise(dispatch=again, actor=cast.sender, typed_count=1, plan=again.plan)
    dispatches_advance()
    letter = Message.objects.get(kind="letter", state="queued")
    move_messages(Message.objects.filter(pk=letter.pk), "bounced")
    recipients.cabinet.addresses.update(health=RecipientAddress.Health.BOUNCED, bounced_at=timezone.now())
    address_add(recipient=recipients.cabinet, address="newest@trade-ke.example", actor=None)
    assert [row.dispatch_id for row in letters_to_repeat(campaign)] == [again.pk]


def test_it_is_offered_on_the_three_pages_and_prepared_from_them(returned, campaign, cast, recipients, signed_in):
    address_add(recipient=recipients.cabinet, address="new@trade-ke.example", actor=None)
    client = signed_in(cast.coordinator)
    overview = client.get("/work/mc11/").content.decode()
    assert "1 letter that came back can be sent to a corrected address" in overview
    mailing = client.get(reverse("outreach:dispatch", args=["mc11", returned.pk])).content.decode()
    assert "Prepare 1 letter to the corrected address" in " ".join(mailing.split())
    page = client.get(reverse("recipients:recipient", args=["mc11", recipients.cabinet.pk])).content.decode()
    assert "Send again to the corrected address" in page
    other = client.get(reverse("recipients:recipient", args=["mc11", recipients.mission.pk])).content.decode()
    assert "Send again to the corrected address" not in other
    url = reverse("outreach:repeat", args=["mc11", returned.pk])
    answer = client.post(url, {"recipient": recipients.cabinet.pk}, follow=True)
    assert "Prepared. A second person has to authorise it" in answer.content.decode()
    assert "Recipients chosen" in answer.content.decode()
    again = client.post(url, {"recipient": recipients.cabinet.pk}, follow=True).content.decode()
    assert "No letter of this mailing can be sent again now" in again
