"""Compare the counts of signatures with the rows."""

from django.core.management.base import BaseCommand, CommandError

from apps.coalitions.services.signatory_counts import signatory_changes_add, signatory_counts_correct


class Command(BaseCommand):
    help = "Count all signatures anew and correct the counts on public pages where they differ. Safe at any time."

    def handle(self, *args: object, **options: object) -> None:
        wrong = signatory_counts_correct()
        if wrong is None:
            raise CommandError("The counts are being worked on at this moment. Try again.")
        signatory_changes_add()
        self.stdout.write(f"{wrong} counts were wrong and are corrected." if wrong else "The counts are right.")
