"""Outgoing and incoming mail: the rows are the queue. Contents and addresses are encrypted at rest."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import nonmember

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext, gettext_noop

from apps.core.encrypted_fields import EncryptedBinaryField, EncryptedTextField
from apps.core.models import Blob, Dated

WAITS = gettext_noop("Waits for its turn.")
SUPPRESSED = gettext_noop("Its reader reported our mail as spam, so nothing is sent to this address.")

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
