"""From an authorised dispatch to letters in the queue: each recipient once, whatever is killed or run twice."""

import email
import email.policy
import re
import threading
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from apps.coalitions.services.calls import names_hide
from apps.coalitions.services.signer_changes import sign_on_withdraw
from apps.coalitions.services.signer_mails import mail_send
from apps.core.models import AuditEvent
from apps.core.registries import mail_sources
from apps.governments.models import RecipientAddress
from apps.governments.services.addresses import address_add
from apps.outreach.letter_rendering import dispatch_enclosure
from apps.outreach.models import Delivery, Dispatch, Exclusion
from apps.outreach.services import deliveries
from apps.outreach.services.authorisation import dispatch_authorise
from apps.outreach.services.cancellation import dispatch_cancel
from apps.outreach.services.deliveries import dispatches_advance
from apps.outreach.services.exceptions import DispatchClosed
from apps.outreach.services.preparation import dispatch_prepare, dispatch_test_send
from apps.outreach.tasks import advance
from apps.postbox.models import Message, MessageState
from apps.postbox.services.queue import message_queue
from apps.postbox.services.send_worker import messages_deliver
from apps.postbox.transports.mime import mail_bytes
from tests.factories import make_member
from tests.factories.governments import make_recipient
from tests.factories.letters import make_version
from tests.factories.outreach import move_messages
from tests.factories.signing import make_call, make_sign_on

pytestmark = pytest.mark.django_db


def test_every_recipient_gets_one_letter_with_the_frozen_list(version, recipients, signed, authorised):
    dispatch = authorised(version)
    assert dispatches_advance() is False
    messages = list(Message.objects.filter(kind="letter"))
    assert len(messages) == 2
    for delivery in dispatch.deliveries.select_related("message", "pdf"):
        message = delivery.message
        letter = dispatch.letter_id
        assert message.once_key == f"letter:{letter}:recipient:{delivery.recipient_id}"
        assert message.address_key == f"letter:{letter}:address:{delivery.address.address_hash}"
        assert message.authorisation == f"dispatch:{dispatch.pk}"
        assert message.policy == "once"
        assert message.to_address == delivery.address.address
        assert dispatch.sender_address in message.from_header
        assert message.reply_to.startswith("reply+")
        assert message.expires_at == dispatch.expires_at
        assert "Excellency" in message.text_body
        assert "signed by 3 organisations" in " ".join(message.text_body.split())
        assert "Kenya" in message.html_body
        [attached] = message.attachments.all()
        assert attached.filename == "mc11-letter-1-kenya.pdf"
        assert bytes(attached.blob.content).startswith(b"%PDF")
        assert delivery.pdf_id == attached.blob_id


def test_drain_makes_and_sends_them_without_worker_beat_and_redis(
    version, recipients, authorised, inbox, settings, monkeypatch
):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    monkeypatch.setitem(mail_sources, "broken", lambda: 1 / 0)
    monkeypatch.setitem(mail_sources, "outreach.letters", lambda: dispatches_advance(limit=1))
    dispatch = authorised(version)
    call_command("drain")
    assert set(dispatch.deliveries.values_list("message__state", flat=True)) == {"accepted", "refused"}


def test_one_number_in_the_letter_and_on_its_list(version, recipients, signed, call, authorised):
    dispatch = authorised(version)
    make_sign_on(call, "Too Late Union")
    dispatches_advance()
    text = " ".join(dispatch.deliveries.first().message.text_body.split())
    assert "signed by 3 organisations" in text
    assert "4 organisations" not in text
    assert dispatch.annex.counts["organisations"] == 3


def test_running_again_changes_nothing(version, recipients, authorised):
    authorised(version)
    dispatches_advance()
    before = set(Message.objects.values_list("pk", flat=True))
    for _ in range(3):
        dispatches_advance()
    assert set(Message.objects.values_list("pk", flat=True)) == before


