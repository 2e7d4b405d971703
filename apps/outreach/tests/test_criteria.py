"""Whom a mailing is for: each criterion, and those that could contradict each other."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from apps.governments.models import Member, Position, Recipient
from apps.governments.services.addresses import address_add
from apps.governments.services.recipients import office_save, recipient_save
from apps.letters.models import LetterVersion
from apps.outreach.letter_rendering import dispatch_enclosure, render_mail
from apps.outreach.models import Dispatch, Exclusion
from apps.outreach.selectors.dispatch_criteria import Criteria
from apps.outreach.selectors.dispatch_plan import Plan, dispatch_plan, plan_again
from apps.outreach.selectors.plan_differences import plan_changes
from apps.outreach.services.authorisation import dispatch_authorise
from apps.outreach.services.deliveries import dispatches_advance
from apps.outreach.services.preparation import dispatch_prepare, dispatch_recompute
from apps.postbox.models import Message
from tests.factories import make_member
from tests.factories.governments import make_group, make_recipient
from tests.factories.letters import make_version
from tests.factories.outreach import move_messages

pytestmark = pytest.mark.django_db


def at_mission(campaign: Any, member: Member, address: str, language: str = "en") -> Recipient:
    office = office_save(campaign=campaign, member=member, kind="mission", name="Mission", actor=None)
    salutation = {"en": "Excellency", "fr": "Excellence"}
    row = recipient_save(office=office, post="Ambassador", actor=None, language=language, salutation=salutation)
    address_add(recipient=row, address=address, actor=None)
    return row


@pytest.fixture
def world(campaign: Any, cast: Any) -> SimpleNamespace:
    """Kenya, Togo and Chad, each with a minister and an ambassador; Togo's ambassador reads French."""
    members = {code: make_member(code, name) for code, name in (("KE", "Kenya"), ("TG", "Togo"), ("TD", "Chad"))}
    for code, member in members.items():
        make_recipient(campaign, member, f"Minister {code}", f"minister@{code.lower()}.example")
        at_mission(campaign, member, f"mission@{code.lower()}.example", "fr" if code == "TG" else "en")
    make_group("coast", members["KE"], members["TG"])
    return SimpleNamespace(**members, version=make_version(campaign, cast, *members.values()))


def plan(world: Any, **criteria: Any) -> Plan:
    version: LetterVersion = world.version
    return dispatch_plan(campaign=version.letter.campaign, version=version, criteria=Criteria(**criteria))


def got(found: Plan) -> list[str]:
    return sorted(f"{row.member.code} {row.recipient.post.split()[0]}" for row in found.deliveries)


def left_out(found: Plan) -> set[tuple[str, str]]:
    return {(row.member.code, row.reason) for row in found.exclusions}


def say(world: Any, member: Member, stance: str, on: date) -> None:
    Position.objects.create(campaign=world.version.letter.campaign, member=member, stance=stance, on=on)


def test_groups_and_lists_narrow_each_other(world):
    assert got(plan(world, groups=("coast",), members=("KE", "TD"))) == ["KE Ambassador", "KE Minister"]
    assert left_out(plan(world, groups=("coast",), members=("KE", "TD"))) == {
        ("TD", "other_group"),
        ("TG", "not_listed"),
    }


def test_positions_are_those_of_the_day(world):
    say(world, world.KE, "supports", date(2017, 1, 1))
    say(world, world.KE, "opposes", date(2017, 6, 1))
    say(world, world.TG, "supports", date(2017, 1, 1))
    assert {row.member.code for row in plan(world, stances=("supports",)).deliveries} == {"TG"}
    before = plan(world, stances=("supports",), stance_day="2017-02-01")
    assert {row.member.code for row in before.deliveries} == {"KE", "TG"}
    assert {row.member.code for row in plan(world, stances=("none",)).deliveries} == {"TD"}


def test_a_listed_government_that_the_letter_does_not_address_is_said(world):
    make_member("PE", "Peru")
    assert ("PE", "not_addressed") in left_out(plan(world, members=("KE", "PE")))


def test_language_of_recipients_and_text_in_it(world):
    only = plan(world, languages=("fr",))
    assert got(only) == ["TG Ambassador"]
    assert only.deliveries[0].language == "en", "the letter has no French text"
    both = plan(world, languages=("fr",), own_language_only=True)
    assert not both.deliveries
    assert ("TG", "no_language") in left_out(both)


