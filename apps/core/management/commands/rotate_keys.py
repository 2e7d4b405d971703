"""Moves personal data to the newest of FIELD_KEYS and LOOKUP_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.core.encryption import UnreadableValue
from apps.core.key_rotation import hashes_left, hashes_rotate, values_rotate


class Command(BaseCommand):
    help = "Encrypts personal data with the newest key, and hashes addresses with it. May be stopped and run again."

    def handle(self, *_: Any, **__: Any) -> None:
        try:
            values, hashes = values_rotate(), hashes_rotate()
        except UnreadableValue as error:
            raise CommandError(f"A value cannot be read: {error}. Put its key back, then run this again.") from None
        for what, found in (("encrypted", values), ("hashed", hashes)):
            for table, number in found.items():
                self.stdout.write(f"{table}: {number} rows {what} with the newest key")
        self.stdout.write("No value needs an older key of FIELD_KEYS: take them out when no backup needs them.")
        if left := hashes_left():
            kept = ", ".join(f"{table} ({number})" for table, number in left.items())
            self.stdout.write(f"Keep the older keys of LOOKUP_KEYS: addresses are known by hashes alone in {kept}.")
        else:
            self.stdout.write("No hash needs an older key of LOOKUP_KEYS.")
