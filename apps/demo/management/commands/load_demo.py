"""manage.py load_demo [--start-over]"""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.core.errors import DomainError
from apps.demo.services.demonstration import demonstration_load, demonstration_start_over


class Command(BaseCommand):
    help = (
        "Load the demonstration: a campaign, its fictional team, letters, signatories and answers, with dates around "
        "today. Only in demo mode, and only into an empty database."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, nargs="?", default=settings.DEMO_CAMPAIGN, help="of the campaign")
        parser.add_argument(
            "--start-over", action="store_true", help="first delete everything that the demo database has, and sign out"
        )

    def handle(self, *args: object, folder: Path, start_over: bool, **options: object) -> None:
        load = demonstration_start_over if start_over else demonstration_load
        try:
            campaign = load(folder=folder)
        except DomainError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{campaign.slug}: demonstration loaded; its conference begins on {campaign.starts_on}")
