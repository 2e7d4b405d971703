"""Who must act is told by mail: once, at once or together once a day, as they chose, and only while it waits."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.campaigns.models import Campaign, Notice, NoticeChoice, TeamMember
from apps.campaigns.roles import Role
from apps.campaigns.services import notices
from apps.campaigns.services.notices import notice_choices_save, notices_send
from apps.campaigns.templatetags.campaigns import staff_navigation
from apps.core.registries import action_sources
from apps.governments.models import RecipientAddress
from apps.governments.services.addresses import address_add
from apps.outreach.models import Delivery, Dispatch
from apps.outreach.services.authorisation import dispatch_authorise
from apps.outreach.services.deliveries import dispatches_advance
from apps.outreach.services.preparation import dispatch_prepare
from apps.postbox.models import InboundMail, Message, RecipientDomain
from apps.postbox.services.composing import ContentGone, message_compose
from apps.postbox.services.inbound import Arrival, mails_receive
from apps.postbox.services.kill_switch import switch_kill, switch_release
from apps.postbox.services.transitions import event_record
from tests.factories import add_team_member, html_of, make_campaign, make_member, make_user
from tests.factories.concurrency import at_once
from tests.factories.governments import make_recipient
from tests.factories.letters import make_version
from tests.factories.outreach import move_messages
from tests.factories.postbox import change_all
from tests.factories.signing import make_call

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def dispatch(campaign: Campaign, cast: Any) -> Dispatch:
    """Prepared by the coordinator: of the cast, only the sender may authorise it."""
    kenya = make_member("KE", "Kenya")
    make_recipient(campaign, kenya, "Minister", "minister@trade-ke.example")
    version = make_version(campaign, cast, kenya)
    make_call(version, cast, moderated=False)
    return dispatch_prepare(version=version, actor=cast.coordinator)


@pytest.fixture(params=["bounced"])
def returned(dispatch: Dispatch, cast: Any, request: pytest.FixtureRequest) -> Delivery:
    """The letter, which came back."""
    dispatch_authorise(dispatch=dispatch, actor=cast.sender, typed_count=1, plan=dispatch.plan)
    dispatches_advance()
    letter = Message.objects.filter(kind="letter")
    move_messages(letter, request.param)
    change_all(letter, updated_at=timezone.now())
    return Delivery.objects.get()


def told(after: int = 0) -> list[tuple[str, str]]:
    """(address, subject) of the mails to the team, as they would leave now."""
    found = []
    for message in Message.objects.filter(kind="notice").order_by("created_at")[after:]:
        message_compose(message=message)
        found.append((message.to_address, message.subject))
    return found


def test_who_may_authorise_is_told_at_once_and_not_who_prepared(dispatch: Dispatch, cast: Any) -> None:
    night = datetime(2026, 5, 4, 2, tzinfo=UTC)
    assert notices_send(now=night) == 1
    assert notices_send(now=night + timedelta(minutes=1)) == 0
    assert told() == [(cast.sender.email, "1 mailing waits for a second person")]
    message = Message.objects.get(kind="notice")
    message_compose(message=message)
    assert reverse("outreach:dispatch", args=[dispatch.campaign.slug, dispatch.pk]) in message.text_body
    assert "Kenya" not in message.text_body
    assert "minister@" not in message.text_body
    assert reverse("accounts:notices") in message.text_body


def test_a_mail_about_what_was_done_meanwhile_is_not_sent(dispatch: Dispatch, cast: Any) -> None:
    notices_send(now=NOON)
    dispatch_authorise(dispatch=dispatch, actor=cast.sender, typed_count=1, plan=dispatch.plan)
    with pytest.raises(ContentGone):
        told()
    notices_send(now=NOON + timedelta(minutes=1))
    assert not Notice.objects.filter(source="mailings_to_authorise").exists(), "what waits again is news again"


def test_who_left_the_team_meanwhile_gets_nothing(dispatch: Dispatch, cast: Any) -> None:
    notices_send(now=NOON)
    TeamMember.objects.filter(user=cast.sender).update(state="ended")
    with pytest.raises(ContentGone):
        told()


def test_slow_things_come_together_once_on_each_day_of_the_reader(returned: Delivery, cast: Any) -> None:
    RecipientAddress.objects.update(health="bounced", bounced_at=timezone.now())
    cast.sender.time_zone = "America/Los_Angeles"  # five in the morning
    cast.sender.save()
    assert notices_send(now=NOON) == 2
    assert {address for address, _subject in told()} == {cast.coordinator.email, cast.data_officer.email}
    assert {subject for _address, subject in told()} == {"2 things wait for you"}
    assert notices_send(now=NOON + timedelta(hours=3)) == 1
    assert notices_send(now=NOON + timedelta(days=1)) == 0, "nothing new"
    other = make_recipient(returned.dispatch.campaign, returned.member, "Ambassador", "gone@mission-ke.example")
    other.addresses.update(health="bounced", bounced_at=timezone.now())
    assert notices_send(now=NOON + timedelta(hours=1)) == 0, "the mail of this day has left"
    assert notices_send(now=NOON + timedelta(days=1, hours=4)) == 3
    assert notices_send(now=NOON + timedelta(days=8, hours=4)) == 3, "after a week once more"


def test_one_mail_a_day_for_all_campaigns_of_a_person(returned: Delivery, cast: Any) -> None:
    second = make_campaign("mc12")
    add_team_member(cast.data_officer, second, Role.DATA_OFFICER)
    uganda = make_member("UG", "Uganda")
    make_recipient(second, uganda, "Minister", "minister@trade-ug.example").addresses.update(
        health="bounced", bounced_at=timezone.now()
    )
    notices_send(now=NOON)
    [message] = [row for row in Message.objects.filter(kind="notice") if row.to_address == cast.data_officer.email]
    message_compose(message=message)
    assert "/work/mc11/" in message.text_body
    assert "/work/mc12/" in message.text_body


@pytest.mark.django_db(transaction=True)
def test_of_two_beats_at_once_one_tells(dispatch: Dispatch, returned: Delivery) -> None:
    results = at_once(*[lambda: notices_send(now=NOON)] * 3)
    assert sum(results) == Message.objects.filter(kind="notice").count() == 3
    assert notices_send(now=NOON) == 0


def test_a_worker_that_dies_has_told_nothing_and_the_next_one_tells(
    dispatch: Dispatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(notices, "message_queue_composed", _die)
        with pytest.raises(KeyboardInterrupt):
            notices_send(now=NOON)
    assert not Notice.objects.exists()
    assert notices_send(now=NOON) == 1


def _die(**_values: object) -> None:
    raise KeyboardInterrupt


def test_a_fault_at_one_person_keeps_no_mail_from_the_others(
    returned: Delivery, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = notices.message_queue_composed

    def fails_for_one(**values: Any) -> Message:
        if values["to_address"] == cast.coordinator.email:
            raise ValueError
        return whole(**values)

    monkeypatch.setattr(notices, "message_queue_composed", fails_for_one)
    assert notices_send(now=NOON) == 2
    assert not Notice.objects.filter(user=cast.coordinator).exists()


def test_each_is_told_in_their_language(dispatch: Dispatch, cast: Any) -> None:
    cast.sender.language = "ar"
    cast.sender.save()
    notices_send(now=NOON)
    message = Message.objects.get(kind="notice")
    message_compose(message=message)
    assert message.language == "ar"


def test_a_thrown_switch_is_told_and_its_end(campaign: Campaign, cast: Any) -> None:
    operator = make_user("Oti Mensah", is_superuser=True)
    other = make_user("Lea Haim", is_superuser=True)
    switch_kill(actor=operator, reason="Wrong list")
    assert notices_send() == 3
    subjects = dict(told())
    assert set(subjects) == {other.email, cast.coordinator.email, cast.sender.email}, "not who did it"
    assert set(subjects.values()) == {"All sending is stopped"}
    switch_release(actor=other)
    with pytest.raises(ContentGone):
        told()
    assert notices_send() == 3
    assert set(dict(told(after=3))) == {operator.email, cast.coordinator.email, cast.sender.email}
    assert notices_send() == 0


def test_an_answer_that_was_too_large_leads_to_its_letter(returned: Delivery, cast: Any) -> None:
    assert returned.message is not None
    event_record(message=returned.message, kind="too_large", provider_id="too_large:1")
    notice_choices_save(user=cast.data_officer, timings={"answers_too_large": "now", "letters_returned": "never"})
    assert notices_send(now=datetime(2026, 5, 4, 2, tzinfo=UTC)) == 1
    message = Message.objects.get(kind="notice")
    message_compose(message=message)
    assert message.subject == "1 email to the campaign was too large to receive"
    letter = [returned.dispatch.campaign.slug, returned.dispatch_id, returned.pk]
    assert reverse("outreach:delivery", args=letter) in message.text_body


def test_operators_are_told_of_the_postbox(campaign: Campaign) -> None:
    operator = make_user("Oti Mensah", is_superuser=True)
    InboundMail.objects.create(sha256="a" * 64, raw=b"", kind="unknown", size=0)
    InboundMail.objects.create(sha256="b" * 64, raw=b"", kind="delay", size=0)
    RecipientDomain.objects.create(key="d" * 32, name="slow.example", opened_at=timezone.now())
    noon = timezone.now().replace(hour=12)
    assert notices_send(now=noon) == 1
    message = Message.objects.get(kind="notice")
    message_compose(message=message)
    assert message.to_address == operator.email
    assert "Email to 1 domain is held back after failures" in message.text_body
    assert "1 email that came in matches no letter" in message.text_body
    assert "slow.example" not in message.text_body


@pytest.mark.parametrize("returned", ["bounced", "refused", "expired"], indirect=True)
def test_each_chooses_what_and_when_on_a_page(
    dispatch: Dispatch, returned: Delivery, cast: Any, signed_in: Any
) -> None:
    client: Client = signed_in(cast.data_officer)
    page = html_of(client.get(reverse("accounts:notices")))
    assert "Signatures wait for a check" in page
    assert "A mailing waits for your authorisation" not in page, "only what they may act on"
    typed = {"signatures": "never", "letters_returned": "now", "addresses_dead": "daily", "answers": "never"}
    typed |= dict.fromkeys(
        ("corrections", "answers_too_large", "exports_waiting", "exports_ready", "review_comments"), "never"
    )
    wrong = client.post(reverse("accounts:notices"), {**typed, "answers": "hourly"})
    assert wrong.status_code == 400
    assert not NoticeChoice.objects.exists()
    assert client.post(reverse("accounts:notices"), typed).status_code == 302
    night = datetime(2026, 5, 4, 2, tzinfo=UTC)
    assert notices_send(now=night) == 1
    assert told() == [(cast.data_officer.email, "1 letter was not delivered")]
    notice_choices_save(user=cast.data_officer, timings={"letters_returned": "never"})
    Notice.objects.all().delete()
    assert notices_send(now=night) == 0


def test_who_switched_all_of_it_off_gets_none(dispatch: Dispatch, cast: Any, signed_in: Any) -> None:
    typed = {"name": "Tomás Rivas", "language": "en", "time_zone": "UTC"}
    assert signed_in(cast.sender).post(reverse("accounts:profile"), typed).status_code == 302
    assert notices_send(now=NOON) == 0


def test_the_number_in_the_navigation_is_what_the_reader_may_act_on(
    dispatch: Dispatch, cast: Any, signed_in: Any
) -> None:
    page = reverse("outreach:index", args=[dispatch.campaign.slug])
    assert "(1 waits)" in html_of(signed_in(cast.sender).get(page))
    for other in (cast.coordinator, cast.observer):
        assert "(1 waits)" not in html_of(signed_in(other).get(page))


def numbers(client: Client, campaign: Campaign) -> dict[str, int]:
    """The numbers that the navigation shows, by section."""
    answer = client.get(reverse("outreach:index", args=[campaign.slug]))
    sections = staff_navigation({"request": answer.wsgi_request})  # type: ignore[arg-type]
    return {section.key: section.waiting for section in sections if section.waiting}


def test_dead_addresses_count_until_their_recipient_has_another(returned: Delivery, cast: Any, signed_in: Any) -> None:
    RecipientAddress.objects.update(health="bounced", bounced_at=timezone.now())
    campaign, officer = returned.dispatch.campaign, signed_in(cast.data_officer)
    directory = reverse("dashboard:governments", args=[campaign.slug]) + "?recipients=bounced"
    assert numbers(officer, campaign) == {"governments": 1}
    assert numbers(signed_in(cast.observer), campaign) == {}
    assert len(officer.get(directory).context["directory"].lines) == 1
    address_add(recipient=returned.recipient, address="new.minister@trade-ke.example", actor=None)
    assert numbers(officer, campaign) == {}
    assert officer.get(directory).context["directory"].lines == []


def test_a_new_answer_counts_until_somebody_looks_after_it(returned: Delivery, cast: Any, signed_in: Any) -> None:
    """Not for those who read answers and look after none."""
    campaign, message = returned.dispatch.campaign, Message.objects.get(kind="letter")
    raw = f"From: desk@trade-ke.example\r\nIn-Reply-To: {message.message_id}\r\n\r\nWe refuse.".encode()
    mails_receive(arrivals=[Arrival("desk@trade-ke.example", message.reply_to, raw)], sink=True)
    sender = signed_in(cast.sender)
    assert numbers(sender, campaign) == {"outreach": 1}
    assert numbers(signed_in(cast.data_officer), campaign) == {}
    assert "Nobody looks after 1 of them" in html_of(sender.get(reverse("dashboard:overview", args=[campaign.slug])))
    sort = reverse("outreach:mail_sort", args=[campaign.slug, InboundMail.objects.get().pk])
    assert sender.post(sort, {"assignee": cast.sender.pk, "label": "answer"}).status_code == 302
    assert numbers(sender, campaign) == {}


def test_a_stop_of_all_sending_counts_and_is_on_the_page_of_mailings(
    campaign: Campaign, cast: Any, signed_in: Any
) -> None:
    switch_kill(actor=None, reason="Wrong list")
    operator = make_user("Op Erator", is_superuser=True)
    add_team_member(operator, campaign, Role.OBSERVER)
    page, switch = reverse("outreach:index", args=[campaign.slug]), reverse("postbox:switch")
    for person, way in ((cast.sender, False), (operator, True)):
        assert numbers(signed_in(person), campaign) == {"outreach": 1}
        shown = html_of(signed_in(person).get(page))
        assert "Wrong list" in shown
        assert (switch in shown) is way
    assert numbers(signed_in(cast.observer), campaign) == {}
    switch_release(actor=None)
    assert "Wrong list" not in html_of(signed_in(cast.sender).get(page))
    assert numbers(signed_in(operator), campaign) == {}


def test_names_of_sources_fit_the_columns_that_keep_them() -> None:
    longest = NoticeChoice._meta.get_field("source").max_length
    assert all(len(name) <= longest for name in action_sources)
