"""Recipients, their addresses and positions: what is written, once, encrypted, and on record without personal data."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.core.encryption import lookup_hashes
from apps.core.errors import DomainError
from apps.core.models import AuditEvent
from apps.governments.models import Office, Position, Recipient, RecipientAddress
from apps.governments.selectors import recipients_of
from apps.governments.services.addresses import address_add, address_mark_bounced
from apps.governments.services.positions import position_record
from apps.governments.services.recipients import office_save, recipient_save
from apps.sources.models import Source
from tests.factories import make_campaign, make_member, make_user, moment

pytestmark = pytest.mark.django_db

ADDRESS = "minister@trade-ke.example"


def make_office(campaign: Campaign, **extra: Any) -> Office:
    member = extra.pop("member", None) or make_member()
    values = {"kind": Office.Kind.CAPITAL, "name": "Ministry of Trade", **extra}
    return office_save(campaign=campaign, member=member, actor=None, **values)


def make_recipient(campaign: Campaign, office: Office | None = None, **extra: Any) -> Recipient:
    values = {"post": "Minister of Trade", "language": "en", "salutation": {"en": "Excellency"}, **extra}
    return recipient_save(office=office or make_office(campaign), actor=None, **values)


def in_the_database(table: str) -> str:
    """Everything a table holds, as somebody with a stolen backup would read it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(string_agg(row::text, ' '), '') FROM {table} AS row")
        return str(cursor.fetchone()[0])


def test_a_recipient_is_made_and_changed_and_the_record_says_which_fields(campaign: Campaign) -> None:
    actor = make_user("Tomás Rivas")
    office = make_office(campaign)
    recipient = recipient_save(office=office, post="Minister", language="en", actor=actor, name="Wanjiru Example")
    recipient_save(office=office, post="Cabinet Secretary", language="en", actor=actor, recipient=recipient)
    recipient.refresh_from_db()
    assert (recipient.post, recipient.name) == ("Cabinet Secretary", "Wanjiru Example")
    first, second = AuditEvent.objects.filter(verb="recipient.save").order_by("id")
    assert "name" in first.data["fields"]
    assert second.data == {"fields": ["post"]}
    assert (second.actor_id, second.campaign_id) == (str(actor.pk), campaign.pk)


def test_saving_what_is_there_already_changes_nothing(campaign: Campaign) -> None:
    recipient = make_recipient(campaign)
    stamp, events = recipient.updated_at, AuditEvent.objects.count()
    recipient_save(office=recipient.office, post=recipient.post, language="en", actor=None, recipient=recipient)
    make_office(campaign, member=recipient.office.member)
    recipient.refresh_from_db()
    assert recipient.updated_at == stamp
    assert AuditEvent.objects.count() == events
    assert Office.objects.count() == 1


def test_an_office_of_another_campaign_is_refused(campaign: Campaign) -> None:
    recipient = make_recipient(campaign)
    elsewhere = make_office(make_campaign("other"), member=recipient.office.member)
    with pytest.raises(DomainError, match="another campaign"):
        recipient_save(office=elsewhere, post="Minister", language="en", actor=None, recipient=recipient)


def test_names_and_addresses_are_not_readable_in_the_database_nor_in_the_record(campaign: Campaign) -> None:
    recipient = make_recipient(campaign, name="Wanjiru Example")
    address_add(recipient=recipient, address=ADDRESS, actor=None)
    stored = in_the_database("governments_recipient") + in_the_database("governments_recipientaddress")
    for readable in (stored, in_the_database("core_auditevent")):
        assert "Wanjiru" not in readable
        assert "trade-ke" not in readable
    assert RecipientAddress.objects.get().address == ADDRESS


def test_an_address_is_added_once_however_it_is_spelt(campaign: Campaign) -> None:
    recipient = make_recipient(campaign)
    first = address_add(recipient=recipient, address=ADDRESS, actor=None)
    again = address_add(recipient=recipient, address="  Minister@Trade-KE.example ", actor=None)
    second = address_add(recipient=recipient, address="office@trade-ke.example", actor=None)
    assert again == first
    assert [address.position for address in recipient.addresses.all()] == [0, 1]
    assert second.address_hash == lookup_hashes("office@trade-ke.example")[0].digest
    assert AuditEvent.objects.filter(verb="address.add").count() == 2


def test_an_address_is_known_again_after_the_lookup_key_was_changed(campaign: Campaign, settings: Any) -> None:
    recipient = make_recipient(campaign)
    first = address_add(recipient=recipient, address=ADDRESS, actor=None)
    settings.LOOKUP_KEYS = ["2:bmV3LWxvb2t1cC1rZXktbmV3LWxvb2t1cC1rZXktbmU=", *settings.LOOKUP_KEYS]
    assert address_add(recipient=recipient, address=ADDRESS, actor=None) == first
    assert address_add(recipient=recipient, address="new@trade-ke.example", actor=None).key_version == 2


@pytest.mark.parametrize(
    "address", ["", "minister", "a@b", "a b@c.example", "a@c.example\nBcc: x@y.example", "@c.example"]
)
def test_what_is_no_address_is_refused_with_a_sentence(campaign: Campaign, address: str) -> None:
    with pytest.raises(DomainError, match="is not an email address") as refused:
        address_add(recipient=make_recipient(campaign), address=address, actor=None)
    assert refused.value.field == "address"
    assert not RecipientAddress.objects.exists()


