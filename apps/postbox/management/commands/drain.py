"""Make and send all mail that is due and read the mailboxes, without Celery or Redis."""

import signal
from argparse import ArgumentParser
from collections import Counter
from types import FrameType

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand

from apps.core.registries import mail_sources
from apps.postbox.services.file_scans import mails_scan
from apps.postbox.services.mailboxes import mailboxes_fetch
from apps.postbox.services.send_worker import messages_deliver, postbox_sweep

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = (
        "Make and send the email that is due, store what came to the mailboxes, then end. Several may run at once. "
        "Ctrl-C ends after the current email."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--limit", type=int, default=0, help="the most emails to send (0: all that are due)")

    def handle(self, *args: object, limit: int = 0, **options: object) -> None:
        self.stopped = False
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, self._stop)
        swept = postbox_sweep()
        statuses: Counter[str] = Counter()
        held, more = "", True
        while more and not held and not self.stopped:
            left = limit - statuses.total() if limit else 200
            if left <= 0:
                break
            self._queue_due()
            run = messages_deliver(limit=min(200, left), stop=lambda: self.stopped)
            statuses += run.statuses
            held, more = run.held, run.tries > 0
        words = ", ".join(f"{number} {status}" for status, number in sorted(statuses.items())) or "nothing was due"
        self.stdout.write(f"{words}; {swept['leases']} left by dead workers, {swept['expired']} expired")
        if settings.POSTBOX["IMAP_HOST"] and not self.stopped:
            self.stdout.write(f"emails read from mailboxes: {mailboxes_fetch()}")
        mails_scan()
        if held:
            self.stdout.write(f"Sending is on hold. {held}")

    def _queue_due(self) -> None:
        """A round of every source; one that fails does not hold up the others, nor what waits already."""
        for name, queue_due in mail_sources.items():
            try:
                queue_due()
            except Exception:
                log.exception("mail_not_queued", source=name)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        """A second signal ends at once; the lease then decides about the current mail."""
        if self.stopped:
            raise KeyboardInterrupt
        self.stopped = True
