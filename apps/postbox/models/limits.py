"""What stops or slows sending: the switch, blocked addresses, domains."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from apps.core.encrypted_fields import EncryptedTextField


class Suppression(models.Model):
    """An address that gets no mail from this installation, as a keyed hash."""

    class Cause(models.TextChoices):
        COMPLAINT = "complaint"
        OPERATOR = "operator"

    cause = models.CharField(max_length=10, choices=Cause, default=Cause.COMPLAINT)
    address_hash = models.CharField(max_length=64, unique=True)
    key_version = models.SmallIntegerField()
    reason = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"suppressed since {self.created_at:%Y-%m-%d}"


class RecipientDomain(models.Model):
    """A domain to which mail fails or is limited, shared by all workers. The key is a keyed hash: the domain of a
    personal address can name its owner. Operators see the name, which is encrypted. Rows that tell nothing any more
    are deleted by the sweep."""

    key = models.CharField(max_length=32, primary_key=True)
    name = EncryptedTextField()
    failures = models.PositiveSmallIntegerField(default=0, help_text="in a row")
    reason = models.TextField(blank=True, help_text="of the last failure, without addresses")
    opened_at = models.DateTimeField(null=True, help_text="since when its mail is held back; empty: it is not")
    held_until = models.DateTimeField(null=True, help_text="then one mail is tried")
    hour_started = models.DateTimeField(null=True)
    hour_count = models.PositiveIntegerField(default=0, help_text="mails since hour_started, where a limit is set")
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.key[:12]} ({'held back' if self.opened_at else 'open'})"


class Switch(models.Model):
    """The one row (id 1) that stops all sending, and the epoch that must equal POSTBOX_EPOCH. Made when first read."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    killed = models.BooleanField(default=False)
    killed_at = models.DateTimeField(null=True)
    killed_by_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    epoch = models.CharField(max_length=80, blank=True)
    database = models.CharField(
        max_length=120, blank=True, help_text="the database in which the epoch was adopted: a copy has another"
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="postbox_one_switch")]

    def __str__(self) -> str:
        return "killed" if self.killed else "running"