def test_the_first_who_can_get_it_in_each_kind_of_office(campaign, world):
    Recipient.objects.get(post="Minister KE").addresses.update(health="bounced")
    make_recipient(campaign, world.KE, "Adviser", "adviser@ke.example")
    make_recipient(campaign, world.KE, "Clerk", "clerk@ke.example")
    found = plan(world, first_only=True, members=("KE",))
    assert got(found) == ["KE Adviser", "KE Ambassador"]
    reasons = {row.recipient.post: row.reason for row in found.exclusions if row.recipient}
    assert reasons == {"Minister KE": "bounced", "Clerk": "other_first"}


def test_a_copy_is_a_letter_of_its_own_in_the_words_of_the_first(campaign, cast, world):
    found = plan(world, offices=("capital",), copies=("mission",))
    assert len(found.deliveries) == 6
    copies = [row for row in found.deliveries if row.copy_of]
    assert {row.recipient.post for row in copies} == {"Ambassador"}
    assert {row.language for row in copies} == {"en"}
    made = dispatch_prepare(
        version=world.version, actor=cast.coordinator, criteria=Criteria(offices=("capital",), copies=("mission",))
    )
    assert made.plan == plan_again(made).sha256
    row = made.deliveries.get(is_copy=True, member=world.KE)
    subject, text, html = render_mail(row, dispatch_enclosure(made))
    assert subject.startswith("Copy: ")
    assert text.startswith("For your information: a copy of our letter to Minister KE, Ministry.")
    assert "For your information: a copy of our letter to Minister KE" in html


def test_a_copy_of_an_arabic_letter_reads_from_the_right(campaign, cast):
    egypt = make_member("EG", "Egypt")
    make_recipient(
        campaign, egypt, "وزير التجارة", "minister@eg.example", salutation={"en": "معالي الوزير"}, language="ar"
    )
    at_mission(campaign, egypt, "mission@eg.example", "ar")
    version = make_version(campaign, cast, egypt)
    made = dispatch_prepare(
        version=version, actor=cast.coordinator, criteria=Criteria(offices=("capital",), copies=("mission",))
    )
    copy = made.deliveries.get(is_copy=True)
    copy.edition.body = {**copy.edition.body, "language": "ar"}
    subject, text, html = render_mail(copy, dispatch_enclosure(made), link="https://letters.example/letter-pdf/x")
    assert 'lang="ar" dir="rtl"' in html
    assert "وزير التجارة" in html.partition("<h1>")[0], "the first line names the one who has the letter"
    assert "معالي الوزير" in text
    assert text.rstrip().endswith("https://letters.example/letter-pdf/x")
    assert html.endswith("</body></html>")
    assert subject


def test_no_copy_without_a_letter(world):
    Recipient.objects.get(post="Minister KE").addresses.update(health="bounced")
    found = plan(world, offices=("capital",), copies=("mission",), members=("KE",))
    assert not found.deliveries
    assert left_out(found) >= {("KE", "bounced"), ("KE", "nothing_to_copy")}


def test_a_copy_waits_for_its_letter_and_goes_with_it(authorised, cast, world):
    made = dispatch_prepare(
        version=world.version, actor=cast.coordinator,
        criteria=Criteria(offices=("capital",), copies=("mission",), members=("KE",)),
    )  # fmt: skip
    dispatch_authorise(dispatch=made, actor=cast.sender, typed_count=2, plan=made.plan)
    Recipient.objects.filter(post="Minister KE").update(active=False)
    for _round in range(3):
        dispatches_advance()
    assert not Message.objects.filter(kind="letter").exists()
    assert set(made.exclusions.exclude(reason="not_listed").values_list("reason", flat=True)) == {
        "no_recipient", "nothing_to_copy",
    }  # fmt: skip
    made.refresh_from_db()
    assert made.state == Dispatch.State.FINISHED


