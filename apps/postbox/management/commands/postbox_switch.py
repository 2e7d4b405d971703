"""The kill switch from the command line."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.core.errors import DomainError
from apps.postbox.models import Policy
from apps.postbox.selectors.kill_switch import hold_reason, switch_read
from apps.postbox.selectors.messages import messages_in_doubt, messages_in_final, messages_waiting
from apps.postbox.services.kill_switch import switch_epoch_adopt, switch_kill, switch_release


class Command(BaseCommand):
    help = "Show, stop or resume all sending, or adopt this database for live sending."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["show", "kill", "release", "adopt"])
        parser.add_argument("--reason", default="", help="why (kill, adopt)")
        parser.add_argument("--not-sent", type=int, default=-1, help="adopt: how many letters wait and were not sent")

    def handle(self, *args: object, act: str, reason: str, not_sent: int, **options: object) -> None:
        try:
            if act == "kill":
                for row in switch_kill(actor=None, reason=reason):
                    self.stdout.write(f"may still arrive: {row.pk} ({row.kind})")
            elif act == "release":
                switch_release(actor=None)
            elif act == "adopt":
                switch_epoch_adopt(actor=None, not_sent=not_sent, reason=reason)
        except DomainError as error:
            raise CommandError(str(error)) from None
        self._show()

    def _show(self) -> None:
        held = hold_reason(switch_read())
        self.stdout.write(f"mode {settings.POSTBOX['MODE']}: {held or 'sending is on'}")
        self.stdout.write(
            f"letters waiting: {messages_waiting(policy=Policy.ONCE).count()}, being sent: "
            f"{messages_in_final().count()}, in doubt: {messages_in_doubt().count()}"
        )
