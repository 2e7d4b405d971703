"""manage.py load_campaign <folder> [--dry-run]"""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from apps.campaign_files.services import campaign_load
from apps.core.errors import DomainError


class Command(BaseCommand):
    help = "Update a campaign from its folder of files, and say what changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder with campaign.yaml")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would change, field by field, and change nothing"
        )

    def handle(self, *args: object, folder: Path, dry_run: bool, verbosity: int, **options: object) -> None:
        try:
            result = campaign_load(folder=folder, dry_run=dry_run)
        except DomainError as error:
            raise CommandError(str(error)) from None
        for line in result.lines(fields=dry_run or verbosity > 1):
            self.stdout.write(line)
