"""When the letters of a mailing leave: its time, quiet hours, limit per hour, end, and the link to the PDF."""

import re
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from apps.campaigns.roles import Role
from apps.coalitions.services.signer_changes import sign_on_withdraw
from apps.governments.models import Member, Office
from apps.outreach.dispatch_forms import TermsForm
from apps.outreach.models import Delivery, Dispatch
from apps.outreach.pages.dispatch import possible_authorisers
from apps.outreach.pages.dispatch_choice import terms_in_words
from apps.outreach.pages.dispatch_decisions import dispatch_decisions
from apps.outreach.sending_terms import Terms
from apps.outreach.services.authorisation import dispatch_authorise
from apps.outreach.services.deliveries import dispatches_advance
from apps.outreach.services.exceptions import EndsTooEarly, PlanChanged, ScheduleMissed, SecondPersonNeeded, StartPassed
from apps.outreach.services.pausing import dispatch_pause, dispatch_resume
from apps.outreach.services.preparation import dispatch_prepare, dispatch_set_terms, dispatch_test_send
from apps.postbox.models import Message
from apps.postbox.services.kill_switch import switch_kill
from apps.postbox.services.send_worker import messages_deliver
from tests.factories import html_of
from tests.factories.campaigns import add_team_member, make_user
from tests.factories.governments import make_recipient
from tests.factories.letters import make_version
from tests.factories.outreach import move_messages
from tests.factories.postbox import change_all

pytestmark = pytest.mark.django_db

SOON = timedelta(days=2)


def prepared(version: Any, cast: Any, **terms: Any) -> Dispatch:
    return dispatch_prepare(version=version, actor=cast.coordinator, terms=Terms(**terms))


def authorise(made: Dispatch, cast: Any) -> Dispatch:
    return dispatch_authorise(dispatch=made, actor=cast.sender, typed_count=made.deliveries.count(), plan=made.plan)


def letters() -> Any:
    return Message.objects.filter(kind="letter")


def test_nothing_is_made_before_its_time_and_all_then(version, cast, signed_in):
    made = authorise(prepared(version, cast, send_at=timezone.now() + SOON), cast)
    dispatches_advance()
    assert not letters().exists()
    assert made.expires_at > timezone.now() + SOON + timedelta(days=4.9), "as long as a silent server is tried"
    page = signed_in(cast.sender).get(reverse("outreach:dispatch", args=["mc11", made.pk])).content.decode()
    assert "Scheduled: letter" in page
    assert "Sending begins on" in page
    Dispatch.objects.update(send_at=timezone.now() - timedelta(minutes=1))
    dispatches_advance()
    assert letters().count() == 2


def test_a_missed_time_needs_another_time_and_authorisation(version, cast):
    made = authorise(prepared(version, cast, send_at=timezone.now() + SOON), cast)
    Dispatch.objects.update(send_at=timezone.now() - timedelta(hours=2))
    dispatches_advance()
    made.refresh_from_db()
    assert (made.state, made.pause_reason, made.authorised_by) == ("prepared", "schedule_missed", None)
    assert not letters().exists()
    with pytest.raises(ScheduleMissed):
        authorise(made, cast)
    made = dispatch_set_terms(dispatch=made, actor=cast.coordinator, terms=Terms())
    authorise(made, cast)
    dispatches_advance()
    assert letters().count() == 2


def test_a_time_that_comes_while_all_sending_is_stopped_is_missed(version, cast):
    made = authorise(prepared(version, cast, send_at=timezone.now() + SOON), cast)
    switch_kill(actor=None, reason="test")
    Dispatch.objects.update(send_at=timezone.now() - timedelta(minutes=1))
    dispatches_advance()
    assert not letters().exists()
    Dispatch.objects.update(send_at=timezone.now() - timedelta(hours=2))
    dispatches_advance()
    made.refresh_from_db()
    assert made.pause_reason == "schedule_missed"


def test_an_end_before_the_beginning_is_refused_by_service_and_database(version, cast):
    now = timezone.now()
    with pytest.raises(EndsTooEarly):
        prepared(version, cast, send_at=now + SOON, ends_at=now + SOON - timedelta(minutes=1))
    with pytest.raises(EndsTooEarly):
        prepared(version, cast, ends_at=now)
    with pytest.raises(StartPassed):
        prepared(version, cast, send_at=now)
    made = prepared(version, cast, send_at=now + SOON, ends_at=now + SOON + SOON)
    with pytest.raises(IntegrityError, match="outreach_ends_after_start"), transaction.atomic():
        Dispatch.objects.filter(pk=made.pk).update(ends_at=now)


