"""A later version put in place of the one that is signed, and what its signers were told and answered."""

from __future__ import annotations

from datetime import UTC

from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.canonical_json import canonical_json, sha256_hex
from apps.core.types import JsonObject
from apps.letters.models import Letter, LetterVersion

from .calls import SignOnCall
from .sign_ons import SignOn

#: of what the log's entry about a carry-over commits to; another set of values is another number
CARRY_OVER_FORMAT = 1


class VersionReplacement(models.Model):
    """One person proposes it, another one agrees; then `call` is signed in the version `after`. A correction has the
    same meaning: signatures to `before` cover `after` too. After a material change each signer is asked."""

    class Kind(models.TextChoices):
        CORRECTION = "correction"
        MATERIAL = "material"

    class State(models.TextChoices):
        PROPOSED = "proposed"
        AGREED = "agreed"
        CANCELLED = "cancelled"

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="replacements")
    call = models.ForeignKey(SignOnCall, on_delete=models.PROTECT, related_name="replacements")
    before = models.ForeignKey(LetterVersion, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey(LetterVersion, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    reasons = models.JSONField(help_text="{language: what changed and why, as signers read it}")
    answer_until = models.DateTimeField(null=True, help_text="of a material change: until when signers may agree")
    proposed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    carried = models.PositiveIntegerField(default=0, help_text="signatures that a correction carried over")
    carried_sha256 = models.CharField(max_length=64, blank=True, help_text="of their ids in order, with commas")
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["letter"], condition=Q(state="proposed"), name="coalitions_one_proposed_replacement"
            ),
            models.UniqueConstraint(
                fields=["call", "after"], condition=Q(state="agreed"), name="coalitions_replacement_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="correction", answer_until__isnull=True)
                | Q(kind="material", answer_until__isnull=False),
                name="coalitions_replacement_answer_until",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed") | Q(decided_at__isnull=False), name="coalitions_replacement_decided"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.before_id} by {self.after_id}"

    @property
    def is_correction(self) -> bool:
        return self.kind == self.Kind.CORRECTION

    def carry_over_statement(self) -> JsonObject:
        """What the log's entry about the carry-over commits to. It names no signature, so nothing of it is erased."""
        return {
            "format": CARRY_OVER_FORMAT,
            "version_sha256": [self.before.sha256, self.after.sha256],
            "signatures": self.carried,
            "signatures_sha256": self.carried_sha256,
            "agreed_at": self.decided_at.astimezone(UTC).isoformat() if self.decided_at else "",
        }

    def carry_over_commitment(self) -> str:
        return sha256_hex(canonical_json(self.carry_over_statement()))


class SignerNotice(models.Model):
    """A signature whose signer is told of a replacement: the queue of these mails, and after a material change what the
    signer answered."""

    class Answer(models.TextChoices):
        NONE = ""
        SIGNED = "signed"
        KEPT_OUT = "kept_out"

    replacement = models.ForeignKey(VersionReplacement, on_delete=models.CASCADE, related_name="notices")
    sign_on = models.ForeignKey(SignOn, on_delete=models.CASCADE, related_name="notices")
    next_at = models.DateTimeField(null=True, help_text="when the next mail is due; None when there is none")
    mailed_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=10, choices=Answer, default=Answer.NONE, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["replacement", "sign_on"], name="coalitions_notice_once")]
        indexes = [
            models.Index(fields=["next_at", "id"], condition=Q(next_at__isnull=False), name="coalitions_notice_due")
        ]

    def __str__(self) -> str:
        return f"notice of {self.replacement_id} to {self.sign_on_id}"
