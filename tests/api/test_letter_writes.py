"""Letters written, approved, frozen, opened for signature and closed by programs, as people do it on the pages."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOn, SignOnCall
from apps.core.models import AuditEvent
from apps.letters.models import Letter, LetterTemplate, LetterVersion
from apps.postbox.models import Message
from tests.factories import documents as d
from tests.factories import make_group, make_member
from tests.factories.letters import BODY, limit_drafter, make_next_version, make_template, make_version
from tests.factories.signing import make_call, make_sign_on

PERSON = {
    "kind": "person", "language": "en", "country": "TG", "person_name": "Afi Mensah", "email": "afi@post.example",
    "visibility": "public",
}  # fmt: skip


@pytest.fixture
def template(campaign: Campaign) -> LetterTemplate:
    make_group("africa", make_member("KE", "Kenya", code3="KEN"))
    make_member("TG", "Togo", code3="TGO")
    return make_template(campaign, BODY)


@pytest.fixture
def version(template: LetterTemplate, campaign: Campaign, cast: Any) -> LetterVersion:
    return make_version(campaign, cast)


def later(days: float) -> str:
    return (timezone.now() + timedelta(days=days)).isoformat()


def pointers(answer: Any) -> list[str]:
    return [error["pointer"] for error in answer.json()["errors"]]


def test_a_letter_goes_from_a_template_to_its_signers(template: LetterTemplate, cast: Any, program: Any) -> None:
    writer, reviewer, coordinator = (program(user) for user in (cast.drafter, cast.reviewer, cast.coordinator))
    made = writer("post", "letters", {"template": template.pk, "title": "To Togo", "members": ["tg"]})
    assert made.status_code == 201, made.content
    assert (made.json()["number"], made.json()["members"], made.json()["languages"]) == (1, ["TG"], ["en"])
    assert writer("get", made["Location"].split("/mc11/")[1]).json() == made.json()
    assert AuditEvent.objects.get(verb="letter.create").actor_id == str(cast.drafter.pk)

    text = writer("get", "letters/1/texts/en")
    body = d.doc(*BODY["content"], d.par("One thing more."))
    saved = writer("patch", "letters/1/texts/en", {"body": body}, if_match=text["ETag"])
    assert (saved.status_code, saved.json()["revision"]) == (200, 2)
    assert saved.json()["subject"] == text.json()["subject"], "what was not sent stays"
    stale = writer("patch", "letters/1/texts/en", {"subject": "Another"}, if_match=text["ETag"])
    assert stale.status_code == 412
    assert writer("patch", "letters/1/texts/en", {"subject": "Another"}).status_code == 428

    french = writer("post", "letters/1/texts", {"language": "fr", "start": "original"})
    assert (french.status_code, french["Location"].split("/mc11/")[1]) == (201, "letters/1/texts/fr")
    assert writer("post", "letters/1/texts", {"language": "fr", "start": "original"}).status_code == 409
    assert pointers(writer("post", "letters/1/texts", {"language": "tlh", "start": "empty"})) == ["#/language"]
    assert writer("post", "letters/1/texts/en/ask-review").json()["stage"] == "in_review"
    own = program(cast.drafter)("post", "letters/1/texts/en/approve", {"sha256": saved.json()["sha256"]})
    assert own.status_code == 403
    assert reviewer("post", "letters/1/texts/en/approve", {"sha256": "0" * 64}).status_code == 409
    approved = reviewer("post", "letters/1/texts/en/approve", {"sha256": saved.json()["sha256"]})
    assert (approved.status_code, approved.json()["stage"]) == (200, "approved")
    assert reviewer("post", "letters/1/versions", {}).status_code == 409, "the French text is not approved"
    frozen = reviewer("post", "letters/1/versions", {"without": ["fr"]})
    assert (frozen.status_code, frozen.json()["number"], frozen.json()["languages"]) == (201, 1, ["en"])
    assert writer("delete", "letters/1/texts/en").status_code == 409
    assert writer("delete", "letters/1/texts/fr").status_code == 204

    opened = coordinator("post", "calls", {"letter": 1, "version": 1, "closes_at": later(9), "asked_fields": []})
    assert opened.status_code == 201, opened.content
    call = opened.json()
    assert (call["is_open"], call["who"], call["moderation"], call["asked_fields"]) == (True, "both", "all", [])
    sent = coordinator("post", "sign-ons", {"letter": 1, "sha256": call["sha256"], **PERSON})
    assert sent.status_code == 202
    assert SignOn.objects.get().version.sha256 == frozen.json()["sha256"]


def test_a_call_is_changed_extended_closed_and_reopened(version: LetterVersion, cast: Any, program: Any) -> None:
    call = make_call(version, cast)
    ask, where = program(cast.coordinator), f"calls/{call.pk}"
    read = ask("get", where)
    changes = {"who": "people", "embed_origins": ["https://www.partner.example/page"], "deliver_on": None}
    changed = ask("patch", where, changes, if_match=read["ETag"])
    assert changed.status_code == 200, changed.content
    assert (changed.json()["who"], changed.json()["embed_origins"]) == ("people", ["https://www.partner.example"])
    assert ask("patch", where, {"who": "both"}, if_match=read["ETag"]).status_code == 412
    extended = ask("patch", where, {"closes_at": later(20), "moderation": "none"}, if_match=changed["ETag"])
    assert [change["kind"] for change in extended.json()["changes"]] == ["extended"]
    assert extended.json()["moderation"] == "none"
    closed = ask("post", f"{where}/close")
    assert (closed.status_code, closed.json()["is_open"]) == (200, False)
    assert ask("post", f"{where}/close").json() == closed.json(), "closed already"
    again = ask("patch", where, {"closes_at": later(5)}, if_match="*").json()
    assert [change["kind"] for change in again["changes"]] == ["extended", "closed", "reopened"]
    assert again["is_open"] is True


@pytest.mark.parametrize(("body", "wrong"), [
    ({"closes_at": "2030-01-01T10:00:00"}, ["#/closes_at"]),
    ({"closes_at": "9999-12-31T23:59:59Z"}, ["#/closes_at"]),
    ({"closes_at": "soon"}, ["#/closes_at"]),
    ({"closes_at": "2017-01-01T10:00:00Z"}, ["#/closes_at"]),
    ({"languages": ["fr"]}, ["#/languages"]),
    ({"languages": "en"}, ["#/languages"]),
    ({"asked_fields": ["email"]}, ["#/asked_fields/0"]),
    ({"embed_origins": ["http://plain.example"]}, ["#/embed_origins/0"]),
    ({"deliver_on": "2017-01-01"}, ["#/deliver_on"]),
    ({"embargo_until": "2030-01-01T10:00:00+00:00"}, ["#/embargo_until"]),
    ({"who": "everybody"}, ["#/who"]),
    ({"version": 2}, ["#/version"]),
])  # fmt: skip
def test_an_error_points_to_what_was_sent(
    version: LetterVersion, cast: Any, program: Any, body: Any, wrong: list[str]
) -> None:
    call = make_call(version, cast)
    answer = program(cast.coordinator)("patch", f"calls/{call.pk}", body, if_match="*")
    assert answer.status_code == 422, answer.content
    assert pointers(answer) == wrong
    again = SignOnCall.objects.get(pk=call.pk)
    assert (again.closes_at, again.who, again.languages) == (call.closes_at, call.who, call.languages)


def test_what_cannot_be_opened_says_why(version: LetterVersion, cast: Any, program: Any) -> None:
    ask = program(cast.coordinator)
    body = {"letter": 1, "version": 1, "closes_at": later(9)}
    assert pointers(ask("post", "calls", {**body, "version": 7})) == ["#/version"]
    assert pointers(ask("post", "calls", {**body, "embed_origins": []})) == ["#/embed_origins"]
    assert ask("post", "calls", body).status_code == 201
    assert ask("post", "calls", body).status_code == 409, "it is open"
    make_sign_on(SignOnCall.objects.get(), "Union")
    make_next_version(version.letter, cast)
    ask("post", f"calls/{SignOnCall.objects.get().pk}/close")
    refused = ask("post", "calls", {**body, "version": 2})
    assert refused.status_code == 409, "a signed text is replaced by two people"
    assert "New version" in refused.json()["detail"]
    assert ask("post", "calls", body).status_code == 409, "a newer one is frozen"


@pytest.mark.parametrize(("body", "wrong"), [
    ({}, ["#"]),
    ({"members": ["KE"], "groups": ["africa"]}, ["#"]),
    ({"members": ["ZZ"]}, ["#/members/0"]),
    ({"groups": ["atlantis"]}, ["#/groups/0"]),
    ({"members": ["KE"], "template": True}, ["#/template"]),
    ({"members": ["KE"], "template": 10**30}, ["#/template"]),
    ({"members": ["KE"], "title": ""}, ["#/title"]),
    ({"members": "KE"}, ["#/members"]),
])  # fmt: skip
def test_a_letter_needs_a_template_and_addressees(
    template: LetterTemplate, cast: Any, program: Any, body: Any, wrong: list[str]
) -> None:
    answer = program(cast.drafter)("post", "letters", {"template": template.pk, "title": "T", **body})
    assert answer.status_code == 422, answer.content
    assert pointers(answer) == wrong
    assert not Letter.objects.exists()


def test_a_drafter_keeps_to_their_governments(template: LetterTemplate, campaign: Any, cast: Any, program: Any) -> None:
    limit_drafter(campaign, cast.drafter, make_member("LS", "Lesotho"))
    refused = program(cast.drafter)("post", "letters", {"template": template.pk, "title": "T", "members": ["KE"]})
    assert (refused.status_code, pointers(refused)) == (403, ["#/members"])


@pytest.mark.parametrize("body", [
    {"type": "doc", "content": [{"type": "script"}]}, [], None, "text", 7,
    d.doc(d.par(d.cite("nothing"))), d.doc(d.par(d.text("x" * 30_000))),
])  # fmt: skip
def test_a_text_that_is_no_letter_is_refused(version: LetterVersion, cast: Any, program: Any, body: Any) -> None:
    answer = program(cast.drafter)("patch", "letters/1/texts/en", {"body": body}, if_match="*")
    assert answer.status_code == 422, answer.content
    assert version.letter.texts.get().revision == 1


def test_one_key_signs_once(version: LetterVersion, cast: Any, program: Any) -> None:
    call = make_call(version, cast)
    ask = program(cast.data_officer)
    form = {"letter": 1, "sha256": call.version.sha256, **PERSON}
    answers = [ask("post", "sign-ons", form, idempotency_key="form-7") for _time in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    assert answers[1]["Idempotent-Replayed"] == "true"
    assert SignOn.objects.count() == Message.objects.filter(kind="confirmation").count() == 1
    other = ask("post", "sign-ons", {**form, "email": "other@post.example"}, idempotency_key="form-7")
    assert other.status_code == 422
