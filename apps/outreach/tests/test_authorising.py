"""The second person: who, what number, which plan, and what is frozen."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from apps.coalitions.models import Annex
from apps.core.models import AuditEvent
from apps.governments.models import RecipientAddress
from apps.outreach.models import Dispatch
from apps.outreach.services.authorisation import dispatch_authorise
from apps.outreach.services.deliveries import dispatches_advance
from apps.outreach.services.exceptions import (
    DispatchClosed,
    DispatchOverdue,
    NotEntitled,
    NothingToSend,
    NumberDiffers,
    PlanChanged,
    SecondPersonNeeded,
)
from apps.outreach.services.preparation import dispatch_prepare
from apps.postbox.models import Message
from tests.factories.governments import make_recipient
from tests.factories.letters import make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def prepared(version, cast) -> Dispatch:
    return dispatch_prepare(version=version, actor=cast.coordinator)


def authorise(prepared: Dispatch, actor: Any, **changes: Any) -> Dispatch:
    values = {"typed_count": prepared.deliveries.count(), "plan": prepared.plan, **changes}
    return dispatch_authorise(dispatch=prepared, actor=actor, **values)


def test_another_person_authorises_and_the_list_is_frozen(prepared, signed, cast):
    dispatch = authorise(prepared, cast.sender)
    assert dispatch.state == Dispatch.State.AUTHORISED
    assert dispatch.authorised_by == cast.sender
    annex = Annex.objects.get()
    assert dispatch.annex == annex
    assert annex.counts["organisations"] == 3
    assert annex.counts["unnamed"] == 1
    event = AuditEvent.objects.get(verb="dispatch.authorise")
    assert event.data["letters"] == 2
    assert event.data["annex_sha256"] == annex.sha256
    assert event.data["prepared_by"] == cast.coordinator.pk


def test_the_preparer_cannot_authorise_and_nothing_leaves(prepared, cast):
    with pytest.raises(SecondPersonNeeded):
        authorise(prepared, cast.coordinator)
    dispatches_advance()
    assert not Message.objects.exists()
    assert not Annex.objects.exists()


def test_the_database_refuses_one_person_for_both(prepared, cast, signed):
    dispatch = authorise(prepared, cast.sender)
    with pytest.raises(IntegrityError, match="outreach_two_people"), transaction.atomic():
        Dispatch.objects.filter(pk=dispatch.pk).update(authorised_by=cast.coordinator)


def test_the_database_refuses_an_authorisation_without_a_list(prepared, cast):
    with pytest.raises(IntegrityError, match="outreach_authorised_with_annex"), transaction.atomic():
        Dispatch.objects.filter(pk=prepared.pk).update(state="authorised", authorised_by=cast.sender)


@pytest.mark.parametrize("who", ["drafter", "reviewer", "observer", "data_officer", "outsider"])
def test_only_who_may_authorise_does(prepared, cast, who):
    with pytest.raises(NotEntitled):
        authorise(prepared, getattr(cast, who))


@pytest.mark.parametrize("typed", [0, 1, 3, 200])
def test_the_typed_number_is_the_number_of_letters(prepared, cast, typed):
    with pytest.raises(NumberDiffers) as refused:
        authorise(prepared, cast.sender, typed_count=typed)
    assert refused.value.field == "typed_count"
    prepared.refresh_from_db()
    assert prepared.state == Dispatch.State.PREPARED


def test_what_changed_since_the_look_is_said_and_stops_it(prepared, cast, recipients):
    recipients.mission.addresses.update(health=RecipientAddress.Health.BOUNCED)
    with pytest.raises(PlanChanged, match="Permanent Representative would be left out now"):
        authorise(prepared, cast.sender)
    with pytest.raises(PlanChanged, match="Update the list"):
        authorise(prepared, cast.sender, plan="0" * 64)


def test_nothing_to_send_is_not_authorised(campaign, cast, kenya):
    prepared = dispatch_prepare(version=make_version(campaign, cast, kenya), actor=cast.coordinator)
    with pytest.raises(NothingToSend):
        authorise(prepared, cast.sender)


def test_too_late(prepared, cast):
    Dispatch.objects.filter(pk=prepared.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(DispatchOverdue):
        authorise(prepared, cast.sender)
    dispatches_advance()
    prepared.refresh_from_db()
    assert prepared.state == Dispatch.State.EXPIRED
    with pytest.raises(DispatchClosed):
        authorise(prepared, cast.sender)


def test_twice_is_once(prepared, cast):
    authorise(prepared, cast.sender)
    with pytest.raises(DispatchClosed):
        authorise(prepared, cast.sender)
    assert Annex.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_authorise_at_the_same_moment(campaign, cast, kenya):
    make_recipient(campaign, kenya, "Minister", "m@ke.example")
    prepared = dispatch_prepare(version=make_version(campaign, cast, kenya), actor=cast.coordinator)
    start, outcomes = threading.Barrier(4), []

    def press() -> None:
        try:
            start.wait(timeout=60)
            authorise(prepared, cast.sender)
            outcomes.append("authorised")
        except DispatchClosed:
            outcomes.append("closed")
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert sorted(outcomes) == ["authorised", "closed", "closed", "closed"]
    assert Annex.objects.count() == 1
    dispatches_advance()
    assert Message.objects.filter(kind="letter").count() == 1
