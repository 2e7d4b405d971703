"""Programs write recipients, positions, mailings and exports as people do on the pages, with the same rules."""

from datetime import timedelta
from typing import Any

import pytest

from apps.campaigns.models import Campaign
from apps.core.models import AuditEvent
from apps.exports.models import Export
from apps.exports.services import contact_rows
from apps.exports.services.requests import export_agree
from apps.exports.services.runs import exports_advance
from apps.governments.models import Position, Recipient
from apps.letters.models import LetterVersion
from apps.outreach.models import Delivery, Dispatch, Exclusion, Reply, Touch
from apps.outreach.selectors.tracking import campaign_today
from apps.outreach.services.preparation import dispatch_prepare
from apps.outreach.services.triage import mail_sort
from apps.postbox.models import InboundMail
from apps.sources.models import Source
from tests.factories import give_second_factor, html_of, make_campaign, make_group, make_member
from tests.factories.governments import make_recipient
from tests.factories.letters import limit_drafter, make_version

RECIPIENT = {
    "member": "KE",
    "office": {"kind": "mission", "name": "Permanent Mission", "city": "Geneva", "phone": "+41 22 000 00 00"},
    "post": "Permanent Representative",
    "language": "en",
    "salutation": {"en": "Excellency", "fr": "Excellence"},
    "address": "mission@ke.example",
}


@pytest.fixture
def sender(program: Any, cast: Any) -> Any:
    """The sender's program; sending needs a second factor."""
    give_second_factor(cast.sender)
    return program(cast.sender)


@pytest.fixture
def officer(program: Any, cast: Any) -> Any:
    give_second_factor(cast.data_officer)
    return program(cast.data_officer)


# ---- recipients


def test_a_recipient_from_the_first_to_the_last(campaign: Campaign, cast: Any, sender: Any) -> None:
    make_member("KE", "Kenya")
    made = sender("post", "recipients", RECIPIENT)
    assert made.status_code == 201, made.content
    row = made.json()
    path = f"recipients/{row['id']}"
    assert made["Location"].endswith(path)
    assert (row["office"]["city"], row["salutation"]) == ("Geneva", {"en": "Excellency", "fr": "Excellence"})
    assert made["ETag"] == sender("get", path)["ETag"]

    change = {"post": "Ambassador", "salutation": {"fr": "", "es": "Excelencia"}, "office": {"city": "Bern"}}
    changed = sender("patch", path, change, if_match=made["ETag"])
    assert changed.status_code == 200, changed.content
    row = changed.json()
    assert (row["post"], row["salutation"]) == ("Ambassador", {"en": "Excellency", "es": "Excelencia"})
    assert (row["office"]["name"], row["office"]["city"], row["office"]["phone"]) == (
        "Permanent Mission", "Bern", "+41 22 000 00 00",
    )  # fmt: skip
    assert sender("patch", path, change).status_code == 428
    assert sender("patch", path, change, if_match=made["ETag"]).status_code == 412
    assert sender("post", f"{path}/verify", if_match=made["ETag"]).status_code == 412, "they saw something else"
    verified = sender("post", f"{path}/verify", if_match=changed["ETag"])
    assert verified.json()["verified_on"], verified.content

    added = sender("post", f"{path}/addresses", {"address": "second@ke.example"}).json()["addresses"]
    assert [each["address"] for each in added] == ["mission@ke.example", "second@ke.example"]
    first, second = (each["id"] for each in added)
    moved = sender("post", f"{path}/change-address", {"id": second, "do": "first"}).json()["addresses"]
    assert [each["id"] for each in moved] == [second, first]
    left = sender("post", f"{path}/change-address", {"id": first, "do": "retire"}).json()["addresses"]
    assert {each["id"]: each["status"] for each in left} == {second: "unverified", first: "retired"}
    assert sender("post", f"{path}/retire").json()["active"] is False
    assert sender("post", f"{path}/restore").json()["active"] is True
    verbs = set(AuditEvent.objects.filter(actor_id=str(cast.sender.pk)).values_list("verb", flat=True))
    assert {"recipient.save", "recipient.verify", "recipient.deactivate", "address.retire", "address.first"} <= verbs


def test_somebody_known_is_not_added_unseen(campaign: Campaign, sender: Any) -> None:
    known = make_recipient(campaign, make_member("KE", "Kenya"), "Envoy", "mission@ke.example")
    answer = sender("post", "recipients", RECIPIENT)
    assert answer.status_code == 409
    assert f"recipient {known.pk}" in answer.json()["detail"]
    assert answer.json()["errors"][0]["pointer"] == "#/anyway"
    assert sender("post", "recipients", {**RECIPIENT, "anyway": True}).status_code == 201


