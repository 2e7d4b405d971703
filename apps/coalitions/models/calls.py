"""When a letter is open for signature."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.models import Dated
from apps.letters.models import Letter, LetterVersion


class SignOnCall(Dated):
    class Who(models.TextChoices):
        ORGANISATIONS = "organisations"
        PEOPLE = "people"
        BOTH = "both"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="calls")
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="calls")
    version = models.ForeignKey(LetterVersion, on_delete=models.PROTECT, related_name="calls")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    deliver_on = models.DateField(null=True, blank=True)
    who = models.CharField(max_length=14, choices=Who, default=Who.BOTH)
    moderated = models.BooleanField(default=True, help_text="names appear after a person has looked")
    names_hidden_at = models.DateTimeField(null=True, blank=True, help_text="one button hides all names at once")
    closed_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["letter"], condition=Q(closed_at__isnull=True), name="coalitions_one_open_call"
            ),
            models.CheckConstraint(condition=Q(closes_at__gt=models.F("opens_at")), name="coalitions_call_dates"),
        ]

    def __str__(self) -> str:
        return f"call for {self.version}"

    def is_open(self, at: datetime | None = None) -> bool:
        """Whether it can be signed at that time, by default now."""
        at = at or timezone.now()
        return self.closed_at is None and self.opens_at <= at < self.closes_at

    @property
    def ended_at(self) -> datetime | None:
        """When signing ended, on time or closed early; None before."""
        if self.closed_at is not None:
            return min(self.closed_at, self.closes_at)
        return self.closes_at if self.closes_at <= timezone.now() else None

    def is_open_to(self, kind: str) -> bool:
        return self.who == self.Who.BOTH or self.who == {"organisation": "organisations", "person": "people"}[kind]
