"""Coalitions and the organisations that sign."""

from __future__ import annotations

from django.db import models

from apps.campaigns.models import Campaign
from apps.core.models import Dated


class Coalition(Dated):
    """The alliance behind a campaign, or a network in it."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="coalitions")
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "name"], name="coalitions_coalition_once")]

    def __str__(self) -> str:
        return self.name


class Organisation(Dated):
    """An organisation that has signed in this campaign. Its name is public, so it is not encrypted."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="organisations")
    coalition = models.ForeignKey(Coalition, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=200, help_text="in its own language and script")
    name_key = models.CharField(max_length=200, help_text="folded for comparison")
    name_english = models.CharField(max_length=200, blank=True)
    acronym = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=30)
    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2")
    website = models.CharField(max_length=300, blank=True)
    members_represented = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "country", "name_key"], name="coalitions_organisation_once")
        ]

    def __str__(self) -> str:
        return self.name
