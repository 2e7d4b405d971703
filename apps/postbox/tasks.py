"""Alarm clocks of the postbox. Losing or repeating them does no harm: the rows are the queue."""

from celery import shared_task

from apps.core.wakeups import wake

from .services import messages_deliver, postbox_sweep


@shared_task(name="postbox.deliver_due")
def deliver_due() -> None:
    """Hand over what is due, and ask to be woken again where more is."""
    if messages_deliver().more:
        wake("postbox")


@shared_task(name="postbox.sweep")
def sweep() -> None:
    """Find leases whose worker is gone, and mails whose time is over."""
    if postbox_sweep()["leases"]:
        wake("postbox")
