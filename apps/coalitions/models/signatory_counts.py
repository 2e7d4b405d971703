"""How many have signed each version: totals, and the changes that are not yet added to them. Triggers write the changes
(migration 0006), so that the numbers hold whatever code or statement changes signatures."""

from __future__ import annotations

from django.db import models

from apps.letters.models import LetterVersion


class Numbers(models.Model):
    """Signatures from one country to a version, and how many of them show their name to everybody."""

    country = models.CharField(max_length=2)
    kind = models.CharField(max_length=12)
    signed = models.IntegerField()
    named = models.IntegerField(help_text="confirmed, accepted and public, also while all names are hidden")

    class Meta:
        abstract = True


class SignatoryTotal(Numbers):
    """Only the task that adds changes writes it: signers never wait for each other at its rows."""

    version = models.ForeignKey(LetterVersion, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "country", "kind"], name="coalitions_signatory_total_once")
        ]

    def __str__(self) -> str:
        return f"{self.signed} of {self.country} signed {self.version_id}"


class SignatoryChange(Numbers):
    """A difference, positive or negative, that belongs to the total."""

    # without a constraint: it would lock the version's row for each signature
    version = models.ForeignKey(LetterVersion, on_delete=models.PROTECT, related_name="+", db_constraint=False)

    def __str__(self) -> str:
        return f"{self.signed:+} of {self.country} for {self.version_id}"
