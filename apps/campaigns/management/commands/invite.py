"""Invite a person to a campaign's team from the command line: the first coordinator, above all."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.campaigns.services import team_invite
from apps.core.errors import DomainError


class Command(BaseCommand):
    help = "Invite a person to a campaign's team. The mail goes through the postbox."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("campaign", help="its slug")
        parser.add_argument("name")
        parser.add_argument("address")
        parser.add_argument("--role", action="append", choices=Role.values, help="coordinator, where none is given")
        parser.add_argument(
            "--site", required=True, help="where people reach this installation: https://letters.example"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        campaign = Campaign.objects.filter(slug=options["campaign"]).first()
        if campaign is None:
            raise CommandError(f"No campaign {options['campaign']!r}. Load one with manage.py load_campaign.")
        site = options["site"].rstrip("/")
        try:
            membership = team_invite(
                campaign=campaign,
                actor=None,
                name=options["name"],
                email=options["address"],
                roles=options["role"] or [Role.COORDINATOR],
                link=lambda token: site + reverse("invitations:accept", args=[token]),
            )
        except DomainError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{membership.user.name} is invited as {', '.join(membership.roles)}.")