def test_work_is_bounded_and_the_task_asks_for_another_round(campaign, cast, kenya, authorised, monkeypatch):
    for number in range(5):
        make_recipient(campaign, kenya, f"Minister {number}", f"m{number}@ke.example")
    authorised(make_version(campaign, cast, kenya))
    assert dispatches_advance(limit=2) is True
    assert Message.objects.count() == 2
    assert dispatches_advance(limit=2) is True
    assert dispatches_advance(limit=2) is False
    assert Message.objects.count() == 5
    advance()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("die_at", [0, 1, 2])
def test_killed_half_way_and_resumed_each_has_exactly_one(campaign, cast, kenya, authorised, monkeypatch, die_at):
    for number in range(4):
        make_recipient(campaign, kenya, f"Minister {number}", f"m{number}@ke.example")
    authorised(make_version(campaign, cast, kenya))
    calls = iter(range(100))

    def mortal(**values: Any) -> Message:
        turn = next(calls)
        message = message_queue(**values)
        if turn == die_at:
            raise SystemExit("killed after the message was made, before the commit")
        return message

    monkeypatch.setattr(deliveries, "message_queue", mortal)
    with pytest.raises(SystemExit):
        dispatches_advance()
    assert Message.objects.count() == die_at
    dispatches_advance()
    assert Message.objects.count() == 4
    assert Delivery.objects.filter(message=None).count() == 0
    assert len(set(Delivery.objects.values_list("message_id", flat=True))) == 4


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_time_make_each_letter_once(campaign, cast, kenya, authorised):
    for number in range(6):
        make_recipient(campaign, kenya, f"Minister {number}", f"m{number}@ke.example")
    authorised(make_version(campaign, cast, kenya))
    start, errors = threading.Barrier(3), []

    def work() -> None:
        try:
            start.wait(timeout=60)
            dispatches_advance()
        except Exception as error:  # noqa: BLE001  # told to the test
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    dispatches_advance()
    assert not errors
    assert Message.objects.count() == 6
    assert not Exclusion.objects.exists()
    assert not Delivery.objects.filter(message=None).exists()


def test_one_letter_that_cannot_be_made_does_not_hold_up_the_others(campaign, cast, kenya, authorised, monkeypatch):
    for number in range(3):
        make_recipient(campaign, kenya, f"Minister {number}", f"m{number}@ke.example")
    dispatch = authorised(make_version(campaign, cast, kenya))
    broken = dispatch.deliveries.first().pk

    def sometimes(delivery: Delivery, enclosure: Any, **options: Any) -> Any:
        if delivery.pk == broken:
            raise RuntimeError("the renderer fell over")
        return real(delivery, enclosure, **options)

    real = deliveries.render_letter
    monkeypatch.setattr(deliveries, "render_letter", sometimes)
    dispatches_advance()
    assert Message.objects.count() == 2
    dispatch.refresh_from_db()
    assert dispatch.state == Dispatch.State.AUTHORISED
    monkeypatch.setattr(deliveries, "render_letter", real)
    dispatches_advance()
    assert Message.objects.count() == 3


def test_a_second_dispatch_cannot_repeat_a_letter(version, recipients, cast, authorised):
    first, second = (
        dispatch_prepare(version=version, actor=cast.coordinator),
        dispatch_prepare(version=version, actor=cast.coordinator),
    )
    for dispatch in (first, second):  # both were computed before anything left
        dispatch_authorise(dispatch=dispatch, actor=cast.sender, typed_count=2, plan=dispatch.plan)
    dispatches_advance()
    assert Message.objects.filter(kind="letter").count() == 2
    assert first.deliveries.count() == 2
    assert second.deliveries.count() == 0
    assert {row.reason for row in second.exclusions.all()} == {"already_sent"}
    third = dispatch_prepare(version=version, actor=cast.coordinator)
    assert third.deliveries.count() == 0
    assert third.exclusions.filter(reason="already_sent").count() == 2


