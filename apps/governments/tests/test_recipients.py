"""The page of one recipient: whole, two at once, twins, and what stays out of the record."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.core.models import AuditEvent
from apps.governments.models import Member, Office, Recipient, RecipientAddress
from apps.governments.salutations import salutation_suggested
from apps.governments.selectors import recipient_fingerprint
from apps.governments.services.addresses import address_add
from apps.governments.services.recipient_merge import recipient_merge
from apps.outreach.selectors.dispatch_plan import dispatch_plan
from apps.outreach.services.preparation import dispatch_prepare
from apps.postbox.services.suppressions import address_suppress
from tests.factories import make_campaign, make_member
from tests.factories.governments import make_recipient
from tests.factories.letters import make_version

NEW = {
    "kind": "capital", "office": "Ministry of Trade ", "post": "Cabinet  Secretary", "name": "Amina Wanjiru",
    "form": "feminine", "language": "en", "salutation_en": "Excellency", "address": "Cabinet@trade-ke.example",
    "phone": "+254 20 000 000", "source": "The ministry’s page",
}  # fmt: skip
WHOLE = {
    "kind": "mission", "office": "Permanent Mission", "city": "Geneva", "postal": "Avenue 1\r\n1202 Geneva",
    "office_phone": "+41 22 000 00 00", "post": "Permanent Representative", "name": "سفيرة كينيا", "form": "feminine",
    "language": "fr", "salutation_en": "Excellency", "salutation_fr": "Madame l’Ambassadrice", "phone": "+41 79",
    "source": "A call", "verified_on": "2017-10-02", "notes": "Prefers\nFrench",
}  # fmt: skip


@pytest.fixture
def kenya(db: None) -> Member:
    return make_member("KE", "Kenya", code3="KEN")


@pytest.fixture
def minister(campaign: Campaign, kenya: Member) -> Recipient:
    return make_recipient(campaign, kenya, "Minister", "minister@trade-ke.example")


@pytest.fixture
def staff(cast: Any, signed_in: Any) -> Any:
    return signed_in(cast.sender)


@pytest.fixture
def to(campaign: Campaign) -> Any:
    """to("verify", id) → the address of that page of the campaign."""
    return lambda name, *args: reverse(f"recipients:{name}", args=[campaign.slug, *args])


def whole(recipient: Recipient, **changes: str) -> dict[str, str]:
    return {**WHOLE, "seen": recipient_fingerprint(recipient), **changes}


# ---- adding


def test_a_recipient_is_saved_whole_and_on_record_without_personal_data(staff: Any, to: Any, kenya: Member) -> None:
    answer = staff.post(to("new", "KE"), NEW)
    recipient = Recipient.objects.get()
    assert answer.url == to("recipient", recipient.pk)
    assert (recipient.post, recipient.name, recipient.salutation, recipient.form) == (
        "Cabinet Secretary", "Amina Wanjiru", {"en": "Excellency"}, "feminine",
    )  # fmt: skip
    assert (recipient.office.name, recipient.office.member, recipient.phone) == (
        "Ministry of Trade", kenya, "+254 20 000 000",
    )  # fmt: skip
    assert recipient.addresses.get().address == "Cabinet@trade-ke.example"
    record = str(list(AuditEvent.objects.values()))
    for personal in ("Wanjiru", "trade-ke.example", "+254"):
        assert personal not in record


@pytest.mark.parametrize(
    "wrong", [{"office": " "}, {"post": ""}, {"address": "nowhere"}, {"address": "a@b\0.example"},
              {"salutation_en": ""}, {"language": "tlh"}, {"kind": "embassy"}, {"post": "x" * 201},
              {"office": "\u202e"}],
)  # fmt: skip
def test_a_wrong_form_saves_nothing_and_keeps_what_was_typed(
    staff: Any, to: Any, kenya: Member, wrong: dict[str, str]
) -> None:
    answer = staff.post(to("new", "KE"), {**NEW, **wrong})
    assert answer.status_code == 400
    assert "error-message" in answer.content.decode()
    assert "Amina Wanjiru" in answer.content.decode()
    assert not Recipient.objects.exists()
    assert not Office.objects.exists()


def test_both_forms_have_the_same_fields(staff: Any, to: Any, minister: Recipient) -> None:
    def names(page: str) -> set[str]:
        return set(re.findall(r'name="([a-z_]+)"', page[page.index("Person or post") :].partition("</form>")[0]))

    new = names(staff.get(to("new", "KE")).content.decode())
    assert new - {"address"} == names(staff.get(to("recipient", minister.pk)).content.decode()) - {"suggest"}
    assert new >= {"postal", "verified_on", "notes", "city", "office_phone", "salutation_en"}


def test_somebody_new_is_saved_with_all_that_is_known(staff: Any, to: Any, kenya: Member, campaign: Campaign) -> None:
    Office.objects.create(campaign=campaign, member=kenya, kind="mission", name="Permanent Mission", phone="+41 22 1")
    given = {**WHOLE, "office_phone": "", "salutation_fr": "", "address": "mission@ke.example"}
    answer = staff.post(to("new", "KE"), given)
    assert answer.status_code == 400
    assert "begin with, for example “Excellence”." in answer.content.decode()
    answer = staff.post(to("new", "KE"), {**given, "suggest": "fr"})
    assert "Madame l’Ambassadrice" in answer.content.decode()
    assert "Save to keep it" in answer.content.decode()
    assert not Recipient.objects.exists()
    staff.post(to("new", "KE"), {**given, "salutation_fr": "Madame l’Ambassadrice"})
    row = Recipient.objects.get()
    assert (row.verified_on, row.notes, row.salutation["fr"]) == (
        date(2017, 10, 2), "Prefers\nFrench", "Madame l’Ambassadrice",
    )  # fmt: skip
    assert (row.office.postal_address, row.office.city, row.office.phone) == (
        "Avenue 1\n1202 Geneva", "Geneva", "+41 22 1",
    )  # fmt: skip


def test_a_day_that_is_to_come_is_refused_for_somebody_new(staff: Any, to: Any, kenya: Member) -> None:
    late = (timezone.now() + timedelta(days=3)).date().isoformat()
    answer = staff.post(to("new", "KE"), {**NEW, "verified_on": late})
    assert "The day is in the future" in answer.content.decode()
    assert not Recipient.objects.exists()


def test_an_office_that_is_known_keeps_its_place(staff: Any, to: Any, campaign: Campaign, kenya: Member) -> None:
    Office.objects.create(campaign=campaign, member=kenya, kind="capital", name="Ministry of Trade", city="Nairobi")
    staff.post(to("new", "KE"), NEW)
    assert Recipient.objects.get().office.city == "Nairobi"
    assert Office.objects.count() == 1


def test_who_is_known_already_is_shown_first_and_a_person_decides(staff: Any, to: Any, minister: Recipient) -> None:
    twice = {**NEW, "address": "MINISTER@trade-ke.example "}
    answer = staff.post(to("new", "KE"), twice)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "You may already have this recipient" in text
    assert to("recipient", minister.pk) in text
    assert "Amina Wanjiru" in text, "nothing typed is lost"
    assert Recipient.objects.count() == 1
    staff.post(to("new", "KE"), {**twice, "anyway": "on"})
    assert Recipient.objects.count() == 2


# ---- changing


def test_everything_is_changed_at_once(staff: Any, to: Any, minister: Recipient, campaign: Campaign) -> None:
    Campaign.objects.update(languages=["en", "fr", "es"])
    shown = unescape(staff.get(to("recipient", minister.pk)).content.decode())
    assert "Madame la Ministre" not in shown, "nobody said that it is a woman"
    assert "Use “Excellence”" in shown
    assert re.search(r'name="salutation_fr"(?! value)', shown), "a suggestion is never in the field by itself"
    minister = Recipient.objects.select_related("campaign", "office").get()
    answer = staff.post(to("recipient", minister.pk), whole(minister))
    assert answer.status_code == 302, answer.content.decode()
    row = Recipient.objects.get()
    assert row.salutation == {"en": "Excellency", "fr": "Madame l’Ambassadrice"}
    assert (row.name, row.form, row.language, row.notes) == ("سفيرة كينيا", "feminine", "fr", "Prefers\nFrench")
    assert row.verified_on == date(2017, 10, 2)
    assert (row.office.kind, row.office.name, row.office.city, row.office.phone) == (
        "mission", "Permanent Mission", "Geneva", "+41 22 000 00 00",
    )  # fmt: skip
    assert row.office.postal_address == "Avenue 1\n1202 Geneva"
    assert Office.objects.count() == 1, "nobody else was in it: it was renamed"
    record = str(list(AuditEvent.objects.filter(verb__in=["recipient.save", "office.save"]).values()))
    assert "salutation" in record
    for personal in ("سفيرة", "Ambassadrice", "+41"):
        assert personal not in record


def test_names_and_telephones_are_encrypted_at_rest(staff: Any, to: Any, minister: Recipient) -> None:
    staff.post(to("recipient", minister.pk), whole(minister, name="Amina Wanjiru"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone FROM governments_recipient")
        [stored] = cursor.fetchall()
    assert b"Wanjiru" not in bytes(stored[0])
    assert b"+41" not in bytes(stored[1])


def test_the_suggestion_is_put_in_by_a_button_and_not_saved(staff: Any, to: Any, minister: Recipient) -> None:
    typed = whole(minister, post="Minister of Trade", kind="capital", salutation_fr="", suggest="fr")
    text = staff.post(to("recipient", minister.pk), typed).content.decode()
    assert 'value="Madame la Ministre"' in text
    assert "Save to keep it" in text
    assert "سفيرة كينيا" in text
    assert Recipient.objects.get().salutation == {"en": "Excellency"}


@pytest.mark.parametrize(
    ("language", "post", "form", "kind", "words"),
    [
        ("en", "Minister of Trade", "feminine", "capital", "Excellency"),
        ("fr", "Ministre du commerce", "feminine", "capital", "Madame la Ministre"),
        ("fr", "Minister of Trade", "masculine", "capital", "Monsieur le Ministre"),
        ("fr", "Représentant permanent", "unknown", "mission", "Excellence"),
        ("es", "Ministra de Comercio", "feminine", "capital", "Señora Ministra"),
        ("es", "Embajador", "unknown", "mission", "Excelencia"),
        ("ar", "Ambassador", "masculine", "mission", "سعادة السفير"),
        ("ar", "وزير التجارة", "masculine", "capital", "معالي الوزير"),
        ("fr", "Vice-ministre", "masculine", "capital", "Monsieur"),
        ("en", "Deputy Minister", "feminine", "capital", "Dear Madam"),
        ("fr", "Premier ministre", "masculine", "head", "Monsieur le Premier Ministre"),
        ("sw", "Waziri", "masculine", "capital", ""),
    ],
)
def test_suggestions_follow_language_post_and_form(language: str, post: str, form: str, kind: str, words: str) -> None:
    assert salutation_suggested(language=language, post=post, form=form, kind=kind) == words


def test_a_second_window_overwrites_nothing_and_loses_nothing(staff: Any, to: Any, minister: Recipient) -> None:
    seen = recipient_fingerprint(minister)
    Recipient.objects.filter(pk=minister.pk).update(post="Secretary of State")  # whoever writes, and however
    answer = staff.post(to("recipient", minister.pk), {**WHOLE, "seen": seen, "post": "Minister of Commerce"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody saved this recipient after you opened the page" in text
    assert "Secretary of State" in text, "what is on record"
    assert "Minister of Commerce" in text, "what was typed"
    assert Recipient.objects.get().post == "Secretary of State"
    again = re.search(r'name="seen" value="(\w+)"', text)
    assert again
    assert staff.post(to("recipient", minister.pk), {**WHOLE, "seen": again[1]}).status_code == 302


def test_a_wrong_field_first_does_not_hide_the_second_window(staff: Any, to: Any, minister: Recipient) -> None:
    seen = recipient_fingerprint(minister)
    Recipient.objects.filter(pk=minister.pk).update(post="Secretary of State")
    text = staff.post(to("recipient", minister.pk), {**WHOLE, "seen": seen, "office": ""}).content.decode()
    again = re.search(r'name="seen" value="(\w+)"', text)
    assert again
    assert staff.post(to("recipient", minister.pk), {**WHOLE, "seen": again[1]}).status_code == 409


def test_a_shared_office_is_not_renamed_for_the_others(
    staff: Any, to: Any, minister: Recipient, campaign: Campaign, kenya: Member
) -> None:
    other = make_recipient(campaign, kenya, "Director")
    staff.post(to("recipient", minister.pk), whole(minister))
    assert Recipient.objects.get(pk=other.pk).office.name == "Ministry"
    assert Recipient.objects.get(pk=minister.pk).office.name == "Permanent Mission"


@pytest.mark.parametrize(
    "wrong", [{"verified_on": "2999-01-01"}, {"post": "\0"}, {"language": "xx"}, {"notes": "x" * 4001}, {"form": "it"}]
)
def test_wrong_details_change_nothing(staff: Any, to: Any, minister: Recipient, wrong: dict[str, str]) -> None:
    answer = staff.post(to("recipient", minister.pk), whole(minister, **wrong))
    assert answer.status_code == 400
    assert "error-message" in answer.content.decode()
    assert Recipient.objects.get().post == "Minister"


def test_verified_today_and_out_of_use_and_back(staff: Any, to: Any, minister: Recipient) -> None:
    assert staff.get(to("verify", minister.pk)).status_code == 405
    seen = re.search('name="seen" value="(.+?)"', staff.get(to("recipient", minister.pk)).content.decode())[1]
    for _twice in range(2):
        staff.post(to("verify", minister.pk), {"seen": seen, "back": "https://elsewhere.example/"})
    assert abs(Recipient.objects.get().verified_on - timezone.now().date()) <= timedelta(days=1)
    assert AuditEvent.objects.filter(verb="recipient.verify").count() == 1
    staff.post(to("set_active", minister.pk), {"active": "0"})
    assert not Recipient.objects.get().active
    assert "Inactive: this recipient gets no letters" in staff.get(to("recipient", minister.pk)).content.decode()
    page = staff.get(reverse("dashboard:government", args=["mc11", "KE"])).content.decode()
    assert to("recipient", minister.pk) in page, "it can be found to be put back"
    staff.post(to("set_active", minister.pk), {"active": "1"})
    assert Recipient.objects.get().active


def test_nobody_vouches_for_details_that_changed_after_the_page_was_opened(
    staff: Any, to: Any, minister: Recipient
) -> None:
    seen = recipient_fingerprint(minister)
    staff.post(to("recipient", minister.pk), whole(minister, verified_on=""))
    for stale in (seen, ""):
        answer = staff.post(to("verify", minister.pk), {"seen": stale}, follow=True)
        assert "changed after you opened the page" in answer.content.decode()
    assert Recipient.objects.get().verified_on is None


def test_the_way_back_stays_on_this_site(staff: Any, to: Any, minister: Recipient) -> None:
    for there, allowed in (("https://elsewhere.example/", False), ("//elsewhere.example", False), ("/work/", True)):
        answer = staff.post(to("verify", minister.pk), {"back": there})
        assert (answer.url == there) is allowed


# ---- addresses


def test_addresses_are_added_retired_put_first_and_put_back(staff: Any, to: Any, minister: Recipient) -> None:
    staff.post(to("address_new", minister.pk), {"address": "second@trade-ke.example"})
    first, second = minister.addresses.all()
    staff.post(to("address", minister.pk, second.pk), {"do": "first"})
    assert list(minister.addresses.all()) == [second, first]
    for _twice in range(2):
        staff.post(to("address", minister.pk, second.pk), {"do": "retire"})
    second.refresh_from_db()
    assert second.health == "retired"
    assert AuditEvent.objects.filter(verb="address.retire").count() == 1
    staff.post(to("address", minister.pk, second.pk), {"do": "restore"})
    second.refresh_from_db()
    assert second.health == "unverified"
    staff.post(to("address", minister.pk, second.pk), {"do": "anything"})
    wrong = staff.post(to("address_new", minister.pk), {"address": "no address"}).content.decode()
    assert 'value="no address"' in wrong
    assert "error-message" in wrong
    assert minister.addresses.count() == 2
    assert "trade-ke" not in str(list(AuditEvent.objects.values()))


def test_an_address_that_was_reported_as_spam_gets_nothing_after_it_was_retired_and_restored(
    staff: Any, to: Any, minister: Recipient
) -> None:
    row = minister.addresses.get()
    address_suppress(address=row.address, reason="Reported", actor=None)
    for act in ("retire", "restore"):
        staff.post(to("address", minister.pk, row.pk), {"do": act})
    assert "Reported our email as spam" in staff.get(to("recipient", minister.pk)).content.decode()
    assert not minister.addresses.get().usable


def test_buttons_of_a_page_opened_before_a_merge_say_what_happened(
    staff: Any, to: Any, minister: Recipient, campaign: Campaign, kenya: Member, cast: Any
) -> None:
    gone = make_recipient(campaign, kenya, "Cabinet Secretary", "minister@trade-ke.example")
    recipient_merge(kept=minister, other=gone, actor=cast.sender)
    for act in ("retire", "restore", "first"):
        answer = staff.post(to("address", gone.pk, gone.addresses.get().pk), {"do": act}, follow=True)
        assert answer.status_code == 200
        assert "merged into another one. Change that one instead." in answer.content.decode()


def test_addresses_of_another_recipient_are_not_found(
    staff: Any, to: Any, minister: Recipient, campaign: Campaign, kenya: Member
) -> None:
    other = make_recipient(campaign, kenya, "Director", "director@trade-ke.example")
    answer = staff.post(to("address", minister.pk, other.addresses.get().pk), {"do": "retire"})
    assert answer.status_code == 404
    foreign = make_recipient(make_campaign("mc12"), kenya, "Minister", "m@trade-ke.example")
    for name in ("recipient", "verify", "set_active", "address_new"):
        assert staff.post(to(name, foreign.pk), {}).status_code == 404
    assert staff.post(to("merge", minister.pk, foreign.pk)).status_code == 404


def test_a_new_address_takes_the_place_of_a_dead_one(
    staff: Any, to: Any, campaign: Campaign, cast: Any, kenya: Member, minister: Recipient
) -> None:
    version = make_version(campaign, cast, kenya)
    RecipientAddress.objects.update(health="bounced")
    assert dispatch_plan(campaign=campaign, version=version).deliveries == []
    staff.post(to("address_new", minister.pk), {"address": "new@trade-ke.example"})
    [planned] = dispatch_plan(campaign=campaign, version=version).deliveries
    assert planned.address.address == "new@trade-ke.example"
    assert minister.addresses.count() == 2, "the dead one stays on record"


def test_changes_hold_for_the_next_dispatch_and_not_for_one_that_is_prepared(
    staff: Any, to: Any, campaign: Campaign, cast: Any, kenya: Member, minister: Recipient
) -> None:
    version = make_version(campaign, cast, kenya)
    prepared = dispatch_prepare(version=version, actor=cast.coordinator).deliveries.get()
    staff.post(to("recipient", minister.pk), whole(minister, language="en", salutation_en="Dear Minister"))
    staff.post(to("address_new", minister.pk), {"address": "new@trade-ke.example"})
    new = RecipientAddress.objects.latest("pk")
    staff.post(to("address", minister.pk, new.pk), {"do": "first"})
    prepared.refresh_from_db()
    assert prepared.envelope_values["recipient.salutation"] == "Excellency"
    assert prepared.address.address == "minister@trade-ke.example"
    [planned] = dispatch_plan(campaign=campaign, version=version).deliveries
    assert planned.envelope["recipient.salutation"] == "Dear Minister"
    assert planned.address == new
    staff.post(to("set_active", minister.pk), {"active": "0"})
    assert dispatch_plan(campaign=campaign, version=version).deliveries == []


# ---- twins


def test_the_same_address_elsewhere_is_shown_with_a_way_to_merge(
    staff: Any, to: Any, campaign: Campaign, kenya: Member, minister: Recipient
) -> None:
    twin = make_recipient(campaign, kenya, "Cabinet Secretary", "minister@trade-ke.example", office="Cabinet")
    togo = make_member("TG", "Togo", code3="TGO")
    abroad = make_recipient(campaign, togo, "Minister", "minister@trade-ke.example")
    text = staff.get(to("recipient", minister.pk)).content.decode()
    assert to("merge", minister.pk, twin.pk) in text
    assert to("recipient", abroad.pk) in text
    assert to("merge", minister.pk, abroad.pk) not in text
    refused = staff.post(to("merge", minister.pk, abroad.pk))
    assert refused.status_code == 409
    assert "two governments" in refused.content.decode()


def test_the_same_name_in_a_government_is_a_twin_whatever_its_accents_and_signs(
    staff: Any, to: Any, campaign: Campaign, kenya: Member
) -> None:
    one = make_recipient(campaign, kenya, "Minister", "a@trade-ke.example", name="José  N’Úñez-Diop")
    two = make_recipient(campaign, kenya, "Ministre", "b@trade-ke.example", name="jose nunez diop")
    make_recipient(campaign, kenya, "Director", "c@trade-ke.example", name="")
    text = staff.get(to("recipient", one.pk)).content.decode()
    assert to("merge", one.pk, two.pk) in text
    assert "same name" in text
    assert text.count("Compare and merge") == 1


def test_a_merge_moves_addresses_fills_gaps_and_leaves_a_pointer(
    staff: Any, to: Any, campaign: Campaign, kenya: Member, minister: Recipient
) -> None:
    twin = make_recipient(
        campaign, kenya, "Cabinet Secretary", "minister@trade-ke.example", "other@trade-ke.example", office="Cabinet",
        name="Amina Wanjiru", salutation={"fr": "Excellence"}, notes="By courier",
    )  # fmt: skip
    assert "Do not merge" in staff.get(to("merge", minister.pk, twin.pk)).content.decode()
    assert staff.post(to("merge", minister.pk, twin.pk)).url == to("recipient", minister.pk)
    minister.refresh_from_db()
    twin.refresh_from_db()
    assert [row.address for row in minister.addresses.all()] == ["minister@trade-ke.example", "other@trade-ke.example"]
    assert (minister.name, minister.notes) == ("Amina Wanjiru", "By courier")
    assert minister.salutation == {"en": "Excellency", "fr": "Excellence"}
    assert (twin.active, twin.merged_into) == (False, minister)
    page = staff.get(to("recipient", twin.pk)).content.decode()
    assert to("recipient", minister.pk) in page
    for name in ("verify", "set_active"):
        staff.post(to(name, twin.pk), {"active": "1"})
    twin.refresh_from_db()
    assert not twin.active
    assert staff.post(to("recipient", twin.pk), whole(twin)).status_code == 409
    assert staff.post(to("merge", minister.pk, twin.pk)).status_code == 409, "twice is refused"
    assert "Wanjiru" not in str(list(AuditEvent.objects.values()))


def test_pointers_lead_to_a_living_row(campaign: Campaign, cast: Any, kenya: Member) -> None:
    one, two, three = (make_recipient(campaign, kenya, post) for post in ("One", "Two", "Three"))
    recipient_merge(kept=two, other=three, actor=cast.sender)
    recipient_merge(kept=one, other=two, actor=cast.sender)
    three.refresh_from_db()
    assert three.merged_into == one


def test_only_who_may_see_contact_data_sees_any_of_it(
    cast: Any, signed_in: Any, to: Any, campaign: Campaign, minister: Recipient
) -> None:
    address_add(recipient=minister, address="second@trade-ke.example", actor=cast.sender)
    for role in ("drafter", "reviewer", "observer"):
        client = signed_in(getattr(cast, role))
        assert client.get(to("recipient", minister.pk)).status_code == 403
        text = client.get(reverse("dashboard:government", args=[campaign.slug, "KE"])).content.decode()
        assert "trade-ke.example" not in text
        assert "/recipients/" not in text


def test_hostile_text_is_shown_as_text(staff: Any, to: Any, minister: Recipient) -> None:
    staff.post(to("recipient", minister.pk), whole(minister, name="<script>alert(1)</script>", notes="{{ 7|add:7 }}"))
    text = staff.get(to("recipient", minister.pk)).content.decode()
    assert "<script>alert" not in text
    assert "{{ 7|add:7 }}" in text