def test_a_bounce_marks_the_address_in_every_campaign(campaign: Campaign) -> None:
    kenya = make_member()
    for owner in (campaign, make_campaign("other")):
        address_add(recipient=make_recipient(owner, make_office(owner, member=kenya)), address=ADDRESS, actor=None)
    other = address_add(recipient=Recipient.objects.all()[0], address="other@trade-ke.example", actor=None)
    at = moment("2017-12-04 16:41")
    digest = lookup_hashes(ADDRESS)[0].digest
    assert address_mark_bounced(hashes={digest}, at=at) == 2
    assert set(RecipientAddress.objects.filter(address_hash=digest).values_list("health", "bounced_at")) == {
        ("bounced", at)
    }
    other.refresh_from_db()
    assert other.health == RecipientAddress.Health.UNVERIFIED
    assert AuditEvent.objects.filter(verb="address.bounce").values("campaign_id").distinct().count() == 2


def test_a_bounce_told_twice_or_late_or_of_nobody_changes_nothing(campaign: Campaign) -> None:
    row = address_add(recipient=make_recipient(campaign), address=ADDRESS, actor=None)
    at = datetime(2017, 12, 4, 16, 41, tzinfo=UTC)
    assert address_mark_bounced(hashes={row.address_hash}, at=at) == 1
    assert address_mark_bounced(hashes={row.address_hash}, at=at) == 0
    assert address_mark_bounced(hashes={row.address_hash}, at=at - timedelta(days=1)) == 0
    assert address_mark_bounced(hashes={"0" * 64}, at=at) == 0
    row.refresh_from_db()
    assert row.bounced_at == at


def test_a_retired_address_stays_retired(campaign: Campaign) -> None:
    row = address_add(recipient=make_recipient(campaign), address=ADDRESS, actor=None)
    RecipientAddress.objects.update(health=RecipientAddress.Health.RETIRED)
    assert address_mark_bounced(hashes={row.address_hash}, at=timezone.now()) == 0


def test_recipients_of_a_campaign_are_the_active_ones_of_these_members(
    campaign: Campaign, django_assert_max_num_queries: Any
) -> None:
    kenya, mali = make_member("KE", "Kenya"), make_member("ML", "Mali")
    office = make_office(campaign, member=kenya)
    active = make_recipient(campaign, office)
    make_recipient(campaign, office, post="Former minister", active=False)
    make_recipient(campaign, make_office(campaign, member=mali))
    other = make_campaign("other")
    make_recipient(other, make_office(other, member=kenya))
    address_add(recipient=active, address=ADDRESS, actor=None)
    with django_assert_max_num_queries(2):
        found = list(recipients_of(campaign, [kenya]))
        assert [(row.office.member.code, row.addresses.all()[0].address) for row in found] == [("KE", ADDRESS)]


@pytest.mark.django_db(transaction=True)
def test_two_people_add_the_same_address_at_once() -> None:
    recipient = make_recipient(make_campaign())

    def add(_turn: int) -> int:
        try:
            return address_add(recipient=recipient, address=ADDRESS, actor=None).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(add, range(4)))) == 1
    assert RecipientAddress.objects.count() == 1


# ---- positions -------------------------------------------------------------------------------------------------------


def test_a_position_is_recorded_with_its_source_and_earlier_ones_stay(campaign: Campaign) -> None:
    kenya, actor = make_member(), make_user("Ivo Hrubý")
    source = Source.objects.create(campaign=campaign, key="s", kind="footnote", title="SUNS 8337")
    position_record(
        campaign=campaign, member=kenya, stance="opposes", on=date(2016, 10, 18), actor=actor, source=source
    )
    position_record(campaign=campaign, member=kenya, stance="joined", on=date(2017, 4, 27), actor=actor)
    assert [row.stance for row in Position.objects.all()] == ["joined", "opposes"]
    event = AuditEvent.objects.filter(verb="position.record").order_by("id")[0]
    assert event.data == {"member": "KE", "stance": "opposes", "on": "2016-10-18"}


def test_the_same_position_twice_is_one(campaign: Campaign) -> None:
    kenya = make_member()
    rows = {
        position_record(campaign=campaign, member=kenya, stance="opposes", on=date(2016, 10, 18), actor=None).pk
        for _turn in range(2)
    }
    assert len(rows) == 1
    assert AuditEvent.objects.filter(verb="position.record").count() == 1


def test_positions_that_cannot_be_are_refused(campaign: Campaign) -> None:
    kenya = make_member()
    foreign = Source.objects.create(campaign=make_campaign("other"), key="s", kind="footnote", title="SUNS")
    day = date(2016, 10, 18)
    with pytest.raises(DomainError, match="“sulks” is not a position"):
        position_record(campaign=campaign, member=kenya, stance="sulks", on=day, actor=None)
    with pytest.raises(DomainError, match="is in the future"):
        position_record(
            campaign=campaign, member=kenya, stance="opposes", on=timezone.localdate() + timedelta(days=2), actor=None
        )
    with pytest.raises(DomainError, match="another campaign"):
        position_record(campaign=campaign, member=kenya, stance="opposes", on=day, actor=None, source=foreign)
    assert not Position.objects.exists()
