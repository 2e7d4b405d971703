"""Templates, and the letters that are drafted from them."""

from __future__ import annotations

from typing import Any

from django.db import models

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.models import Dated
from apps.governments.models import Group, Member


class LetterTemplate(Dated):
    """A reusable text for an audience and language. `body` is a letter document (apps.letters.document)."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="letter_templates")
    key = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    group_slug = models.CharField(max_length=80, blank=True, help_text="the group it is for; empty for all")
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=200, help_text="the letter's title and the mail's subject")
    body = models.JSONField()
    from_letter: Any = models.ForeignKey("Letter", null=True, on_delete=models.SET_NULL, related_name="+")
    archived = models.BooleanField(default=False, help_text="no letter begins from it any more")
    edited_at = models.DateTimeField(null=True, blank=True, help_text="written here, not in the campaign's files")

    class Meta:
        ordering = ["title"]
        constraints = [models.UniqueConstraint(fields=["campaign", "key", "language"], name="letters_template_key")]

    def __str__(self) -> str:
        return self.title


class Letter(Dated):
    """A letter being drafted, with its addressees: all members, groups, or single ones."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="letters")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    template = models.ForeignKey(LetterTemplate, null=True, on_delete=models.SET_NULL, related_name="+")
    template_text = models.JSONField(null=True, help_text="{language, subject, body} of the template as it was then")
    to_all = models.BooleanField(default=False)
    to_groups: Any = models.ManyToManyField(Group, blank=True, related_name="+")
    to_members: Any = models.ManyToManyField(Member, blank=True, related_name="+")
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True, help_text="put aside: not written in, not in lists")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["campaign", "number"], name="letters_letter_number")]

    def __str__(self) -> str:
        return f"Letter {self.number}: {self.title}"
