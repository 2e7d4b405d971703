"""Reads of endpoints, and of the log of what they were told."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.campaigns.models import Campaign

from .models import Endpoint, EventDelivery

State = EventDelivery.State


def campaign_endpoints(campaign: Campaign) -> QuerySet[Endpoint]:
    """With `waiting`, `delivered` and `given_up`, the numbers of their events in these states."""
    numbers = {str(one): Count("deliveries", filter=Q(deliveries__state=one)) for one in State}
    return Endpoint.objects.without_contents().filter(campaign=campaign).annotate(**numbers)


def endpoint_log(endpoint: Endpoint, state: str = "") -> QuerySet[EventDelivery]:
    """The newest event first; with a state, only those in it."""
    rows = EventDelivery.objects.filter(endpoint=endpoint).select_related("event__object").order_by("-id")
    return rows.filter(state=state) if state else rows


def deliveries_to_resend(endpoint: Endpoint, since: datetime, *, arrived_too: bool) -> QuerySet[EventDelivery]:
    """What was given up of what happened since then, with `arrived_too` also what arrived."""
    states = [State.GIVEN_UP, State.DELIVERED] if arrived_too else [State.GIVEN_UP]
    return EventDelivery.objects.filter(endpoint=endpoint, event__created_at__gte=since, state__in=states)


def endpoints_stopped(campaign: Campaign) -> QuerySet[Endpoint]:
    """Those that were paused because nothing arrived, not by a person."""
    rows = Endpoint.objects.without_contents().filter(campaign=campaign, paused_at__isnull=False)
    return rows.exclude(pause_reason=Endpoint.PauseReason.PERSON).order_by("paused_at")


def deliveries_due() -> QuerySet[EventDelivery]:
    """What a worker may take now: nothing of a paused endpoint, of one that rests after failures, or whose object has
    an earlier event on the way to it."""
    now = timezone.now()
    earlier = EventDelivery.objects.filter(
        endpoint=OuterRef("endpoint"), object=OuterRef("object"), number__lt=OuterRef("number"), state=State.WAITING
    )
    return EventDelivery.objects.filter(
        Q(lease_until=None) | Q(lease_until__lt=now), ~Exists(earlier), state=State.WAITING, next_at__lte=now,
        endpoint__paused_at=None, endpoint__next_at__lte=now,
    )  # fmt: skip


def overdue_problem() -> str:
    """Health check: events that nobody sends although they are due."""
    patience = settings.HEALTH["DUE_WEBHOOKS"]
    if not patience:
        return ""
    since = timezone.now() - timedelta(seconds=patience)
    rows = deliveries_due().filter(next_at__lte=since, endpoint__next_at__lte=since)
    found = rows.aggregate(number=Count("pk"), oldest=Min("next_at"))
    if not found["number"]:
        return ""
    minutes = (timezone.now() - found["oldest"]).total_seconds() / 60
    said = ngettext(
        "%(n)s event for webhooks is overdue. The oldest should have been sent %(minutes)s minutes ago.",
        "%(n)s events for webhooks are overdue. The oldest should have been sent %(minutes)s minutes ago.",
        found["number"],
    ) % {"n": found["number"], "minutes": f"{minutes:.0f}"}
    return f"{said} {_('See whether the worker runs.')}"
