"""Frozen lists of signatories. Rows are insert-only, except names, which can be erased."""

from __future__ import annotations

from django.db import models

from apps.campaigns.models import Campaign
from apps.letters.models import Letter, LetterVersion


class Annex(models.Model):
    """A frozen list. `sha256` covers the counts and the commitments in order. Insert-only. An addendum lists those who
    signed after the list that it supplements, and its `sha256` covers that one's."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="annexes")
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="annexes")
    version = models.ForeignKey(LetterVersion, on_delete=models.PROTECT, related_name="annexes")
    supplements = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="addenda")
    frozen_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    counts = models.JSONField(help_text="{organisations, people, countries, by_country: {KE: 3}, unnamed}")

    def __str__(self) -> str:
        return f"annex {self.pk} of {self.frozen_at:%Y-%m-%d %H:%M}"

    @property
    def signatures(self) -> int:
        return int(self.counts["organisations"] + self.counts["people"])


class AnnexEntry(models.Model):
    """A signature in an annex: its id and a salted commitment to the name. Insert-only."""

    annex = models.ForeignKey(Annex, on_delete=models.PROTECT, related_name="entries")
    position = models.PositiveIntegerField()
    sign_on_id = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    country = models.CharField(max_length=2)
    named = models.BooleanField(help_text="False where it is only counted")
    commitment = models.CharField(max_length=64, help_text="sha256 of salt and name")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["annex", "position"], name="coalitions_entry_position")]

    def __str__(self) -> str:
        return f"{self.position} of annex {self.annex_id}"


class AnnexName(models.Model):
    """The name of an entry. Once it is erased, reprints say "removed on request"."""

    entry = models.OneToOneField(AnnexEntry, on_delete=models.PROTECT, related_name="name")
    salt = models.CharField(max_length=32)
    name = models.CharField(max_length=420, help_text="with the English name behind it, where there is one")
    public = models.BooleanField(help_text="False: shown to governments only")

    def __str__(self) -> str:
        return f"name of entry {self.entry_id}"
