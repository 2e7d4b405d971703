"""Programs that write the same thing at the same moment, each on its own connection: one wins, the other is told."""

import threading
from typing import Any

import pytest
from django.test import Client

from apps.api.serializers import recipient_bodies
from apps.api.viewsets import talkingpoints
from apps.campaigns.models import Campaign
from apps.governments.models import Position
from apps.outreach.models import Dispatch
from tests.factories import give_second_factor, make_member
from tests.factories.concurrency import at_once
from tests.factories.governments import make_recipient
from tests.factories.letters import make_version

pytestmark = pytest.mark.django_db(transaction=True)


def statuses(results: list[Any]) -> list[int]:
    return sorted(result.status_code for result in results)


def test_one_position_posted_twice_is_recorded_once(campaign: Campaign, cast: Any, program: Any) -> None:
    make_member("KE", "Kenya")
    ask = program(cast.drafter)
    said = {"member": "KE", "stance": "opposes", "on": "2017-10-02"}
    results = at_once(*[lambda: ask("post", "positions", said)] * 3)
    assert statuses(results) == [201, 201, 201]
    assert {result.json()["id"] for result in results} == {Position.objects.get().pk}


def test_one_position_corrected_in_two_ways(campaign: Campaign, cast: Any, program: Any) -> None:
    make_member("KE", "Kenya")
    ask = program(cast.drafter)
    made = ask("post", "positions", {"member": "KE", "stance": "opposes", "on": "2017-10-02"})
    path = f"positions/{made.json()['id']}/correct"

    def correct(stance: str) -> Any:
        return lambda: ask("post", path, {"stance": stance, "reason": "Misread."}, if_match=made["ETag"])

    results = at_once(correct("supports"), correct("undecided"))
    assert statuses(results)[0] == 201
    assert statuses(results)[1] in {404, 409, 422}, "it came too late: the position is withdrawn"
    assert Position.objects.standing().count() == 1


def test_two_programs_change_what_they_read(
    campaign: Campaign, cast: Any, program: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have shown the right ETag before either writes: then the service's own comparison decides."""
    both, check = threading.Barrier(2), recipient_bodies.check_recipient

    def meet(form: Any) -> None:
        check(form)
        both.wait(60)

    monkeypatch.setattr(recipient_bodies, "check_recipient", meet)
    row = make_recipient(campaign, make_member("KE", "Kenya"), "Minister", "minister@ke.example")
    ask = program(cast.sender)
    etag = ask("get", f"recipients/{row.pk}")["ETag"]

    def change(post: str) -> Any:
        return lambda: ask("patch", f"recipients/{row.pk}", {"post": post}, if_match=etag)

    results = at_once(change("First"), change("Second"))
    assert statuses(results) == [200, 412]
    row.refresh_from_db()
    [won] = [result for result in results if result.status_code == 200]
    assert row.post == won.json()["post"]


def test_two_programs_correct_one_point(
    campaign: Campaign, cast: Any, program: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever conflict the service names: the one who was slower has to read the row again."""
    both, correct = threading.Barrier(2), talkingpoints.point_correct

    def meet(**values: Any) -> Any:
        both.wait(10)
        return correct(**values)

    monkeypatch.setattr(talkingpoints, "point_correct", meet)
    ask = program(cast.drafter)
    made = ask("post", "points", {"number": 1, "title": "Small ports", "claim": "They need small rules."})

    def change(title: str) -> Any:
        return lambda: ask("patch", "points/1", {"title": title}, if_match=made["ETag"])

    assert statuses(at_once(change("First"), change("Second"))) == [200, 412]


def test_one_key_prepares_one_mailing(campaign: Campaign, cast: Any, program: Any) -> None:
    kenya = make_member("KE", "Kenya")
    make_recipient(campaign, kenya, "Minister", "minister@ke.example")
    version = make_version(campaign, cast, kenya)
    give_second_factor(cast.sender)
    ask = program(cast.sender)
    body = {"letter": version.letter.number, "version": version.number}
    results = at_once(*[lambda: ask("post", "dispatches", body, idempotency_key="monday")] * 2)
    dispatch = Dispatch.objects.get()
    assert 201 in statuses(results)
    assert set(statuses(results)) <= {201, 409}, "the other is still being answered, or has the same answer"
    again = ask("post", "dispatches", body, idempotency_key="monday")
    assert (again.status_code, again.json()["id"]) == (201, dispatch.pk)
    assert Client().get(again["Location"]).status_code == 401
    assert Dispatch.objects.count() == 1


def test_a_mailing_is_cancelled_once(campaign: Campaign, cast: Any, program: Any) -> None:
    kenya = make_member("KE", "Kenya")
    make_recipient(campaign, kenya, "Minister", "minister@ke.example")
    version = make_version(campaign, cast, kenya)
    give_second_factor(cast.sender)
    ask = program(cast.sender)
    body = {"letter": version.letter.number, "version": version.number}
    number = ask("post", "dispatches", body).json()["id"]
    acts = ("cancel", "recompute", "cancel")
    results = at_once(*[lambda act=act: ask("post", f"dispatches/{number}/{act}") for act in acts])
    assert statuses([results[0], results[2]]) == [200, 409]
    assert results[1].status_code in {200, 409}
    assert Dispatch.objects.get().state == Dispatch.State.CANCELLED
