"""The dry run: who gets it, who does not, and why."""

from datetime import UTC, datetime
from typing import Any

import pytest

from apps.governments.models import RecipientAddress
from apps.governments.services.addresses import address_add
from apps.governments.services.recipients import recipient_save
from apps.outreach.models import Delivery, Dispatch, Exclusion
from apps.outreach.pages.dispatch import governments_without
from apps.outreach.pages.dispatch_rows import exclusion_lines, reason_folds
from apps.outreach.selectors.dispatch_criteria import Criteria
from apps.outreach.selectors.dispatch_plan import dispatch_plan
from apps.outreach.selectors.plan_differences import plan_changes
from apps.outreach.services.exceptions import DispatchClosed, NotEntitled
from apps.outreach.services.preparation import dispatch_prepare, dispatch_recompute
from apps.postbox.models import Message
from apps.postbox.services.suppressions import address_suppress
from tests.factories import documents as d
from tests.factories import make_campaign, make_member
from tests.factories.governments import make_recipient
from tests.factories.letters import make_version

pytestmark = pytest.mark.django_db


def reasons(dispatch: Dispatch) -> dict[str, str]:
    return {
        row.recipient.post if row.recipient else row.member.name: row.reason
        for row in dispatch.exclusions.select_related("recipient", "member")
    }


def test_preparing_writes_one_delivery_per_recipient_and_sends_nothing(version, recipients, cast):
    dispatch = dispatch_prepare(version=version, actor=cast.sender)
    rows = dispatch.deliveries.all()
    assert {row.recipient for row in rows} == {recipients.cabinet, recipients.mission}
    assert {row.address.address for row in rows} == {
        "cabinet.secretary@trade-ke.example",
        "gone.geneva@mission-ke.example",
    }
    assert {row.edition.member.code for row in rows} == {"KE"}
    assert not dispatch.exclusions.exists()
    assert not Message.objects.exists()
    assert dispatch.sender_address == version.letter.campaign.sender_address


def test_everyone_left_out_has_a_reason(campaign, cast):
    _chad, haiti, kenya, peru, togo, mali = (
        make_member(code, name)
        for code, name in [
            ("TD", "Chad"), ("HT", "Haiti"), ("KE", "Kenya"), ("PE", "Peru"), ("TG", "Togo"), ("ML", "Mali"),
        ]
    )  # fmt: skip
    make_recipient(campaign, haiti, "Haiti minister")
    bounced = make_recipient(campaign, peru, "Peru minister", "old@peru.example")
    since = datetime(2017, 11, 3, tzinfo=UTC)
    bounced.addresses.update(health=RecipientAddress.Health.BOUNCED, bounced_at=since)
    make_recipient(campaign, togo, "Togo minister", "stop@togo.example")
    address_suppress(address="STOP@togo.example", reason="asked", actor=None)
    make_recipient(campaign, mali, "Mali minister", "m@mali.example", salutation={"fr": "Excellence"})
    make_recipient(campaign, kenya, "Minister", "one@trade-ke.example")
    make_recipient(campaign, kenya, "Adviser", "ONE@trade-ke.example ")
    inactive = make_recipient(campaign, kenya, "Former", "former@trade-ke.example")
    recipient_save(office=inactive.office, post="Former", language="en", actor=None, recipient=inactive, active=False)
    dispatch = dispatch_prepare(version=make_version(campaign, cast), actor=cast.sender)
    assert reasons(dispatch) == {
        "Chad": "no_recipient",
        "Haiti minister": "no_address",
        "Peru minister": "bounced",
        "Togo minister": "suppressed",
        "Mali minister": "missing_value",
        "Adviser": "already_sent",
    }
    assert [row.recipient.post for row in dispatch.deliveries.all()] == ["Minister"]
    stored = dict(dispatch.exclusions.values_list("reason", "detail"))
    assert stored["missing_value"] == "recipient.salutation", "a key: words are chosen for each reader"
    assert stored["already_sent"] == "same:Minister"
    assert datetime.fromisoformat(stored["bounced"]) == since
    shown = {line.exclusion.reason: line.why for line in exclusion_lines(dispatch, sees_contacts=True)}
    assert "Salutation" in shown["missing_value"]
    assert "The same address as Minister" in shown["already_sent"]
    assert "The last one bounced on 3 November 2017" in shown["bounced"]
    assert governments_without(dispatch, dispatch.deliveries.all()) == 5
    folds = {fold.title: fold.said for fold in reason_folds(exclusion_lines(dispatch, sees_contacts=True))}
    assert (folds["No recipient entered"], folds["Already has this letter"]) == ("1 government", "1 recipient")


def test_the_first_address_that_works_is_taken(campaign, cast, kenya):
    recipient = make_recipient(campaign, kenya, "Minister", "a@ke.example", "b@ke.example", "c@ke.example")
    first, second, _third = recipient.addresses.order_by("position")
    first.health = RecipientAddress.Health.RETIRED
    first.save()
    address_suppress(address=second.address, reason="asked", actor=None)
    dispatch = dispatch_prepare(version=make_version(campaign, cast, kenya), actor=cast.sender)
    assert dispatch.deliveries.get().address.address == "c@ke.example"


