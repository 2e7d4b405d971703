"""Recompute the logs of signatures, and name every row that was altered, deleted or reordered."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignatureLogEntry
from apps.coalitions.selectors.signature_log import head_parse, log_size
from apps.coalitions.selectors.signature_log_findings import log_findings


class Command(BaseCommand):
    help = "Check the logs of signatures. Prints a line for each finding, and then ends with 1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign", nargs="?", help="its short name (default: all campaigns)")
        parser.add_argument(
            "--head", action="append", default=[], metavar="HASH@N",
            help="also check this head, as read in an email; needs the campaign; may be repeated",
        )  # fmt: skip

    def handle(self, *args: object, campaign: str | None, head: list[str], **options: Any) -> None:
        campaigns = Campaign.objects.order_by("slug")
        if campaign is not None:
            campaigns = campaigns.filter(slug=campaign)
            if not campaigns.exists():
                raise CommandError(f"There is no campaign {campaign}.")
        elif head:
            raise CommandError("Name the campaign of the head.")
        heads = [head_parse(text) for text in head]
        if None in heads:
            raise CommandError("A head is written HASH@N: 64 hexadecimal digits, @, the number of entries.")
        found = sum(self._check(each, [head for head in heads if head]) for each in campaigns)
        if found:
            raise CommandError(f"{found} findings")

    def _check(self, campaign: Campaign, heads: list[tuple[str, int]]) -> int:
        found = 0
        for line in log_findings(campaign, heads):
            self.stdout.write(f"{campaign.slug}: {line}")
            found += 1
        waiting = SignatureLogEntry.objects.filter(campaign=campaign, sequence=None).count()
        self.stdout.write(
            f"{campaign.slug}: {log_size(campaign.pk)} entries checked, {waiting} not numbered yet, {found} findings"
        )
        return found