def test_two_recipients_at_one_address_get_one_letter(campaign, cast, kenya, authorised):
    make_recipient(campaign, kenya, "Minister", "office@ke.example")
    first = authorised(make_version(campaign, cast, kenya))
    dispatches_advance()
    make_recipient(campaign, kenya, "Adviser", "Office@KE.example")
    again = dispatch_prepare(version=first.version, actor=cast.coordinator)
    assert again.deliveries.count() == 0
    assert again.exclusions.get(recipient__post="Adviser").reason == "already_sent"


def test_the_database_guards_the_address_where_the_dry_run_did_not(campaign, cast, kenya, authorised):
    minister = make_recipient(campaign, kenya, "Minister", "minister@ke.example")
    adviser = make_recipient(campaign, kenya, "Adviser", "adviser@ke.example")
    dispatch = authorised(make_version(campaign, cast, kenya))
    shared = minister.addresses.get()
    RecipientAddress.objects.filter(recipient=adviser).update(address_hash=shared.address_hash, address="x@ke.example")
    dispatches_advance()
    assert Message.objects.filter(kind="letter").count() == 1
    assert dispatch.exclusions.get().reason == "already_sent"


def test_another_letter_may_go_to_the_same_people(version, recipients, campaign, cast, kenya, authorised):
    authorised(version)
    authorised(make_version(campaign, cast, kenya, title="A second letter"))
    dispatches_advance()
    assert Message.objects.filter(kind="letter").count() == 4


def test_what_changed_between_authorising_and_making(version, recipients, authorised):
    dispatch = authorised(version)
    recipients.mission.addresses.update(health=RecipientAddress.Health.BOUNCED)
    recipients.cabinet.salutation = {"en": "Somebody else"}
    recipients.cabinet.save()
    dispatches_advance()
    [left] = dispatch.deliveries.all()
    assert left.recipient == recipients.cabinet
    assert "Excellency" in left.message.text_body, "what was authorised leaves, not what was typed since"
    assert dispatch.exclusions.get().reason == "bounced"
    assert AuditEvent.objects.filter(verb="delivery.leave_out").count() == 1


def test_an_address_no_mail_can_be_made_for_is_left_out_with_the_reason(version, recipients, authorised):
    dispatch = authorised(version)
    recipients.mission.addresses.update(address="no address at all")
    dispatches_advance()
    assert dispatch.exclusions.get().reason == "no_mail"
    assert dispatch.deliveries.get().message is not None


def test_finished_when_every_letter_has_its_fate(version, recipients, authorised, inbox):
    dispatch = authorised(version)
    dispatches_advance()
    dispatch.refresh_from_db()
    assert dispatch.state == Dispatch.State.AUTHORISED
    messages_deliver()
    dispatches_advance()
    dispatch.refresh_from_db()
    assert dispatch.state == Dispatch.State.FINISHED
    assert dispatch.ended_at
    assert sorted(row.message.state for row in dispatch.deliveries.all()) == ["accepted", "refused"]


def test_a_letter_in_doubt_keeps_the_dispatch_open(version, recipients, authorised):
    dispatch = authorised(version)
    dispatches_advance()
    put(dispatch, MessageState.IN_DOUBT)
    dispatches_advance()
    dispatch.refresh_from_db()
    assert dispatch.state == Dispatch.State.AUTHORISED


def put(dispatch: Dispatch, *states: str) -> None:
    """Walk the letters' messages to these states, by the ways the database allows."""
    wanted = list(states) * (2 if len(states) == 1 else 1)
    for delivery, state in zip(dispatch.deliveries.order_by("pk"), wanted, strict=True):
        move_messages(Message.objects.filter(pk=delivery.message_id), state)


def test_cancelling_stops_what_has_not_left_and_says_how_many(version, recipients, authorised, cast):
    dispatch = authorised(version)
    dispatches_advance()
    put(dispatch, "accepted", "queued")
    stopped = dispatch_cancel(dispatch=dispatch, actor=cast.coordinator)
    assert (stopped.left, stopped.underway, stopped.kept) == (1, 0, 1)
    assert sorted(row.message.state for row in dispatch.deliveries.all()) == ["accepted", "cancelled"]
    with pytest.raises(DispatchClosed):
        dispatch_cancel(dispatch=dispatch, actor=cast.coordinator)


