"""For operators: let in somebody who lost the second factor and has no recovery code left."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.accounts.models import User
from apps.accounts.services import NoSecondFactor, second_factor_reset


class Command(BaseCommand):
    help = (
        "Remove a person's second factor and recovery codes, end their sessions and tell them by email. "
        "First check by voice or in person who is asking: an email proves nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address with which the person signs in")

    def handle(self, *args: object, email: str, **options: object) -> None:
        person = User.objects.filter(email=email.strip().lower()).first()
        if person is None:
            raise CommandError("No account has that email address. Give the one of the account, as on the team's page.")
        try:
            sessions = second_factor_reset(user=person)
        except NoSecondFactor as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"{person.name} can sign in with an emailed code and set up a new second factor. "
            f"Sessions ended: {sessions}. They are told by email."
        )
