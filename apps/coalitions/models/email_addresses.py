"""Mails to the addresses of signers, and addresses that are to replace others."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from apps.accounts.models import User
from apps.core.encrypted_fields import EncryptedTextField

from .sign_ons import SignOn

#: of Messages about a signature, which are erased with it
MAIL_ORIGIN = "coalitions.sign_on"


class AddressMail(models.Model):
    """An email to an address (a keyed hash), to limit emails over all campaigns. Kept for a day."""

    email_hash = models.CharField(max_length=64)
    at = models.DateTimeField()
    mail_id = models.UUIDField(null=True)
    from_moderator = models.BooleanField(default=False, help_text="not caused by who types the address into a form")

    class Meta:
        indexes = [models.Index(fields=["email_hash", "at"])]

    def __str__(self) -> str:
        return f"mail at {self.at:%Y-%m-%d %H:%M}"


class EmailChange(models.Model):
    """Another address for a signature, which counts once it is confirmed by mail; then, or when its time is over, the
    row is deleted."""

    sign_on = models.ForeignKey(SignOn, on_delete=models.CASCADE, related_name="email_changes")
    email = EncryptedTextField()
    email_hash = models.CharField(max_length=64, db_index=True)
    key_version = models.SmallIntegerField()
    ADDRESS_FIELDS = ("email", "email_hash", "key_version")  # for apps.core.key_rotation
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    requested_by = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="+", help_text="a moderator; empty: the signer"
    )

    def __str__(self) -> str:
        return f"another address of {self.sign_on_id}"