def test_a_chosen_end_stays_when_it_is_authorised(version, cast):
    ends = timezone.now() + timedelta(days=9)
    made = prepared(version, cast, ends_at=ends)
    assert made.expires_at == ends
    assert authorise(made, cast).expires_at == ends
    dispatches_advance()
    assert set(letters().values_list("expires_at", flat=True)) == {ends}


def test_changed_terms_are_a_changed_plan_for_whoever_saw_the_old_ones(version, cast):
    made = prepared(version, cast)
    seen = made.plan
    dispatch_set_terms(dispatch=made, actor=cast.coordinator, terms=Terms(per_hour=5))
    with pytest.raises(PlanChanged, match="Somebody updated the list"):
        dispatch_authorise(dispatch=made, actor=cast.sender, typed_count=2, plan=seen)


def test_who_changed_the_terms_may_neither_authorise_nor_resume_it(version, cast, campaign, signed_in):
    other = make_user("Other Sender")
    add_team_member(other, campaign, Role.SENDER)
    made = dispatch_set_terms(dispatch=prepared(version, cast), actor=cast.sender, terms=Terms(per_hour=5))
    url = reverse("outreach:dispatch", args=["mc11", made.pk])
    assert possible_authorisers(made) == [other]
    assert 'id="authorise"' not in signed_in(cast.sender).get(url).content.decode()
    assert 'id="authorise"' in signed_in(other).get(url).content.decode()
    for maker in (cast.sender, cast.coordinator):
        with pytest.raises(SecondPersonNeeded):
            dispatch_authorise(dispatch=made, actor=maker, typed_count=2, plan=made.plan)
    with pytest.raises(IntegrityError, match="outreach_terms_two_people"), transaction.atomic():
        Dispatch.objects.filter(pk=made.pk).update(authorised_by=cast.sender)
    dispatch_authorise(dispatch=made, actor=other, typed_count=2, plan=made.plan)
    dispatch_pause(dispatch=made, actor=cast.coordinator)
    with pytest.raises(SecondPersonNeeded):
        dispatch_resume(dispatch=made, actor=cast.sender)
    resume = reverse("outreach:resume", args=["mc11", made.pk])
    assert resume not in signed_in(cast.sender).get(url).content.decode()
    assert resume in signed_in(other).get(url).content.decode()
    assert dispatch_resume(dispatch=made, actor=other).state == "authorised"


def test_the_page_says_who_set_which_terms_and_who_agreed(version, cast, campaign, signed_in):
    other = make_user("Other Sender")
    add_team_member(other, campaign, Role.SENDER)
    made = prepared(version, cast, per_hour=5, quiet_from=time(20), quiet_until=time(8))
    made = dispatch_set_terms(dispatch=made, actor=cast.sender, terms=Terms(per_hour=7, per_domain=2))
    made = dispatch_set_terms(dispatch=made, actor=cast.coordinator, terms=Terms(ends_at=timezone.now() + SOON))
    dispatch_authorise(dispatch=made, actor=other, typed_count=2, plan=made.plan)
    said = [(each.verb, each.name, each.terms) for each in dispatch_decisions(made)]
    assert [(verb, name) for verb, name, _terms in said] == [
        ("dispatch.prepare", cast.coordinator.name), ("dispatch.set_terms", cast.sender.name),
        ("dispatch.set_terms", cast.coordinator.name), ("dispatch.authorise", other.name),
    ]  # fmt: skip
    assert "Quiet hours: 20:00 to 08:00" in said[0][2]
    assert "Letters per hour, at most: 7; Letters per hour to one email domain, at most: 2" in said[1][2]
    assert "Letters per hour" not in said[2][2]
    assert "Sending ends at the latest" in said[2][2]
    assert said[3][2] == said[2][2], "agreed to what was set last"
    page = signed_in(cast.observer).get(reverse("outreach:dispatch", args=["mc11", made.pk])).content.decode()
    assert "Other Sender authorised it." in page
    assert f"{cast.sender.name} changed when and how it is sent." in page
    record = signed_in(cast.coordinator).get(reverse("dashboard:audit", args=["mc11"])).content.decode()
    assert "Letters per hour to one email domain, at most: 2" in record


@pytest.mark.parametrize(
    ("day", "clock", "utc"),
    [
        ("2090-03-25", "12:00", datetime(2090, 3, 25, 11, tzinfo=UTC)),
        ("2090-03-27", "12:00", datetime(2090, 3, 27, 10, tzinfo=UTC)),
        ("2090-10-28", "12:00", datetime(2090, 10, 28, 10, tzinfo=UTC)),
        ("2090-10-30", "12:00", datetime(2090, 10, 30, 11, tzinfo=UTC)),
    ],
)
def test_a_time_is_on_the_campaigns_clock_on_both_sides_of_its_changes(campaign, day, clock, utc):
    form = TermsForm({"send_day": day, "send_time": clock}, campaign=campaign)
    assert form.is_valid(), form.errors
    assert form.terms().send_at == utc


