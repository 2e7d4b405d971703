"""Erases what is kept about the person who has an email address, when they ask for it."""

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from apps.core.encryption import lookup_hashes
from apps.core.signals import personal_data_erase


class Command(BaseCommand):
    help = (
        "Erases signatures from an email address, email to and from it, and what names it, in all campaigns. May "
        "be run again. A recipient of letters is retired on its page besides."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address")

    def handle(self, *args: object, address: str, **options: object) -> None:
        if "@" not in address:
            raise CommandError(f"{address!r} is not an email address.")
        with transaction.atomic():
            hashes = {found.digest for found in lookup_hashes(address)}
            answers = personal_data_erase.send(sender=None, hashes=hashes)
        in_use = sum(int(number or 0) for _receiver, number in answers)
        if in_use:
            raise CommandError(f"{in_use} emails to it are under way, the rest is erased. Run this again in an hour.")
        self.stdout.write("Nothing is left of it but numbers and codes.")
