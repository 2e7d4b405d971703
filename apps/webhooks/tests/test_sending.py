"""Events arrive at a real receiver: signed, in order, again after failures, and with the same id each time."""

import base64
import hashlib
import hmac
import threading
import time
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.core.models import AuditEvent
from apps.webhooks.models import Attempt, Endpoint, EventDelivery, EventKind
from apps.webhooks.services import results, send_worker
from apps.webhooks.services.claims import deliveries_claim
from apps.webhooks.services.endpoints import endpoint_pause, endpoint_resume, endpoint_secret_rotate
from apps.webhooks.services.recording import webhook_event_record
from apps.webhooks.services.resending import Paused, deliveries_resend, delivery_resend, endpoint_test
from apps.webhooks.services.results import WAITS, delivery_finish, wait_after
from apps.webhooks.services.send_worker import webhooks_deliver
from apps.webhooks.signatures import secret_make
from apps.webhooks.transports.http_post import Answer, post
from tests.factories.concurrency import at_once
from tests.factories.processes import wait_until
from tests.factories.webhook_receiver import drip, make_endpoint, receiving

pytestmark = pytest.mark.django_db(transaction=True)
SIGN_ON = EventKind.SIGN_ON_CONFIRMED


@pytest.fixture
def at_once_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """No waits between tries."""
    monkeypatch.setattr(results, "WAITS", [timedelta()])
    monkeypatch.setattr(results, "FIRST_REST", timedelta())


def record(campaign: Campaign, key: int = 1, **data: Any) -> None:
    campaign.refresh_from_db()
    webhook_event_record(campaign=campaign, kind=SIGN_ON, key=key, data=lambda: data)


def states() -> list[str]:
    return list(EventDelivery.objects.order_by("id").values_list("state", flat=True))


def test_an_event_arrives_signed(campaign: Campaign, cast: Any) -> None:
    with receiving() as receiver:
        endpoint = make_endpoint(campaign, cast.coordinator, receiver)
        record(campaign, key=7, letter=1)
        assert webhooks_deliver() == 1
        [request] = receiver.requests
    assert request.payload["type"] == "sign_on.confirmed"
    assert request.payload["data"] == {
        "campaign": campaign.slug, "object": {"type": "sign_on", "id": 7}, "sequence": 1, "letter": 1
    }  # fmt: skip
    stamp = request.headers["webhook-timestamp"]
    assert abs(int(stamp) - time.time()) < 60
    key = base64.b64decode(endpoint.secret.removeprefix("whsec_"))
    signed = f"{request.id}.{stamp}.".encode() + request.body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert request.headers["webhook-signature"] == expected
    assert request.headers["host"] == f"127.0.0.1:{receiver.port}"
    attempt = Attempt.objects.get()
    assert (attempt.outcome, attempt.status, attempt.excerpt) == ("delivered", 200, "answer 200")
    endpoint.refresh_from_db()
    assert (endpoint.state, states()) == ("works", ["delivered"])


@pytest.mark.parametrize(
    ("answers", "outcomes"),
    [
        ([500, 500], ["status", "status"]),
        (["drop"], ["connection"]),
        (["hang"], ["timeout"]),
        ([drip], ["timeout"]),
        (["http://169.254.169.254/latest/meta-data/"], ["redirect"]),
    ],
)
def test_it_arrives_once_despite_a_failing_receiver(
    campaign: Campaign, cast: Any, settings: Any, at_once_again: None, answers: list[Any], outcomes: list[str]
) -> None:
    if "timeout" in outcomes:
        settings.WEBHOOKS = {**settings.WEBHOOKS, "TIMEOUT": 1}
    with receiving(*answers) as receiver:
        make_endpoint(campaign, cast.coordinator, receiver)
        record(campaign)
        webhooks_deliver()
        webhooks_deliver()
    assert len(set(receiver.ids)) == 1, "a receiver knows it again"
    assert len(receiver.ids) == len(answers) + 1
    assert list(Attempt.objects.order_by("number").values_list("outcome", flat=True)) == [*outcomes, "delivered"]
    assert states() == ["delivered"]


