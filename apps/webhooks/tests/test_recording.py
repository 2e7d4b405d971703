"""Events are recorded in the transaction in which they happen, without names, and cost nothing where nobody listens."""

from typing import Any

import pytest
from django.db import transaction

from apps.campaigns.models import Campaign
from apps.core.batches import written_together
from apps.webhooks.models import Endpoint, Event, EventDelivery, EventKind, EventObject
from apps.webhooks.services.endpoints import endpoint_create, endpoint_delete
from apps.webhooks.services.recording import webhook_event_record
from tests.factories.concurrency import at_once

pytestmark = pytest.mark.django_db
KIND = EventKind.DELIVERY_CHANGED


def listen(campaign: Campaign, actor: Any, *events: str, name: str = "Website") -> Endpoint:
    endpoint = endpoint_create(
        campaign=campaign, actor=actor, name=name, url="http://localhost:9/", events=events or [KIND]
    )
    campaign.refresh_from_db()
    return endpoint


def record(campaign: Campaign, key: int, **data: Any) -> None:
    webhook_event_record(campaign=campaign, kind=KIND, key=key, data=lambda: data)


def numbers() -> list[tuple[int, int]]:
    return list(Event.objects.order_by("id").values_list("object__key", "number"))


def test_without_an_endpoint_nothing_is_asked(campaign: Campaign, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        record(campaign, 1)
    assert not EventObject.objects.exists()


def test_with_one_it_is_one_statement(campaign: Campaign, cast: Any, django_assert_num_queries: Any) -> None:
    listen(campaign, cast.coordinator)
    with django_assert_num_queries(1):
        record(campaign, 1, state="accepted")
    with django_assert_num_queries(0):
        webhook_event_record(campaign=campaign, kind=EventKind.REPLY_FILED, key=1, data=dict)
    assert EventDelivery.objects.get().event.data == {"state": "accepted"}


def test_thousands_are_one_statement_too(campaign: Campaign, cast: Any, django_assert_num_queries: Any) -> None:
    listen(campaign, cast.coordinator)
    listen(campaign, cast.coordinator, name="Another")
    record(campaign, 5)
    with django_assert_num_queries(1), written_together():
        for number in range(1000):
            record(campaign, number % 500)
    assert EventDelivery.objects.count() == 2002
    assert [number for key, number in numbers() if key == 5] == [1, 2, 3]
    assert [number for key, number in numbers() if key == 6] == [1, 2]


def test_only_those_are_told_who_asked_for_it(campaign: Campaign, cast: Any) -> None:
    listen(campaign, cast.coordinator)
    listen(campaign, cast.coordinator, EventKind.SIGN_ON_CONFIRMED, name="Another")
    record(campaign, 1)
    assert [row.endpoint.name for row in EventDelivery.objects.all()] == ["Website"]


def test_after_the_last_endpoint_nothing_is_recorded(campaign: Campaign, cast: Any) -> None:
    endpoint = listen(campaign, cast.coordinator)
    record(campaign, 1)
    endpoint_delete(endpoint=endpoint, actor=cast.coordinator)
    assert not EventDelivery.objects.exists()
    record(campaign, 1)  # by a transaction that read the campaign before
    campaign.refresh_from_db()
    assert campaign.webhook_events == []
    assert numbers() == [(1, 1)]


def test_what_is_rolled_back_did_not_happen(campaign: Campaign, cast: Any) -> None:
    listen(campaign, cast.coordinator)

    def act() -> None:
        with transaction.atomic(), written_together():
            record(campaign, 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    assert numbers() == []


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gaps_when_many_record_at_once(campaign: Campaign, cast: Any) -> None:
    listen(campaign, cast.coordinator)

    def act() -> None:
        for _number in range(10):
            with transaction.atomic():
                record(campaign, 1)

    assert at_once(*[act] * 4) == [None] * 4
    assert sorted(number for _key, number in numbers()) == list(range(1, 41))


@pytest.mark.django_db(transaction=True)
def test_an_endpoint_deleted_meanwhile_breaks_nothing(campaign: Campaign, cast: Any) -> None:
    endpoint = listen(campaign, cast.coordinator)

    def act() -> None:
        for number in range(30):
            with transaction.atomic():
                record(campaign, number)

    results = at_once(act, act, lambda: endpoint_delete(endpoint=endpoint, actor=cast.coordinator))
    assert results == [None] * 3
    assert not EventDelivery.objects.exists()
