"""Mailings (Dispatch), their letters, the answers, and what is published of them."""

from __future__ import annotations

import json

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.coalitions.models import Annex
from apps.core.encrypted_fields import EncryptedTextField
from apps.core.languages import primary_language
from apps.core.models import Blob, Dated
from apps.governments.models import Member, Recipient, RecipientAddress
from apps.letters.models import Edition, Letter, LetterVersion
from apps.postbox.models import InboundMail, Message

DISPATCH_STATES = ["prepared", "authorised", "paused", "finished", "cancelled", "expired"]


class Dispatch(Dated):
    """A decision to send a version to recipients: prepared by one person, authorised by another. One that a person
    paused is "paused" and keeps its authorisation; one that needs a new authorisation is "prepared" again, with the
    reason."""

    class PauseReason(models.TextChoices):
        LIST_CHANGED = (
            "list_changed",
            _(
                "Somebody on the list of signatories has withdrawn, or may no longer be named. No letter had been "
                "sent, so all of them wait for a new list."
            ),
        )
        TEXT_REPLACED = (
            "text_replaced",
            _(
                "A later version of the letter is signed now. No letter had been sent, so this mailing waits. Prepare "
                "one with that version."
            ),
        )
        SCHEDULE_MISSED = (
            "schedule_missed",
            _("The time at which it was to be sent has passed, and no letter was sent. Choose another time."),
        )
        PLAN_CHANGED = (
            "plan_changed",
            _("Who gets what changed while the mailing was paused. No letter had been sent, so check the list again."),
        )
        PERSON = "person", _("Somebody paused the mailing.")

    class State(models.TextChoices):
        PREPARED = "prepared", pgettext_lazy("mailing", "Prepared")
        AUTHORISED = "authorised", pgettext_lazy("mailing", "Authorised")
        PAUSED = "paused", pgettext_lazy("mailing", "Paused")
        FINISHED = "finished", pgettext_lazy("mailing", "Finished")
        CANCELLED = "cancelled", pgettext_lazy("mailing", "Cancelled")
        EXPIRED = "expired", pgettext_lazy("mailing", "Expired")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="dispatches")
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="dispatches")
    version = models.ForeignKey(LetterVersion, on_delete=models.PROTECT, related_name="dispatches")
    criteria = models.JSONField(default=dict, help_text="a Criteria of selectors.dispatch_criteria, without empty ones")
    state = models.CharField(max_length=12, choices=State, default=State.PREPARED)
    plan = models.CharField(max_length=64, help_text="SHA-256 of who gets what, at which address, with which values")
    planned_at = models.DateTimeField(help_text="when the plan was last computed")
    sender_name = models.CharField(max_length=120)
    sender_address = models.EmailField()
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    terms_set_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="who changed the terms last"
    )
    tested_at = models.DateTimeField(null=True, blank=True)
    authorised_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    authorised_at = models.DateTimeField(null=True, blank=True)
    annex = models.ForeignKey(Annex, null=True, blank=True, on_delete=models.PROTECT, related_name="dispatches")
    addendum = models.ForeignKey(
        Annex, null=True, blank=True, on_delete=models.PROTECT, related_name="addendum_dispatches",
        help_text="sent with a covering note, in place of the letter, to those who got it",
    )  # fmt: skip
    send_at = models.DateTimeField(null=True, blank=True, help_text="not before; empty: as soon as it is authorised")
    ends_at = models.DateTimeField(null=True, blank=True, help_text="chosen end; empty: see sending_terms")
    expires_at = models.DateTimeField(help_text="it ends if not authorised, or not sent, by then")
    quiet_from = models.TimeField(null=True, blank=True, help_text="no letter leaves from then, on recipients’ clocks")
    quiet_until = models.TimeField(null=True, blank=True)
    per_hour = models.PositiveIntegerField(null=True, blank=True, help_text="most letters that leave in an hour")
    per_domain = models.PositiveIntegerField(
        null=True, blank=True, help_text="most letters to addresses of one domain that leave in an hour"
    )
    pdf_linked = models.BooleanField(default=False, help_text="the mail has a link to the PDF instead of the file")
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    pause_reason = models.CharField(max_length=20, choices=PauseReason, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(addendum__isnull=True) | Q(annex__isnull=True) | Q(annex=models.F("addendum")),
                name="outreach_addendum_is_the_list",
            ),
            models.CheckConstraint(
                condition=Q(authorised_by__isnull=True) | ~Q(authorised_by=models.F("prepared_by")),
                name="outreach_two_people",
            ),
            models.CheckConstraint(
                condition=Q(authorised_by__isnull=True)
                | Q(terms_set_by__isnull=True)
                | ~Q(authorised_by=models.F("terms_set_by")),
                name="outreach_terms_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["authorised", "paused", "finished"])
                | Q(authorised_by__isnull=False, annex__isnull=False),
                name="outreach_authorised_with_annex",
            ),
            models.CheckConstraint(condition=Q(state__in=DISPATCH_STATES), name="outreach_dispatch_state"),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="outreach_quiet_hours",
            ),
            models.CheckConstraint(
                condition=Q(send_at__isnull=True) | Q(ends_at__isnull=True) | Q(ends_at__gt=models.F("send_at")),
                name="outreach_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"dispatch {self.pk} of {self.version}"

    @property
    def maker_ids(self) -> set[int]:
        """Those who may not authorise it: who prepared it, and who changed its terms last."""
        return {self.prepared_by_id} | ({self.terms_set_by_id} if self.terms_set_by_id else set())

    @property
    def is_scheduled(self) -> bool:
        """Authorised, and its time has not come."""
        return self.state == self.State.AUTHORISED and self.send_at is not None and self.send_at > timezone.now()


class Delivery(Dated):
    """One letter to one recipient and, once authorised, its message."""

    dispatch = models.ForeignKey(Dispatch, on_delete=models.PROTECT, related_name="deliveries")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="deliveries")
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="deliveries")
    address = models.ForeignKey(RecipientAddress, on_delete=models.PROTECT, related_name="deliveries")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="deliveries")
    language = models.CharField(max_length=10)
    envelope = EncryptedTextField(help_text="JSON {merge key: value} as planned: what this recipient's letter says")
    message = models.OneToOneField(Message, null=True, blank=True, on_delete=models.PROTECT, related_name="delivery")
    pdf = models.ForeignKey(Blob, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    pdf_token_hash = models.CharField(max_length=64, blank=True, help_text="of the link in the mail, if it has one")
    is_copy = models.BooleanField(default=False)
    copy_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="copies",
        help_text="the letter that this one is a copy of; empty once that was left out",
    )  # fmt: skip

    class Meta:
        ordering = ["member__sort_en", "id"]
        constraints = [
            models.UniqueConstraint(fields=["dispatch", "recipient"], name="outreach_delivery_once"),
            models.UniqueConstraint(
                fields=["pdf_token_hash"], condition=~Q(pdf_token_hash=""), name="outreach_delivery_pdf_token"
            ),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk} to {self.recipient_id}"

    @property
    def envelope_values(self) -> dict[str, str]:
        """The planned values by merge key, without date and counts."""
        return json.loads(self.envelope)

    @property
    def missed_language(self) -> str:
        """The recipient's language, if the letter is in another one because it has no text in theirs."""
        own = self.recipient.language
        return "" if not own or primary_language(own) == primary_language(self.language) else own


