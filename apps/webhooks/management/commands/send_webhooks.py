"""Send the events that are due, without Celery or Redis."""

from django.core.management.base import BaseCommand

from apps.webhooks.selectors import deliveries_due
from apps.webhooks.services.send_worker import webhooks_deliver


class Command(BaseCommand):
    help = "Send the events of webhooks that are due, then end. Several may run at once, and beside workers."

    def handle(self, *args: object, **options: object) -> None:
        sent = 0
        while deliveries_due().exists() and (now := webhooks_deliver()):
            sent += now
        self.stdout.write(f"{sent} requests")
