"""Invite a person to a campaign's team from the command line, usually the first coordinator."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.campaigns.services.invitations import team_invite
from apps.core.errors import DomainError
from apps.core.form_fields import NameField


class Command(BaseCommand):
    help = "Invite a person to a campaign's team. The email goes through the postbox."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("campaign", help="its slug")
        parser.add_argument("name")
        parser.add_argument("address")
        parser.add_argument("--role", action="append", choices=Role.values, help="coordinator by default")

    def handle(self, *args: object, campaign: str, name: str, address: str, role: list[str], **options: object) -> None:
        found = Campaign.objects.filter(slug=campaign).first()
        if found is None:
            raise CommandError(f"No campaign {campaign!r}. Load one with manage.py load_campaign.")
        try:
            membership = team_invite(
                campaign=found,
                actor=None,
                name=NameField(max_length=120).clean(name),
                email=address,
                roles=role or [Role.COORDINATOR],
            )
        except DomainError as error:
            raise CommandError(str(error)) from None
        except ValidationError as error:
            raise CommandError(f"{name!r} is not a name. {' '.join(error.messages)}") from None
        self.stdout.write(f"{membership.user.name} is invited as {', '.join(membership.roles)}.")