def test_nobody_who_listens_is_a_failed_try(campaign: Campaign, cast: Any) -> None:
    with receiving() as receiver:
        make_endpoint(campaign, cast.coordinator, receiver)
    record(campaign)
    assert webhooks_deliver() == 1
    assert Attempt.objects.get().outcome == "connection"
    assert EventDelivery.objects.get().next_at > timezone.now()


def test_an_object_has_its_order_and_others_do_not_wait(campaign: Campaign, cast: Any) -> None:
    with receiving(500) as receiver:
        make_endpoint(campaign, cast.coordinator, receiver)
        for key in (1, 1):
            record(campaign, key=key)
        webhooks_deliver()
        record(campaign, key=2)
        webhooks_deliver()
        EventDelivery.objects.update(next_at=timezone.now())
        webhooks_deliver()
    seen = [(one.payload["data"]["object"]["id"], one.payload["data"]["sequence"]) for one in receiver.requests]
    assert seen == [(1, 1), (2, 1), (1, 1), (1, 2)]


def test_several_workers_keep_the_order_and_send_once(campaign: Campaign, cast: Any) -> None:
    with receiving() as receiver:
        make_endpoint(campaign, cast.coordinator, receiver)
        for _number in range(5):
            for key in range(4):
                record(campaign, key=key)
        assert sum(at_once(*[webhooks_deliver] * 3)) == 20
    assert len(set(receiver.ids)) == len(receiver.ids) == 20
    for key in range(4):
        numbers = [
            one.payload["data"]["sequence"] for one in receiver.requests if one.payload["data"]["object"]["id"] == key
        ]
        assert numbers == [1, 2, 3, 4, 5]
    assert receiver.most_at_once <= 2


def test_a_slow_receiver_holds_up_nobody_else(campaign: Campaign, cast: Any) -> None:
    with receiving(*["hang"] * 10) as slow, receiving() as quick:
        make_endpoint(campaign, cast.coordinator, slow, name="Slow")
        make_endpoint(campaign, cast.coordinator, quick, name="Quick")
        for key in range(10):
            record(campaign, key=key)
        asked = list[int]()

        def wait_for_the_quick() -> None:
            wait_until(lambda: len(quick.requests) == 10, "all for the quick one, while the slow one hangs")
            asked.append(len(slow.requests))
            slow.released.set()

        waits = threading.Thread(target=wait_for_the_quick)
        waits.start()
        webhooks_deliver()
        waits.join()
        assert asked == [2], "no more than its share"


def test_a_worker_that_died_leaves_its_event_to_the_next(campaign: Campaign, cast: Any) -> None:
    with receiving() as receiver:
        make_endpoint(campaign, cast.coordinator, receiver)
        record(campaign)
        [job] = deliveries_claim(most=5)
        assert webhooks_deliver() == 0, "it is under way"
        EventDelivery.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        assert webhooks_deliver() == 1
    assert receiver.ids == [job.headers["webhook-id"]]
    assert list(Attempt.objects.order_by("number").values_list("outcome", flat=True)) == ["lost", "delivered"]
    assert delivery_finish(job=job, answer=Answer("connection")) == "", "a late answer changes nothing"
    assert states() == ["delivered"]


