"""Outgoing mail: the rows are the queue. Contents and addresses are encrypted at rest."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import nonmember

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext, gettext_noop

from apps.core.encrypted_fields import EncryptedTextField
from apps.core.models import Blob, Dated

WAITS = gettext_noop("Waits for its turn.")
SUPPRESSED = gettext_noop("Its reader reported our email as spam, so nothing is sent to this address.")

BLOCKED = gettext_noop("An operator blocked this address, so nothing is sent to it.")


class MessageState(models.TextChoices):
    QUEUED = "queued"
    CLAIMED = "claimed"
    FINAL = "final"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    IN_DOUBT = "in_doubt"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    SUPPRESSED = "suppressed"

    #: a worker or a person still has to act
    OPEN = nonmember(["queued", "claimed", "final", "in_doubt"])
    WAITING = nonmember(["queued", "claimed"])
    IN_PROGRESS = nonmember(["claimed", "final"])
    #: the recipient's server took it, and it did not come back
    HANDED_OVER = nonmember(["accepted", "delivered"])
    RETURNED = nonmember(["bounced", "refused"])
    #: the same letter may be queued again
    DEAD = nonmember(["refused", "bounced", "cancelled", "expired", "suppressed"])
    MAY_HAVE_LEFT = nonmember(["final", "accepted", "delivered", "bounced", "in_doubt"])


#: the database refuses all others (migration 0002_guards)
NEXT_STATES: dict[str, frozenset[str]] = {
    "queued": frozenset({"claimed", "cancelled", "expired", "suppressed"}),
    "claimed": frozenset({"final", "queued", "refused"}),
    "final": frozenset({"accepted", "refused", "queued", "in_doubt"}),
    "in_doubt": frozenset({"accepted", "queued"}),
    "accepted": frozenset({"delivered", "bounced"}),
    # back only after a person corrected what a mail says (migration 0007)
    "delivered": frozenset({"accepted"}),
    "bounced": frozenset({"accepted"}),
}


class Policy(models.TextChoices):
    ONCE = "once"
    REPEATABLE = "repeatable"


class Priority(models.IntegerChoices):
    """Which due mail leaves first. Numbers between them are free for later."""

    WAITED_FOR = 1  # somebody sits before a screen: codes, confirmations
    LETTER = 5
    UPDATE = 9  # to many, none of whom waits for it


#: encrypted fields of a Message
SEALED = ("subject", "text_body", "html_body", "composer_values", "to_address", "reply_to", "envelope_from")


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: datetime | Now) -> MessageQuerySet:
        """Queued rows whose time has come, by priority."""
        return self.filter(state=MessageState.QUEUED, next_at__lte=now).order_by("priority", "next_at", "created_at")

    def without_contents(self) -> MessageQuerySet:
        """Defers the encrypted fields: moving rows must work without their keys."""
        return self.defer(*SEALED)

    def overdue_leases(self, now: datetime | Now) -> MessageQuerySet:
        return self.filter(state__in=MessageState.IN_PROGRESS, lease_until__lt=now)


class Message(Dated):
    """One mail to one recipient. `origin` and `origin_id` name the row that asked for it ("outreach.delivery")."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=30, help_text="letter, test, confirmation, sign_in, invitation, other")
    policy = models.CharField(max_length=10, choices=Policy)
    state = models.CharField(max_length=10, choices=MessageState, default=MessageState.QUEUED)
    origin = models.CharField(max_length=60, blank=True)
    origin_id = models.CharField(max_length=40, blank=True)
    campaign_id = models.BigIntegerField(null=True, db_index=True)
    authorisation = models.CharField(max_length=60, blank=True, help_text='what allows it to leave, "dispatch:12"')

    message_id = models.CharField(max_length=200, help_text="fixed when the row is made, with <>")
    envelope_from = EncryptedTextField(help_text="where failures are reported; may carry the token")
    from_header = models.CharField(max_length=300)
    to_address = EncryptedTextField()
    to_hash = models.CharField(max_length=64)
    to_key_version = models.SmallIntegerField()
    reply_to = EncryptedTextField(default="", help_text="may carry the token, of which only the hash is plain")
    reply_token_hash = models.CharField(max_length=64, blank=True)
    subject = EncryptedTextField()
    text_body = EncryptedTextField()
    html_body = EncryptedTextField(default="")
    composer = models.CharField(
        max_length=60,
        blank=True,
        help_text="of core's mail_composers: writes subject and text when the mail leaves",
    )
    composer_values = EncryptedTextField(default="", help_text="what that needs besides the origin, as JSON")
    headers = models.JSONField(default=dict, help_text="further headers, plain")
    language = models.CharField(max_length=10, blank=True)

    once_key = models.CharField(max_length=120, blank=True)
    address_key = models.CharField(max_length=160, blank=True)

    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.LETTER)
    to_domain = models.CharField(
        max_length=32, blank=True, help_text="RecipientDomain.key of the recipient's domain; empty: no limits"
    )
    domain_limit = models.PositiveIntegerField(
        default=0, help_text="how often in an hour mails with its `authorisation` are tried at that domain; 0: no limit"
    )
    quiet_zone = models.CharField(max_length=60, blank=True, help_text="the recipient's time zone; empty: never quiet")
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True, help_text="before quiet_from: on the next day")

    next_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    replied_at = models.DateTimeField(null=True)
    last_code = models.PositiveSmallIntegerField(null=True, help_text="the server's last answer in this attempt")
    last_reply = models.TextField(blank=True, help_text="the server's last words, addresses removed")
    explanation = models.TextField(default=WAITS, help_text="why the row is in its state, for people; never empty")
    cancel_reason = models.CharField(
        max_length=200, blank=True, help_text="asked for while a worker had it; obeyed unless the final dot has left"
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["state", "lease_until"],
                condition=Q(state__in=["claimed", "final", "in_doubt"]),
                name="postbox_message_under_way",
            ),
            models.Index(
                fields=["expires_at"],
                condition=Q(state="queued", expires_at__isnull=False),
                name="postbox_message_expiry",
            ),
            models.Index(fields=["origin", "origin_id"]),
            models.Index(
                fields=["priority", "next_at", "created_at"], condition=Q(state="queued"), name="postbox_message_due"
            ),
            models.Index(
                fields=["authorisation", "to_domain"], condition=Q(domain_limit__gt=0), name="postbox_message_limited"
            ),
            models.Index(fields=["to_domain"], condition=Q(state="queued"), name="postbox_message_domain"),
            models.Index(fields=["to_hash"], name="postbox_message_to_hash"),
        ]
        # no `unique` or `db_index` of texts: each claim would write into one more index, for LIKE, which nobody asks
        constraints = [
            models.UniqueConstraint(fields=["message_id"], name="postbox_message_message_id"),
            models.UniqueConstraint(
                fields=["once_key"],
                condition=~Q(once_key="") & ~Q(state__in=MessageState.DEAD),
                name="postbox_message_once_key",
            ),
            models.UniqueConstraint(
                fields=["address_key"],
                condition=~Q(address_key="") & ~Q(state__in=MessageState.DEAD),
                name="postbox_message_address_key",
            ),
            models.UniqueConstraint(
                fields=["reply_token_hash"], condition=~Q(reply_token_hash=""), name="postbox_message_reply_token"
            ),
            models.CheckConstraint(condition=Q(state__in=MessageState.values), name="postbox_message_state"),
            models.CheckConstraint(condition=Q(policy__in=Policy.values), name="postbox_message_policy"),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(accepted_at__isnull=False), name="postbox_message_accepted_at"
            ),
            models.CheckConstraint(condition=~Q(explanation=""), name="postbox_message_explained"),
            models.CheckConstraint(condition=Q(priority__in=Priority.values), name="postbox_message_priority"),
            models.CheckConstraint(
                condition=Q(quiet_zone="") | (Q(quiet_from__isnull=False) & Q(quiet_until__isnull=False)),
                name="postbox_message_quiet_hours",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=MessageState.IN_PROGRESS) | Q(lease_until__isnull=False),
                name="postbox_message_lease",
            ),
        ]

    @property
    def explained(self) -> str:
        """`explanation` in the reader's language, unless it contains words of a mail server or of a person."""
        return gettext(self.explanation) if self.explanation else ""

    def __str__(self) -> str:
        return f"{self.kind} {self.id} ({self.state})"


