"""The demonstration as `make run` loads it: loaded once, over a database that was used, and rolled back at the end."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, transaction
from django.db.models import Max
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from psycopg.errors import DeadlockDetected

from apps.accounts.models import DemoMark, User
from apps.accounts.services import demo_mark
from apps.campaigns.models import Campaign, TeamMember
from apps.campaigns.roles import Role
from apps.coalitions.models import SignOn, SignOnCall
from apps.core.models import AuditEvent
from apps.demo.pages.tour import tour_stops
from apps.demo.services import demonstration
from apps.demo.services.demonstration import DemoInUse, NotADemo, demonstration_load, demonstration_start_over
from apps.governments.models import Position, RecipientAddress
from apps.letters.models import Letter
from apps.outreach.models import Dispatch, FollowUp, Reply, ReplyPosition, Touch
from apps.postbox.models import InboundMail, Message, MessageState, SinkMail
from tests.factories import make_campaign, make_user
from tests.factories.campaign_files import MC11
from tests.factories.table_copies import tables_as_text

pytestmark = pytest.mark.django_db
DEMO = {"DEMO": True, "BIND_HOST": "127.0.0.1"}
START_OVER = "/accounts/demo/start-over/"


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    with django_db_blocker.unblock(), override_settings(**DEMO), transaction.atomic():
        demo_mark()
        before = make_campaign()
        visitor = Client(headers={"host": "localhost"})
        visitor.force_login(make_user("Somebody from last week"))
        answer = visitor.post(START_OVER)
        yield SimpleNamespace(campaign=Campaign.objects.get(), before=before.pk, answer=answer, visitor=visitor)
        transaction.set_rollback(True)


@pytest.fixture
def story(loaded: SimpleNamespace, settings: Any) -> Campaign:
    settings.DEMO, settings.BIND_HOST = True, "127.0.0.1"
    return loaded.campaign


def signed_in(role: str) -> Client:
    client = Client(headers={"host": "localhost"})
    person = TeamMember.objects.get(roles=[role]).user
    client.post("/accounts/demo/", {"person": person.pk})
    return client


# ---- what is there


def test_starting_over_leaves_nothing_of_before_and_signs_everybody_out(story: Campaign, loaded: Any) -> None:
    assert loaded.answer.url == "/accounts/demo/"
    assert story.pk > loaded.before, "an old link or task must find nothing"
    assert not User.objects.filter(name="Somebody from last week").exists()
    assert "_auth_user_id" not in loaded.visitor.session
    assert DemoMark.objects.exists()


def test_the_conference_is_ahead_and_pages_say_that_it_was_moved(story: Campaign) -> None:
    assert story.starts_on == timezone.now().date() + timedelta(days=36)
    assert (story.moved_from.isoformat() if story.moved_from else "") == "2017-12-10"
    page = Client(headers={"host": "localhost"}).get(f"/en/c/{story.slug}/").content.decode()
    assert "This demonstration moves a conference of December 2017 to" in page


def test_nothing_of_it_is_to_come(story: Campaign) -> None:
    """Each time was that of its own day, by both clocks: Python's and PostgreSQL's."""
    now = timezone.now()
    rows = [(SignOn, "confirmed_at"), (Message, "updated_at"), (AuditEvent, "at"), (SinkMail, "received_at"),
            (InboundMail, "received_at")]  # fmt: skip
    for model, name in rows:
        assert model._default_manager.aggregate(newest=Max(name))["newest"] < now, name
    days = {event.at.date() for event in AuditEvent.objects.all()}
    assert len(days) > 25
    letter = Message.objects.filter(kind="letter", state=MessageState.ACCEPTED).first()
    assert letter is not None
    assert letter.accepted_at is not None
    assert now - letter.accepted_at > timedelta(days=20)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = 'demo_clock'")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT abs(extract(epoch FROM statement_timestamp() - clock_timestamp())) < 60")
        assert cursor.fetchone() == (True,)


def test_the_log_holds_and_the_counts_are_right(story: Campaign) -> None:
    out = StringIO()
    call_command("verify_log", stdout=out)
    assert "0 not numbered yet, 0 findings" in out.getvalue()
    out = StringIO()
    call_command("recount_signatures", stdout=out)
    assert "The counts are right." in out.getvalue()


def test_a_letter_in_three_languages_is_open_with_sixty_organisations(story: Campaign) -> None:
    [call] = [call for call in SignOnCall.objects.all() if call.is_open()]
    assert set(call.offered_languages) == {"en", "fr", "es"}
    rows = SignOn.objects.filter(call=call)
    organisations = rows.filter(kind="organisation").confirmed()
    assert organisations.count() >= 55
    assert organisations.values("country").distinct().count() >= 45
    assert organisations.filter(country="ZZ").count() == 1
    assert {row.visibility for row in organisations} == set(SignOn.Visibility.values)
    assert rows.to_moderate().count() >= 5
    assert {"pending", "confirmed", "held", "rejected", "withdrawn"} <= set(rows.values_list("state", flat=True))
    names = "".join(row.org_name for row in organisations)
    assert set("绿សनΔሸ") <= set(names), "several scripts"


def test_an_earlier_letter_was_sent_and_answered(story: Campaign) -> None:
    states = Counter(Dispatch.objects.values_list("state", flat=True))
    assert states == {"finished": 1, "prepared": 1}
    letters = Message.objects.filter(kind="letter")
    assert set(letters.values_list("state", flat=True)) == {"accepted", "refused", "bounced"}
    kinds = Counter(InboundMail.objects.values_list("kind", flat=True))
    assert kinds == {"reply": 4, "auto_reply": 1, "acknowledgement": 1, "bounce": 1, "delay": 1}
    assert Reply.objects.filter(kind="reply").count() == 4
    assert ReplyPosition.objects.count() == 3
    assert Position.objects.filter(member__code="UG").latest("on").stance == "opposes"
    assert Touch.objects.count() == 1
    assert FollowUp.objects.filter(due_on=timezone.now().date()).count() == 1
    assert Letter.objects.filter(versions=None).count() == 2


def test_nobody_in_it_is_real_and_no_mail_waits(story: Campaign) -> None:
    addresses = [
        *User.objects.values_list("email", flat=True),
        *(row.address for row in RecipientAddress.objects.all()),
        *(row.email for row in SignOn.objects.all()),
    ]
    assert all(address.endswith(".example") for address in addresses)
    assert not Message.objects.filter(state__in=[MessageState.QUEUED, MessageState.IN_DOUBT]).exists()


# ---- every page of it

PUBLIC = (
    "", "letters/1/", "letters/2/", "reasons/", "reasons/7/", "sources/", "glossary/", "timeline/", "signatories/",
    "signatures/log/", "corrections/", "privacy/",
)  # fmt: skip
STAFF = (
    "dashboard:overview", "dashboard:governments", "dashboard:governments_map", "dashboard:audit", "letters:index",
    "evidence:index", "sign_on:index", "outreach:index", "outreach:contacts", "outreach:inbox", "outreach:follow_ups",
    "team:index", "demo:tour",
)  # fmt: skip


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_visitors_can_open_every_page(story: Campaign, language: str) -> None:
    visitor = Client(headers={"host": "localhost"})
    answers = {part: visitor.get(f"/{language}/c/{story.slug}/{part}").status_code for part in PUBLIC}
    assert set(answers.values()) == {200}, answers


@pytest.mark.parametrize("role", Role.values)
def test_each_role_can_open_its_pages_and_its_stop_of_the_tour(story: Campaign, role: str) -> None:
    client = signed_in(role)
    pages = [reverse(name, args=[story.slug]) for name in STAFF]
    pages += [stop.url for stop in tour_stops(story) if stop.role == role]
    pages += [reverse("dashboard:government", args=[story.slug, code]) for code in ("ZA", "GH")]
    answers = {page: client.get(page).status_code for page in pages}
    assert set(answers.values()) == {200}, answers


def test_the_card_is_shown_until_it_is_closed_and_found_again(story: Campaign) -> None:
    client = signed_in("drafter")
    overview = reverse("dashboard:overview", args=[story.slug])
    assert "First steps: Drafter" in client.get(overview).content.decode()
    assert client.get(reverse("demo:tour_close", args=[story.slug])).status_code == 405
    assert client.post(reverse("demo:tour_close", args=[story.slug])).url == overview
    assert "First steps" not in client.get(overview).content.decode()
    assert "First steps: Reviewer" in signed_in("reviewer").get(overview).content.decode()
    tour = client.get(reverse("demo:tour", args=[story.slug])).content.decode()
    assert "A draft is yours" in tour
    for stop in tour_stops(story):  # another person's begins with their place, whether they closed their card or not
        assert stop.role == "drafter" or f'/accounts/demo/?next={stop.url}"' in tour


# ---- and nowhere else


def test_loading_again_changes_nothing(story: Campaign) -> None:
    """As a second `make run` does after the files have changed."""
    unchanged = tables_as_text(without=frozenset({"core_auditevent"}))
    call_command("load_campaign", str(MC11), stdout=StringIO())
    call_command("load_demo_cast", str(MC11 / "demo"), stdout=StringIO())
    assert tables_as_text(without=frozenset({"core_auditevent"})) == unchanged
    with pytest.raises(DemoInUse):
        demonstration_load(folder=MC11)


def test_a_dump_has_the_real_dates(story: Campaign, tmp_path: Any) -> None:
    call_command("dump_campaign", "mc11", str(tmp_path / "dump"), stdout=StringIO())
    assert "starts_on: 2017-12-10" in (tmp_path / "dump" / "campaign.yaml").read_text()


def test_opening_the_page_only_says_what_would_be_lost(story: Campaign) -> None:
    page = Client(headers={"host": "localhost"}).get(START_OVER).content.decode()
    assert "Delete everything and start over" in page
    assert Letter.objects.count() == 4


def test_a_deadlock_with_a_worker_is_tried_again(story: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    def meets_a_worker() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError from DeadlockDetected()

    monkeypatch.setattr(demonstration, "_tables_empty", meets_a_worker)
    monkeypatch.setattr(demonstration, "_fill", lambda folder, files: "loaded")
    assert demonstration_start_over(folder=MC11) == "loaded"
    assert len(tries) == 3


def test_it_is_refused_outside_a_demo(story: Campaign, settings: Any) -> None:
    client = Client(headers={"host": "localhost"})
    assert client.post(START_OVER, REMOTE_ADDR="192.0.2.7").status_code == 404
    settings.POSTBOX = {**settings.POSTBOX, "MODE": "live"}
    assert client.post(START_OVER).status_code == 404
    with pytest.raises(NotADemo):
        demonstration_start_over(folder=MC11)
    settings.POSTBOX = {**settings.POSTBOX, "MODE": "sink"}
    settings.DEMO = False
    with pytest.raises(CommandError, match="This is not a demonstration"):
        call_command("load_demo", "--start-over")
    settings.DEMO = True
    DemoMark.objects.all().delete()
    with pytest.raises(NotADemo):
        demonstration_start_over(folder=MC11)
    assert Letter.objects.count() == 4
