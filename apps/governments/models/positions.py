"""What members have said."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.models import Dated
from apps.sources.models import Source

from .members import Member


class PositionQuerySet(models.QuerySet["Position"]):
    def standing(self) -> PositionQuerySet:
        """Without those that were recorded in error."""
        return self.filter(withdrawn_at__isnull=True)


class Position(Dated):
    """What a member has said. One recorded in error is withdrawn, and keeps its row; `replaced_by` is the right one."""

    class Stance(models.TextChoices):
        OPPOSES = "opposes"
        UNDECIDED = "undecided"
        SUPPORTS = "supports"
        JOINED = "joined"

    class Confidence(models.TextChoices):
        HIGH = "high"
        MEDIUM = "medium"
        LOW = "low"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="positions")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="positions")
    stance = models.CharField(max_length=12, choices=Stance)
    on = models.DateField(help_text="the day it was said")
    statement = models.CharField(max_length=300, blank=True)
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.PROTECT, related_name="positions")
    confidence = models.CharField(max_length=10, choices=Confidence, default=Confidence.MEDIUM)
    note = models.TextField(blank=True)
    recorded_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_reason = models.CharField(max_length=300, blank=True)
    replaced_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replaces")

    objects = PositionQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["campaign", "member", "-on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "member", "stance", "on", "source", "statement"],
                condition=Q(withdrawn_at__isnull=True),
                nulls_distinct=False,
                name="governments_position_once",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="", replaced_by__isnull=True)
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason=""),
                name="governments_position_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.stance} on {self.on}"
