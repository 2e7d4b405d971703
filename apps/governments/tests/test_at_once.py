"""Two at once: real transactions in threads. One wins, the other is told."""

from typing import Any

import pytest

from apps.campaigns.models import Campaign
from apps.governments.models import Correction, Recipient
from apps.governments.selectors import recipient_fingerprint, recipient_values
from apps.governments.services.addresses import Merged, address_add, address_first, address_retire
from apps.governments.services.recipient_corrections import (
    AlreadyDecided,
    correction_accept,
    correction_decline,
    correction_propose,
)
from apps.governments.services.recipient_merge import recipient_merge
from apps.governments.services.recipients import ChangedMeanwhile, recipient_change
from apps.outreach.selectors.dispatch_plan import dispatch_plan
from apps.outreach.services.authorisation import dispatch_authorise
from apps.outreach.services.deliveries import dispatches_advance
from apps.outreach.services.preparation import dispatch_prepare
from apps.postbox.models import Message
from tests.factories import make_member
from tests.factories.concurrency import at_once, errors
from tests.factories.governments import make_recipient
from tests.factories.letters import make_version
from tests.factories.signing import make_call

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pair(campaign: Campaign) -> tuple[Recipient, Recipient]:
    kenya = make_member("KE", "Kenya", code3="KEN")
    one = make_recipient(campaign, kenya, "Minister", "one@trade-ke.example")
    return one, make_recipient(campaign, kenya, "Cabinet Secretary", "two@trade-ke.example")


def test_two_windows_save_at_once(pair: Any, cast: Any) -> None:
    row, _other = pair
    seen, values = recipient_fingerprint(row), recipient_values(row)

    def save(post: str, office: str) -> Any:
        return lambda: recipient_change(
            recipient=row, seen=seen, values={**values, "post": post, "office": office}, actor=cast.sender
        )

    results = at_once(save("First", "One ministry"), save("Second", "Another ministry"))
    assert [type(error) for error in errors(results)] == [ChangedMeanwhile]
    row.refresh_from_db()
    assert (row.post, row.office.name) in {("First", "One ministry"), ("Second", "Another ministry")}


def test_accepting_and_declining_at_once(pair: Any, campaign: Campaign, cast: Any) -> None:
    row, _other = pair
    typed = {"wrong": "Changed", "source": "A page", "post": "Minister of Commerce"}
    proposed = correction_propose(campaign=campaign, member=row.office.member, typed=typed, suspect=False)
    results = at_once(
        lambda: correction_accept(correction=proposed, recipient=row, fields=["post"], actor=cast.sender),
        lambda: correction_decline(correction=proposed, reason="No", actor=cast.coordinator),
    )
    assert [type(error) for error in errors(results)] == [AlreadyDecided]
    row.refresh_from_db()
    accepted = Correction.objects.get().state == Correction.State.ACCEPTED
    assert row.post == ("Minister of Commerce" if accepted else "Minister")


def test_merging_both_ways_at_once_keeps_one(pair: Any, cast: Any) -> None:
    one, two = pair
    results = at_once(
        lambda: recipient_merge(kept=one, other=two, actor=cast.sender),
        lambda: recipient_merge(kept=two, other=one, actor=cast.sender),
    )
    assert ["already merged" in str(error) for error in errors(results)] == [True]
    kept = Recipient.objects.get(active=True)
    assert kept.addresses.count() == 2


def test_the_same_address_added_at_once_is_one(pair: Any, cast: Any) -> None:
    row, _other = pair

    def add() -> Any:
        return address_add(recipient=row, address="new@trade-ke.example", actor=cast.sender)

    assert errors(at_once(add, add)) == []
    assert row.addresses.count() == 2


def test_addresses_of_a_recipient_that_was_merged_meanwhile_do_not_change(pair: Any, cast: Any) -> None:
    kept, gone = pair
    moved = address_add(recipient=gone, address="three@trade-ke.example", actor=cast.sender)
    recipient_merge(kept=kept, other=gone, actor=cast.sender)
    for act in (
        lambda: address_add(recipient=gone, address="new@trade-ke.example", actor=cast.sender),
        lambda: address_retire(address=moved, actor=cast.sender),
        lambda: address_first(address=moved, actor=cast.sender),
    ):
        with pytest.raises(Merged, match="merged into another one"):
            act()
    assert not gone.addresses.exists()
    assert set(kept.addresses.values_list("health", flat=True)) == {"unverified"}


def test_an_address_added_while_its_recipient_is_merged_is_kept_or_refused(pair: Any, cast: Any) -> None:
    kept, gone = pair
    results = at_once(
        lambda: recipient_merge(kept=kept, other=gone, actor=cast.sender),
        lambda: address_add(recipient=gone, address="new@trade-ke.example", actor=cast.sender),
    )
    refused = errors(results)
    assert [type(error) for error in refused] == [Merged] * len(refused)
    assert not gone.addresses.exists()
    assert kept.addresses.count() == 3 - len(refused)


def test_a_merge_while_letters_are_queued_neither_hangs_nor_repeats(pair: Any, campaign: Campaign, cast: Any) -> None:
    one, two = pair
    version = make_version(campaign, cast, one.office.member)
    make_call(version, cast, moderated=False)
    made = dispatch_prepare(version=version, actor=cast.coordinator)
    dispatch_authorise(dispatch=made, actor=cast.sender, typed_count=2, plan=made.plan)
    results = at_once(
        lambda: recipient_merge(kept=one, other=two, actor=cast.sender), dispatches_advance, dispatches_advance
    )
    assert errors(results) == []
    dispatches_advance()
    letters = Message.objects.filter(kind="letter").count()
    assert letters + made.exclusions.count() == 2, "each has a fate"
    assert letters >= 1
    assert dispatch_plan(campaign=campaign, version=version).deliveries == []
