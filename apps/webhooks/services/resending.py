"""Events that a person has sent once more, with their webhook-id: a receiver that has one already can pass it over. And
tests."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.errors import Conflict
from apps.core.wakeups import wake

from ..models import Endpoint, Event, EventDelivery, EventKind, EventObject
from ..selectors import deliveries_to_resend
from .endpoints import Paused
from .recording import GIVE_UP_AFTER


class DeliveryInProgress(Conflict):
    default_message = _("This event is being sent now. Look at its log in a moment.")


@transaction.atomic
def delivery_resend(*, delivery: EventDelivery, actor: User) -> EventDelivery:
    """Send the event at once, whatever became of it. Later events of its object that wait go after it. Raises Paused,
    DeliveryInProgress."""
    endpoint = _sending(delivery.endpoint_id)
    row = EventDelivery.objects.select_for_update().get(pk=delivery.pk)
    now = timezone.now()
    if row.lease_until is not None and row.lease_until >= now:
        raise DeliveryInProgress
    row.state, row.tries, row.next_at, row.finished_at = EventDelivery.State.WAITING, 0, now, None
    row.give_up_at, row.lease_until = now + GIVE_UP_AFTER, None
    row.save(update_fields=["state", "tries", "next_at", "finished_at", "give_up_at", "lease_until"])
    audit_record(verb="webhook.resend", subject=endpoint, actor=actor, webhook_resent=1)
    _start(endpoint)
    return row


@transaction.atomic
def deliveries_resend(*, endpoint: Endpoint, since: datetime, arrived_too: bool, actor: User) -> int:
    """Send again what happened since then: what was given up, with `arrived_too` also what arrived. Returns how many.
    Raises Paused."""
    endpoint = _sending(endpoint.pk)
    now = timezone.now()
    number = deliveries_to_resend(endpoint, since, arrived_too=arrived_too).update(
        state=EventDelivery.State.WAITING, tries=0, next_at=now, finished_at=None, give_up_at=now + GIVE_UP_AFTER
    )
    if number:
        audit_record(
            verb="webhook.resend", subject=endpoint, actor=actor, webhook_resent=number, since=since.isoformat()
        )
        _start(endpoint)
    return number


@transaction.atomic
def endpoint_test(*, endpoint: Endpoint, actor: User) -> EventDelivery:
    """Queue an event that says nothing, for this endpoint only. Raises Paused."""
    endpoint = _sending(endpoint.pk)
    about, _made = EventObject.objects.select_for_update().get_or_create(
        campaign_id=endpoint.campaign_id, type=EventKind.TEST.object_type, key=endpoint.pk, defaults={"last": 0}
    )
    about.last += 1
    about.save(update_fields=["last"])
    event = Event.objects.create(
        campaign_id=endpoint.campaign_id, kind=EventKind.TEST, object=about, number=about.last, data={"test": True}
    )
    delivery = EventDelivery.objects.create(
        event=event, endpoint=endpoint, object=about, number=event.number, give_up_at=event.created_at + GIVE_UP_AFTER
    )
    audit_record(verb="webhook.test", subject=endpoint, actor=actor)
    _start(endpoint)
    return delivery


def _sending(pk: int) -> Endpoint:
    endpoint = Endpoint.objects.without_contents().select_for_update(no_key=True).get(pk=pk)
    if endpoint.paused_at is not None:
        raise Paused
    return endpoint


def _start(endpoint: Endpoint) -> None:
    """A person has looked: the endpoint rests no longer."""
    endpoint.next_at = timezone.now()
    endpoint.save(update_fields=["next_at", "updated_at"])
    wake("webhooks")
