"""Number the entries of the logs of signatures, as the worker does every few seconds."""

from django.core.management.base import BaseCommand

from apps.coalitions.services.signature_log import log_entries_number


class Command(BaseCommand):
    help = "Give the entries of the logs of signatures their numbers, without Celery or Redis. May run at any time."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(f"{log_entries_number()} entries numbered")