def test_a_time_that_the_clocks_skip_is_refused(campaign):
    form = TermsForm({"send_day": "2090-03-26", "send_time": "02:30"}, campaign=campaign)
    assert "skip this time" in str(form.errors["send_time"])


@pytest.mark.parametrize(
    ("zone", "now", "local"),
    [
        # quiet from 20:00 to 08:00: at 10:00 UTC it is 15:45 in Kathmandu, 23:00 or 00:00 in Samoa
        ("Asia/Kathmandu", datetime(2027, 1, 10, 10, tzinfo=UTC), "2027-01-10 15:45"),
        ("Asia/Kathmandu", datetime(2027, 1, 10, 16, tzinfo=UTC), "2027-01-11 08:00"),
        ("Pacific/Apia", datetime(2027, 1, 10, 10, tzinfo=UTC), "2027-01-11 08:00"),
        ("Pacific/Apia", datetime(2027, 1, 10, 20, tzinfo=UTC), "2027-01-11 09:00"),
        # the night in which the clocks go forward is an hour shorter
        ("Europe/Zurich", datetime(2027, 3, 27, 22, tzinfo=UTC), "2027-03-28 08:00"),
    ],
)
def test_quiet_hours_end_on_the_recipients_clock(zone, now, local):
    terms = Terms(quiet_from=time(20), quiet_until=time(8))
    assert f"{terms.first_moment(now, zone).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" == local


def test_each_letter_has_the_quiet_hours_of_its_office(version, recipients, kenya, cast, signed_in):
    Member.objects.update(time_zone="Asia/Kathmandu")
    Office.objects.filter(pk=recipients.mission.office_id).update(kind="mission")
    made = prepared(version, cast, quiet_from=time(20), quiet_until=time(8))
    page = signed_in(cast.sender).get(reverse("outreach:dispatch", args=["mc11", made.pk])).content.decode()
    assert "in Kathmandu" in page
    assert "in Zurich" in page or "in Geneva" in page
    authorise(made, cast)
    dispatches_advance()
    zones = {row.delivery.recipient_id: row.quiet_zone for row in letters()}
    assert zones == {recipients.cabinet.pk: "Asia/Kathmandu", recipients.mission.pk: "Europe/Zurich"}
    assert set(letters().values_list("quiet_from", "quiet_until")) == {(time(20), time(8))}


def test_a_mailing_whose_letters_all_wait_for_the_morning_says_when_it_goes_on(version, cast, signed_in):
    made = authorise(prepared(version, cast), cast)
    dispatches_advance()
    page = reverse("outreach:dispatch", args=["mc11", made.pk])
    assert "Quiet hours:" not in html_of(signed_in(cast.sender).get(page))
    now = timezone.now()
    first, last = (now - timedelta(hours=1)).time(), (now + timedelta(hours=1)).time()
    change_all(letters(), quiet_zone="UTC", quiet_from=first, quiet_until=last)
    messages_deliver()
    shown = html_of(signed_in(cast.sender).get(page))
    assert "Quiet hours: sending goes on from" in shown
    assert "2 letters wait until the quiet hours of their recipients end." in shown
    change_all(letters().filter(pk=letters().first().pk), explanation="Waits for its turn.")
    assert "Quiet hours:" not in html_of(signed_in(cast.sender).get(page)), "another one is on its way"


def test_a_moment_is_written_once_where_both_clocks_show_the_same(version, cast, campaign):
    made = prepared(version, cast)
    campaign.time_zone = made.campaign.time_zone = "Europe/Zurich"
    for zone, times in (("Europe/Zurich", 1), ("Europe/Berlin", 1), ("Africa/Nairobi", 2)):
        with timezone.override(ZoneInfo(zone)):
            [ends] = [
                which
                for what, which in terms_in_words(Terms.of(made), campaign, made.expires_at)
                if what == "Sending ends at the latest"
            ]
            assert len(re.findall(r"\d\d:\d\d(?! UTC)", ends)) == times


def test_no_more_letters_than_allowed_leave_in_an_hour(campaign, cast, kenya):
    for number in range(5):
        make_recipient(campaign, kenya, f"Minister {number}", f"m{number}@ke.example")
    authorise(prepared(make_version(campaign, cast, kenya), cast, per_hour=2), cast)
    for _round in range(3):
        dispatches_advance()
    assert letters().count() == 2
    move_messages(letters(), "accepted")
    dispatches_advance()
    assert letters().count() == 2, "two left within the hour"
    letters().update(accepted_at=timezone.now() - timedelta(minutes=61))
    dispatches_advance()
    assert letters().count() == 4


