"""After two recipients were merged, neither gets a letter a second time, whenever the merge came."""

from typing import Any

import pytest

from apps.governments.models import Recipient, RecipientAddress
from apps.governments.services.recipient_merge import recipient_merge
from apps.outreach.models import Delivery, Exclusion
from apps.outreach.selectors.dispatch_plan import dispatch_plan
from apps.outreach.services.authorisation import dispatch_authorise
from apps.outreach.services.deliveries import dispatches_advance
from apps.outreach.services.exceptions import PlanChanged
from apps.outreach.services.preparation import dispatch_prepare
from apps.postbox.models import Message
from apps.postbox.services.queue import AlreadyQueued, message_queue
from tests.factories.governments import make_recipient

pytestmark = pytest.mark.django_db


def test_what_the_merged_row_got_the_kept_one_has(version, recipients, call, authorised, campaign, cast, kenya):
    """The other got the letter; its address moves; the kept one, which never got it, is left out by name."""
    kept = make_recipient(campaign, kenya, "Minister", "late@trade-ke.example")
    Recipient.objects.filter(pk=kept.pk).update(active=False)
    dispatch = authorised(version)
    dispatches_advance()
    assert Message.objects.filter(kind="letter").count() == 2
    Recipient.objects.filter(pk=kept.pk).update(active=True)
    assert len(dispatch_plan(campaign=campaign, version=version).deliveries) == 1, "it would get one"
    recipient_merge(kept=kept, other=recipients.cabinet, actor=cast.sender)
    plan = dispatch_plan(campaign=campaign, version=version)
    assert plan.deliveries == []
    assert {left.reason for left in plan.exclusions} == {Exclusion.Reason.ALREADY_SENT}
    sent = dispatch.deliveries.get(recipient=recipients.cabinet)
    assert sent.address.recipient == kept, "the address moved, the letter points to it still"
    assert sent.message is not None


def test_the_unique_keys_hold_for_the_moved_address(version, recipients, call, authorised, campaign, cast):
    authorised(version)
    dispatches_advance()
    recipient_merge(kept=recipients.mission, other=recipients.cabinet, actor=cast.sender)
    moved = RecipientAddress.objects.get(address_hash=Delivery.objects.first().address.address_hash)
    old = Message.objects.get(delivery__address=moved)
    for keys in ({"once_key": "letter:0:recipient:0", "address_key": old.address_key},
                 {"once_key": old.once_key, "address_key": "letter:0:address:0"}):  # fmt: skip
        with pytest.raises(AlreadyQueued):
            message_queue(
                kind="letter", policy="once", to_address=old.to_address, from_header=old.from_header, subject="Again",
                text_body="Again", campaign_id=campaign.pk, authorisation="test", **keys,
            )  # fmt: skip


def test_a_merge_between_preparing_and_authorising_asks_for_a_new_plan(version, recipients, call, campaign, cast):
    made = dispatch_prepare(version=version, actor=cast.coordinator)
    recipient_merge(kept=recipients.cabinet, other=recipients.mission, actor=cast.sender)
    assert made.deliveries.count() == 2, "what is prepared does not change by itself"
    with pytest.raises(PlanChanged):
        dispatch_authorise(dispatch=made, actor=cast.sender, typed_count=2, plan=made.plan)


@pytest.mark.parametrize("first", ["kept", "other"])
def test_a_merge_while_letters_leave_sends_one(version, recipients, call, authorised, cast, first: str):
    """Authorised for both; one is queued, then they are merged: the second is left out, with the reason."""
    kept, other = recipients.cabinet, recipients.mission
    dispatch = authorised(version)
    earlier = kept if first == "kept" else other
    dispatch.deliveries.filter(recipient=earlier).update(updated_at="2000-01-01T00:00Z")
    dispatches_advance(limit=1)
    assert Message.objects.filter(kind="letter").count() == 1
    assert dispatch.deliveries.get(message__isnull=False).recipient == earlier
    recipient_merge(kept=kept, other=other, actor=cast.sender)
    dispatches_advance()
    assert Message.objects.filter(kind="letter").count() == 1
    [left] = dispatch.exclusions.all()
    expected = Exclusion.Reason.NO_RECIPIENT if first == "kept" else Exclusion.Reason.ALREADY_SENT
    assert left.reason == expected


def test_a_later_letter_goes_once_to_the_kept_one(version, recipients, call, campaign, cast: Any):
    recipient_merge(kept=recipients.cabinet, other=recipients.mission, actor=cast.sender)
    [planned] = dispatch_plan(campaign=campaign, version=version).deliveries
    assert planned.recipient == recipients.cabinet