def test_cancelled_before_the_letters_were_made_makes_none(version, recipients, authorised, cast):
    dispatch = authorised(version)
    stopped = dispatch_cancel(dispatch=dispatch, actor=cast.coordinator)
    assert stopped.kept == 2
    dispatches_advance()
    assert not Message.objects.exists()
    again = dispatch_prepare(version=version, actor=cast.coordinator)
    assert again.deliveries.count() == 2, "what never left may be sent later"


def test_what_was_cancelled_may_be_sent_by_another_dispatch(version, recipients, authorised, cast):
    dispatch = authorised(version)
    dispatches_advance()
    dispatch_cancel(dispatch=dispatch, actor=cast.coordinator)
    authorised(version)
    dispatches_advance()
    assert Message.objects.filter(state="queued").count() == 2


@pytest.mark.django_db(transaction=True)
def test_cancelling_while_a_worker_makes_a_letter_finds_its_message(campaign, cast, kenya, authorised, monkeypatch):
    make_recipient(campaign, kenya, "Minister", "m@ke.example")
    dispatch = authorised(make_version(campaign, cast, kenya))
    rendering, go_on, errors = threading.Event(), threading.Event(), []
    real = deliveries.render_letter

    def slow(delivery: Delivery, enclosure: Any, **options: Any) -> Any:
        rendering.set()
        go_on.wait(timeout=60)
        return real(delivery, enclosure, **options)

    monkeypatch.setattr(deliveries, "render_letter", slow)

    def run(act: Any) -> threading.Thread:
        def guarded() -> None:
            try:
                act()
            except Exception as error:  # noqa: BLE001  # told to the test
                errors.append(error)
            finally:
                connection.close()

        thread = threading.Thread(target=guarded)
        thread.start()
        return thread

    worker = run(dispatches_advance)
    assert rendering.wait(timeout=60)
    canceller = run(lambda: dispatch_cancel(dispatch=dispatch, actor=cast.coordinator))
    canceller.join(timeout=0.3)
    assert canceller.is_alive(), "cancelling waits for the letter that is being made"
    go_on.set()
    worker.join(timeout=120)
    canceller.join(timeout=120)
    assert not errors
    assert Message.objects.get().state == "cancelled"
    dispatch.refresh_from_db()
    assert dispatch.state == Dispatch.State.CANCELLED


def test_not_begun_in_time_it_expires_and_its_letters_never_leave(version, recipients, authorised):
    dispatch = authorised(version)
    dispatches_advance()
    Dispatch.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    dispatches_advance()
    dispatch.refresh_from_db()
    assert dispatch.state == Dispatch.State.EXPIRED
    assert {row.message.state for row in dispatch.deliveries.all()} == {"cancelled"}


def test_begun_in_time_it_goes_on_but_what_is_not_ready_is_left_out(version, recipients, authorised):
    dispatch = authorised(version)
    dispatches_advance(limit=1)
    move_messages(Message.objects.all(), "accepted")
    Dispatch.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    dispatches_advance()
    dispatch.refresh_from_db()
    assert dispatch.state == Dispatch.State.FINISHED
    assert Message.objects.count() == 1
    assert dispatch.exclusions.get().reason == "expired"


@pytest.mark.parametrize("made_before", [True, False])
def test_a_withdrawal_before_the_first_letter_pauses_for_a_new_list(
    version, recipients, signed, authorised, cast, made_before
):
    dispatch = authorised(version)
    if made_before:
        dispatches_advance()
    sign_on_withdraw(sign_on=signed.public)
    dispatches_advance()
    dispatch.refresh_from_db()
    assert dispatch.state == Dispatch.State.PREPARED
    assert dispatch.paused_at
    assert dispatch.pause_reason == "list_changed", "a code: each reader's language is chosen when it is shown"
    assert "withdrawn" in dispatch.get_pause_reason_display()
    assert dispatch.authorised_by is None
    assert not Message.objects.exclude(state="cancelled").exists()
    old = AuditEvent.objects.get(verb="dispatch.pause").data["annex"]

    again = dispatch_authorise(dispatch=dispatch, actor=cast.sender, typed_count=2, plan=dispatch.plan)
    assert again.annex_id != old
    assert again.paused_at is None
    dispatches_advance()
    texts = [" ".join(row.message.text_body.split()) for row in again.deliveries.all()]
    assert len(texts) == 2
    assert all("signed by 2 organisations" in text for text in texts)


