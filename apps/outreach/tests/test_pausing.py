"""Pausing a mailing and resuming it: nothing leaves meanwhile, and only what was authorised leaves afterwards."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from apps.core.models import AuditEvent
from apps.governments.models import RecipientAddress
from apps.outreach.models import Dispatch
from apps.outreach.selectors.failed_letters import letters_to_repeat
from apps.outreach.services.cancellation import dispatch_cancel
from apps.outreach.services.deliveries import deliveries_erase, dispatches_advance
from apps.outreach.services.exceptions import (
    ChangedWhilePaused,
    DispatchClosed,
    DispatchOverdue,
    NotEntitled,
    SecondPersonNeeded,
)
from apps.outreach.services.pausing import dispatch_pause, dispatch_resume
from apps.postbox.models import Message
from apps.postbox.services.claims import message_claim
from apps.postbox.services.last_step import message_to_final
from apps.postbox.services.send_worker import messages_deliver
from tests.factories.governments import make_recipient
from tests.factories.letters import make_version
from tests.factories.outreach import move_messages

pytestmark = pytest.mark.django_db


@pytest.fixture
def sending(version: Any, recipients: Any, authorised: Any) -> Dispatch:
    made: Dispatch = authorised(version)
    dispatches_advance()
    return made


def letters() -> Any:
    return Message.objects.filter(kind="letter")


def test_what_is_paused_is_not_sent_and_leaves_once_it_is_resumed(sending, cast, inbox, recipients):
    first = sending.deliveries.get(recipient=recipients.mission).message  # the inbox knows the other address
    move_messages(letters().filter(pk=first.pk), "accepted")
    stopped = dispatch_pause(dispatch=sending, actor=cast.sender)
    assert (stopped.left, stopped.underway, stopped.kept) == (1, 0, 1)
    dispatches_advance()
    assert messages_deliver().tries == 0
    sending.refresh_from_db()
    assert sending.state == Dispatch.State.PAUSED
    assert sending.authorised_by == cast.sender, "the authorisation is kept"
    dispatch_resume(dispatch=sending, actor=cast.sender)
    dispatches_advance()
    assert messages_deliver().tries == 1
    assert len(inbox.arrivals) == 1
    dispatches_advance()
    sending.refresh_from_db()
    assert sending.state == Dispatch.State.FINISHED
    states = [delivery.message.state for delivery in sending.deliveries.select_related("message")]
    assert states == ["accepted", "accepted"]


@pytest.mark.django_db(transaction=True)
def test_a_letter_with_a_worker_does_not_enter_its_last_step_once_paused(campaign, cast, kenya, authorised):
    make_recipient(campaign, kenya, "Minister", "m@ke.example")
    made = authorised(make_version(campaign, cast, kenya))
    dispatches_advance()
    claimed = message_claim(worker="test")
    assert claimed
    assert dispatch_pause(dispatch=made, actor=cast.sender).underway == 1
    assert not message_to_final(message=claimed, attempt=claimed.attempt)
    dispatch_resume(dispatch=made, actor=cast.sender)
    dispatches_advance()
    assert sorted(letters().values_list("state", flat=True)) == ["cancelled", "queued"]
    assert letters().exclude(state="cancelled").count() == 1, "one letter that can leave, no more"


@pytest.mark.django_db(transaction=True)
def test_a_letter_in_its_last_step_counts_as_sent_and_is_not_made_again(campaign, cast, kenya, authorised):
    make_recipient(campaign, kenya, "Minister", "m@ke.example")
    made = authorised(make_version(campaign, cast, kenya))
    dispatches_advance()
    claimed = message_claim(worker="test")
    assert claimed
    assert message_to_final(message=claimed, attempt=claimed.attempt)
    dispatch_pause(dispatch=made, actor=cast.sender)
    dispatch_resume(dispatch=made, actor=cast.sender)
    dispatches_advance()
    assert letters().get().state == "final"


def test_who_prepared_it_may_pause_but_not_resume(sending, cast):
    dispatch_pause(dispatch=sending, actor=cast.coordinator)
    with pytest.raises(SecondPersonNeeded):
        dispatch_resume(dispatch=sending, actor=cast.coordinator)
    for who in (cast.drafter, cast.observer, cast.data_officer, cast.outsider):
        with pytest.raises(NotEntitled):
            dispatch_resume(dispatch=sending, actor=who)
        with pytest.raises(NotEntitled):
            dispatch_pause(dispatch=sending, actor=who)
    assert AuditEvent.objects.filter(verb="dispatch.pause").count() == 1


def test_twice_is_refused(sending, cast):
    with pytest.raises(DispatchClosed):
        dispatch_resume(dispatch=sending, actor=cast.sender)
    dispatch_pause(dispatch=sending, actor=cast.sender)
    with pytest.raises(DispatchClosed):
        dispatch_pause(dispatch=sending, actor=cast.sender)


def test_a_changed_plan_needs_a_new_authorisation_if_nothing_left(sending, cast, recipients):
    dispatch_pause(dispatch=sending, actor=cast.sender)
    recipients.mission.addresses.update(health=RecipientAddress.Health.BOUNCED)
    again = dispatch_resume(dispatch=sending, actor=cast.sender)
    assert (again.state, again.pause_reason, again.authorised_by) == ("prepared", "plan_changed", None)
    dispatches_advance()
    assert set(letters().values_list("state", flat=True)) == {"cancelled"}


def test_a_changed_rest_is_not_resumed_once_letters_left(sending, cast, recipients):
    gone = letters().get(delivery__recipient=recipients.cabinet)
    move_messages(letters().filter(pk=gone.pk), "accepted")
    dispatch_pause(dispatch=sending, actor=cast.sender)
    recipients.mission.addresses.update(health=RecipientAddress.Health.BOUNCED)
    with pytest.raises(ChangedWhilePaused, match="Permanent Representative would be left out now"):
        dispatch_resume(dispatch=sending, actor=cast.sender)
    stopped = dispatch_cancel(dispatch=sending, actor=cast.sender)
    assert (stopped.left, stopped.kept) == (1, 1)


def test_a_paused_mailing_ends_with_its_time_and_keeps_what_left(sending, cast, recipients):
    move_messages(letters().filter(delivery__recipient=recipients.cabinet), "accepted")
    dispatch_pause(dispatch=sending, actor=cast.sender)
    Dispatch.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(DispatchOverdue):
        dispatch_resume(dispatch=sending, actor=cast.sender)
    dispatches_advance()
    sending.refresh_from_db()
    assert sending.state == Dispatch.State.EXPIRED
    assert sending.deliveries.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_resume_and_cancel_at_once(campaign, cast, kenya, authorised):
    make_recipient(campaign, kenya, "Minister", "m@ke.example")
    made = authorised(make_version(campaign, cast, kenya))
    dispatches_advance()
    dispatch_pause(dispatch=made, actor=cast.sender)
    start, outcomes = threading.Barrier(2), []

    def run(act: Any) -> None:
        try:
            start.wait(timeout=60)
            act(dispatch=made, actor=cast.sender)
            outcomes.append(act.__name__)
        except DispatchClosed:
            outcomes.append("closed")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in (dispatch_resume, dispatch_cancel)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    dispatches_advance()
    made.refresh_from_db()
    assert made.state == Dispatch.State.CANCELLED, "cancelling wins, before or after"
    assert not letters().filter(state="queued").exists()
    assert not letters_to_repeat(campaign).exists()


def test_an_address_is_erased_only_after_its_paused_letter_is_decided(sending, cast, recipients):
    dispatch_pause(dispatch=sending, actor=cast.sender)
    hashes = recipients.cabinet.addresses.get().hashes
    assert deliveries_erase(hashes=hashes) == 1
    dispatch_cancel(dispatch=sending, actor=cast.sender)
    assert deliveries_erase(hashes=hashes) == 0
    assert sending.deliveries.get(recipient=recipients.cabinet).envelope_values == {}
