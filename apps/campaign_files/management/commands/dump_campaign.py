"""manage.py dump_campaign <slug> <folder> [--force]"""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from apps.campaign_files.services import campaign_dump
from apps.core.errors import DomainError


class Command(BaseCommand):
    help = "Write a campaign into a folder of files, which load_campaign reads. No recipients, signatures or people."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the campaign's short name, as in its URLs")
        parser.add_argument("folder", type=Path, help="a new or an empty folder")
        parser.add_argument(
            "--force",
            action="store_true",
            help="replace the campaign's files in a folder that is not empty; other files stay",
        )

    def handle(self, *args: object, slug: str, folder: Path, force: bool, **options: object) -> None:
        try:
            result = campaign_dump(slug=slug, folder=folder, force=force)
        except DomainError as error:
            raise CommandError(str(error)) from None
        for line in result.lines():
            self.stdout.write(line)