def test_hiding_all_names_pauses_too(version, recipients, signed, call, authorised, cast):
    dispatch = authorised(version)
    dispatches_advance()
    names_hide(call=call, actor=cast.coordinator)
    dispatches_advance()
    dispatch.refresh_from_db()
    assert dispatch.state == Dispatch.State.PREPARED


def test_a_withdrawal_after_the_first_letter_does_not_stop_the_others(version, recipients, signed, authorised):
    dispatch = authorised(version)
    dispatches_advance(limit=1)
    move_messages(Message.objects.all(), "final")
    sign_on_withdraw(sign_on=signed.public)
    dispatches_advance()
    dispatch.refresh_from_db()
    assert dispatch.state == Dispatch.State.AUTHORISED
    assert Message.objects.count() == 2


def test_while_one_letter_is_being_handed_over_it_does_not_pause_by_halves(version, recipients, signed, authorised):
    dispatch = authorised(version)
    dispatches_advance()
    put(dispatch, "claimed", "queued")
    sign_on_withdraw(sign_on=signed.public)
    dispatches_advance()
    dispatch.refresh_from_db()
    assert dispatch.state == Dispatch.State.AUTHORISED
    assert sorted(Message.objects.values_list("state", flat=True)) == ["claimed", "queued"]
    Message.objects.filter(state="claimed").update(state="queued", lease_until=None)
    dispatches_advance()
    dispatch.refresh_from_db()
    assert dispatch.state == Dispatch.State.PREPARED


def test_a_test_is_the_very_letter_to_oneself_and_repeatable(version, recipients, signed, cast):
    dispatch = dispatch_prepare(version=version, actor=cast.coordinator)
    delivery = dispatch.deliveries.get(recipient=recipients.cabinet)
    for _ in range(2):
        dispatch_test_send(dispatch=dispatch, actor=cast.sender, delivery=delivery)
    tests = list(Message.objects.all())
    assert [message.kind for message in tests] == ["test", "test"]
    assert {message.to_address for message in tests} == {cast.sender.email}
    assert {message.policy for message in tests} == {"repeatable"}
    assert tests[0].subject == "[Test] No new rules on electronic commerce"
    dispatch.refresh_from_db()
    assert dispatch.tested_at
    assert dispatch_prepare(version=version, actor=cast.coordinator).deliveries.count() == 2, "a test uses up nothing"

    dispatch_authorise(dispatch=dispatch, actor=cast.sender, typed_count=2, plan=dispatch.plan)
    dispatches_advance()
    sent = dispatch.deliveries.get(recipient=recipients.cabinet).message
    assert sent.subject == tests[0].subject.removeprefix("[Test] ")

    def without_times(words: str) -> str:  # the list's moment is that of its freeze
        return " ".join(re.sub(r"\d\d:\d\d UTC|[0-9a-f]{64}|Fingerprint.*", "", words).split())

    assert without_times(sent.text_body) == without_times(tests[0].text_body)
    assert tests[0].attachments.get().filename == sent.attachments.get().filename


def test_an_arabic_letter_goes_out_in_arabic(campaign, cast, authorised):
    egypt = make_member("EG", "Egypt", official_languages=["ar"])
    make_recipient(
        campaign, egypt, "وزير التجارة", "minister@trade-eg.example", name="أحمد", salutation={"en": "معالي الوزير"}
    )  # fmt: skip
    version = make_version(campaign, cast, egypt)
    make_sign_on(make_call(version, cast, moderated=False), "جمعية المستهلك", country="EG")
    dispatch = authorised(version)
    dispatches_advance()
    message = dispatch.deliveries.get().message
    assert "معالي الوزير" in message.text_body
    assert bytes(message.attachments.get().blob.content).startswith(b"%PDF")