@pytest.mark.parametrize(
    ("change", "pointer", "says"),
    [
        ({"member": "ZZ"}, "#/member", "No member has the code"),
        ({"address": "no address"}, "#/address", "email address like"),
        ({"office": {"kind": "palace", "name": "P"}}, "#/office/kind", "palace"),
        ({"office": {"kind": "capital"}}, "#/office/name", "required"),
        ({"office": {"kind": "capital", "name": "P", "town": "N"}}, "#/office/town", "not known"),
        ({"salutation": {"en": ""}}, "#/salutation/en", "Enter the salutation"),
        ({"salutation": {"xx": "Hello"}}, "#/salutation", "Allowed"),
        ({"salutation": "Excellency"}, "#/salutation", "dictionary"),
        ({"language": "xx"}, "#/language", "xx"),
        ({"post": ""}, "#/post", "blank"),
        ({"post": "x" * 201}, "#/post", "200"),
        ({"verified_on": "2999-01-01"}, "#/verified_on", "2100"),
        ({"verified_on": "2099-01-01"}, "#/verified_on", "future"),
        ({"active": True}, "#/active", "not known"),
        ({"name": ["a"]}, "#/name", "string"),
    ],
)
def test_a_wrong_value_of_a_recipient_is_pointed_to(
    campaign: Campaign, sender: Any, change: Any, pointer: str, says: str
) -> None:
    make_member("KE", "Kenya")
    answer = sender("post", "recipients", {**RECIPIENT, **change})
    assert answer.status_code == 422, answer.content
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert says in answer.json()["errors"][0]["detail"]
    assert not Recipient.objects.exists()


def test_who_may_only_write_reads_no_contact_data(campaign: Campaign, cast: Any, program: Any) -> None:
    make_member("KE", "Kenya")
    ask = program(cast.sender, "recipients:write")
    made = ask("post", "recipients", {**RECIPIENT, "name": "Wanjiru Planted", "notes": "Planted", "phone": "999"})
    assert made.status_code == 201
    path = f"recipients/{made.json()['id']}"
    answers = [
        made, ask("post", f"{path}/addresses", {"address": "b@ke.example"}), ask("post", f"{path}/verify"),
        ask("patch", path, {"post": "Ambassador"}, if_match="*"), ask("post", f"{path}/retire"),
    ]  # fmt: skip
    assert {answer.status_code for answer in answers} <= {200, 201}
    for answer in answers:
        text = answer.content.decode()
        assert not [secret for secret in ("Planted", "999", "ke.example", "Excellen", "+41") if secret in text], text
    assert ask("get", path).status_code == 403


