"""What all writing through the API shares: strict bodies, problems that point, conditions, one transaction."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.test import Client
from django.utils import timezone

from apps.api.models import IdempotencyKey
from apps.api.services.idempotency_keys import idempotency_keys_delete_expired
from apps.campaigns.models import ApiToken, Campaign
from apps.core.errors import Conflict
from apps.core.models import AuditEvent
from apps.sources.models import Source
from apps.talkingpoints.models import Fact, TalkingPoint
from tests.factories import make_group, make_member
from tests.factories.concurrency import at_once
from tests.factories.processes import database_url

POINT = {"number": 1, "title": "Small ports", "claim": "They need small rules.", "topics": ["ports"]}


@pytest.fixture
def drafter(program: Any, cast: Any) -> Any:
    return program(cast.drafter)


@pytest.fixture
def source(campaign: Campaign) -> Source:
    return Source.objects.create(campaign=campaign, key="s1", kind="report", title="Report")


# ---- points, facts and sources, from the first to the last


def test_a_program_writes_the_evidence(campaign: Campaign, cast: Any, drafter: Any) -> None:
    make_group("african-group", make_member())
    made = drafter("post", "points", {**POINT, "members": ["ke"], "groups": ["african-group"], "passage": "Ports."})
    assert made.status_code == 201, made.content
    assert made["Location"].endswith("/api/v1/mc11/points/1")
    assert made["ETag"] == drafter("get", "points/1")["ETag"]
    assert (made.json()["members"], made.json()["groups"]) == (["KE"], ["african-group"])
    event = AuditEvent.objects.get(verb="point.add")
    assert event.actor_id == str(cast.drafter.pk)
    assert event.data["api_token"] == ApiToken.objects.get().pk

    report = drafter("post", "sources", {"title": "Report", "authors": ["Bank", "Union"], "date": "2016"}).json()
    assert (report["key"], report["authors"], report["year"]) == ("src-report", ["Bank", "Union"], 2016)
    fact = drafter(
        "post", "facts",
        {"statement": "Nine in ten.", "point": 1, "kind": "figure", "source": report["key"], "applies_to": ["Kenya"],
         "figures": [{"value": "90.50", "unit": "percent", "year": 2016}], "where": "page 3"},
    )  # fmt: skip
    assert fact.status_code == 201, fact.content
    assert fact.json()["figures"] == [{"value": "90.5", "unit": "percent", "year": 2016}]
    assert fact.json()["locator"] == {"where": "page 3"}
    path = f"facts/{fact.json()['key']}"
    changed = drafter("patch", path, {"statement": "Eight in ten.", "reason": "New edition."}, if_match=fact["ETag"])
    assert (changed.status_code, changed.json()["statement"], changed.json()["revision"]) == (200, "Eight in ten.", 2)
    assert changed.json()["figures"] == fact.json()["figures"], "what was not sent stays"
    assert changed["ETag"] == drafter("get", path)["ETag"] != fact["ETag"]
    corrected = drafter("patch", "sources/src-report", {"title": "The report"}, if_match="*").json()
    assert (corrected["title"], corrected["authors"], corrected["year"]) == ("The report", ["Bank", "Union"], 2016)
    assert drafter("post", "sources/src-report/check", {"on": "2017-01-31"}).json()["checked_on"] == "2017-01-31"
    assert drafter("post", f"{path}/retire", {"reason": "Wrong."}).json()["retired_at"]
    assert drafter("post", f"{path}/retire", {"reason": "Wrong."}).status_code == 409
    assert drafter("post", f"{path}/restore", {"reason": "Right."}).json()["retired_at"] is None
    point = drafter("patch", "points/1", {"claim": "They need few rules."}, if_match="*").json()
    assert (point["claim"], point["topics"], point["members"]) == ("They need few rules.", ["ports"], ["KE"])


# ---- bodies


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (b"", 422, ""),
        (b"{", 400, "can be read"),
        (b"\xff", 400, "UTF-8"),
        (b"[" * 100_000, 400, "can be read"),
        (b'{"number": NaN}', 400, "NaN"),
        (b'{"number": 1e999}', 400, "too large"),
        (b'{"number": ' + b"9" * 5000 + b"}", 400, "can be read"),
        (b'{"title": "a", "title": "b"}', 400, "twice"),
        (b'{"title": "a\\u0000"}', 400, "cannot be stored"),
        (b'{"title": "\\ud800"}', 400, "cannot be stored"),
        (b'{"\\udfff": 1}', 400, "cannot be stored"),
        (b"[]", 422, "Invalid data"),
        (b"null", 422, ""),
        (b'"text"', 422, "Invalid data"),
    ],
)
def test_a_body_that_is_no_object_of_json_is_refused(drafter: Any, body: bytes, status: int, says: str) -> None:
    answer = drafter("post", "points", body)
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert says in answer.content.decode()
    assert not TalkingPoint.objects.exists()


def test_a_body_is_json_and_bounded(campaign: Campaign, drafter: Any, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2**20
    assert drafter("post", "points", b'{"title": "' + b"x" * 2**20 + b'"}').status_code == 413
    headers = Client(headers={"Authorization": "Bearer ecom_"}).post("/api/v1/mc11/points", POINT)
    assert headers.status_code == 401, "who asks comes first"
    assert drafter("post", "points").status_code == 415, "a form"


@pytest.mark.parametrize(
    ("path", "change", "pointer", "says"),
    [
        ("points", {"nmber": 2}, "#/nmber", "Allowed: title, claim"),
        ("points", {"a/b~c": 2}, "#/a~1b~0c", "not known"),
        ("points", {"title": 5}, "#/title", "Not a valid string"),
        ("points", {"title": "\u200b"}, "#/title", "needs a title"),
        ("points", {"title": "x" * 201}, "#/title", "200"),
        ("points", {"topics": ["a", "x" * 121]}, "#/topics/1", "120"),
        ("points", {"topics": "a"}, "#/topics", "list"),
        ("points", {"members": ["Atlantis"]}, "#/members", "Atlantis"),
        ("points", {"slug": "Ports"}, "#/slug", ""),
        ("points", {"number": 1000}, "#/number", "999"),
        ("facts", {"source": "none"}, "#/source", "none"),
        ("facts", {"source": {"key": "s1"}}, "#/source", ""),
        ("facts", {"point": 77}, "#/point", "77"),
        ("facts", {"point": True}, "#/point", ""),
        ("facts", {"kind": "figure"}, "#/kind", "needs a figure"),
        ("facts", {"additional_sources": ["s1"]}, "#/additional_sources", "already the source"),
        ("facts", {"figures": [{"value": "many", "unit": "people"}]}, "#/figures/0/value", "not a number"),
        ("facts", {"figures": [{"value": 1.5, "unit": "percent"}]}, "#/figures/0/value", "62.5"),
        ("facts", {"figures": [{"value": 5, "unit": "people", "seen": 1}]}, "#/figures/0/seen", "not known"),
        ("facts", {"verification": "caution"}, "#/caution", "doubtful"),
        ("sources", {"url": "javascript:alert(1)"}, "#/url", "https://"),
        ("sources", {"date": "May 2017"}, "#/date", "2017-05"),
        ("sources", {"authors": ["Bank; Union"]}, "#/authors/0", "semicolons"),
        ("sources", {"checked_on": "2999-01-01"}, "#/checked_on", "2100"),
        ("sources", {"title": ""}, "#/title", ""),
    ],
)
def test_a_wrong_value_is_pointed_to(
    campaign: Campaign, drafter: Any, source: Source, path: str, change: Any, pointer: str, says: str
) -> None:
    whole: dict[str, Any] = {
        "points": POINT,
        "facts": {"statement": "So it is.", "kind": "claim", "source": "s1"},
        "sources": {"title": "Another"},
    }
    answer = drafter("post", path, {**whole[path], **change})
    assert answer.status_code == 422, answer.content
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert says in answer.json()["errors"][0]["detail"]
    assert not TalkingPoint.objects.exists()
    assert not Fact.objects.exists()


def test_rows_of_another_campaign_are_not_known(campaign: Campaign, drafter: Any) -> None:
    from tests.factories import make_campaign

    other = make_campaign("other")
    Source.objects.create(campaign=other, key="theirs", kind="report", title="Report")
    answer = drafter("post", "facts", {"statement": "So.", "kind": "claim", "source": "theirs"})
    assert answer.json()["errors"][0]["pointer"] == "#/source"


# ---- conditions


def test_a_change_needs_what_was_read(campaign: Campaign, drafter: Any) -> None:
    first = drafter("post", "points", POINT)
    assert drafter("patch", "points/1", {"title": "New"}).status_code == 428
    assert drafter("patch", "points/1", {"title": "New"}, if_match='"something"').status_code == 412
    assert drafter("patch", "points/1", {"title": "New"}, if_match=f'"x", {first["ETag"]}').status_code == 200
    late = drafter("patch", "points/1", {"title": "Newer"}, if_match=first["ETag"])
    assert (late.status_code, late["Content-Type"]) == (412, "application/problem+json")
    assert TalkingPoint.objects.get().title == "New"
    assert drafter("patch", "points/2", {"title": "New"}).status_code == 404, "what is not there comes first"


# ---- once


def test_a_request_sent_again_is_answered_and_not_done_again(campaign: Campaign, drafter: Any) -> None:
    first = drafter("post", "points", POINT, idempotency_key="8e03978e")
    again = drafter("post", "points", POINT, idempotency_key='"8e03978e"')
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert (again["Location"], again["ETag"]) == (first["Location"], first["ETag"])
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert drafter("post", "points", {**POINT, "number": 2}, idempotency_key="8e03978e").status_code == 422
    assert drafter("post", "sources", {"title": "Report"}, idempotency_key="8e03978e").status_code == 422
    assert drafter("post", "points", {**POINT, "number": 2}, idempotency_key="another").status_code == 201
    assert TalkingPoint.objects.count() == 2


def test_a_key_belongs_to_one_token(campaign: Campaign, cast: Any, program: Any) -> None:
    for number, person in enumerate([cast.drafter, cast.coordinator], 1):
        answer = program(person)("post", "points", {**POINT, "number": number}, idempotency_key="1")
        assert answer.status_code == 201


def test_what_was_refused_may_be_sent_again_with_its_key(drafter: Any) -> None:
    assert drafter("post", "points", {**POINT, "title": ""}, idempotency_key="1").status_code == 422
    assert drafter("post", "points", POINT, idempotency_key="1").status_code == 201


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "schlüssel", '"', "a b"])
def test_what_is_no_key_is_refused(drafter: Any, key: str) -> None:
    assert drafter("post", "points", POINT, idempotency_key=key).status_code == 400
    assert not TalkingPoint.objects.exists()


def test_a_key_is_forgotten_after_a_day(campaign: Campaign, drafter: Any) -> None:
    drafter("post", "points", POINT, idempotency_key="1")
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=25))
    again = drafter("post", "points", POINT, idempotency_key="1")
    assert again.json()["errors"][0]["pointer"] == "#/number", "carried out, and there is a point 1"
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert idempotency_keys_delete_expired() == 1


def test_nothing_that_was_said_is_kept(campaign: Campaign, drafter: Any) -> None:
    drafter("post", "points", {**POINT, "title": "Canary"}, idempotency_key="1")
    assert "Canary" not in str(list(IdempotencyKey.objects.values_list()))
    TalkingPoint.objects.all().delete()
    assert drafter("post", "points", {**POINT, "title": "Canary"}, idempotency_key="1").status_code == 410


@pytest.mark.django_db(transaction=True)
def test_the_same_request_at_once_is_done_once(campaign: Campaign, drafter: Any) -> None:
    drafter("get", "points")  # the last use of the token is written
    source = {"title": "Report"}
    answers = at_once(*[lambda: drafter("post", "sources", source, idempotency_key="1")] * 4)
    statuses = {answer.status_code for answer in answers}
    assert statuses <= {201, 409}, answers
    assert 201 in statuses
    assert Source.objects.count() == 1
    assert drafter("post", "sources", source, idempotency_key="1").json()["key"] == "src-report"


def test_while_a_request_is_answered_the_same_waits_for_nothing(campaign: Campaign, drafter: Any) -> None:
    """Another connection holds the key, as a request does until it ends."""
    token = ApiToken.objects.get()
    with psycopg.connect(database_url()) as other:
        other.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"api {token.pk} 1"])
        answer = drafter("post", "points", POINT, idempotency_key="1")
        assert answer.status_code == 409
        assert "still being answered" in answer.json()["detail"]
        assert drafter("post", "points", POINT, idempotency_key="2").status_code == 201


@pytest.mark.django_db(transaction=True)
def test_a_process_that_dies_half_way_has_done_nothing(
    campaign: Campaign, drafter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(**_more: Any) -> None:
        assert TalkingPoint.objects.exists()
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("apps.api.transactions.key_keep", die)
        with pytest.raises(Killed):
            drafter("post", "points", POINT, idempotency_key="1")
    assert not TalkingPoint.objects.exists()
    assert drafter("post", "points", POINT, idempotency_key="1").status_code == 201


def test_what_a_service_refuses_leaves_nothing(drafter: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_more: Any) -> None:
        raise Conflict("Somebody was faster.")

    monkeypatch.setattr("apps.talkingpoints.services.points.audit_record", fail)
    answer = drafter("post", "points", POINT)
    assert (answer.status_code, answer.json()["detail"]) == (409, "Somebody was faster.")
    assert "errors" not in answer.json()
    assert not TalkingPoint.objects.exists()