@pytest.mark.parametrize(("state", "counts"), [("queued", True), ("in_doubt", True), ("bounced", False)])
def test_not_yet_written_to(world, campaign, cast, authorised, kenya_only, state, counts):
    authorised(kenya_only)
    dispatches_advance()
    move_messages(Message.objects.filter(kind="letter"), state)
    assert got(plan(world, not_written="letter")) == got(plan(world)), "that was another letter"
    written = {("KE", "written_to")} if counts else set()
    assert {entry for entry in left_out(plan(world, not_written="ever")) if entry[1] == "written_to"} == written


@pytest.fixture
def kenya_only(campaign: Any, cast: Any, world: Any) -> LetterVersion:
    return make_version(campaign, cast, world.KE)


def test_a_mailing_does_not_take_its_own_letters_for_written(world, cast):
    made = dispatch_prepare(version=world.version, actor=cast.coordinator, criteria=Criteria(not_written="letter"))
    Dispatch.objects.filter(pk=made.pk).update(plan=made.plan)
    assert plan_again(made).sha256 == made.plan


def test_criteria_are_kept_and_applied_again(world, cast, signed_in):
    made = dispatch_prepare(version=world.version, actor=cast.coordinator, criteria=Criteria(groups=("coast",)))
    assert Criteria.of(made.criteria) == Criteria(groups=("coast",))
    world.TG.memberships.all().delete()
    assert any("left out now" in change for change in plan_changes(made, plan_again(made)))
    again = dispatch_recompute(dispatch=made, actor=cast.coordinator)
    assert {row.member.code for row in again.deliveries.all()} == {"KE"}
    page = signed_in(cast.sender).get(reverse("outreach:dispatch", args=["mc11", made.pk])).content.decode()
    assert "In these groups" in page
    assert "Coast" in page


def test_the_statements_do_not_grow_with_governments(campaign, cast, world, django_assert_max_num_queries):
    members = [make_member(f"{letter}{other}", f"{letter}{other} land") for letter in "QXZ" for other in "ABCDEFGH"]
    for member in members:
        make_recipient(campaign, member, "Minister", f"m@{member.code.lower()}.example")
    world.version = make_version(campaign, cast, *members)
    with django_assert_max_num_queries(30):
        assert len(plan(world, groups=(), stances=("none",), not_written="ever").deliveries) == len(members)


def post(client: Any, world: Any, **values: Any) -> Any:
    return client.post(reverse("outreach:prepare", args=["mc11"]), {"version": world.version.pk, **values})


def test_the_number_is_shown_before_anything_is_stored(world, cast, signed_in):
    client = signed_in(cast.sender)
    choice = {"groups": ["coast"], "pasted": "Kenya; Chad", "copies": ["mission"], "offices": ["capital"]}
    answer = post(client, world, do="count", **choice)
    page = " ".join(answer.content.decode().split())
    assert "This choice gives 2 letters, to 1 government." in page
    assert "1 of them is a copy." in page
    assert "Not on the list of governments: 1" in page
    assert not Dispatch.objects.exists()
    made = post(client, world, **choice)
    assert made.status_code == 302
    assert Dispatch.objects.get().deliveries.count() == 2


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"copies": ["mission"]}, "Choose who gets the letter"),
        ({"copies": ["mission"], "offices": ["mission"]}, "the letter or a copy, not both"),
        ({"stance_day": "2017-05-01"}, "Choose the positions too"),
        ({"pasted": "Kenja"}, "Did you mean: Kenya"),
        ({"pasted": "Atlantis"}, "do not know the government"),
        ({"quiet_from": "20:00"}, "Enter both times, or neither."),
        ({"quiet_from": "20:00", "quiet_until": "20:00"}, "all day"),
        ({"send_day": "2017-05-01"}, "This time has passed"),
        ({"send_day": "2090-05-02", "ends_day": "2090-05-01"}, "would end before it can begin"),
        ({"per_hour": "0"}, "Write 1 or a larger number."),
    ],
)
def test_contradictions_are_said_beside_their_field_and_store_nothing(world, cast, signed_in, values, error):
    answer = post(signed_in(cast.sender), world, **values)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert error in page
    assert str(next(iter(values.values()))).strip("[]'") in page, "what was typed is kept"
    assert not Dispatch.objects.exists()


def test_every_reason_has_words():
    assert all(str(Exclusion.Reason(reason).label) for reason in Exclusion.Reason.values)
