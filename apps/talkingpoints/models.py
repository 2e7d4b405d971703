"""The numbered arguments, the facts under them, and what letters can ask for."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Deferrable

from apps.campaigns.models import Campaign
from apps.core.models import Dated
from apps.sources.models import Source


def words(**options: Any) -> ArrayField:
    """A list of slugs or codes."""
    return ArrayField(models.CharField(max_length=80), default=list, blank=True, **options)


class TalkingPoint(Dated):
    """One of the campaign's numbered arguments."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="points")
    number = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=200)
    titles = models.JSONField(default=dict, help_text="drafts of the title in other languages {fr: …}")
    claim = models.TextField()
    topics = words()
    actors = words()
    related_groups = words()
    related_countries = words()
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="talkingpoints_point_number"),
            # deferred: a load of the campaign's files may swap two slugs
            models.UniqueConstraint(
                fields=["campaign", "slug"], name="talkingpoints_point_slug", deferrable=Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class Fact(Dated):
    """A checkable statement with its figures, whom it concerns, and its source."""

    class Verification(models.TextChoices):
        VERIFIED = "verified"
        CONSISTENT = "consistent"
        UNVERIFIED = "unverified"
        CAUTION = "caution"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="facts")
    point = models.ForeignKey(TalkingPoint, null=True, blank=True, on_delete=models.CASCADE, related_name="facts")
    key = models.CharField(max_length=40, help_text="id in the campaign's files; citations name it")
    position = models.PositiveSmallIntegerField(default=0)
    statement = models.TextField()
    kind = models.CharField(max_length=12)
    figures = models.JSONField(default=list, blank=True)
    applies_to = words()
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="facts")
    additional_sources: Any = models.ManyToManyField(Source, blank=True, related_name="further_facts")
    locator = models.JSONField(default=dict, blank=True)
    verification = models.CharField(max_length=12, choices=Verification)
    caution = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["point__number", "position"]
        constraints = [models.UniqueConstraint(fields=["campaign", "key"], name="talkingpoints_fact_key")]

    def __str__(self) -> str:
        return f"{self.key}: {self.statement[:60]}"

    @property
    def number(self) -> str:
        """ "7.3": the point's number and the fact's place under it; "0.3" for context."""
        return f"{self.point.number if self.point else 0}.{self.position}"


class Ask(Dated):
    """Something a letter can ask a government for."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="asks")
    key = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    text = models.TextField()
    short = models.CharField(max_length=200)
    shorts = models.JSONField(default=dict)
    supports = ArrayField(models.PositiveSmallIntegerField(), default=list)
    fits_groups = words()
    not_for_groups = words()
    strength = models.CharField(max_length=10)
    basis = models.CharField(max_length=10)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["campaign", "key"], name="talkingpoints_ask_key")]

    def __str__(self) -> str:
        return self.short


class Audience(Dated):
    """Which points fit whom, in which order. Where several match a member, the lowest priority wins."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="audiences")
    slug = models.SlugField(max_length=80)
    label = models.CharField(max_length=200)
    priority = models.PositiveSmallIntegerField()
    groups = words()
    countries = words()
    order = ArrayField(models.PositiveSmallIntegerField(), default=list)
    lead_asks = words()
    reasons = models.JSONField(default=dict)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["priority"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "slug"], name="talkingpoints_audience_slug"),
            models.UniqueConstraint(
                fields=["campaign", "priority"], name="talkingpoints_audience_priority", deferrable=Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return self.label


class GlossaryTerm(Dated):
    """A term or actor, explained."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="glossary")
    key = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=30)
    term = models.CharField(max_length=200)
    definition = models.TextField()
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["campaign", "key"], name="talkingpoints_term_key")]

    def __str__(self) -> str:
        return self.term


class CalendarEntry(Dated):
    """A dated event of the campaign's subject."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="calendar")
    key = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    date = models.CharField(max_length=10, help_text="2017, 2017-12 or 2017-12-13")
    title = models.TextField()
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["date", "position"]
        constraints = [models.UniqueConstraint(fields=["campaign", "key"], name="talkingpoints_calendar_key")]

    def __str__(self) -> str:
        return f"{self.date} {self.title[:60]}"
