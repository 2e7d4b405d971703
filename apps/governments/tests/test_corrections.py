"""Corrections: proposed by the public, accepted field by field by a person, and forgotten in time."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.core.encryption import lookup_hashes
from apps.core.models import AuditEvent
from apps.governments.models import Correction, Member, Recipient
from apps.governments.selectors import recipient_fingerprint
from apps.governments.services.recipient_corrections import (
    AlreadyDecided,
    correction_accept,
    correction_decline,
    correction_propose,
    corrections_erase,
)
from apps.governments.tasks import delete_expired as corrections_delete_expired
from apps.governments.views.recipient_corrections import DECIDED
from tests.factories import html_of, make_campaign, make_member
from tests.factories.governments import make_recipient

TYPED = {
    "wrong": "The minister changed in October.", "source": "https://gazette.example/10", "kind": "capital",
    "office": "Ministry of Commerce", "post": "Minister of Commerce", "name": "Amina Wanjiru",
    "address": "amina@trade-ke.example", "phone": "+254 20", "mail": "reader@press.example",
}  # fmt: skip


@pytest.fixture
def kenya(db: None) -> Member:
    return make_member("KE", "Kenya", code3="KEN")


@pytest.fixture
def minister(campaign: Campaign, kenya: Member) -> Recipient:
    return make_recipient(campaign, kenya, "Minister", "minister@trade-ke.example", name="Old Name")


@pytest.fixture
def correction(campaign: Campaign, kenya: Member) -> Correction:
    return correction_propose(campaign=campaign, member=kenya, typed=TYPED, suspect=False)


@pytest.fixture
def staff(cast: Any, signed_in: Any) -> Any:
    return signed_in(cast.data_officer)


@pytest.fixture
def to(campaign: Campaign) -> Any:
    return lambda name, *args: reverse(f"recipients:{name}", args=[campaign.slug, *args])


def test_it_lies_encrypted_and_applies_nothing(correction: Correction, minister: Recipient) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM governments_correction")
        [stored] = cursor.fetchall()
    plain = b" ".join(bytes(part) if isinstance(part, memoryview) else str(part).encode() for part in stored)
    for text in ("October", "gazette", "Commerce", "Wanjiru", "amina@", "+254", "reader@"):
        assert text.encode() not in plain
    minister.refresh_from_db()
    assert minister.name == "Old Name"
    record = str(list(AuditEvent.objects.values()))
    assert "Wanjiru" not in record
    assert "press.example" not in record


def test_staff_see_it_beside_what_is_on_record(
    staff: Any, to: Any, correction: Correction, minister: Recipient, campaign: Campaign
) -> None:
    assert "1 correction is waiting" in staff.get(to("corrections")).content.decode()
    text = staff.get(to("correction", correction.pk)).content.decode()
    for shown in ("Amina Wanjiru", "Old Name", "minister@trade-ke.example", "amina@trade-ke.example", "gazette"):
        assert shown in text
    overview = staff.get(reverse("dashboard:overview", args=[campaign.slug])).content.decode()
    assert "1 correction of a recipient is proposed" in overview


def test_many_corrections_wait_on_several_pages_and_none_is_out_of_reach(
    staff: Any, to: Any, correction: Correction
) -> None:
    fields = {"campaign": correction.campaign, "member": correction.member, "source": "s"}
    last = [Correction.objects.create(wrong=f"error {number}", **fields) for number in range(120)][-1]
    pages = [staff.get(to("corrections"), {"page": number}).content.decode() for number in (1, 2, 3)]
    assert all("121 corrections are waiting" in page for page in pages)
    assert "?page=2" in pages[0]
    assert [to("correction", last.pk) in page for page in pages] == [False, False, True]


def test_fields_are_accepted_one_by_one(
    staff: Any, to: Any, correction: Correction, minister: Recipient, cast: Any
) -> None:
    data = {"recipient": minister.pk, "fields_chosen": ["name", "address"], "seen": recipient_fingerprint(minister)}
    assert staff.post(to("accept", correction.pk), data).url == to("recipient", minister.pk)
    minister.refresh_from_db()
    assert (minister.name, minister.post, minister.office.name) == ("Amina Wanjiru", "Minister", "Ministry")
    assert [row.address for row in minister.addresses.all()] == ["minister@trade-ke.example", "amina@trade-ke.example"]
    correction.refresh_from_db()
    assert (correction.state, correction.accepted, correction.recipient) == ("accepted", ["address", "name"], minister)
    assert correction.decided_by == cast.data_officer
    event = AuditEvent.objects.get(verb="correction.accept")
    assert event.data == {"recipient": minister.pk, "fields": ["address", "name"]}
    assert "Decided by" in staff.get(to("correction", correction.pk)).content.decode()


def test_what_a_colleague_saved_meanwhile_is_not_overwritten(
    staff: Any, to: Any, correction: Correction, minister: Recipient
) -> None:
    seen = recipient_fingerprint(minister)
    minister.name = "Newer Name"
    minister.save()
    data = {"recipient": minister.pk, "fields_chosen": ["name"], "seen": seen}
    answer = staff.post(to("accept", correction.pk), data)
    text = html_of(answer)
    assert answer.status_code == 409
    assert "Newer Name" in text
    assert re.search(r'value="name"\s+checked', text), "what was ticked stays ticked"
    again = re.search(r'name="seen"\s+value="(\w+)"', text)
    assert again
    assert staff.post(to("accept", correction.pk), {**data, "seen": again[1]}).status_code == 302


def test_an_office_is_renamed_and_keeps_its_place(correction: Correction, minister: Recipient, cast: Any) -> None:
    minister.office.city = "Nairobi"
    minister.office.save()
    correction_accept(correction=correction, recipient=minister, fields=["office"], actor=cast.sender)
    minister.refresh_from_db()
    assert (minister.office.name, minister.office.city) == ("Ministry of Commerce", "Nairobi")


def test_somebody_new_is_made_of_it(staff: Any, to: Any, correction: Correction) -> None:
    few = staff.post(to("accept", correction.pk), {"recipient": "new", "fields_chosen": ["name"]})
    assert few.status_code == 409
    assert "needs an office and a post" in few.content.decode()
    staff.post(to("accept", correction.pk), {"recipient": "new", "fields_chosen": ["office", "post", "address"]})
    made = Recipient.objects.get()
    assert (made.post, made.office.name, made.name) == ("Minister of Commerce", "Ministry of Commerce", "")
    assert made.addresses.get().address == "amina@trade-ke.example"


def test_it_is_declined_with_a_reason_and_applies_nothing(
    staff: Any, to: Any, correction: Correction, minister: Recipient
) -> None:
    assert staff.post(to("decline", correction.pk), {"reason": " "}).status_code == 400
    assert staff.post(to("decline", correction.pk), {"reason": "The gazette says otherwise"}).status_code == 302
    correction.refresh_from_db()
    assert (correction.state, correction.reason) == ("declined", "The gazette says otherwise")
    minister.refresh_from_db()
    assert minister.name == "Old Name"


def test_two_at_once_decide_once(staff: Any, to: Any, correction: Correction, minister: Recipient, cast: Any) -> None:
    correction_decline(correction=correction, reason="No", actor=cast.sender)
    with pytest.raises(AlreadyDecided):
        correction_accept(correction=correction, recipient=minister, fields=["name"], actor=cast.sender)
    late = staff.post(to("accept", correction.pk), {"recipient": minister.pk, "fields_chosen": ["name"]})
    assert late.status_code == 409
    assert "already decided this correction" in late.content.decode()
    minister.refresh_from_db()
    assert minister.name == "Old Name"


def test_nothing_ticked_or_a_strangers_recipient_changes_nothing(
    staff: Any, to: Any, correction: Correction, minister: Recipient, campaign: Campaign, kenya: Member
) -> None:
    abroad = make_recipient(campaign, make_member("TG", "Togo", code3="TGO"), "Minister")
    foreign = make_recipient(make_campaign("mc12"), kenya, "Minister")
    for data in (
        {"recipient": minister.pk},
        {"fields_chosen": ["name"]},
        {"recipient": abroad.pk, "fields_chosen": ["name"]},
        {"recipient": foreign.pk, "fields_chosen": ["name"]},
        {"recipient": minister.pk, "fields_chosen": ["notes"]},
        {"recipient": "x\0", "fields_chosen": ["name"]},
    ):
        assert staff.post(to("accept", correction.pk), data).status_code in {400, 409}
    correction.refresh_from_db()
    assert correction.state == "waiting"


def test_a_wrong_address_is_refused_and_the_rest_with_it(campaign: Campaign, kenya: Member, cast: Any) -> None:
    recipient = make_recipient(campaign, kenya, "Minister", name="Old Name")
    proposed = correction_propose(campaign=campaign, member=kenya, typed={**TYPED, "address": "not one"}, suspect=False)
    with pytest.raises(Exception, match="not an email address"):
        correction_accept(correction=proposed, recipient=recipient, fields=["name", "address"], actor=cast.sender)
    recipient.refresh_from_db()
    assert recipient.name == "Old Name"


def test_what_was_typed_goes_when_its_time_is_over(correction: Correction, campaign: Campaign, cast: Any) -> None:
    correction_decline(correction=correction, reason="No", actor=cast.sender)
    undecided = correction_propose(campaign=campaign, member=correction.member, typed=TYPED, suspect=True)
    corrections_delete_expired()
    correction.refresh_from_db()
    assert correction.name == "Amina Wanjiru", "its time is not over"
    long_ago = timezone.now() - timedelta(days=campaign.retention_days + 1)
    Correction.objects.filter(pk=correction.pk).update(decided_at=long_ago)
    Correction.objects.filter(pk=undecided.pk).update(created_at=long_ago)
    for _twice in range(2):
        corrections_delete_expired()
    for row, state in ((correction, "declined"), (undecided, "expired")):
        row.refresh_from_db()
        assert (row.state, row.wrong, row.name, row.address, row.source, row.mail, row.mail_hash) == (state, *[""] * 6)
    assert AuditEvent.objects.filter(verb="correction.forget").count() == 2


def test_corrections_that_expired_do_not_hide_recent_decisions(
    staff: Any, to: Any, correction: Correction, campaign: Campaign, cast: Any
) -> None:
    for _number in range(DECIDED + 1):
        correction_propose(campaign=campaign, member=correction.member, typed=TYPED, suspect=False)
    correction_decline(correction=correction, reason="The page says otherwise", actor=cast.sender)
    long_ago = timezone.now() - timedelta(days=campaign.retention_days + 1)
    Correction.objects.exclude(pk=correction.pk).update(created_at=long_ago)
    corrections_delete_expired()
    page = html_of(staff.get(to("corrections")))
    assert to("correction", correction.pk) in page
    assert page.index(to("correction", correction.pk)) < page.index(to("correction", correction.pk + DECIDED + 1))


def test_the_proposers_address_is_erased_on_request(correction: Correction, settings: Any) -> None:
    settings.LOOKUP_KEYS = ["2:bmV3LWxvb2t1cC1rZXktbmV3LWxvb2t1cC1rZXktbmU=", *settings.LOOKUP_KEYS]
    hashes = {found.digest for found in lookup_hashes("reader@press.example")}
    assert corrections_erase(hashes=hashes) == 0
    correction.refresh_from_db()
    assert (correction.mail, correction.wrong) == ("", TYPED["wrong"])


def test_only_who_may_see_contact_data_sees_the_queue(
    cast: Any, signed_in: Any, to: Any, correction: Correction
) -> None:
    client = signed_in(cast.drafter)
    assert client.get(to("corrections")).status_code == 403
    assert client.post(to("decline", correction.pk), {"reason": "No"}).status_code == 403


def test_among_many_recipients_one_is_chosen_from_a_list(
    staff: Any, to: Any, campaign: Campaign, kenya: Member, correction: Correction
) -> None:
    for number in range(13):
        make_recipient(campaign, kenya, f"Adviser {number}", f"adviser{number}@ke.example")
    page = html_of(staff.get(to("correction", correction.pk)))
    assert '<select class="input" id="about" name="recipient">' in page
    chosen = Recipient.objects.get(post="Adviser 7")
    page = html_of(staff.get(to("correction", correction.pk), {"recipient": chosen.pk}))
    assert f'<option value="{chosen.pk}" selected>Adviser 7, Ministry</option>' in page
    assert f'<input type="hidden" name="recipient" value="{chosen.pk}">' in page
