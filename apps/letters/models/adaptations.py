"""Passages that single governments get in a letter, and their revisions."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.core.models import Dated
from apps.governments.models import Member

from .texts import LetterText


class Adaptation(Dated):
    """A government's own passage in place of a block of the text, after it, or nothing in its place. `base` is the
    block as it was when the passage was written or last compared, which shows what moved since."""

    class Kind(models.TextChoices):
        REPLACE = "replace", gettext_lazy("In place of a passage")
        AFTER = "after", gettext_lazy("After a passage")
        LEAVE_OUT = "leave_out", gettext_lazy("Left out")

    text = models.ForeignKey(LetterText, on_delete=models.CASCADE, related_name="adaptations")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    block = models.CharField(max_length=9, help_text="the id of the block of the text that it stands at")
    content = models.JSONField(help_text="a letter document; empty for what is left out")
    base = models.JSONField()
    base_sha256 = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    saved_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["text", "member", "block"],
                condition=Q(removed_at=None) & ~Q(kind="after"),
                name="letters_adaptation_instead_once",
            ),
            models.UniqueConstraint(
                fields=["text", "member", "block"],
                condition=Q(removed_at=None, kind="after"),
                name="letters_adaptation_after_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.block} for {self.member_id} in {self.text_id}"


class AdaptationRevision(models.Model):
    """An adaptation as it was saved, moved or removed. Insert-only."""

    adaptation = models.ForeignKey(Adaptation, on_delete=models.CASCADE, related_name="revisions")
    revision = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    block = models.CharField(max_length=9)
    content = models.JSONField()
    removed = models.BooleanField()
    saved_by_id = models.BigIntegerField(null=True)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["-revision"]
        constraints = [models.UniqueConstraint(fields=["adaptation", "revision"], name="letters_adaptation_revision")]

    def __str__(self) -> str:
        return f"revision {self.revision} of adaptation {self.adaptation_id}"
