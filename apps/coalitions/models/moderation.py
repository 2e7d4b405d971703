"""What moderators decided and asked."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.encrypted_fields import EncryptedTextField

from .sign_ons import SignOn


class ModerationDecision(models.Model):
    """A decision on a signature, with what is needed to take it back."""

    class Verb(models.TextChoices):
        ACCEPT = "accept"
        ASK = "ask"
        REJECT = "reject"
        SET_ASIDE = "set_aside"
        SETTLE = "settle"
        VERIFY = "verify"
        LET_THROUGH = "let_through"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    sign_on = models.ForeignKey(SignOn, on_delete=models.CASCADE, related_name="decisions")
    verb = models.CharField(max_length=12, choices=Verb)
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    before = models.JSONField(help_text="the fields of `DECIDED` as they were")
    after = models.JSONField(help_text="the same fields, as the decision left them")
    mail_id = models.UUIDField(null=True, help_text="the mail to the signer, while it has not been called back")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["campaign", "actor", "-id"], name="coalitions_decided_by")]

    def __str__(self) -> str:
        return f"{self.verb} {self.sign_on_id}"


#: characters of a question and of an answer
MAX_QUESTION = MAX_ANSWER = 1000


class SignerQuestion(models.Model):
    """A question that a moderator mailed to a signer, and the answer as the signer typed or a moderator noted it."""

    sign_on = models.ForeignKey(SignOn, on_delete=models.CASCADE, related_name="questions")
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    question = EncryptedTextField()
    answer = EncryptedTextField(default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    from_signer = models.BooleanField(default=False, help_text="typed on the page behind the mailed link")
    noted_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"question {self.pk} about {self.sign_on_id}"