def test_an_address_of_another_recipient_is_not_changed(campaign: Campaign, sender: Any) -> None:
    kenya = make_member("KE", "Kenya")
    one, other = (make_recipient(campaign, kenya, post, f"{post}@ke.example") for post in ("Envoy", "Deputy"))
    number = other.addresses.get().pk
    answer = sender("post", f"recipients/{one.pk}/change-address", {"id": number, "do": "retire"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/id")
    assert other.addresses.get().health == "unverified"


# ---- positions


def test_a_position_from_the_first_to_the_last(campaign: Campaign, cast: Any, program: Any) -> None:
    kenya, togo = make_member("KE", "Kenya"), make_member("TG", "Togo")
    Source.objects.create(campaign=campaign, key="s1", kind="report", title="Report")
    ask = program(cast.drafter)
    limit_drafter(campaign, cast.drafter, togo)  # which limits letters, as on the page
    said = {"member": "ke", "stance": "opposes", "on": "2017-10-02", "source": "s1", "confidence": "high", "note": "N"}
    made = ask("post", "positions", said)
    assert made.status_code == 201, made.content
    number = made.json()["id"]
    assert ask("post", "positions", said).json()["id"] == number, "what is on record already is not recorded again"
    row = Position.objects.get()
    assert (row.member, row.note, row.recorded_by) == (kenya, "N", cast.drafter)

    change = {"on": "2017-10-03", "reason": "The day of print."}
    assert ask("post", f"positions/{number}/correct", {"on": "2017-10-03"}).json()["errors"][0]["pointer"] == "#/reason"
    stale = ask("post", f"positions/{number}/correct", change, if_match='"old"')
    assert stale.status_code == 412
    corrected = ask("post", f"positions/{number}/correct", change, if_match=made["ETag"])
    assert corrected.status_code == 201, corrected.content
    assert (corrected.json()["on"], corrected.json()["source"]) == ("2017-10-03", "s1"), "what was not sent stays"
    assert ask("get", f"positions/{number}").status_code == 404
    assert Position.objects.get(pk=number).replaced_by_id == corrected.json()["id"]
    path = f"positions/{corrected.json()['id']}"
    assert ask("post", f"{path}/withdraw", {"reason": "A draft."}).status_code == 204
    assert ask("get", "positions").json()["results"] == []
    assert Position.objects.standing().count() == 0


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"stance": "against"}, "#/stance"),
        ({"on": "2099-01-01"}, "#/on"),
        ({"on": "1994-12-31"}, "#/on"),  # no member yet
        ({"on": "02.10.2017"}, "#/on"),
        ({"on": "0001-01-01"}, "#/on"),
        ({"source": "none"}, "#/source"),
        ({"answer": 77}, "#/answer"),
        ({"answer": "x"}, "#/answer"),
        ({"confidence": "sure"}, "#/confidence"),
        ({"statement": "x" * 301}, "#/statement"),
        ({"recorded_by": 1}, "#/recorded_by"),
    ],
)
def test_a_wrong_value_of_a_position_is_pointed_to(
    campaign: Campaign, cast: Any, program: Any, change: Any, pointer: str
) -> None:
    make_member("KE", "Kenya")
    body = {"member": "KE", "stance": "opposes", "on": "2017-10-02", **change}
    answer = program(cast.drafter)("post", "positions", body)
    assert (answer.status_code, [error["pointer"] for error in answer.json()["errors"]]) == (422, [pointer])
    assert not Position.objects.exists()


# ---- mailings


@pytest.fixture
def letter(campaign: Campaign, cast: Any) -> dict[str, int]:
    """To Kenya, in a group, with two recipients, and to Togo, without any."""
    kenya, togo = make_member("KE", "Kenya"), make_member("TG", "Togo")
    make_group("friends", kenya)
    make_recipient(campaign, kenya, "Minister", "minister@ke.example")
    make_recipient(campaign, kenya, "Envoy", office="Mission")
    version = make_version(campaign, cast, kenya, togo)
    return {"letter": version.letter.number, "version": version.number}


def test_a_program_prepares_and_somebody_else_authorises(
    campaign: Campaign, cast: Any, sender: Any, letter: Any, signed_in: Any
) -> None:
    body = {
        **letter,
        "criteria": {"groups": ["friends"], "members": ["KE"], "first_only": True},
        "terms": {
            "send_at": "2099-12-01T09:00:30+01:00",
            "quiet_from": "20:00",
            "quiet_until": "08:00",
            "per_hour": 60,
        },
    }
    counts = sender("post", "dispatches/preview", body)
    assert counts.status_code == 200, counts.content
    expected = {"letters": 1, "governments": 1, "copies": 0, "languages": {"en": 1}}
    assert counts.json() == {**expected, "left_out": {"not_listed": 1, "other_first": 1}}
    assert not Dispatch.objects.exists()
    made = sender("post", "dispatches", body)
    assert made.status_code == 201, made.content
    row = made.json()
    assert {name: row["counts"][name] for name in counts.json()} == counts.json()
    assert row["criteria"] == {"groups": ["friends"], "members": ["KE"], "first_only": True}
    assert (row["terms"]["send_at"], row["terms"]["quiet_from"]) == ("2099-12-01T08:00:30Z", "20:00")
    assert row["prepared_by_you"] is True
    assert sender("get", f"left-out?dispatch={row['id']}").json()["results"][0]["why"]
    dispatch = Dispatch.objects.get()
    assert not Delivery.objects.filter(message__isnull=False).exists(), "nothing is sent"
    page = f"/work/{campaign.slug}/outreach/{dispatch.pk}/"
    typed = {"plan": row["plan"], "typed_count": "1"}
    refused = signed_in(cast.sender).post(f"{page}authorise/", typed, follow=True)
    assert "You prepared this mailing" in html_of(refused)
    assert sender("get", f"dispatches/{dispatch.pk}").json()["state"] == row["state"] != "authorised"
    second = signed_in(cast.coordinator)
    assert cast.sender.name in html_of(second.get(page)), "the page says who prepared it"
    assert second.post(f"{page}authorise/", typed).status_code == 302
    assert sender("get", f"dispatches/{dispatch.pk}").json()["state"] == "authorised"


