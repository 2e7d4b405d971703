"""Models for every app: the audit trail, stored files, and a base class with timestamps."""

from __future__ import annotations

from django.db import models


class Dated(models.Model):
    """Abstract: when a row was created and last changed (UTC)."""

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class AuditEvent(models.Model):
    """Who did what to which row. Insert-only, and without foreign keys and personal data: ids only."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    verb = models.CharField(max_length=80, help_text="noun.verb, for example letter_version.freeze")
    actor_type = models.CharField(max_length=40, help_text="user, system or signer")
    actor_id = models.CharField(max_length=40, blank=True)
    campaign_id = models.BigIntegerField(null=True, db_index=True)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    data = models.JSONField(default=dict, help_text="numbers, hashes, states; never names or addresses")
    request_id = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject_type", "subject_id"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.subject_type} {self.subject_id}"


class RetentionRun(models.Model):
    """What the job that carries out a rule of `retention_rules` did last in a campaign, or in the whole installation.
    The row without a campaign says when it ran."""

    rule = models.CharField(max_length=20)
    campaign_id = models.BigIntegerField(null=True)
    ran_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True, help_text="when a run last found something to delete")
    deleted = models.PositiveBigIntegerField(default=0, help_text="by that run")
    total = models.PositiveBigIntegerField(default=0, help_text="by all runs")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "campaign_id"], nulls_distinct=False, name="core_retention_run_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule} of {self.campaign_id}: {self.total}"


class BlobQuerySet(models.QuerySet["Blob"]):
    def keep(self, content: bytes, content_type: str) -> Blob:
        """Store bytes once, by their sha256, and return the row."""
        from .canonical_json import sha256_hex

        blob, _ = self.get_or_create(
            sha256=sha256_hex(content),
            defaults={"content": content, "content_type": content_type, "size": len(content)},
        )
        return blob


class Blob(models.Model):
    """A file that was sent or received, unchanged, by its hash."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    content = models.BinaryField()
    content_type = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = BlobQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.sha256[:12]} ({self.size} bytes)"