def test_letters_that_wait_for_their_domain_take_the_places_of_no_others(inbox, campaign, cast, kenya, signed_in):
    for number in range(5):
        make_recipient(campaign, kenya, f"Minister {number}", f"m{number}@ke.example")
    for number in range(3):
        make_recipient(campaign, kenya, f"Attaché {number}", f"a{number}@elsewhere{number}.example")
    made = prepared(make_version(campaign, cast, kenya), cast, per_hour=3, per_domain=1)
    page = signed_in(cast.sender).get(reverse("outreach:dispatch", args=["mc11", made.pk])).content.decode()
    assert "Letters per hour to one email domain, at most</dt><dd>1<" in page, "whoever authorises it sees it"
    authorise(made, cast)
    for _round in range(4):
        dispatches_advance()
    assert set(letters().values_list("domain_limit", flat=True)) == {1}
    made_for = sorted(row.to_address.partition("@")[2] for row in letters())
    assert made_for == ["elsewhere0.example", "elsewhere1.example", *["ke.example"] * 5]
    messages_deliver()
    assert letters().filter(state="accepted").count() == 3, "one to each domain"


def test_limits_that_leave_letters_behind_are_said_before(version, cast, signed_in):
    now = timezone.now()
    domains = ["ke.example"] * 9 + ["tg.example"] * 2
    ends = now + timedelta(hours=2, minutes=30)
    assert Terms(ends_at=ends).too_late(domains, now) == 0
    assert Terms(ends_at=ends, per_domain=3).too_late(domains, now) == 0, "at once, and after one and two hours"
    assert Terms(ends_at=ends, per_domain=2).too_late(domains, now) == 3
    assert Terms(ends_at=ends, per_hour=3).too_late(domains, now) == 2
    assert Terms(ends_at=ends, per_hour=2, per_domain=1).too_late(domains, now) == 6
    made = prepared(version, cast, ends_at=timezone.now() + timedelta(minutes=30), per_hour=1)
    page = signed_in(cast.sender).get(reverse("outreach:dispatch", args=["mc11", made.pk])).content.decode()
    assert "At these limits 1 letter is not sent before the end." in " ".join(page.split())


def linked(version: Any, cast: Any) -> tuple[Delivery, str]:
    authorise(prepared(version, cast, pdf_linked=True), cast)
    dispatches_advance()
    delivery = Delivery.objects.select_related("message", "pdf").order_by("pk")[0]
    found = re.search(r"/letter-pdf/[\w-]+/", delivery.message.text_body if delivery.message else "")
    assert found
    return delivery, found[0]


def test_the_link_in_the_mail_gives_the_pdf_to_whoever_has_it_and_to_nobody_else(version, signed, cast, client):
    delivery, path = linked(version, cast)
    assert delivery.message
    assert delivery.pdf
    assert path in delivery.message.html_body
    assert not delivery.message.attachments.exists()
    answer = client.get(path)
    assert answer.content == bytes(delivery.pdf.content)
    assert answer["X-Robots-Tag"].startswith("noindex")
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    assert delivery.pdf_token_hash not in path
    assert len(path.split("/")[2]) >= 43, "256 random bits"
    assert client.get(path[:-2] + "/").status_code == 404
    assert client.get(f"/letter-pdf/{delivery.pdf_token_hash}/").status_code == 404


def test_a_name_removed_since_is_removed_behind_the_link_too(version, signed, cast, client):
    delivery, path = linked(version, cast)
    move_messages(letters(), "accepted")
    sign_on_withdraw(sign_on=signed.public)
    assert delivery.pdf
    assert client.get(path).content != bytes(delivery.pdf.content)


def test_a_test_has_no_public_link(version, cast):
    made = prepared(version, cast, pdf_linked=True)
    test = dispatch_test_send(dispatch=made, actor=cast.coordinator, delivery=made.deliveries.all()[0])
    assert test.subject.startswith("[Test] ")
    assert "/letter-pdf/" not in test.text_body
    assert reverse("outreach:delivery_pdf", args=["mc11", made.pk, made.deliveries.all()[0].pk]) in test.text_body


def test_a_letter_never_has_headers_of_lists(version, cast):
    linked(version, cast)
    for letter in letters():
        assert not {name.lower() for name in letter.headers} & {"list-unsubscribe", "list-id", "precedence"}