def test_a_prepared_mailing_is_brought_up_to_date_and_cancelled(
    campaign: Campaign, cast: Any, sender: Any, program: Any, letter: Any
) -> None:
    made = sender("post", "dispatches", letter).json()
    assert made["counts"]["letters"] == 1
    make_recipient(campaign, Recipient.objects.all()[0].office.member, "Deputy", "deputy@ke.example")
    again = sender("post", f"dispatches/{made['id']}/recompute")
    assert (again.status_code, again.json()["counts"]["letters"]) == (200, 2)
    give_second_factor(cast.coordinator)
    other = program(cast.coordinator)
    refused = other("post", f"dispatches/{made['id']}/cancel")
    assert (refused.status_code, refused.json()["detail"]) == (
        409, "Somebody else prepared this mailing. Cancel it on its page.",
    )  # fmt: skip
    assert sender("post", f"dispatches/{made['id']}/cancel", if_match='"old"').status_code == 412
    assert sender("post", f"dispatches/{made['id']}/cancel").json()["state"] == "cancelled"
    assert sender("post", f"dispatches/{made['id']}/cancel").status_code == 409
    assert sender("post", f"dispatches/{made['id']}/recompute").status_code == 409


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"version": 9}, "#/version"),
        ({"version": 2**40}, "#/version"),
        ({"criteria": {"groups": ["none"]}}, "#/criteria/groups"),
        ({"criteria": {"stances": ["angry"]}}, "#/criteria/stances"),
        ({"criteria": {"stance_day": "2017-10-02"}}, "#/criteria/stances"),
        ({"criteria": {"members": ["ZZ"]}}, "#/criteria/members"),
        ({"criteria": {"languages": ["xx"]}}, "#/criteria/languages"),
        ({"criteria": {"copies": ["mission"]}}, "#/criteria/offices"),
        ({"criteria": {"copies": ["mission"], "offices": ["mission"]}}, "#/criteria/copies"),
        ({"criteria": {"offices": ["palace"]}}, "#/criteria/offices/0"),
        ({"criteria": {"unanswered": "7"}}, "#/criteria/unanswered"),
        ({"criteria": {"not_written": "never"}}, "#/criteria/not_written"),
        ({"criteria": {"recipients": [1]}}, "#/criteria/recipients"),
        ({"terms": {"send_at": "2017-12-01T09:00:00Z"}}, "#/terms/send_at"),
        ({"terms": {"send_at": "2099-12-01T09:00:00"}}, "#/terms/send_at"),
        ({"terms": {"send_at": "9999-12-31T23:59:59Z"}}, "#/terms/send_at"),
        ({"terms": {"send_at": 5}}, "#/terms/send_at"),
        ({"terms": {"send_at": "2099-12-02T00:00:00Z", "ends_at": "2099-12-01T00:00:00Z"}}, "#/terms/ends_at"),
        ({"terms": {"quiet_from": "20:00"}}, "#/terms/quiet_until"),
        ({"terms": {"quiet_from": "20:00", "quiet_until": "20:00"}}, "#/terms/quiet_until"),
        ({"terms": {"quiet_from": "25:00", "quiet_until": "20:00"}}, "#/terms/quiet_from"),
        ({"terms": {"per_hour": 0}}, "#/terms/per_hour"),
        ({"terms": {"per_domain": 10_001}}, "#/terms/per_domain"),
        ({"terms": {"pdf": "fax"}}, "#/terms/pdf"),
        ({"state": "authorised"}, "#/state"),
        ({"authorise": True}, "#/authorise"),
    ],
)
def test_a_wrong_value_of_a_mailing_is_pointed_to(sender: Any, letter: Any, change: Any, pointer: str) -> None:
    for path in ("dispatches", "dispatches/preview"):
        answer = sender("post", path, {**letter, **change})
        assert (answer.status_code, [error["pointer"] for error in answer.json()["errors"]]) == (422, [pointer])
    assert not Dispatch.objects.exists()
    assert not Exclusion.objects.exists()


def test_a_version_of_another_campaign_is_not_known(campaign: Campaign, cast: Any, sender: Any) -> None:
    other = make_campaign("other")
    make_member("KE", "Kenya")
    answer = sender("post", "dispatches", {"letter": 1, "version": 1})
    assert answer.json()["errors"][0]["pointer"] == "#/version"
    assert not Dispatch.objects.filter(campaign=other).exists()


