"""Emails to signers who agreed to them: what became of their letter, or that another one is open."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOn
from apps.core.models import Dated
from apps.letters.models import Letter
from apps.postbox.models import Message

#: emails an hour, unless the writer chooses
PER_HOUR = 6000


class SignerReport(Dated):
    """An email about a letter to those who gave the `consent`: written by one person, authorised by another. `figures`
    and the number of `readers` are fixed when it is authorised, so that all get those that were shown."""

    class Consent(models.TextChoices):
        """The field of SignOn: to the signers of the letter, or to those of the campaign's other letters."""

        ANSWERS = "wants_answers", _("What governments answered")
        LETTERS = "wants_letters", _("Another letter is open for signature")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        AUTHORISED = "authorised", _("Being sent")
        FINISHED = "finished", _("Sent")
        STOPPED = "stopped", _("Stopped")

    class Signers(models.TextChoices):
        BOTH = "", pgettext_lazy("signers", "Organisations and people")
        ORGANISATIONS = "organisation", pgettext_lazy("signers", "Organisations only")
        PEOPLE = "person", pgettext_lazy("signers", "People only")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="signer_reports")
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="signer_reports")
    consent = models.CharField(max_length=20, choices=Consent, default=Consent.ANSWERS)
    signers = models.CharField(max_length=20, choices=Signers, blank=True)
    countries = ArrayField(models.CharField(max_length=2), default=list, blank=True, help_text="empty: all")
    languages = ArrayField(
        models.CharField(max_length=10), default=list, blank=True, help_text="of the readers’ interface; empty: all"
    )
    per_hour = models.PositiveIntegerField(default=PER_HOUR, help_text="the most emails an hour")
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    figures = models.JSONField(default=dict, help_text="{placeholder: number}, from the authorisation on")
    readers = models.PositiveIntegerField(default=0, help_text="at the authorisation")
    queued_to = models.CharField(
        max_length=64, blank=True, help_text="hash of the last address whose email was queued; they go in this order"
    )
    sender_name = models.CharField(max_length=120)
    sender_address = models.EmailField()
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", help_text="who changed it last")
    written_at = models.DateTimeField()
    writers = models.ManyToManyField(User, related_name="+", help_text="all who saved it")
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
            models.CheckConstraint(
                condition=Q(consent__in=["wants_answers", "wants_letters"]), name="outreach_report_consent"
            ),
            models.CheckConstraint(condition=Q(per_hour__gte=1), name="outreach_report_pace"),
        ]

    def __str__(self) -> str:
        return f"report {self.pk} about {self.letter}"

    def is_written_by(self, user_id: int | None) -> bool:
        """Whether that person wrote in it, and so may not authorise it."""
        return user_id == self.written_by_id or any(writer.pk == user_id for writer in self.writers.all())


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
    """That it was the turn of a signer. Without a message where mail to the address cannot be made."""

    report = models.ForeignKey(SignerReport, on_delete=models.CASCADE, related_name="mails")
    sign_on = models.ForeignKey(SignOn, on_delete=models.CASCADE, related_name="+")
    message = models.OneToOneField(Message, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "sign_on"], name="outreach_report_mail_once")]

    def __str__(self) -> str:
        return f"report {self.report_id} to signature {self.sign_on_id}"
