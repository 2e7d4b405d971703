"""Sources of facts."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.campaigns.models import Campaign
from apps.core.models import Dated

URL_PATTERN = r"https?://[^\s<>\"]+"
DOI_PATTERN = r"10\.[0-9]+/\S+"


class Source(Dated):
    """A document, article, report or speech."""

    class Form(models.TextChoices):
        WORK = "work", _("A work of its own: a report, an agreement")
        ARTICLE = "article", _("An article in a periodical or on a site")  # its title is quoted
        DESCRIBED = "described", _("No known title: the title above describes it")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="sources")
    key = models.CharField(max_length=80, help_text="id in the campaign's files")
    kind = models.CharField(max_length=30)
    form = models.CharField(max_length=10, choices=Form, default=Form.WORK)
    footnote = models.PositiveSmallIntegerField(null=True)
    authors = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    title = models.CharField(max_length=400)
    publisher = models.CharField(max_length=300, blank=True)
    year = models.PositiveSmallIntegerField(null=True)
    date = models.CharField(max_length=10, blank=True, help_text="2017, 2017-05 or 2017-05-12")
    url = models.CharField(max_length=600, blank=True, help_text="as printed in the document")
    other_url = models.CharField(max_length=600, blank=True)
    archived_url = models.CharField(max_length=600, blank=True)
    doi = models.CharField(max_length=120, blank=True)
    checked_on = models.DateField(null=True)
    note = models.TextField(blank=True)
    extra = models.JSONField(default=dict, blank=True, help_text="further fields of the campaign's file, kept")
    edited_at = models.DateTimeField(null=True, blank=True, help_text="corrected here, not in the campaign's files")
    search = models.TextField(default="", editable=False, help_text="folded words to look for; the database writes it")

    class Meta:
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "key"], name="sources_source_key"),
            models.CheckConstraint(condition=~models.Q(title=""), name="sources_source_title"),
        ]

    def __str__(self) -> str:
        return self.title
