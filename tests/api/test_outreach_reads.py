"""Recipients, mailings, letters, answers, contacts and exports as programs read them, and who must not see what."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.api.openapi import openapi_document
from apps.api.urls import router
from apps.campaigns.models import Campaign, TeamMember
from apps.campaigns.roles import Permission
from apps.campaigns.scopes import Scope
from apps.exports.models import Export
from apps.governments.models import Recipient, RecipientAddress
from apps.governments.services.positions import position_record
from apps.governments.services.recipients import office_save
from apps.outreach.models import Delivery, Exclusion, Reply, ReplyPosition
from apps.outreach.selectors.tracking import campaign_today
from apps.outreach.services.answer_summaries import answer_summary_publish
from apps.outreach.services.cancellation import dispatch_cancel
from apps.outreach.services.follow_ups import follow_up_add
from apps.outreach.services.preparation import dispatch_prepare
from apps.outreach.services.touches import Contact, touch_record
from apps.postbox.models import InboundMail, Message, MessageEvent
from apps.postbox.services.queue import message_queue
from tests.factories import give_second_factor, make_campaign, make_member
from tests.factories.governments import make_recipient
from tests.factories.letters import make_version
from tests.factories.outreach import move_messages

LISTS = [
    "offices", "recipients", "dispatches", "left-out", "deliveries", "answers", "contacts", "next-steps", "exports",
]  # fmt: skip
NAME, PHONE = "Wanjiru Planted", "+254 20 999 8888"
#: in free text, names cannot be told from other words
TYPED = f"They answer at planted@trade.example or {PHONE}"


def fill(campaign: Campaign, cast: Any, *codes: str) -> list[Delivery]:
    """A letter to each of these governments that was answered, and one of everything else about it."""
    members = [make_member(code, f"Land {code}") for code in codes]
    for member in members:
        make_recipient(
            campaign, member, "Minister", f"planted@{code_of(member)}.example", office=f"Ministry {member.code}",
            name=NAME, phone=PHONE, notes=TYPED,
        )  # fmt: skip
        office_save(
            campaign=campaign, member=member, kind="capital", name=f"Ministry {member.code}", actor=None, phone=PHONE
        )
        about = {"campaign": campaign, "member": member, "actor": cast.coordinator}
        met = Contact(channel="call", on=date(2017, 10, 2), summary=f"They listened. {TYPED}", place_and_people=NAME)
        touch_record(**about, contact=met)
        follow_up_add(**about, what=f"Call {PHONE}", due_on=campaign_today(campaign))
        Export.objects.create(
            campaign=campaign, dataset="positions", purpose="internal", format="csv", columns=["country"],
            state="waiting", reason="for the ministry", rows=2, asked_by=cast.data_officer,
        )  # fmt: skip
    return [_answered(campaign, cast, member) for member in members]


def code_of(member: Any) -> str:
    return str(member.code).lower()


def _answered(campaign: Campaign, cast: Any, member: Any) -> Delivery:
    """In a mailing of its own, so that each list grows."""
    dispatch = dispatch_prepare(version=make_version(campaign, cast, member), actor=cast.coordinator)
    delivery = dispatch.deliveries.get()
    Exclusion.objects.create(dispatch=dispatch, member=member, recipient=delivery.recipient, reason="no_address")
    delivery.message = message_queue(
        kind="letter", policy="once", to_address=delivery.address.address, subject="Letter", text_body="Letter"
    )
    delivery.save()
    messages = Message.objects.filter(pk=delivery.message_id)
    move_messages(messages, "accepted")
    messages.update(replied_at=timezone.now(), last_reply="250 Ok")
    mail = InboundMail.objects.create(
        sha256=member.code.ljust(64, "0"), raw=b"Subject: Re\n\nx", kind="reply", size=5,
        sender=f"planted@{code_of(member)}.example", subject=f"From {NAME}",
        text=f"We agree. Write to planted@{code_of(member)}.example, telephone {PHONE}." + "\nmore" * 9 + f"\n{NAME}",
    )  # fmt: skip
    reply = Reply.objects.create(
        campaign=campaign, delivery=delivery, member=member, mail=mail, kind="reply", received_at=timezone.now()
    )
    position = position_record(
        campaign=campaign, member=member, stance="opposes", on=date(2017, 10, 9), actor=cast.coordinator
    )
    ReplyPosition.objects.create(position=position, reply=reply)
    answer_summary_publish(reply=reply, actor=cast.coordinator, text="They agree.", language="en")
    return delivery


@pytest.fixture
def ask(campaign: Campaign, cast: Any, program: Any) -> Any:
    """With every role and every scope."""
    TeamMember.objects.filter(user=cast.coordinator).update(roles=["coordinator", "data_officer"])
    give_second_factor(cast.coordinator)
    asked = program(cast.coordinator)
    return lambda path, **params: asked("get", f"{path}?{urlencode(params)}")


# ---- every list


def test_lists_cost_the_same_whatever_their_length(campaign: Campaign, cast: Any, ask: Any) -> None:
    def measured(rows: int) -> dict[str, int]:
        found = {}
        for name in LISTS:
            ask(name)  # counts its rows of contact data
            with CaptureQueriesContext(connection) as queries:
                assert len(ask(name).json()["results"]) == rows
            found[name] = len(queries)
        return found

    fill(campaign, cast, "AA")
    ask("points")  # writes the last use
    few = measured(1)
    fill(campaign, cast, "BA", "BB", "BC")
    assert measured(4) == few
    assert max(few.values()) <= 10


def test_a_row_is_the_same_by_itself_and_as_described(campaign: Campaign, cast: Any, ask: Any) -> None:
    fill(campaign, cast, "AA")
    for name in LISTS:
        [row] = ask(name).json()["results"]
        assert ask(f"{name}/{row['id']}").json() == row
        described = openapi_document()["paths"][f"/api/v1/{{campaign_slug}}/{name}"]["get"]
        example = next(iter(described["responses"]["200"]["content"]["application/json"]["examples"].values()))
        assert set(example["value"]["results"][0]) == set(row), name


def test_every_list_is_asked_here() -> None:
    assert set(LISTS) <= {prefix for prefix, _viewset, _name in router.registry}


# ---- contact data

CONTACT = {"planted", NAME, PHONE, "9998888", "999 8888"}


def test_contact_data_needs_the_scope_and_the_role(campaign: Campaign, cast: Any, program: Any) -> None:
    """Planted everywhere, and looked for in every list and row, as every role: with every scope but that of contact
    data, and with it."""
    fill(campaign, cast, "AA")
    others = [scope for scope in Scope.values if scope != Scope.RECIPIENTS_READ]
    for role in ("coordinator", "drafter", "reviewer", "sender", "data_officer", "observer"):
        person = getattr(cast, role)
        give_second_factor(person)
        may = TeamMember.objects.get(user=person, campaign=campaign).may(Permission.SEE_CONTACTS)
        assert not lists_with_contacts(program(person, *others)), role
        seen = lists_with_contacts(program(person))
        assert seen == ({"offices", "recipients", "deliveries", "answers", "contacts", "next-steps"} if may else set())


def lists_with_contacts(ask: Any) -> set[str]:
    answers = {prefix: ask("get", prefix).content.decode() for prefix, _viewset, _name in router.registry}
    return {prefix for prefix, text in answers.items() if any(secret in text for secret in CONTACT)}


# ---- what the rows say


def test_recipients_are_narrowed(campaign: Campaign, cast: Any, ask: Any) -> None:
    kenya, france = make_member("KE", "Kenya"), make_member("FR", "France")
    minister = make_recipient(campaign, kenya, "Minister", "minister@ke.example", "second@ke.example")
    envoy = make_recipient(campaign, france, "Envoy", language="fr", office="Mission")
    retired = make_recipient(campaign, kenya, "Deputy", "deputy@ke.example", active=False)
    RecipientAddress.objects.filter(recipient=retired).update(health="bounced")

    def found(**params: Any) -> list[int]:
        return [row["id"] for row in ask("recipients", **params).json()["results"]]

    assert found() == [envoy.pk, minister.pk]
    assert found(active="all") == [envoy.pk, minister.pk, retired.pk]
    assert found(active="false") == [retired.pk]
    assert found(member="ke") == [minister.pk]
    assert found(language="fr") == [envoy.pk]
    assert found(kind="mission") == []
    assert found(office=minister.office_id) == [minister.pk]
    assert found(address="none", active="all") == [envoy.pk, retired.pk]
    assert found(address="usable") == [minister.pk]
    row = ask(f"recipients/{minister.pk}").json()
    assert [(each["address"], each["status"]) for each in row["addresses"]] == [
        ("minister@ke.example", "unverified"), ("second@ke.example", "unverified"),
    ]  # fmt: skip
    assert ask(f"recipients/{retired.pk}").json()["active"] is False, "a single one is found also when it was retired"


def test_a_mailing_counts_its_letters_and_whom_it_leaves_out(campaign: Campaign, cast: Any, ask: Any) -> None:
    kenya, togo = make_member("KE", "Kenya"), make_member("TG", "Togo")
    make_recipient(campaign, kenya, "Minister", "minister@ke.example")
    make_recipient(campaign, kenya, "Envoy", office="Mission")
    version = make_version(campaign, cast, kenya, togo)
    dispatch = dispatch_prepare(version=version, actor=cast.coordinator)
    row = ask(f"dispatches/{dispatch.pk}").json()
    assert row["counts"] == {
        "letters": 1, "governments": 1, "copies": 0, "languages": {"en": 1},
        "left_out": {"no_address": 1, "no_recipient": 1}, "accepted": 0, "bounced": 0, "answered": 0,
    }  # fmt: skip
    assert (row["state"], row["prepared_by_you"], row["letter"]) == ("prepared", True, version.letter.number)
    left = ask("left-out", dispatch=dispatch.pk).json()["results"]
    assert [(each["member"], each["reason"], each["post"], each["why"]) for each in left] == [
        ("KE", "no_address", "Envoy", "No address"), ("TG", "no_recipient", "", "No recipient entered"),
    ]  # fmt: skip
    assert ask("left-out", reason="bounced").json()["results"] == []


def test_a_letter_says_what_became_of_it(campaign: Campaign, cast: Any, ask: Any) -> None:
    [delivery] = fill(campaign, cast, "AA")
    event = MessageEvent.objects.create(
        message=delivery.message, kind="bounced", occurred_at=timezone.now(), provider_id="p", code="550",
        detail="No such mailbox", bounce_reason="address",
    )  # fmt: skip
    row = ask(f"deliveries/{delivery.pk}").json()
    assert row["state"] == "accepted"
    assert row["address"] == "planted@aa.example"
    assert row["events"][-1] == {
        "at": event.occurred_at.isoformat().replace("+00:00", "Z"), "kind": "bounced", "code": "550",
        "bounce_reason": "address",
    }  # fmt: skip
    assert [answer["kind"] for answer in row["answers"]] == ["reply"]
    answer = ask(f"answers/{row['answers'][0]['id']}").json()
    assert answer["beginning"].startswith("We agree. Write to [email address], telephone [telephone number].")
    assert answer["summary"]["text"] == "They agree."
    assert answer["delivery"] == delivery.pk


def test_letters_without_a_mail_have_a_state_too(campaign: Campaign, cast: Any, ask: Any) -> None:
    kenya = make_member("KE", "Kenya")
    make_recipient(campaign, kenya, "Minister", "minister@ke.example")
    dispatch = dispatch_prepare(version=make_version(campaign, cast, kenya), actor=cast.coordinator)
    assert [row["state"] for row in ask("deliveries").json()["results"]] == ["planned"]
    dispatch_cancel(dispatch=dispatch, actor=cast.coordinator)
    assert [row["state"] for row in ask("deliveries", state="not_sent").json()["results"]] == ["not_sent"]
    assert ask("deliveries", state="planned").json()["results"] == []


def test_next_steps_are_open_ones_unless_asked_for(campaign: Campaign, cast: Any, ask: Any) -> None:
    fill(campaign, cast, "AA", "AB")
    assert len(ask("next-steps").json()["results"]) == 2
    for state, n in {"overdue": 0, "mine": 0, "done": 0, "all": 2}.items():
        assert len(ask("next-steps", state=state).json()["results"]) == n, state


def test_another_campaigns_rows_are_in_no_list(campaign: Campaign, cast: Any, ask: Any) -> None:
    other = make_campaign("mc12")
    fill(campaign, cast, "AA")
    Recipient.objects.update(campaign=other)
    assert ask("recipients").json()["results"] == []
