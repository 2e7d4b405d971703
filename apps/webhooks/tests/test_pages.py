"""What coordinators do with webhooks on their pages."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.campaigns.models import Campaign, TeamMember
from apps.core.models import AuditEvent
from apps.core.registries import action_sources, health_checks
from apps.webhooks.models import Attempt, Endpoint, Event, EventDelivery
from apps.webhooks.services.cleanup import KEPT, webhooks_delete_expired
from apps.webhooks.services.endpoints import MOST_ENDPOINTS, endpoint_create, endpoint_pause
from apps.webhooks.services.resending import endpoint_test
from tests.factories.webhook_receiver import KINDS

pytestmark = pytest.mark.django_db
FORM = {"name": "Our website", "url": "http://localhost:9000/hook", "events": KINDS[:2]}


@pytest.fixture
def page(campaign: Campaign, cast: Any, signed_in: Any) -> Any:
    """page("endpoint", pk) → its text; with data, of the answer to a POST, which may lead elsewhere."""
    client: Client = signed_in(cast.coordinator)

    def ask(name: str, *args: Any, data: Any = None, status: int = 200, query: Any = None) -> str:
        address = reverse(f"webhook_endpoints:{name}", args=[campaign.slug, *args])
        answer = client.get(address, query) if data is None else client.post(address, data, follow=True)
        assert answer.status_code == status
        return answer.content.decode()

    return ask


@pytest.fixture
def endpoint(campaign: Campaign, cast: Any) -> Endpoint:
    return endpoint_create(
        campaign=campaign, actor=cast.coordinator, name="Our website", url="http://localhost:9/", events=KINDS
    )


def test_the_secret_is_shown_once(page: Any, campaign: Campaign) -> None:
    assert "No program is told of anything yet" in page("index")
    shown = page("new", data=FORM)
    endpoint = Endpoint.objects.get()
    assert endpoint.secret.startswith("whsec_")
    assert endpoint.secret in shown
    for name, args in (("index", []), ("endpoint", [endpoint.pk]), ("edit", [endpoint.pk]), ("secret", [endpoint.pk])):
        assert endpoint.secret not in page(name, *args)
    campaign.refresh_from_db()
    assert campaign.webhook_events == sorted(FORM["events"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(secret, 'escape') || encode(url, 'escape') FROM webhooks_endpoint")
        [stored] = cursor.fetchone()
    assert "whsec_" not in stored
    assert "localhost" not in stored
    assert AuditEvent.objects.get(verb="webhook.create").data == {"webhook_events": sorted(FORM["events"])}


def test_what_is_wrong_stands_beside_its_field(page: Any, endpoint: Endpoint, settings: Any) -> None:
    said = page("new", data={"name": "Our website", "url": "", "events": []}, status=400)
    assert "Enter the address to which events are sent." in said
    assert "Choose at least one kind of event." in said
    assert "already a webhook named “Our website”" in page("new", data=FORM, status=409)
    assert "sends to this machine only" in page("new", data={**FORM, "url": "https://hooks.example.org/"}, status=400)
    settings.WEBHOOKS = {**settings.WEBHOOKS, "LOOPBACK_ONLY": False}
    for url, words in {
        "http://hooks.example.org/": "must begin with https://",
        "https://a:b@hooks.example.org/": "Leave out the user name",
        "https://169.254.169.254/": "Enter the name of a server on the internet",
        "https://hooks.example.org:22/": "Leave out the port",
    }.items():
        said = page("new", data={**FORM, "name": "Another", "url": url}, status=400)
        assert words in said
        assert "Another" in said, "nothing typed is lost"
    assert Endpoint.objects.count() == 1


def test_a_campaign_has_so_many_at_most(page: Any, campaign: Campaign, cast: Any) -> None:
    for number in range(MOST_ENDPOINTS):
        endpoint_create(
            campaign=campaign, actor=cast.coordinator, name=str(number), url="http://localhost:9/", events=KINDS
        )
    assert "A campaign can have 20 webhooks" in page("new", data=FORM, status=400)


def test_change_pause_resume_rotate_and_delete(page: Any, campaign: Campaign, endpoint: Endpoint) -> None:
    page("edit", endpoint.pk, data={**FORM, "name": "Chat"})
    page("pause", endpoint.pk, data={})
    before, endpoint = endpoint.secret, Endpoint.objects.get()
    assert (endpoint.name, endpoint.url, endpoint.state) == ("Chat", FORM["url"], "paused")
    assert "This webhook is paused. Resume it first." in page("test", endpoint.pk, data={})
    assert "New events are sent again." in page("resume", endpoint.pk, data={})
    assert "A test is on its way." in page("test", endpoint.pk, data={})
    shown = page("secret", endpoint.pk, data={})
    endpoint.refresh_from_db()
    assert endpoint.secret in shown
    assert endpoint.previous_secret == before
    assert "1 event that waits is not sent." in page("delete", endpoint.pk)
    page("delete", endpoint.pk, data={})
    campaign.refresh_from_db()
    assert campaign.webhook_events == []
    assert set(AuditEvent.objects.filter(verb__startswith="webhook.").values_list("verb", flat=True)) == {
        f"webhook.{verb}" for verb in ("create", "change", "pause", "resume", "test", "rotate_secret", "delete")
    }


def test_the_log_and_what_is_opened_of_it(page: Any, endpoint: Endpoint, cast: Any) -> None:
    assert "Send a test to see whether the receiver answers" in page("endpoint", endpoint.pk)
    row = endpoint_test(endpoint=endpoint, actor=cast.coordinator)
    Attempt.objects.create(
        delivery=row, number=1, outcome="status", status=503, milliseconds=12,
        headers={"webhook-id": row.event.webhook_id}, excerpt="<script>alert(1)</script> closed for lunch",
    )  # fmt: skip
    EventDelivery.objects.update(state="given_up", attempt=1, tries=1)
    shown = page("endpoint", endpoint.pk)
    assert "Given up" in shown
    assert "No event has this outcome." in page("endpoint", endpoint.pk, query={"state": "delivered"})
    opened = page("delivery", endpoint.pk, row.pk)
    for words in (row.event.webhook_id, "webhook.test", "closed for lunch", "503", "answered with an error"):
        assert words in opened
    assert "<script>alert" not in opened
    assert "The event is sent again." in page("resend", endpoint.pk, row.pk, data={})
    row.refresh_from_db()
    assert (row.state, row.tries) == ("waiting", 0)
    today = timezone.localdate().isoformat()
    assert "There was nothing to send again" in page("resend_since", endpoint.pk, data={"since": today})
    EventDelivery.objects.update(state="delivered")
    page("resend_since", endpoint.pk, data={"since": "soon"}, status=400)
    again = {"since": (timezone.localdate() - timedelta(days=1)).isoformat(), "arrived_too": "on"}
    assert "1 event will be sent again" in page("resend_since", endpoint.pk, query=again)
    assert "nothing to send again" in page("resend_since", endpoint.pk, query={"since": again["since"]})
    assert "1 event is sent again." in page("resend_since", endpoint.pk, data=again)


def test_coordinators_are_told_of_one_that_stopped(endpoint: Endpoint, campaign: Campaign, cast: Any) -> None:
    source = action_sources["webhooks_stopped"]
    member = TeamMember.objects.get(user=cast.coordinator)
    endpoint_pause(endpoint=endpoint, actor=cast.coordinator)
    assert source.find(member) is None, "whoever paused it knows"
    Endpoint.objects.update(pause_reason="gone")
    item = source.find(member)
    assert item is not None
    assert item.headline == "1 webhook is paused because nothing arrives"


def test_health_tells_of_what_nobody_sends(endpoint: Endpoint, cast: Any) -> None:
    check = health_checks["webhooks"]
    endpoint_test(endpoint=endpoint, actor=cast.coordinator)
    assert check() == ""
    long_ago = timezone.now() - timedelta(hours=1)
    EventDelivery.objects.update(next_at=long_ago)
    assert check() == "", "somebody has just looked at the endpoint"
    Endpoint.objects.update(next_at=long_ago)
    assert check().startswith("1 event for webhooks is overdue. The oldest should have been sent 60 minutes ago.")
    endpoint_pause(endpoint=endpoint, actor=cast.coordinator)
    assert check() == ""


def test_events_leave_after_a_month(endpoint: Endpoint, cast: Any) -> None:
    old, new = (endpoint_test(endpoint=endpoint, actor=cast.coordinator) for _number in range(2))
    Event.objects.filter(pk=old.event_id).update(created_at=timezone.now() - KEPT - timedelta(hours=1))
    assert webhooks_delete_expired() == 1
    assert list(EventDelivery.objects.all()) == [new]
    assert endpoint_test(endpoint=endpoint, actor=cast.coordinator).number == 3, "numbers never start again"
