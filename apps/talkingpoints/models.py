"""Points, facts, and what letters can ask for."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Deferrable
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
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
    claim = models.TextField()
    topics = words()
    actors = words()
    related_groups = words()
    related_countries = words()
    extra = models.JSONField(default=dict, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True, help_text="written here, not in the campaign's files")
    search = models.TextField(default="", editable=False, help_text="folded words to look for; the database writes it")

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

    @property
    def titles(self) -> dict[str, str]:
        """{language: title} of the translations that have one."""
        return {row.language: row.title for row in self.translations.all() if row.title}


class PointTranslation(Dated):
    """A point in another language; in the original, only the passage, which letters insert. `source_hash`: of the
    original that was translated; `writers`: who wrote since the last review."""

    point = models.ForeignKey(TalkingPoint, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=200, blank=True)
    claim = models.TextField(blank=True)
    passage = models.TextField(blank=True)
    source_hash = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(default=1)
    writers = ArrayField(models.BigIntegerField(), default=list, blank=True)
    written_at = models.DateTimeField(null=True, blank=True, help_text="empty: as it came with the campaign's files")
    reviewed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    search = models.TextField(default="", editable=False, help_text="folded words to look for; the database writes it")

    class Meta:
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["point", "language"], name="talkingpoints_translation_once")]

    def __str__(self) -> str:
        return f"{self.point_id} in {self.language}"


class Fact(Dated):
    """A statement that can be checked, with its figures and sources."""

    class Kind(models.TextChoices):
        FIGURE = "figure", pgettext_lazy("kind of fact", "Figure")
        FINDING = "finding", pgettext_lazy("kind of fact", "Finding")
        CLAIM = "claim", pgettext_lazy("kind of fact", "Claim")
        EXAMPLE = "example", pgettext_lazy("kind of fact", "Example")
        POSITION = "position", pgettext_lazy("kind of fact", "Position")
        FORECAST = "forecast", pgettext_lazy("kind of fact", "Forecast")

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
    kind = models.CharField(max_length=12, choices=Kind)
    figures = models.JSONField(default=list, blank=True)
    applies_to = words()
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="facts")
    additional_sources: Any = models.ManyToManyField(Source, blank=True, related_name="further_facts")
    locator = models.JSONField(default=dict, blank=True)
    verification = models.CharField(max_length=12, choices=Verification)
    caution = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)
    retired_at = models.DateTimeField(null=True, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True, help_text="corrected here, not in the campaign's files")
    search = models.TextField(default="", editable=False, help_text="folded words to look for; the database writes it")

    #: a change of these makes a new revision
    SUBSTANCE = ("statement", "figures", "source", "additional_sources", "locator", "verification", "caution")

    class Meta:
        ordering = ["point__number", "position"]
        constraints = [models.UniqueConstraint(fields=["campaign", "key"], name="talkingpoints_fact_key")]

    def __str__(self) -> str:
        return f"{self.key}: {self.statement[:60]}"

    @property
    def number(self) -> str:
        """As pages show it: "7.3" is the third under point 7, "Context 3" is outside the points."""
        return self.stored_number if self.point else gettext("Context %(number)s") % {"number": self.position}

    @property
    def name(self) -> str:
        """In a sentence: "Fact 7.3", "Context 3"."""
        return gettext("Fact %(number)s") % {"number": self.number} if self.point else self.number

    @property
    def stored_number(self) -> str:
        """As stored and in the API: "7.3"; "0.3" for context."""
        return f"{self.point.number if self.point else 0}.{self.position}"


class FactRevision(models.Model):
    """What a fact said before a change, insert-only. Of a source, `said` has `source_was`: [field, before, after]s."""

    class Act(models.TextChoices):
        CORRECT = "correct", pgettext_lazy("fact", "Corrected")
        RETIRE = "retire", pgettext_lazy("fact", "Retired")
        RESTORE = "restore", pgettext_lazy("fact", "Restored")
        LOAD = "load", _("Changed by the campaign’s files")
        SOURCE = "source", _("Its source was corrected")

    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, related_name="history")
    revision = models.PositiveIntegerField(help_text="the fact's until then")
    said = models.JSONField(help_text="the fact's contents until then")
    act = models.CharField(max_length=8, choices=Act)
    reason = models.TextField()
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=~models.Q(reason=""), name="talkingpoints_revision_reason")]

    def __str__(self) -> str:
        return f"{self.fact_id}: {self.act}"


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
    """Which points fit which members, in which order. The lowest priority wins."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="audiences")
    slug = models.SlugField(max_length=80)
    label = models.CharField(max_length=200)
    priority = models.PositiveSmallIntegerField()
    groups = words()
    countries = words()
    stances = words()
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
