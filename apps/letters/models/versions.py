"""What is frozen of letters."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from apps.accounts.models import User
from apps.governments.models import Member

from .letters import Letter

#: characters of an edition's fingerprint in its short address: 48 bits, which nobody guesses
CODE_LENGTH = 12


class LetterVersion(models.Model):
    """A frozen letter. `sha256` covers the subject, the evidence, the source and every edition. Insert-only. Whoever
    freezes a later one says whether it is a correction, which means the same, or a material change, and why."""

    class Change(models.TextChoices):
        CORRECTION = "correction"
        MATERIAL = "material"

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    subjects = models.JSONField(help_text="{language: subject}")
    evidence = models.JSONField(help_text="snapshot of every cited fact and its sources")
    sha256 = models.CharField(max_length=64)
    frozen_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField()
    frozen_on = models.DateField(help_text="the day as of which groups and stances were resolved")
    change = models.CharField(max_length=10, choices=Change, blank=True, help_text="from the version before; or none")
    reason = models.TextField(blank=True, help_text="why it was changed")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "number"], name="letters_version_number"),
            models.CheckConstraint(
                condition=Q(change="", reason="") | ~Q(change="") & ~Q(reason=""), name="letters_version_change_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter}, version {self.number}"


class FrozenSource(models.Model):
    """What the editions of a version were made from: the approved texts, and who was in which group and said what on
    the day. `LetterVersion.sha256` covers it. Insert-only; versions from before it was kept have none."""

    version = models.OneToOneField(LetterVersion, on_delete=models.PROTECT, primary_key=True, related_name="source")
    texts = models.JSONField(help_text="{language: {subject, body}}, as approved")
    addressees = models.JSONField(help_text="{code of a member: {groups: [slug], stance}}")

    def __str__(self) -> str:
        return f"source of {self.version_id}"


class Edition(models.Model):
    """Version × member (None: the general edition) × language: all resolved but the envelope. Insert-only."""

    version = models.ForeignKey(LetterVersion, on_delete=models.PROTECT, related_name="editions")
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="editions")
    language = models.CharField(max_length=10)
    body = models.JSONField(help_text="{subject, blocks, notes}: see apps.letters.document")
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "member", "language"], name="letters_edition_once", nulls_distinct=False
            )
        ]
        indexes = [models.Index(fields=["sha256"], name="letters_edition_sha256")]

    def __str__(self) -> str:
        return f"edition {self.pk} ({self.language})"

    @property
    def code(self) -> str:
        """The beginning of its fingerprint, which stands in its short address."""
        return self.sha256[:CODE_LENGTH]