# ---- exports

WANTED = {"dataset": "recipients", "purpose": "internal", "format": "jsonl", "reason": "for the ministry"}


def test_an_export_from_the_first_to_the_last(campaign: Campaign, cast: Any, officer: Any, program: Any) -> None:
    make_recipient(campaign, make_member("KE", "Kenya"), "Minister", "minister@ke.example")
    made = officer("post", "exports", WANTED)
    assert made.status_code == 201, made.content
    row = made.json()
    assert (row["state"], row["rows"], row["is_yours"], row["reason"]) == ("queued", 1, True, "for the ministry")
    path = f"exports/{row['id']}"
    assert officer("get", f"{path}/file").status_code == 409
    exports_advance()
    assert officer("get", path).json()["state"] == "ready"
    asked = officer("head", f"{path}/file")
    assert (asked.status_code, int(asked["Content-Length"])) == (200, officer("get", path).json()["size"])
    assert not AuditEvent.objects.filter(verb="export.download").exists(), "nothing was taken"
    assert Export.objects.get().downloaded_at is None
    file = officer("get", f"{path}/file", accept="text/plain")
    assert file.status_code == 200
    assert file["Content-Disposition"].startswith("attachment")
    content = b"".join(file.streaming_content)
    assert b"minister@ke.example" in content
    assert len(content) == int(file["Content-Length"]) == officer("get", path).json()["size"]
    assert AuditEvent.objects.filter(verb="export.download", actor_id=str(cast.data_officer.pk)).exists()
    cast.coordinator.memberships.update(roles=["data_officer"])
    give_second_factor(cast.coordinator)
    other = program(cast.coordinator)("get", f"{path}/file")
    assert (other.status_code, other["Content-Type"]) == (403, "application/problem+json")
    assert program(cast.coordinator)("head", f"{path}/file").status_code == 403
    assert officer("post", f"{path}/cancel").json()["state"] == "cancelled"
    assert officer("post", f"{path}/cancel").status_code == 409


def test_many_contacts_wait_for_a_second_person(
    campaign: Campaign, cast: Any, officer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contact_rows, "MANY_CONTACTS", 0)
    make_recipient(campaign, make_member("KE", "Kenya"), "Minister", "minister@ke.example")
    row = officer("post", "exports", WANTED).json()
    assert row["state"] == "waiting"
    exports_advance()
    path = f"exports/{row['id']}"
    for method, what in (("post", "agree"), ("patch", ""), ("put", "")):
        assert officer(method, f"{path}/{what}".rstrip("/"), {"state": "queued"}).status_code in {404, 405}
    assert officer("get", f"{path}/file").status_code == 409
    assert officer("get", path).json()["state"] == "waiting"
    export = Export.objects.get()
    with pytest.raises(Exception, match="Another person"):
        export_agree(export=export, actor=cast.data_officer)
    export_agree(export=export, actor=cast.coordinator)
    exports_advance()
    assert officer("get", path).json()["state"] == "ready"


@pytest.mark.parametrize(
    ("change", "pointer", "says"),
    [
        ({"dataset": "people"}, "#/dataset", "“people” is not known. Allowed: signatories, annexes"),
        ({"purpose": "public"}, "#/purpose", "Allowed: internal"),
        ({"format": "pdf"}, "#/format", "Allowed: csv"),
        ({"reason": ""}, "#/reason", "blank"),
        ({"columns": []}, "#/columns", "empty"),
        ({"columns": ["password"]}, "#/columns", "Allowed: "),
        ({"columns": ["post", "post"]}, "#/columns", "more than once"),
        ({"filters": {"colour": "red"}}, "#/filters", "not known"),
        ({"language": "xx"}, "#/language", "Allowed: en"),
        ({"with_letter": True}, "#/with_letter", "printed lists"),
        ({"dataset": "deliveries", "filters": {"letter": "77"}}, "#/filters/letter", "not known"),
        ({"state": "ready"}, "#/state", "not known"),
    ],
)
def test_a_wrong_value_of_an_export_is_pointed_to(officer: Any, change: Any, pointer: str, says: str) -> None:
    answer = officer("post", "exports", {**WANTED, **change})
    assert answer.status_code == 422, answer.content
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert says in answer.json()["errors"][0]["detail"]
    assert not Export.objects.exists()


