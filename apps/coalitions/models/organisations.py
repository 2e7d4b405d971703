"""Organisations that sign, their further names, and the coalitions they belong to."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.models import Dated


class WebsiteHost(models.Func):
    """What `website_host` of `email_domains` finds, in SQL; the scheme may be missing."""

    template = r"coalesce(substring(lower(%(expressions)s) from '^(?:[a-z]+://)?(?:www\.)?([^/:?#@]+)'), '')"


class Coalition(Dated):
    """The alliance behind a campaign, or a network of organisations in it."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="coalitions")
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["campaign", "name"], name="coalitions_coalition_once")]

    def __str__(self) -> str:
        return self.name


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def whole(self) -> OrganisationQuerySet:
        """Without those that are only a further name of another one."""
        return self.filter(merged_into__isnull=True)


class Organisation(Dated):
    """An organisation that has signed in this campaign. Its name is public, so it is not encrypted.

    A row with `merged_into` is a further name of another organisation, whose signatures those under it are: it was
    merged, or a moderator entered the name, and then it has no kind.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="organisations")
    coalitions = models.ManyToManyField(Coalition, blank=True, related_name="organisations")
    name = models.CharField(max_length=200, help_text="in its own language and script")
    name_key = models.CharField(max_length=200, help_text="folded for comparison")
    name_english = models.CharField(max_length=200, blank=True)
    acronym = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=30)
    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2")
    website = models.CharField(max_length=300, blank=True)
    members_represented = models.PositiveIntegerField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="merged", help_text="never a merged one"
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("campaign", WebsiteHost("website"), name="coalitions_website_host"),
            GinIndex(
                OpClass("name_key", "gin_trgm_ops"),
                *(OpClass(Upper(name), "gin_trgm_ops") for name in ("name_english", "acronym")),
                name="coalitions_organisation_search",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "country", "name_key"], name="coalitions_organisation_once"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=models.F("id")),
                name="coalitions_not_merged_into_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OrganisationMerge(Dated):
    """What a merge moved, so that it can be undone."""

    kept = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="merges")
    other = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    sign_ons = models.JSONField(default=dict, help_text="{id of a moved signature: [state, moderation] before}")
    claims = models.JSONField(default=dict, help_text="{id of a signature: the organisation it claimed before}")
    coalitions = ArrayField(models.BigIntegerField(), default=list, help_text="those the kept one did not have")
    pointers = ArrayField(models.BigIntegerField(), default=list, help_text="merged rows that pointed to the other")
    filled = ArrayField(models.CharField(max_length=40), default=list, help_text="fields that were empty before")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.other_id} into {self.kept_id}"