def test_an_error_of_ours_is_a_failed_try_and_stops_nobody_else(
    campaign: Campaign, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_one(url: str, headers: Any, body: bytes) -> Answer:
        if b'"id":1,' in body:
            raise RuntimeError("unforeseen")
        return post(url, headers, body)

    monkeypatch.setattr(send_worker, "post", break_one)
    with receiving() as receiver:
        make_endpoint(campaign, cast.coordinator, receiver)
        record(campaign, key=1)
        record(campaign, key=2)
        webhooks_deliver()
    assert states() == ["waiting", "delivered"]
    assert EventDelivery.objects.order_by("id")[0].next_at > timezone.now()


def test_waits_grow_to_three_days(campaign: Campaign, cast: Any) -> None:
    waits = [wait_after(tries) for tries in range(1, 16)]
    assert all(later > earlier * 1.2 for earlier, later in pairwise(waits[: len(WAITS) - 2]))
    assert timedelta(seconds=4) <= waits[0] <= timedelta(seconds=6)
    assert sum(waits, timedelta()) > timedelta(days=3)


def test_what_never_arrives_is_given_up_and_can_be_sent_again(campaign: Campaign, cast: Any) -> None:
    with receiving(500) as receiver:
        endpoint = make_endpoint(campaign, cast.coordinator, receiver)
        record(campaign)
        record(campaign)
        EventDelivery.objects.update(give_up_at=timezone.now())
        webhooks_deliver()
        assert states() == ["given_up", "delivered"], "the next of the object need not wait any more"
        now = timezone.now()
        assert deliveries_resend(endpoint=endpoint, since=now, arrived_too=False, actor=cast.coordinator) == 0
        since = timezone.now() - timedelta(days=1)
        assert deliveries_resend(endpoint=endpoint, since=since, arrived_too=False, actor=cast.coordinator) == 1
        webhooks_deliver()
        assert states() == ["delivered", "delivered"]
        delivery_resend(delivery=EventDelivery.objects.order_by("id")[1], actor=cast.coordinator)
        webhooks_deliver()
    assert [one.payload["data"]["sequence"] for one in receiver.requests] == [1, 2, 1, 2]
    assert len(set(receiver.ids)) == 2
    assert AuditEvent.objects.filter(verb="webhook.resend").count() == 2


def test_gone_pauses_at_once(campaign: Campaign, cast: Any) -> None:
    with receiving(410) as receiver:
        endpoint = make_endpoint(campaign, cast.coordinator, receiver)
        record(campaign)
        webhooks_deliver()
        endpoint.refresh_from_db()
        assert (endpoint.state, endpoint.pause_reason) == ("paused", "gone")
        EventDelivery.objects.update(next_at=timezone.now())
        assert webhooks_deliver() == 0
        with pytest.raises(Paused):
            endpoint_test(endpoint=endpoint, actor=cast.coordinator)
        assert endpoint_resume(endpoint=endpoint, actor=cast.coordinator) == 1
        webhooks_deliver()
    assert states() == ["delivered"]


def test_an_endpoint_that_fails_for_three_days_is_paused(campaign: Campaign, cast: Any) -> None:
    with receiving(500, 500) as receiver:
        endpoint = make_endpoint(campaign, cast.coordinator, receiver)
        record(campaign)
        webhooks_deliver()
        Endpoint.objects.update(failing_since=timezone.now() - timedelta(days=3))
        EventDelivery.objects.update(next_at=timezone.now())
        webhooks_deliver()
    endpoint.refresh_from_db()
    assert (endpoint.state, endpoint.pause_reason) == ("paused", "failing")
    assert AuditEvent.objects.get(verb="webhook.pause").data == {"reason": "failing"}


def test_what_happens_during_a_pause_is_sent_after_it(campaign: Campaign, cast: Any) -> None:
    with receiving() as receiver:
        endpoint = make_endpoint(campaign, cast.coordinator, receiver)
        endpoint_pause(endpoint=endpoint, actor=cast.coordinator)
        record(campaign)
        assert webhooks_deliver() == 0
        endpoint_resume(endpoint=endpoint, actor=cast.coordinator)
        assert webhooks_deliver() == 1


def test_failures_in_a_row_let_the_endpoint_rest(campaign: Campaign, cast: Any) -> None:
    with receiving(*[500] * 9) as receiver:
        endpoint = make_endpoint(campaign, cast.coordinator, receiver)
        for key in range(9):
            record(campaign, key=key)
        webhooks_deliver()
        endpoint.refresh_from_db()
        assert 3 <= len(receiver.requests) <= 4, "the rest of them waits"
        assert endpoint.next_at > timezone.now()


def test_two_secrets_sign_for_a_day(campaign: Campaign, cast: Any) -> None:
    with receiving() as receiver:
        endpoint = make_endpoint(campaign, cast.coordinator, receiver)
        before = endpoint.secret
        endpoint = endpoint_secret_rotate(endpoint=endpoint, actor=cast.coordinator)
        assert endpoint.secret != before
        endpoint_test(endpoint=endpoint, actor=cast.coordinator)
        webhooks_deliver()
        assert len(receiver.requests[0].headers["webhook-signature"].split()) == 2
        Endpoint.objects.update(previous_until=timezone.now())
        endpoint_test(endpoint=endpoint, actor=cast.coordinator)
        webhooks_deliver()
    assert len(receiver.requests[1].headers["webhook-signature"].split()) == 1
    assert receiver.requests[1].payload["type"] == "webhook.test"


def test_the_documented_sample_checks_signatures(campaign: Campaign, cast: Any, settings: Any) -> None:
    """docs/api.md: code of its own, which knows nothing of ours."""
    text = (settings.BASE_DIR / "docs" / "api.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    exec(text.split("```python")[1].split("```")[0], names)
    is_genuine = names["is_genuine"]
    with receiving() as receiver:
        endpoint = make_endpoint(campaign, cast.coordinator, receiver)
        before = endpoint.secret
        endpoint = endpoint_secret_rotate(endpoint=endpoint, actor=cast.coordinator)
        record(campaign)
        webhooks_deliver()
        [request] = receiver.requests
    assert is_genuine(before, request.headers, request.body)
    assert is_genuine(endpoint.secret, request.headers, request.body)
    assert not is_genuine(secret_make(), request.headers, request.body)
    assert not is_genuine(before, request.headers, request.body + b" ")
    assert not is_genuine(before, {**request.headers, "webhook-id": "evt_another"}, request.body)
    late = {**request.headers, "webhook-timestamp": str(int(request.headers["webhook-timestamp"]) - 600)}
    assert not is_genuine(before, late, request.body)


def test_one_that_cannot_be_read_stops_alone_until_it_is_mended(campaign: Campaign, cast: Any, signed_in: Any) -> None:
    """A restored backup, or a key that is gone: nothing of it can be decrypted."""
    client = signed_in(cast.coordinator)
    with receiving() as broken, receiving() as quick:
        endpoint = make_endpoint(campaign, cast.coordinator, broken, name="Broken")
        make_endpoint(campaign, cast.coordinator, quick, name="Quick")
        with connection.cursor() as cursor:  # of key 250, which nobody has
            cursor.execute("UPDATE webhooks_endpoint SET url = set_byte(url, 0, 250), secret = set_byte(secret, 0, 250)"
                           " WHERE name = 'Broken'")  # fmt: skip
        record(campaign, key=1)
        record(campaign, key=1)
        assert webhooks_deliver() == 2
        assert (len(broken.requests), len(quick.requests)) == (0, 2)
        stopped = Endpoint.objects.without_contents().get(pk=endpoint.pk)
        assert (stopped.pause_reason, stopped.readable_url) == ("unreadable", "")
        waiting = EventDelivery.objects.filter(endpoint=endpoint)
        assert set(waiting.values_list("state", "attempt", "lease_until")) == {("waiting", 0, None)}
        page = {name: reverse(f"webhook_endpoints:{name}", args=[campaign.slug, endpoint.pk])
                for name in ("endpoint", "edit", "secret", "resume")}  # fmt: skip
        said = client.get(page["endpoint"]).content.decode()
        assert "enter the address again, make a new secret" in said
        assert client.get(reverse("webhook_endpoints:index", args=[campaign.slug])).status_code == 200
        form = {"name": "Broken", "url": broken.url, "events": stopped.events}
        assert client.get(page["edit"]).status_code == 200
        assert client.post(page["edit"], form).status_code == 302
        assert "previous secret too" not in client.post(page["secret"]).content.decode()
        assert client.post(page["resume"]).status_code == 302
        assert webhooks_deliver() == 2
        assert [one.payload["data"]["sequence"] for one in broken.requests] == [1, 2]
