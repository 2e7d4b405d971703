"""Tasks of webhooks. They may be lost or repeated: the rows are the queue."""

import socket

from celery import shared_task

from apps.core.wakeups import wake
from apps.postbox.services.advisory_locks import try_advisory_lock

from .selectors import deliveries_due
from .services.cleanup import webhooks_delete_expired
from .services.send_worker import webhooks_deliver


@shared_task(name="webhooks.deliver_due")
def deliver_due() -> None:
    """Send what is due, unless another task of this machine does; wakes up again if more is due."""
    with try_advisory_lock(f"webhooks.deliver_due:{socket.gethostname()}") as mine:
        sent = webhooks_deliver() if mine else 0
    if sent and deliveries_due().exists():  # asked after the lock: wake-ups during the run did nothing
        wake("webhooks")


@shared_task(name="webhooks.delete_expired")
def delete_expired() -> None:
    webhooks_delete_expired()
