"""Mark an empty database as a demo's."""

from django.core.management.base import BaseCommand, CommandError

from apps.accounts.services import DatabaseInUse, demo_mark


class Command(BaseCommand):
    help = "Mark this database as created by demo mode. Refuses one that has people and no mark."

    def handle(self, *args: object, verbosity: int, **options: object) -> None:
        try:
            mark = demo_mark()
        except DatabaseInUse as error:
            raise CommandError(str(error)) from None
        if verbosity:
            self.stdout.write(f"demo database, marked on {mark.made_at:%Y-%m-%d}")
