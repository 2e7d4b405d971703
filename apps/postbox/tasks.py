"""Tasks of the postbox. They may be lost or repeated: the rows are the queue."""

from celery import shared_task

from apps.core.wakeups import wake

from .services.send_worker import messages_deliver, postbox_sweep


@shared_task(name="postbox.deliver_due")
def deliver_due() -> None:
    """Send what is due, and wake up again if more is."""
    if messages_deliver().more:
        wake("postbox")


@shared_task(name="postbox.sweep")
def sweep() -> None:
    """Handle lost workers and expired mails."""
    if postbox_sweep()["leases"]:
        wake("postbox")
