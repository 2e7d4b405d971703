"""Organisations that the team invites to sign a letter, the links in their mails, and who wants no more of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.encrypted_fields import EncryptedTextField
from apps.core.models import Dated
from apps.postbox.models import Message

from .calls import SignOnCall
from .sign_ons import SignOn

#: of Messages with an invitation or a reminder of one
INVITATION_ORIGIN = "coalitions.invitation"


class Invitation(Dated):
    """One address, invited to sign for an organisation. The row that waits is the queue of its next mail."""

    class Reason(models.TextChoices):
        """Why an organisation will not sign; only the team that invited it sees it."""

        TEXT = "text", _("We do not agree with the text")
        FIELD = "field", _("It is not what we work on")
        TIME = "time", _("We cannot decide in time")
        RULE = "rule", _("We do not sign letters of others")
        OTHER = "other", _("Another reason")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    call = models.ForeignKey(SignOnCall, on_delete=models.CASCADE, related_name="invitations")
    org_name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, help_text="folded, to find it and to match the organisation")
    country = models.CharField(max_length=2, blank=True)
    org_website = models.CharField(max_length=300, blank=True)
    domain = models.CharField(
        max_length=300, blank=True, help_text="of the website, else of the address, if it can be the organisation's own"
    )  # fmt: skip
    person_name = EncryptedTextField(default="")
    email = EncryptedTextField()
    email_hash = models.CharField(max_length=64, db_index=True)
    key_version = models.SmallIntegerField()
    ADDRESS_FIELDS = ("email", "email_hash", "key_version")  # for apps.core.key_rotation
    language = models.CharField(max_length=10)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    mail_due_at = models.DateTimeField(null=True, blank=True, help_text="an invitation or a reminder waits to be sent")
    mailed_at = models.DateTimeField(null=True, blank=True, help_text="when the last one was queued")
    message = models.ForeignKey(
        Message, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", help_text="the last one"
    )
    reminded_at = models.DateTimeField(null=True, blank=True, help_text="when the team last decided to")
    started_at = models.DateTimeField(null=True, blank=True, help_text="the form was sent with the link")
    declined_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(max_length=12, choices=Reason, blank=True)
    decline_note = EncryptedTextField(default="")
    sign_on = models.ForeignKey(
        SignOn, null=True, blank=True, on_delete=models.SET_NULL, related_name="invitations",
        help_text="made with the link; the address may be another",
    )  # fmt: skip

    class Meta:
        ordering = ["name_key", "id"]
        constraints = [models.UniqueConstraint(fields=["call", "email_hash"], name="coalitions_invited_once")]
        indexes = [
            models.Index(
                fields=["mail_due_at"], condition=Q(mail_due_at__isnull=False), name="coalitions_invitation_due"
            ),
            models.Index(fields=["call", "domain"], condition=~Q(domain=""), name="coalitions_invited_domain"),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class InvitationToken(models.Model):
    """A 256-bit token in a mailed link, stored as a hash. It works until signing closes."""

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="tokens")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"link of {self.invitation_id}"


class InvitationRefusal(models.Model):
    """An address (a keyed hash) whose reader wants no more invitations of the campaign. It stays, so that this is
    remembered after the address itself is erased."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    email_hash = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "email_hash"], name="coalitions_refused_once")]

    def __str__(self) -> str:
        return f"refusal {self.pk}"
