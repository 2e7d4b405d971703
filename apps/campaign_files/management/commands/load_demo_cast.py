"""manage.py load_demo_cast <folder>"""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from apps.campaign_files.services import demo_load
from apps.core.errors import DomainError


class Command(BaseCommand):
    help = "Add fictional people, recipients and positions to a campaign. Only in a demo database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder demo/ of a campaign")

    def handle(self, *args: object, folder: Path, **options: object) -> None:
        try:
            result = demo_load(folder=folder)
        except DomainError as error:
            raise CommandError(str(error)) from None
        for line in result.lines():
            self.stdout.write(line)