def test_a_corrected_contact_gets_it_as_a_recipient_of_its_own(version, recipients, authorised, inbox, campaign, kenya):
    authorised(version)
    dispatches_advance()
    messages_deliver()
    dispatches_advance()
    make_recipient(campaign, kenya, "Trade attaché", "attache@mission-ke.example", office="Geneva mission")
    second = authorised(version)
    assert [row.recipient.post for row in second.deliveries.all()] == ["Trade attaché"]
    assert {row.recipient.post: row.reason for row in second.exclusions.all()} == {
        "Cabinet Secretary": "already_sent",
        "Permanent Representative": "bounced",
    }
    dispatches_advance()
    messages_deliver()
    assert sorted(arrival.envelope_to for arrival in inbox.arrivals) == [
        "attache@mission-ke.example",
        "cabinet.secretary@trade-ke.example",
    ]


def test_a_corrected_address_of_the_same_recipient_gets_it_too(version, recipients, authorised, inbox):
    authorised(version)
    dispatches_advance()
    messages_deliver()
    address_add(recipient=recipients.mission, address="new.geneva@mission-ke.example", actor=None)
    second = authorised(version)
    assert [row.recipient for row in second.deliveries.all()] == [recipients.mission]


def test_a_letter_is_dated_the_day_it_was_authorised_even_after_the_conference(version, recipients, authorised):
    dispatch = authorised(version)
    campaign = dispatch.campaign
    day = dispatch.authorised_at.astimezone(ZoneInfo(campaign.time_zone)).date()
    assert day > campaign.ends_on
    assert dispatch_enclosure(dispatch).day == day


def test_a_name_withdrawn_between_two_letters_of_one_run_is_not_printed(
    version, recipients, signed, authorised, monkeypatch
):
    texts: list[str] = []

    def queue(**values: Any) -> Message:
        message = message_queue(**values)
        texts.append(values["text_body"])
        if len(texts) == 1:
            move_messages(Message.objects.filter(pk=message.pk), "accepted")
            sign_on_withdraw(sign_on=signed.public)
        return message

    monkeypatch.setattr("apps.outreach.services.deliveries.message_queue", queue)
    authorised(version)
    dispatches_advance()
    assert ["Kisumu Data Rights Forum" in text for text in texts] == [True, False]
    assert "Baraza la Wakulima" in texts[1]


@pytest.mark.parametrize(
    "name", ["Coalición Ágil", "تحالف التجارة الرقمية", 'The "Fair" Coalition', "Trade, Fair & Co. <x>", "=?x?="]
)
def test_the_name_of_the_sender_arrives_as_it_was_typed(version, recipients, call, cast, name):
    """In letters, tests and emails to signers, whatever letters and signs it has."""
    campaign = version.letter.campaign
    campaign.sender_name = name
    campaign.save()
    dispatch = dispatch_prepare(version=version, actor=cast.coordinator)
    dispatch_test_send(dispatch=dispatch, actor=cast.coordinator, delivery=dispatch.deliveries.all()[0])
    dispatch_authorise(dispatch=dispatch, actor=cast.sender, typed_count=2, plan=dispatch.plan)
    dispatches_advance()
    call.refresh_from_db()
    mail_send(template="already", sign_on=make_sign_on(call, "Traders"), token="x")
    messages = list(Message.objects.all())
    assert {message.kind for message in messages} == {"letter", "test", "confirmation"}
    for message in messages:
        raw = mail_bytes(message, [])
        assert not re.search(rb'^From: "[^\r\n]*=\?', raw), "an encoded word in quotes (RFC 2047 §5) is shown as it is"
        sender = email.message_from_bytes(raw, policy=email.policy.default)["From"].addresses
        assert [(each.display_name, each.addr_spec) for each in sender] == [(name, campaign.sender_address)]
