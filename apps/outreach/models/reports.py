"""Reports by mail to signers who asked to hear what became of the letter."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOn
from apps.core.models import Dated
from apps.letters.models import Letter
from apps.postbox.models import Message


class SignerReport(Dated):
    """A report about a letter: written by one person, authorised by another. `figures` are fixed when it is authorised,
    so that all readers get those that were shown."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        AUTHORISED = "authorised", _("Being sent")
        FINISHED = "finished", _("Sent")
        STOPPED = "stopped", _("Stopped")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="signer_reports")
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="signer_reports")
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    figures = models.JSONField(default=dict, help_text="{placeholder: number}, from the authorisation on")
    sender_name = models.CharField(max_length=120)
    sender_address = models.EmailField()
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", help_text="who changed it last")
    written_at = models.DateTimeField()
    authorised_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    authorised_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(authorised_by__isnull=True) | ~Q(authorised_by=models.F("written_by")),
                name="outreach_report_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(authorised_by__isnull=False), name="outreach_report_authorised"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "authorised", "finished", "stopped"]), name="outreach_report_state"
            ),
        ]

    def __str__(self) -> str:
        return f"report {self.pk} about {self.letter}"


class SignerReportText(models.Model):
    """The report in one language of the interface, with placeholders for figures."""

    report = models.ForeignKey(SignerReport, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=200)
    body = models.TextField(help_text="paragraphs, separated by empty lines")

    class Meta:
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["report", "language"], name="outreach_report_text_once")]

    def __str__(self) -> str:
        return f"{self.language} of report {self.report_id}"


class SignerReportMail(models.Model):
    """One signer who gets the report. Made for all of them at the authorisation; what has no message yet and is not
    skipped is the work left."""

    report = models.ForeignKey(SignerReport, on_delete=models.CASCADE, related_name="mails")
    sign_on = models.ForeignKey(SignOn, on_delete=models.CASCADE, related_name="+")
    message = models.OneToOneField(Message, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    skipped = models.BooleanField(default=False, help_text="no longer to be mailed when its turn came")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "sign_on"], name="outreach_report_mail_once")]
        indexes = [
            models.Index(fields=["report", "id"], condition=Q(message=None, skipped=False), name="outreach_report_left")
        ]

    def __str__(self) -> str:
        return f"report {self.report_id} to signature {self.sign_on_id}"
