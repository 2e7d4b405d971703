"""The decision to send, and what goes to whom."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.coalitions.models import Annex
from apps.core.models import Blob, Dated
from apps.governments.models import Member, Recipient, RecipientAddress
from apps.letters.models import Edition, Letter, LetterVersion
from apps.postbox.models import InboundMail, Message


class Dispatch(Dated):
    """A decision to send a version to chosen recipients: prepared by one person, authorised by another."""

    class State(models.TextChoices):
        PREPARED = "prepared"
        AUTHORISED = "authorised"
        FINISHED = "finished"
        CANCELLED = "cancelled"
        EXPIRED = "expired"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="dispatches")
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="dispatches")
    version = models.ForeignKey(LetterVersion, on_delete=models.PROTECT, related_name="dispatches")
    state = models.CharField(max_length=12, choices=State, default=State.PREPARED)
    sender_name = models.CharField(max_length=120)
    sender_address = models.EmailField()
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    tested_at = models.DateTimeField(null=True, blank=True)
    authorised_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    authorised_at = models.DateTimeField(null=True, blank=True)
    annex = models.ForeignKey(Annex, null=True, blank=True, on_delete=models.PROTECT, related_name="dispatches")
    expires_at = models.DateTimeField(help_text="not begun by then, it needs fresh authorisation")
    paused_at = models.DateTimeField(null=True, blank=True)
    pause_reason = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(authorised_by__isnull=True) | ~Q(authorised_by=models.F("prepared_by")),
                name="outreach_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["authorised", "finished"])
                | Q(authorised_by__isnull=False, annex__isnull=False),
                name="outreach_authorised_with_annex",
            ),
        ]

    def __str__(self) -> str:
        return f"dispatch {self.pk} of {self.version}"


class Delivery(Dated):
    """One letter to one recipient: the edition, the address, and (once authorised) its one message."""

    dispatch = models.ForeignKey(Dispatch, on_delete=models.PROTECT, related_name="deliveries")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="deliveries")
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="deliveries")
    address = models.ForeignKey(RecipientAddress, on_delete=models.PROTECT, related_name="deliveries")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="deliveries")
    language = models.CharField(max_length=10)
    message = models.OneToOneField(Message, null=True, blank=True, on_delete=models.PROTECT, related_name="delivery")
    pdf = models.ForeignKey(Blob, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["member__sort_en", "id"]
        constraints = [models.UniqueConstraint(fields=["dispatch", "recipient"], name="outreach_delivery_once")]

    def __str__(self) -> str:
        return f"delivery {self.pk} to {self.recipient_id}"


class Exclusion(models.Model):
    """A government or recipient left out of a dispatch, with the reason."""

    dispatch = models.ForeignKey(Dispatch, on_delete=models.CASCADE, related_name="exclusions")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Recipient, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=30, help_text="no_recipient, no_address, suppressed, already_sent …")
    detail = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["member__sort_en", "id"]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.reason}"


class Reply(Dated):
    """An answer filed to a delivery."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="replies")
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="replies")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="replies")
    mail = models.OneToOneField(InboundMail, on_delete=models.PROTECT, related_name="reply")
    kind = models.CharField(max_length=20, help_text="reply or auto_reply")
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["-received_at"]

    def __str__(self) -> str:
        return f"{self.kind} of {self.received_at:%Y-%m-%d}"