def test_only_the_chosen_governments(campaign, cast, kenya):
    togo = make_member("TG", "Togo")
    for member in (kenya, togo):
        make_recipient(campaign, member, "Minister", f"minister@{member.code.lower()}.example")
    version = make_version(campaign, cast, kenya, togo)
    dispatch = dispatch_prepare(version=version, actor=cast.sender, criteria=Criteria(members=("TG",)))
    assert [row.member for row in dispatch.deliveries.all()] == [togo]
    assert reasons(dispatch) == {"Kenya": "not_listed"}
    dispatch_recompute(dispatch=dispatch, actor=cast.sender)
    assert [row.member for row in dispatch.deliveries.all()] == [togo]


def test_a_recipient_of_another_campaign_gets_nothing(campaign, cast, version, kenya):
    other = make_campaign("mc12")
    make_recipient(other, kenya, "Stranger", "stranger@ke.example")
    dispatch = dispatch_prepare(version=version, actor=cast.sender)
    assert "Stranger" not in [row.recipient.post for row in dispatch.deliveries.all()]


def test_nobody_with_an_address_gives_a_dispatch_that_says_so(campaign, cast, kenya):
    dispatch = dispatch_prepare(version=make_version(campaign, cast, kenya), actor=cast.sender)
    assert not dispatch.deliveries.exists()
    assert reasons(dispatch) == {"Kenya": "no_recipient"}


@pytest.mark.parametrize("who", ["drafter", "reviewer", "observer", "data_officer", "outsider"])
def test_only_who_may_prepare_prepares(version, cast, who):
    with pytest.raises(NotEntitled):
        dispatch_prepare(version=version, actor=getattr(cast, who))
    assert not Dispatch.objects.exists()


def test_the_plan_changes_with_what_would_leave_and_says_what(version, recipients, cast, kenya, campaign):
    dispatch = dispatch_prepare(version=version, actor=cast.sender)
    plan = lambda: dispatch_plan(campaign=campaign, version=version)  # noqa: E731
    assert plan().sha256 == dispatch.plan
    assert plan_changes(dispatch, plan()) == []

    address_add(recipient=recipients.cabinet, address="second@trade-ke.example", actor=None)
    assert plan().sha256 == dispatch.plan, "another address behind the one that is used changes nothing"

    recipients.cabinet.addresses.filter(position=0).update(health=RecipientAddress.Health.BOUNCED)
    recipient_save(
        office=recipients.mission.office, post="Permanent Representative", language="en", actor=None,
        recipient=recipients.mission, salutation={"en": "Madam Ambassador"},
    )  # fmt: skip
    make_recipient(campaign, kenya, "Desk officer", "desk@trade-ke.example")
    assert plan().sha256 != dispatch.plan
    said = " / ".join(plan_changes(dispatch, plan()))
    assert "Kenya, Desk officer would get the letter now" in said
    assert "Kenya, Cabinet Secretary, changed: address" in said
    assert "Kenya, Permanent Representative, changed: Salutation" in said

    again = dispatch_recompute(dispatch=dispatch, actor=cast.coordinator)
    assert again.plan == plan().sha256
    assert again.deliveries.count() == 3


def test_leaving_somebody_out_is_a_change_with_its_reason(version, recipients, cast, campaign):
    dispatch = dispatch_prepare(version=version, actor=cast.sender)
    recipients.mission.addresses.update(health=RecipientAddress.Health.BOUNCED)
    said = plan_changes(dispatch, dispatch_plan(campaign=campaign, version=version))
    assert said == ["Kenya, Permanent Representative would be left out now: The address bounces"]


def test_only_a_prepared_dispatch_is_computed_again(version, authorised, cast):
    dispatch = authorised(version)
    with pytest.raises(DispatchClosed):
        dispatch_recompute(dispatch=dispatch, actor=cast.sender)


def test_a_field_with_a_fallback_leaves_nobody_out(campaign, cast, kenya):
    body = d.doc(d.par(d.merge("recipient.name", "the minister"), ", good day."))
    make_recipient(campaign, kenya, "Minister", "m@ke.example", name="")
    dispatch = dispatch_prepare(version=make_version(campaign, cast, kenya, body=body), actor=cast.sender)
    assert dispatch.deliveries.count() == 1


def test_the_record_holds_no_address(version, cast):
    from apps.core.models import AuditEvent

    dispatch_prepare(version=version, actor=cast.sender)
    event = AuditEvent.objects.get(verb="dispatch.prepare")
    assert event.data["letters"] == 2
    assert "@" not in str(event.data)


def test_names_of_recipients_are_sealed_in_the_database(campaign, cast, kenya):
    from django.db import connection

    make_recipient(campaign, kenya, "Minister", "m@ke.example", name="Wanjiru Kamau")
    dispatch_prepare(version=make_version(campaign, cast, kenya), actor=cast.sender)
    assert Delivery.objects.get().envelope_values["recipient.name"] == "Wanjiru Kamau"
    with connection.cursor() as cursor:
        cursor.execute("SELECT envelope FROM outreach_delivery")
        assert b"Wanjiru" not in bytes(cursor.fetchone()[0])


def test_reasons_fit_the_model(version: Any) -> None:
    assert {"no_recipient", "already_sent", "missing_value"} <= set(Exclusion.Reason.values)
