"""A letter's texts, their revisions, the facts they cite, and who approved them."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q, TextField

from apps.accounts.models import User
from apps.core.canonical_json import sha256_hex
from apps.core.models import Dated
from apps.talkingpoints.models import Fact

from .letters import Letter

#: the words of a document, folded; the function stands in migration 0004
WORDS = Func(F("body"), function="letters_words", output_field=TextField())


class PresentTexts(models.Manager["LetterText"]):
    """The texts that were not removed."""

    def get_queryset(self) -> models.QuerySet[LetterText]:
        return super().get_queryset().filter(removed_at=None)


class LetterText(Dated):
    """A letter's text in one language; the first one is the original, the others translate it. `revision` counts
    saves; a save names the revision it started from. A removed text keeps its revisions and approvals.

    What people write together are numbered updates (TextUpdate); subject and body follow them within seconds."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=200)
    body = models.JSONField()
    revision = models.PositiveIntegerField(default=1)
    sha256 = models.CharField(max_length=64)
    saved_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    saved_at = models.DateTimeField()
    reviewer = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        help_text="who is proposed when its review is asked for",
    )  # fmt: skip
    #: of its open ReviewRequest
    review_asked_at = models.DateTimeField(null=True, blank=True)
    review_asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    #: the number of the last update; of the last that subject and body have; of the first of the present document
    sequence = models.PositiveIntegerField(default=0)
    body_sequence = models.PositiveIntegerField(default=0)
    first_sequence = models.PositiveIntegerField(default=1)
    #: over the passages that single governments get in place of the text's own; "" without any
    adaptations_sha256 = models.CharField(max_length=64, blank=True, default="")
    adapted_at = models.DateTimeField(null=True, blank=True)
    #: annotated by `texts_with_state`: in its present form, and in any form
    approved: bool
    ever_approved: bool

    objects = PresentTexts()
    with_removed: models.Manager[LetterText] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "language"], name="letters_text_language"),
            models.CheckConstraint(condition=Q(body_sequence__lte=F("sequence")), name="letters_text_body_sequence"),
        ]
        indexes = [
            GinIndex(OpClass(WORDS, "gin_trgm_ops"), name="letters_text_words"),
            models.Index(fields=["id"], condition=Q(body_sequence__lt=F("sequence")), name="letters_text_behind"),
        ]

    def __str__(self) -> str:
        return f"{self.letter} ({self.language}, revision {self.revision})"

    @property
    def fingerprint(self) -> str:
        """What a reviewer approves: the hash of the text, with its adaptations where there are any."""
        if not self.adaptations_sha256:
            return self.sha256
        return sha256_hex(f"{self.sha256} {self.adaptations_sha256}".encode())

    @property
    def changed_at(self) -> datetime:
        """When the text or one of its adaptations was last changed."""
        return max(self.saved_at, self.adapted_at or self.saved_at)


class TextRevision(models.Model):
    """A saved state of a text, insert-only. Of saves that follow each other, the first and the last are kept."""

    text = models.ForeignKey(LetterText, on_delete=models.CASCADE, related_name="revisions")
    revision = models.PositiveIntegerField()
    subject = models.CharField(max_length=200)
    body = models.JSONField()
    sha256 = models.CharField(max_length=64)
    sequence = models.PositiveIntegerField(default=0, help_text="the last update it has; 0 if it has none")
    saved_by_id = models.BigIntegerField(null=True)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["-revision"]
        constraints = [models.UniqueConstraint(fields=["text", "revision"], name="letters_revision_once")]
        indexes = [GinIndex(OpClass(WORDS, "gin_trgm_ops"), name="letters_revision_words")]

    def __str__(self) -> str:
        return f"revision {self.revision} of {self.text_id}"


class FactUse(models.Model):
    """A draft cites a fact: kept in step with the text at every save."""

    text = models.ForeignKey(LetterText, on_delete=models.CASCADE, related_name="fact_uses")
    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, related_name="uses")
    fact_revision = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["text", "fact"], name="letters_fact_use_once")]

    def __str__(self) -> str:
        return f"{self.fact_id} in {self.text_id}"


class Approval(models.Model):
    """A reviewer approved exactly this text and its adaptations (their hashes). Insert-only; what changes needs
    another."""

    text = models.ForeignKey(LetterText, on_delete=models.PROTECT, related_name="approvals")
    language = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64)
    adaptations_sha256 = models.CharField(max_length=64, blank=True, default="")
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["text", "sha256", "adaptations_sha256", "reviewer"], name="letters_approval_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.language} approved by {self.reviewer_id}"
