"""Outgoing webhooks: who is told of what, and what became of it. No row but the excerpt of a response may have personal
data: events name rows by their ids (docs/decisions/0064-outgoing-webhooks.md)."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.encrypted_fields import EncryptedTextField
from apps.core.encryption import UnreadableValue
from apps.core.models import Dated


class EventKind(models.TextChoices):
    """What an event says. The values are the `type` that receivers get, and never change."""

    SIGN_ON_CONFIRMED = "sign_on.confirmed", _("A signature is confirmed")
    VERSION_FROZEN = "letter_version.frozen", _("A version of a letter is frozen")
    DELIVERY_CHANGED = "delivery.changed", _("A letter to a government is sent, delivered or comes back")
    REPLY_FILED = "reply.filed", _("An answer from a government is filed")
    TEST = "webhook.test", pgettext_lazy("webhook", "Test")

    @property
    def object_type(self) -> str:
        """What its object is. Events of one object arrive in their order."""
        return OBJECT_TYPES[self]


OBJECT_TYPES = {
    EventKind.SIGN_ON_CONFIRMED: "sign_on",
    EventKind.VERSION_FROZEN: "letter",
    EventKind.DELIVERY_CHANGED: "delivery",
    EventKind.REPLY_FILED: "delivery",
    EventKind.TEST: "endpoint",
}


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    def without_contents(self) -> EndpointQuerySet:
        """Defers the encrypted fields: one whose key is missing can be looked at, paused, mended and deleted."""
        return self.defer("url", "secret", "previous_secret")


class Endpoint(Dated):
    """An address of another program that is told of events. Its URL is encrypted, as it may hold a key of the receiver.
    `failures` are the tries since the last success, `next_at` is when the next may begin."""

    class PauseReason(models.TextChoices):
        PERSON = "person", _("Paused by a person")
        FAILING = "failing", _("Paused because nothing arrived for three days")
        GONE = "gone", _("Paused because the receiver answered that it is gone (410)")
        UNREADABLE = "unreadable", _("Paused because its address or secret cannot be read: their key is missing")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="webhook_endpoints")
    name = models.CharField(max_length=80, help_text="what it is for")
    url = EncryptedTextField()
    events = ArrayField(models.CharField(max_length=40, choices=EventKind))
    secret = EncryptedTextField()
    previous_secret = EncryptedTextField(default="")
    previous_until = models.DateTimeField(null=True, blank=True, help_text="until when the previous secret signs too")
    paused_at = models.DateTimeField(null=True, blank=True)
    pause_reason = models.CharField(max_length=10, choices=PauseReason, blank=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True, help_text="the last time that an event arrived")
    next_at = models.DateTimeField(default=timezone.now)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "name"], name="webhooks_endpoint_name_once"),
            models.CheckConstraint(
                condition=Q(events__len__gte=1) & Q(events__contained_by=EventKind.values), name="webhooks_events_known"
            ),
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True, pause_reason="")
                | Q(paused_at__isnull=False, pause_reason__in=["person", "failing", "gone", "unreadable"]),
                name="webhooks_paused_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def readable_url(self) -> str:
        """ "" where the key that encrypted it is missing."""
        try:
            return self.url
        except UnreadableValue:
            return ""

    @property
    def event_labels(self) -> list[str]:
        return [str(kind.label) for kind in EventKind if kind in self.events]

    @property
    def state(self) -> str:
        """paused, failing, works or new."""
        if self.paused_at is not None:
            return "paused"
        if self.failing_since is not None:
            return "failing"
        return "works" if self.delivered_at is not None else "new"


class EventObject(models.Model):
    """What events are about, and the number of its last one. Kept longer than they are: numbers never start again."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    type = models.CharField(max_length=20)
    key = models.BigIntegerField(help_text="id of the row")
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "type", "key"], name="webhooks_object_once")]

    def __str__(self) -> str:
        return f"{self.type} {self.key}"


class Event(models.Model):
    """What happened, as every endpoint is told of it. `number` counts the events of its object."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, help_text="the webhook-id, the same in every try")
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40, choices=EventKind)
    object = models.ForeignKey(EventObject, on_delete=models.CASCADE, related_name="events")
    number = models.PositiveIntegerField()
    data = models.JSONField(help_text="ids, numbers, states and hashes; never names or addresses")
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["object", "number"], name="webhooks_event_number_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}:{self.number}"

    @property
    def webhook_id(self) -> str:
        return f"evt_{self.uid.hex}"

    @property
    def label(self) -> str:
        return str(EventKind(self.kind).label)


class EventDelivery(models.Model):
    """An event on its way to an endpoint: the row is the queue. `tries` counts since it was queued, `attempt` all."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("webhook", "Waiting")
        DELIVERED = "delivered", pgettext_lazy("webhook", "Arrived")
        GIVEN_UP = "given_up", pgettext_lazy("webhook", "Given up")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries")
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    object = models.ForeignKey(EventObject, on_delete=models.CASCADE, related_name="+", help_text="of the event")
    number = models.PositiveIntegerField(help_text="of the event")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveIntegerField(default=0)
    attempt = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(default=timezone.now)
    give_up_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True, help_text="a worker is sending it until then")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event"], name="webhooks_delivery_once"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "delivered", "given_up"]), name="webhooks_delivery_state"
            ),
        ]
        indexes = [
            models.Index(fields=["endpoint", "next_at"], condition=Q(state="waiting"), name="webhooks_due"),
            models.Index(
                fields=["endpoint", "object", "number"], condition=Q(state="waiting"), name="webhooks_earlier"
            ),
            models.Index(fields=["endpoint", "-id"], name="webhooks_log"),
        ]

    def __str__(self) -> str:
        return f"event {self.event_id} to {self.endpoint_id}"


class Attempt(models.Model):
    """One request. The row is made before it begins: a worker that dies leaves it without an outcome."""

    class Outcome(models.TextChoices):
        DELIVERED = "delivered", pgettext_lazy("webhook", "Arrived")
        STATUS = "status", _("The receiver answered with an error")
        REDIRECT = "redirect", _("The receiver answered with a redirect, which is not followed")
        NAME = "name", _("The name of the receiver does not resolve")
        ADDRESS = "address", _("The name leads to an address that is not public")
        CONNECTION = "connection", _("No connection, or it was cut")
        CERTIFICATE = "certificate", _("No secure connection: check the certificate")
        TIMEOUT = "timeout", _("No answer in time")
        LOST = "lost", _("Our worker ended before the answer")

    delivery = models.ForeignKey(EventDelivery, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()
    started_at = models.DateTimeField(default=timezone.now)
    headers = models.JSONField(default=dict)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    milliseconds = models.PositiveIntegerField(null=True, blank=True)
    excerpt = EncryptedTextField(default="", help_text="the beginning of the response")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["delivery", "number"], name="webhooks_attempt_once")]

    def __str__(self) -> str:
        return f"attempt {self.number} of {self.delivery_id}: {self.outcome or 'begun'}"
