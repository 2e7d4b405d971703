"""Tasks of the postbox. They may be lost or repeated: the rows are the queue."""

from celery import shared_task

from apps.core.wakeups import wake

from .selectors.messages import messages_due
from .services.advisory_locks import sender_places, try_advisory_lock
from .services.file_scans import mails_scan
from .services.mailboxes import mailboxes_fetch
from .services.send_worker import messages_deliver, postbox_sweep


@shared_task(name="postbox.deliver_due")
def deliver_due() -> None:
    """Send what is due, unless enough tasks of this machine do; wakes up again if more is due."""
    with try_advisory_lock(*sender_places()) as may_send:
        run = messages_deliver() if may_send else None
    if run and not run.held and messages_due().exists():  # asked after the lock: wake-ups during the run did nothing
        wake("postbox")


@shared_task(name="postbox.sweep")
def sweep() -> None:
    if postbox_sweep()["leases"]:
        wake("postbox")


@shared_task(name="postbox.fetch_mailboxes")
def fetch_mailboxes() -> None:
    """Store what came to the mailboxes of the settings."""
    mailboxes_fetch()


@shared_task(name="postbox.scan_files")
def scan_files() -> None:
    """Have ClamAV look at files of mail that came in."""
    mails_scan()
