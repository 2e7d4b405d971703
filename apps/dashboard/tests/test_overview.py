"""What needs attention, and how far the campaign is: true numbers, each with a way to act."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.campaigns.models import Campaign, TeamMember
from apps.coalitions.models import SignOn
from apps.core.health import forget_heartbeats
from apps.dashboard.pages.action_items import action_items
from apps.dashboard.pages.campaign_progress import countdown_text, progress_stages
from apps.governments.selectors import reference_day
from apps.letters.services.approvals import letter_text_ask_review
from apps.outreach.models import Delivery, Dispatch
from apps.outreach.services.authorisation import dispatch_authorise
from apps.outreach.services.deliveries import dispatches_advance
from apps.outreach.services.mail_outcomes import reply_file
from apps.outreach.services.preparation import dispatch_prepare
from apps.postbox.models import InboundMail, Message
from apps.postbox.services.delivery_reports import message_event_record
from apps.website.pages.campaign import countdown
from tests.factories import add_team_member, html_of, make_campaign, make_user
from tests.factories.governments import make_recipient
from tests.factories.letters import make_version
from tests.factories.outreach import move_messages
from tests.factories.signing import make_call, make_sign_on


def words_of(campaign: Campaign, user: Any) -> list[str]:
    membership = TeamMember.objects.get(campaign=campaign, user=user)
    return [str(line.word) for line in action_items(membership)]


@pytest.fixture
def version(campaign: Campaign, cast: Any, members: Any) -> Any:
    make_recipient(campaign, members.kenya, "Minister", "minister@trade-ke.example")
    make_recipient(campaign, members.kenya, "Ambassador", "gone@mission-ke.example", office="Mission")
    return make_version(campaign, cast, members.kenya)


@pytest.fixture
def sent(version: Any, cast: Any) -> Dispatch:
    make_call(version, cast, moderated=False)
    dispatch = dispatch_prepare(version=version, actor=cast.coordinator)
    dispatch = dispatch_authorise(dispatch=dispatch, actor=cast.sender, typed_count=2, plan=dispatch.plan)
    dispatches_advance()
    return dispatch


def test_an_empty_campaign_says_what_to_do(page: Any, members: Any) -> None:
    text = html_of(page())
    assert "Nothing waits for you." in text
    assert "No letter has been started" in text
    assert "No letter is open for signature" in text
    assert "0 of 2 governments, 2 without an address" in text
    assert "No letter has been sent" in text
    assert "No government has been reached yet" in text
    assert "Nothing has happened yet" in text


def test_a_text_that_waits_for_review_is_shown_and_led_to(
    page: Any, campaign: Campaign, cast: Any, version: Any
) -> None:
    assert words_of(campaign, cast.reviewer) == ["Send"], "approved and frozen: only sending is left"
    second = make_version(campaign, cast, version.letter.to_members.get())
    draft = second.letter.texts.get()
    draft.sha256 = "0" * 64
    draft.save()
    letter_text_ask_review(text=draft, actor=cast.drafter)
    lines = {str(line.word): line for line in action_items(campaign.team.get(user=cast.reviewer))}
    assert lines["Review"].url == f"/work/mc11/letters/{second.letter.number}/en/review/"
    assert "1 text waits for review" in html_of(page())


def test_signatures_that_wait_are_led_to_by_who_may_moderate(campaign: Campaign, cast: Any, version: Any) -> None:
    call = make_call(version, cast, moderated=False)
    make_sign_on(call, "Kisumu Data Rights Forum")
    assert "Check" not in words_of(campaign, cast.coordinator)
    SignOn.objects.update(moderation="waiting")
    call.moderation = "all"
    call.save()
    links = {}
    for role in ("data_officer", "observer"):
        membership = campaign.team.get(user=getattr(cast, role))
        [line] = [line for line in action_items(membership) if line.word == "Check"]
        links[role] = line.url
        assert line.headline == "1 signature waits for a check"
    assert links == {"data_officer": "/work/mc11/sign-on/moderation/", "observer": ""}


def test_a_dispatch_waits_for_a_second_person_until_it_expires(campaign: Campaign, cast: Any, version: Any) -> None:
    make_call(version, cast, moderated=False)
    dispatch = dispatch_prepare(version=version, actor=cast.coordinator)
    [line] = action_items(campaign.team.get(user=cast.sender))
    assert (line.word, line.headline) == ("Authorise", "1 mailing waits for a second person")
    assert line.detail == "2 letters, prepared by Ada Okoro"
    assert line.url == f"/work/mc11/outreach/{dispatch.pk}/"
    Dispatch.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert words_of(campaign, cast.sender) == []


def test_a_dispatch_that_leaves_everybody_out_waits_for_nobody(campaign: Campaign, cast: Any, sent: Dispatch) -> None:
    again = dispatch_prepare(version=sent.version, actor=cast.coordinator)
    assert again.deliveries.count() == 0
    assert "Authorise" not in words_of(campaign, cast.sender)


def test_letters_in_doubt_and_dead_addresses_come_first(campaign: Campaign, cast: Any, sent: Dispatch) -> None:
    doubted, dead = Delivery.objects.order_by("address__position", "pk")
    move_messages(Message.objects.filter(pk=doubted.message_id), "in_doubt")
    rows = Message.objects.filter(pk=dead.message_id)
    move_messages(rows, "accepted")
    message_event_record(message=rows.get(), kind="bounced", provider_id="b1", code="5.1.1", detail="No mailbox")
    lines = action_items(campaign.team.get(user=cast.coordinator))
    assert [(line.word, line.headline) for line in lines[:2]] == [
        ("In doubt", "1 letter was sent, but the mail server did not answer"),
        ("Bounced", "1 email address does not exist"),
    ]
    assert lines[1].detail == "Kenya"


def test_the_stages_count_what_is_in_the_database(
    page: Any, campaign: Campaign, cast: Any, version: Any, sent: Dispatch
) -> None:
    make_sign_on(version.calls.get(), "Kisumu Data Rights Forum")
    move_messages(Message.objects.filter(delivery__isnull=False), "accepted")
    said = {stage.label: stage.say for stage in progress_stages(campaign, reference_day(campaign))}
    assert said == {
        "Approved": "1 of 1 text approved, 1 version frozen",
        "Signed": "1 organisation and 0 people from 1 country; 0 not confirmed",
        "Has a recipient": "1 of 2 governments, 1 without an address",
        "Sent": "2 of 2 letters accepted, 0 in doubt, 0 bounced",
        "Answered": "0 of 1 government that was reached",
    }
    for stage in progress_stages(campaign, reference_day(campaign)):
        assert all(0 <= x <= x + width <= 301 for _css, x, width in stage.parts)


def test_who_answers_a_letter_that_bounced_has_it(campaign: Campaign, sent: Dispatch) -> None:
    """The share never passes the whole."""
    first = Delivery.objects.select_related("message").first()
    assert first is not None
    move_messages(Message.objects.filter(delivery__isnull=False), "bounced")
    mail = InboundMail.objects.create(sha256="a" * 64, raw=b"", kind="reply", message=first.message, size=0)
    reply_file(delivery=first, mail=mail, kind="reply")
    said = {stage.label: stage.say for stage in progress_stages(campaign, reference_day(campaign))}
    assert said["Answered"] == "1 of 1 government that was reached"


def test_another_campaigns_work_is_not_counted(campaign: Campaign, cast: Any, version: Any, sent: Dispatch) -> None:
    move_messages(Message.objects.filter(delivery__isnull=False), "in_doubt")
    other = make_campaign("mc12")
    membership = add_team_member(make_user(), other, "coordinator")
    assert action_items(membership) == []
    stages = progress_stages(other, reference_day(other))
    assert [stage.parts for stage in stages if stage.label != "Has a recipient"] == [
        [], [], [], [],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("starts", "ends", "said"),
    [
        (4, 7, "4 days until the conference opens."),
        (1, 3, "1 day until the conference opens."),
        (0, 3, "The conference is on, until"),
        (-3, 0, "The conference is on, until"),
        (-9, -4, "The conference ended on"),
    ],
)
def test_the_days_are_counted_by_the_campaigns_calendar(db: None, starts: int, ends: int, said: str) -> None:
    today = timezone.localdate()
    campaign = make_campaign(
        "soon", starts_on=today + timedelta(days=starts), ends_on=today + timedelta(days=ends), venue_time_zone="UTC"
    )
    assert countdown_text(campaign).startswith(said)


def test_only_ones_own_campaigns_are_offered(campaign: Campaign, cast: Any, signed_in: Any) -> None:
    assert signed_in(cast.observer).get("/work/").url == "/work/mc11/"
    outsider = signed_in(cast.outsider).get("/work/")
    assert "You are not on any campaign’s team." in html_of(outsider)
    assert cast.outsider.email in html_of(outsider)
    add_team_member(cast.observer, make_campaign("mc12"), "drafter")
    listed = signed_in(cast.observer).get("/work/")
    assert [row.campaign.slug for row in listed.context["memberships"]] == ["mc11", "mc12"]


def test_operators_see_what_does_not_work(campaign, cast):
    forget_heartbeats()
    assert "Not working" not in words_of(campaign, cast.coordinator)
    cast.coordinator.is_superuser = True
    cast.coordinator.save()
    [line] = [line for line in action_items(campaign.team.get(user=cast.coordinator)) if line.tone == "bad"]
    assert line.headline == "4 parts of the installation do not work"
    assert "no email is sent and no letter is made" in line.detail


@pytest.mark.parametrize(("venue", "own"), [("Pacific/Kiritimati", "Etc/GMT+12"), ("Etc/GMT+12", "Pacific/Kiritimati")])
def test_team_and_public_read_the_same_days_left(campaign: Campaign, venue: str, own: str) -> None:
    """It is never the same day in both."""
    campaign.venue_time_zone, campaign.time_zone = venue, own
    campaign.starts_on = timezone.localdate() + timedelta(days=10)
    assert countdown_text(campaign).startswith(f"{countdown(campaign, None).days_to_conference} days ")


@pytest.mark.parametrize("path", ["", "governments/KE/", "recipients/problems/", "letters/", "outreach/"])
def test_more_letters_cost_no_more_queries_and_no_bodies(
    page: Any, campaign: Campaign, cast: Any, members: Any, path: str
) -> None:
    numbers = []
    for more in (1, 5):
        for _again in range(more):
            make_call(make_version(campaign, cast, members.kenya), cast)
        page(path, "coordinator")
        with CaptureQueriesContext(connection) as queries:
            assert page(path, "coordinator").status_code == 200
        numbers.append(len(queries))
        assert [
            each["sql"] for each in queries if re.search(r'letters_letter(text|template)"\."body"', each["sql"])
        ] == []
    assert numbers[0] == numbers[1]