class Exclusion(models.Model):
    """A government or recipient that gets no letter, with the reason."""

    class Reason(models.TextChoices):
        NO_RECIPIENT = "no_recipient", _("No recipient entered")
        NO_ADDRESS = "no_address", _("No address")
        BOUNCED = "bounced", _("The address bounces")
        SUPPRESSED = "suppressed", _("Reported our email as spam")
        ALREADY_SENT = "already_sent", _("Already has this letter")
        NO_EDITION = "no_edition", _("No text in this version")
        MISSING_VALUE = "missing_value", _("Something to fill in is missing")
        NO_MAIL = "no_mail", _("The email could not be made")
        EXPIRED = "expired", _("Not ready before the mailing ended")
        NO_LANGUAGE = "no_language", _("No text in the recipient’s language")
        NOTHING_TO_COPY = "nothing_to_copy", _("There is no letter that this would be a copy of")
        OTHER_FIRST = "other_first", _("Another recipient there gets it")
        OTHER_OFFICE = "other_office", _("In an office that was not chosen")
        OTHER_GROUP = "other_group", _("In none of the groups chosen")
        OTHER_STANCE = "other_stance", _("Has another position than those chosen")
        OTHER_LANGUAGE = "other_language", _("Written to in another language than those chosen")
        NOT_LISTED = "not_listed", _("Not on the list of governments")
        NOT_ADDRESSED = "not_addressed", _("The letter is not addressed to it")
        WRITTEN_TO = "written_to", _("Already written to")
        NOT_REACHED = "not_reached", _("Has not been reached before")
        ANSWERED = "answered", _("Has answered")
        STANCE_CHANGED = "stance_changed", _("Its position has changed since the letter was frozen")

    dispatch = models.ForeignKey(Dispatch, on_delete=models.CASCADE, related_name="exclusions")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Recipient, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=30, choices=Reason)
    detail = models.CharField(
        max_length=300,
        blank=True,
        help_text="missing_value: keys of fields; bounced: when, ISO 8601; already_sent: before, or same:post; "
        "stance_changed: before>now",
    )

    class Meta:
        ordering = ["member__sort_en", "id"]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.reason}"


class Reply(Dated):
    """An answer to a delivery. Automatic replies are kept too, but do not count."""

    class Kind(models.TextChoices):
        REPLY = "reply", _("Reply")
        AUTO_REPLY = "auto_reply", _("Automatic reply")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="replies")
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="replies")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="replies")
    mail = models.OneToOneField(InboundMail, on_delete=models.PROTECT, related_name="reply")
    kind = models.CharField(max_length=20, choices=Kind)
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["-received_at"]
        indexes = [models.Index(fields=["campaign", "-received_at", "-id"], name="outreach_newest_replies")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.received_at:%Y-%m-%d}"


class AnswerSummary(Dated):
    """What the public page says of an answer. A person writes it: nothing of the mail itself is published."""

    reply = models.OneToOneField(Reply, on_delete=models.CASCADE, related_name="summary")
    text = models.TextField()
    language = models.CharField(max_length=10)
    published_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"summary of {self.reply}"