class MessageAttachment(models.Model):
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    position = models.PositiveSmallIntegerField(default=0)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    filename = models.CharField(max_length=200)
    content_type = models.CharField(max_length=120)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["message", "position"], name="postbox_attachment_position")]

    def __str__(self) -> str:
        return self.filename


class Attempt(models.Model):
    """One attempt to send a message, made when it is claimed."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    worker = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    stage = models.CharField(max_length=20, blank=True, help_text="connect, mail, rcpt, data, body, dot, done")
    outcome = models.CharField(
        max_length=20, blank=True, help_text="accepted, refused, deferred, in_doubt, killed, lost"
    )
    code = models.PositiveSmallIntegerField(null=True)
    reply = models.TextField(blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["message", "number"], name="postbox_attempt_number")]

    def __str__(self) -> str:
        return f"attempt {self.number}: {self.outcome or 'open'}"


class MessageEvent(models.Model):
    """What happened to a message, once per `provider_id`."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=30)
    occurred_at = models.DateTimeField()
    provider_id = models.CharField(max_length=200, unique=True, help_text="makes recording it twice harmless")
    code = models.CharField(max_length=20, blank=True)
    detail = models.TextField(blank=True, help_text="without addresses")
    bounce_reason = models.CharField(max_length=10, blank=True, help_text="a BounceReason, of failures")
    corrected = models.BooleanField(default=False, help_text="a person decided that its mail says something else")
    actor_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    told_at = models.DateTimeField(null=True, help_text="when the listeners had it; empty while one of them fails")

    class Meta:
        ordering = ["occurred_at", "id"]
        indexes = [models.Index(fields=["id"], condition=Q(told_at__isnull=True), name="postbox_event_untold")]

    def __str__(self) -> str:
        return f"{self.kind} {self.occurred_at:%Y-%m-%d %H:%M}"

    @property
    def mail_sha256(self) -> str:
        """The InboundMail that reported it; "" where none did."""
        return self.provider_id[8:72] if self.provider_id.startswith("inbound:") else ""
