"""Events leave after a month, with their tries and what receivers answered."""

from datetime import timedelta

from django.utils import timezone

from ..models import Event

KEPT = timedelta(days=30)
#: events that one statement deletes
BATCH = 1000


def webhooks_delete_expired() -> int:
    """Delete events that are older; one that waits at a paused endpoint too. Returns how many. May be stopped and begun
    again at any time."""
    total = 0
    old = Event.objects.filter(created_at__lt=timezone.now() - KEPT).order_by("pk")
    while ids := list(old.values_list("pk", flat=True)[:BATCH]):
        Event.objects.filter(pk__in=ids).delete()
        total += len(ids)
    return total
