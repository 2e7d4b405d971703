"""A partner's website is told of a signature: its program fails, the worker is killed, and it learns of it once."""

import base64
import hashlib
import hmac
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOn
from apps.coalitions.services.confirmation import sign_on_confirm
from apps.webhooks.models import Attempt, EventDelivery
from tests.factories import make_member
from tests.factories.letters import make_version
from tests.factories.pages import html_of
from tests.factories.processes import kill, start_worker, wait_until
from tests.factories.signing import make_call, organisation, submit
from tests.factories.webhook_receiver import Receiver, end_waits, receiving

pytestmark = pytest.mark.django_db(transaction=True)

WORKER = """
import django
django.setup()
from django.core.management import call_command
call_command("send_webhooks")
"""
#: seconds for an answer, of which one is never given
PATIENT = {"WEBHOOKS_TIMEOUT": "60"}


@pytest.fixture
def coordinator(cast: Any, signed_in: Any) -> Client:
    return signed_in(cast.coordinator)


def test_a_signature_arrives_once_despite_a_failing_receiver(
    campaign: Campaign, cast: Any, coordinator: Client
) -> None:
    call = make_call(make_version(campaign, cast, make_member("KE", "Kenya")), cast)
    with receiving("hang", "drop", 500) as receiver:
        secret, log = add_webhook(campaign, coordinator, receiver)
        signature = sign_on_confirm(token=submit(call, organisation()).token).sign_on
        the_worker_is_killed_while_the_receiver_has_it(receiver)
        for said in ("cut", "answered with an error", "Arrived"):
            end_waits()
            assert start_worker(0, code=WORKER, **PATIENT).wait(60) == 0
            assert said in html_of(coordinator.get(opened(coordinator, log)))
        end_waits()
        assert start_worker(0, code=WORKER, **PATIENT).wait(60) == 0, "nothing is left to send"
    assert len(receiver.requests) == 4
    assert known_once(receiver, secret) == [(signature.pk, 1)]
    assert [row.outcome for row in Attempt.objects.order_by("number")] == ["lost", "connection", "status", "delivered"]
    assert b"Kisumu" not in receiver.requests[0].body, "names are not told"
    assert SignOn.objects.get(pk=signature.pk).org_name.startswith("Kisumu")


def add_webhook(campaign: Campaign, coordinator: Client, receiver: Receiver) -> tuple[str, str]:
    """Its secret, as the page shows it once, and the address of its log."""
    form = {"name": "Partner’s website", "url": receiver.url, "events": ["sign_on.confirmed"]}
    shown = html_of(coordinator.post(reverse("webhook_endpoints:new", args=[campaign.slug]), form))
    [secret] = re.findall(r"whsec_[A-Za-z0-9+/=]+", shown)
    overview = html_of(coordinator.get(reverse("webhook_endpoints:index", args=[campaign.slug])))
    assert secret not in overview
    [log] = re.findall(r'href="([^"]+/webhooks/\d+/)"', overview)
    return secret, log


def opened(coordinator: Client, log: str) -> str:
    """The address of the one event in the log."""
    [event] = re.findall(r'href="([^"]+/events/\d+/)"', html_of(coordinator.get(log)))
    return event


def the_worker_is_killed_while_the_receiver_has_it(receiver: Receiver) -> None:
    worker = start_worker(0, code=WORKER, **PATIENT)
    wait_until(lambda: receiver.requests, "the first request")
    kill(worker)
    assert EventDelivery.objects.get().state == "waiting"


def known_once(receiver: Receiver, secret: str) -> list[tuple[int, int]]:
    """What a careful receiver has in the end: genuine, and each id once."""
    key, known = base64.b64decode(secret.removeprefix("whsec_")), {}
    for request in receiver.requests:
        signed = f"{request.id}.{request.headers['webhook-timestamp']}.".encode() + request.body
        expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        assert request.headers["webhook-signature"] == f"v1,{expected}"
        data = request.payload["data"]
        known[request.id] = (data["object"]["id"], data["sequence"])
    return list(known.values())
