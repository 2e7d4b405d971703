"""A program reads no more contact data in a day than its owner could export without a second person."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from apps.api.openapi import openapi_document
from apps.api.urls import router
from apps.api.viewsets.contact_data import CountedContacts
from apps.campaigns.models import Campaign
from apps.campaigns.scopes import Scope
from apps.core.models import AuditEvent
from apps.exports.models import ContactRead, Export
from apps.exports.services import contact_rows
from apps.exports.services.requests import export_cancel, export_request, export_taken
from apps.exports.services.runs import exports_advance
from apps.governments.models import Recipient
from tests.factories import give_second_factor, make_member
from tests.factories.concurrency import at_once
from tests.factories.exports import wanted
from tests.factories.governments import make_recipient
from tests.factories.letters import make_version
from tests.factories.signing import make_call, make_sign_ons

RECIPIENTS = wanted("recipients", "internal", "jsonl")


@pytest.fixture
def six(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> list[Recipient]:
    """Recipients, of which four may be read."""
    monkeypatch.setattr(contact_rows, "MANY_CONTACTS", 4)
    kenya = make_member("KE", "Kenya")
    return [make_recipient(campaign, kenya, f"Post {n}", f"p{n}@ke.example") for n in range(6)]


def exported(campaign: Campaign, person: Any) -> Export:
    return export_request(campaign=campaign, wanted=RECIPIENTS, reason="x", actor=person, at_once=False)[0]


def test_rows_count_once_in_a_day_for_the_person(
    campaign: Campaign, cast: Any, program: Any, six: list[Recipient]
) -> None:
    one, other = program(cast.data_officer), program(cast.data_officer)
    page = one("get", "recipients?page_size=3").json()
    assert len(page["results"]) == 3
    assert one("get", f"recipients/{six[0].pk}").status_code == 200, "a row of that page"
    assert other("get", f"recipients/{six[3].pk}").status_code == 200
    for path in (f"recipients/{six[4].pk}", "recipients", page["next"].partition("/mc11/")[2]):
        refused = other("get", path)
        assert (refused.status_code, refused["Content-Type"]) == (403, "application/problem+json"), path
        assert "Ask for an export" in refused.json()["detail"]
        assert b"ke.example" not in refused.content
    assert other("head", "recipients").status_code == 403
    assert one("get", "recipients?page_size=3").json() == page, "what was read is read again"
    assert program(cast.coordinator)("get", "recipients?page_size=4").status_code == 200, "each person"
    read = AuditEvent.objects.filter(verb="contact_data.read", actor_id=str(cast.data_officer.pk))
    assert [event.data["rows"] for event in read.order_by("id")] == [3, 1]
    assert all(event.data["api_token"] for event in read)
    ContactRead.objects.update(at=timezone.now() - timedelta(days=1))
    assert one("get", f"recipients/{six[4].pk}").status_code == 200, "the next day"


def test_files_and_programs_count_together(
    campaign: Campaign, cast: Any, program: Any, six: list[Recipient], django_capture_on_commit_callbacks: Any
) -> None:
    Recipient.objects.filter(pk__in=[row.pk for row in six[3:]]).update(active=False)
    ask, officer = program(cast.data_officer), cast.data_officer
    export = exported(campaign, officer)
    assert export.state == "queued", "three rows"
    exports_advance()
    assert ask("get", f"recipients/{six[0].pk}").status_code == 200
    assert ask("get", f"recipients/{six[1].pk}").status_code == 403
    export.refresh_from_db()
    export_taken(export=export, actor=officer)
    with django_capture_on_commit_callbacks(execute=True):
        export_cancel(export=export, actor=officer)
    assert ask("get", f"recipients/{six[1].pk}").status_code == 403, "a file that was taken counts, deleted or not"
    Export.objects.all().delete()
    ask("get", f"recipients/{six[1].pk}")
    assert exported(campaign, officer).state == "waiting", "two rows were read"


def test_without_contact_data_nothing_is_counted(
    campaign: Campaign, cast: Any, program: Any, six: list[Recipient]
) -> None:
    give_second_factor(cast.data_officer)
    call = make_call(make_version(campaign, cast), cast, moderated=False)
    make_sign_ons(call, [f"Forum {n}" for n in range(6)])
    make_sign_ons(call, [f"Counted {n}" for n in range(6)], visibility="counted")
    ask = program(cast.data_officer, Scope.SIGN_ONS_READ, Scope.DELIVERIES_READ)
    assert ask("get", "sign-ons").status_code == 403
    rows = ask("get", "sign-ons?contact_data=false").json()["results"]
    assert (len(rows), {row["email"] for row in rows}) == (12, {""})
    assert {row["name"] for row in rows} == {"", *(f"Forum {n}" for n in range(6))}
    assert ask("get", "sign-ons?visibility=counted").status_code == 200, "they have none"
    for path in ("deliveries", "contacts", "next-steps", "answers"):
        assert ask("get", path).status_code == 200
    assert program(cast.observer)("get", "sign-ons").status_code == 200, "a role that sees none"
    assert not ContactRead.objects.exists()


def test_what_is_written_is_written_and_answered_without_contact_data(
    campaign: Campaign, cast: Any, program: Any, six: list[Recipient]
) -> None:
    ask = program(cast.sender)
    ask("get", "recipients?page_size=4")
    answer = ask("patch", f"recipients/{six[5].pk}", {"post": "Envoy"}, if_match="*")
    assert (answer.status_code, answer.json()["post"]) == (200, "Envoy")
    assert (answer.json()["addresses"][0]["address"], answer.json()["salutation"]) == (None, None)
    assert ask("post", f"recipients/{six[0].pk}/verify").json()["addresses"][0]["address"] == "p0@ke.example"


@pytest.mark.django_db(transaction=True)
def test_several_at_once_count_each_other(campaign: Campaign, cast: Any, program: Any, six: list[Recipient]) -> None:
    """Each by a token of its own, and a file of all six."""
    asks = [partial(program(cast.data_officer), "get", f"recipients/{row.pk}") for row in six]
    results = at_once(*asks)
    assert sorted(answer.status_code for answer in results) == [200, 200, 200, 200, 403, 403]
    assert ContactRead.objects.count() == 4
    ContactRead.objects.all().delete()
    Recipient.objects.filter(pk__in=[row.pk for row in six[4:]]).update(active=False)
    export, read = at_once(partial(exported, campaign, cast.data_officer), asks[5])
    assert (export.state, read.status_code) in {("queued", 403), ("waiting", 200)}


def test_every_list_with_contact_data_is_counted_and_says_so(db: None) -> None:
    counted = {name for _prefix, viewset, name in router.registry if issubclass(viewset, CountedContacts)}
    assert counted == {"offices", "recipients", "deliveries", "answers", "contacts", "next-steps", "sign-ons"}
    for path, operations in openapi_document()["paths"].items():
        limited = "more than 1,000 rows" in str(operations["get"]["responses"]["403"]) if "get" in operations else False
        assert limited == (path.split("/")[4] in counted and "get" in operations), path