# ---- contacts, next steps and answers


def test_a_contact_is_recorded_and_taken_back(campaign: Campaign, cast: Any, program: Any) -> None:
    make_member("KE", "Kenya")
    ask = program(cast.drafter, "tracking:write", "deliveries:read")
    met = {
        "member": "KE", "channel": "meeting", "on": "2017-10-03", "at": "14:30", "summary": "Write to them@ke.example.",
        "place_and_people": "Wanjiru Planted", "counts_as_answer": True, "link": "https://ke.example/speech",
    }  # fmt: skip
    made = ask("post", "contacts", met)
    assert made.status_code == 201, made.content
    row = made.json()
    assert (row["at"], row["counts_as_answer"], row["place_and_people"]) == ("14:30", True, None)
    assert row["summary"] == "Write to [email address]"
    touch = Touch.objects.get()
    assert (touch.place_and_people, touch.answered, touch.recorded_by) == ("Wanjiru Planted", True, cast.drafter)
    assert ask("post", f"contacts/{row['id']}/withdraw").status_code == 204
    assert ask("get", f"contacts/{row['id']}").status_code == 404
    for change, pointer in (
        ({"on": "2099-01-01"}, "#/on"), ({"link": "javascript:alert(1)"}, "#/link"),
        ({"channel": "pigeon"}, "#/channel"), ({"summary": ""}, "#/summary"), ({"file": "x"}, "#/file"),
    ):  # fmt: skip
        answer = ask("post", "contacts", {**met, **change})
        assert (answer.status_code, [error["pointer"] for error in answer.json()["errors"]]) == (422, [pointer])


def test_a_next_step_is_added_postponed_and_done(campaign: Campaign, cast: Any, program: Any) -> None:
    kenya, togo = make_member("KE", "Kenya"), make_member("TG", "Togo")
    ask, today = program(cast.drafter), campaign_today(campaign)
    step = {"member": "KE", "what": "Call again", "due_on": today.isoformat(), "is_yours": True}
    made = ask("post", "next-steps", step)
    assert made.status_code == 201, made.content
    assert (made.json()["is_yours"], made.json()["is_assigned"]) == (True, True)
    path = f"next-steps/{made.json()['id']}"
    later = (today + timedelta(days=7)).isoformat()
    assert ask("post", f"{path}/postpone", {"due_on": later}).json()["postponed"] == 1
    past = ask("post", f"{path}/postpone", {"due_on": "2017-01-01"})
    assert (past.status_code, past.json()["errors"][0]["pointer"]) == (422, "#/due_on")
    assert ask("post", f"{path}/finish").json()["done_at"]
    assert ask("post", f"{path}/postpone", {"due_on": later}).status_code == 409
    limit_drafter(campaign, cast.drafter, togo)
    refused = ask("post", "next-steps", step)
    assert refused.status_code == 403
    assert "this government" in refused.json()["detail"], "as on the page"
    assert ask("post", "next-steps", {**step, "member": "TG"}).status_code == 201
    assert kenya.follow_ups.count() == 1


def test_an_answer_is_sorted(campaign: Campaign, cast: Any, program: Any, letter: Any) -> None:
    version = LetterVersion.objects.get()
    delivery = dispatch_prepare(version=version, actor=cast.coordinator).deliveries.get()
    mail = InboundMail.objects.create(sha256="a" * 64, raw=b"x", text="Thank you.", kind="reply", size=1)
    reply = Reply.objects.create(
        campaign=campaign, delivery=delivery, member=delivery.member, mail=mail, kind="reply",
        received_at="2017-10-09T10:00:00Z",
    )  # fmt: skip
    mail_sort(
        campaign=campaign, mail=mail, member=delivery.member, actor=cast.coordinator, assignee=cast.sender, label="",
        closed=False,
    )  # fmt: skip
    ask = program(cast.drafter)
    path = f"answers/{reply.pk}/sort"
    answer = ask("post", path, {"label": "referral"})
    assert answer.status_code == 200, answer.content
    assert (answer.json()["label"], answer.json()["is_closed"]) == ("referral", False)
    assert (ask("post", path, {"is_closed": True}).json()["label"], mail.triage.assignee) == ("referral", cast.sender)
    assert ask("post", path, {"label": "spam"}).json()["errors"][0]["pointer"] == "#/label"
    assert program(cast.observer)("post", path, {"is_closed": True}).status_code == 403
