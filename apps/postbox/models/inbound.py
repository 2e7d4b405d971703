"""Incoming mail, and the mailboxes and the local inbox that it comes to."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from apps.core.encrypted_fields import EncryptedBinaryField, EncryptedTextField

from .messages import Message


class InboundMail(models.Model):
    """An incoming mail, stored whole before it is accepted. What matches no message is deleted after UNMATCHED_KEPT."""

    received_at = models.DateTimeField(auto_now_add=True)
    sha256 = models.CharField(max_length=64, unique=True, help_text="of the raw mail and its envelope recipient")
    raw = EncryptedBinaryField()
    envelope_to = EncryptedTextField(default="")
    sender = EncryptedTextField(default="")
    subject = EncryptedTextField(default="")
    text = EncryptedTextField(default="")
    kind = models.CharField(max_length=20, help_text="a MailKind of apps.postbox.inbound.classification, or duplicate")
    bounce_reason = models.CharField(max_length=10, blank=True, help_text="a BounceReason, where the kind is bounce")
    reason = models.CharField(max_length=300, blank=True, help_text="what the kind was concluded from, to translate")
    evidence = EncryptedTextField(default="", help_text="the words that the kind rests on, without addresses")
    fingerprint = models.CharField(
        max_length=64, blank=True, db_index=True, help_text="equal for one mail that came by two routes"
    )
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="answers")
    size = models.PositiveIntegerField()
    scanned_at = models.DateTimeField(null=True, help_text="when ClamAV had looked at its files")

    class Meta:
        ordering = ["-received_at"]
        indexes = [models.Index(fields=["received_at"], condition=Q(kind="reply"), name="postbox_answers")]

    def __str__(self) -> str:
        return f"{self.kind} {self.received_at:%Y-%m-%d %H:%M}"


class FileScan(models.Model):
    """What ClamAV said of a file of an incoming mail."""

    class Result(models.TextChoices):
        CLEAN = "clean"
        INFECTED = "infected"
        TOO_LARGE = "too_large"

    mail = models.ForeignKey(InboundMail, on_delete=models.CASCADE, related_name="scans")
    number = models.PositiveSmallIntegerField(help_text="of the file in the mail, from 1")
    result = models.CharField(max_length=10, choices=Result)
    signature = models.CharField(max_length=200, blank=True, help_text="what was found")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["mail", "number"], name="postbox_file_scan")]

    def __str__(self) -> str:
        return f"file {self.number}: {self.result}"


class SinkMail(models.Model):
    """A mail that the local inbox took in sink mode. `subject` and `files` are what the list shows of `raw`."""

    received_at = models.DateTimeField(auto_now_add=True)
    envelope_from = models.CharField(max_length=254, blank=True)
    envelope_to = EncryptedTextField()
    message_id = models.CharField(max_length=200, blank=True, db_index=True)
    subject = EncryptedTextField(default="")
    files = models.PositiveSmallIntegerField(default=0)
    raw = EncryptedBinaryField()
    size = models.PositiveIntegerField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"sink {self.received_at:%Y-%m-%d %H:%M}"


class MailboxCursor(models.Model):
    """How far a folder of an IMAP account has been stored: every mail up to `last_uid`, except `unreadable_uids`."""

    mailbox = models.CharField(max_length=400, unique=True, help_text="account and folder as a URL (RFC 5092)")
    folder = models.CharField(max_length=200)
    uid_validity = models.BigIntegerField(default=0, help_text="under another one, UIDs name other mails (RFC 9051)")
    last_uid = models.BigIntegerField(default=0)
    unreadable_uids = models.JSONField(default=list, help_text="mails that could not be stored, tried again each hour")
    retried_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True, help_text="when everything in the folder had been stored")
    failures = models.PositiveSmallIntegerField(default=0, help_text="in a row; the pauses grow with them")
    next_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=600, blank=True, help_text="why it was not read, without secrets")

    def __str__(self) -> str:
        return f"{self.folder} up to {self.last_uid}"
