"""Exports: who took what, when and why; and choices that are kept to be run again."""

from __future__ import annotations

from datetime import timedelta
from enum import nonmember

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.models import Dated


class Purpose(models.TextChoices):
    """For whom a file is. It decides which rows and columns the file can have."""

    PUBLIC = "public", _("For the public")
    GOVERNMENT = "government", _("For governments")
    INTERNAL = "internal", _("For the team")


class Format(models.TextChoices):
    CSV = "csv", _("CSV for spreadsheets")
    CSV_PLAIN = "csv_plain", _("CSV for programs (without byte order mark)")
    XLSX = "xlsx", _("Excel (XLSX)")
    JSON_LINES = "jsonl", _("JSON Lines")
    PDF = "pdf", _("PDF")

    @property
    def extension(self) -> str:
        return "csv" if self == Format.CSV_PLAIN else str(self.value)


class Choice(models.Model):
    """What a file contains. `language` is that of headings and words, "" for codes, as programs read them."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="%(class)ss")
    dataset = models.CharField(max_length=30, help_text="a key of apps.exports.datasets.DATASETS")
    purpose = models.CharField(max_length=12, choices=Purpose)
    format = models.CharField(max_length=10, choices=Format)
    language = models.CharField(max_length=10, blank=True)
    columns = models.JSONField(default=list, help_text="keys, in the order of the file")
    filters = models.JSONField(default=dict, help_text="{key of a filter: value}, without empty ones")
    with_letter = models.BooleanField(default=False, help_text="of a PDF: the letter before its list")

    class Meta:
        abstract = True


class Export(Choice, Dated):
    """One file. Small ones are made at once and not kept; of large ones an encrypted file is kept until `expires_at`.
    The hash stays."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for a second person")
        QUEUED = "queued", pgettext_lazy("export", "Queued")
        RUNNING = "running", pgettext_lazy("export", "Being made")
        READY = "ready", _("Ready to download")
        DONE = "done", pgettext_lazy("export", "Downloaded")
        EXPIRED = "expired", _("File deleted")
        CANCELLED = "cancelled", pgettext_lazy("export", "Cancelled")
        FAILED = "failed", pgettext_lazy("export", "Failed")

        OPEN = nonmember(["waiting", "queued", "running"])

    state = models.CharField(max_length=10, choices=State)
    reason = models.CharField(max_length=300, help_text="why, in the words of the person who asked")
    rows = models.PositiveIntegerField(help_text="as counted when it was asked for, then as written")
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0, help_text="bytes of the plain file")
    stored_as = models.CharField(max_length=200, blank=True, help_text="name in the storage `exports`")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    agreed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, help_text="when its file is deleted")
    downloaded_at = models.DateTimeField(null=True, blank=True, help_text="the first time")
    tries = models.PositiveSmallIntegerField(default=0, help_text="a worker that dies leaves it to the next")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["campaign", "-id"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=models.F("asked_by")), name="exports_two_people"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(expires_at__isnull=False) & ~Q(stored_as="") & ~Q(sha256=""),
                name="exports_ready_has_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dataset} of {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def shown_state(self) -> str:
        """A file whose time is over is gone for everybody, also in the hour before it is deleted."""
        over = self.state == self.State.READY and self.expires_at is not None and self.expires_at <= timezone.now()
        return str(self.State.EXPIRED) if over else self.state


class SavedChoice(Choice, Dated):
    """A choice with a name, for everybody in the campaign who may export."""

    name = models.CharField(max_length=80)
    saved_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["campaign", "name"], name="exports_saved_once")]

    def __str__(self) -> str:
        return self.name


class ContactReadQuerySet(models.QuerySet["ContactRead"]):
    def lately(self) -> ContactReadQuerySet:
        """Those that count: within a day."""
        return self.filter(at__gt=timezone.now() - timedelta(days=1))


class ContactRead(models.Model):
    """A row whose contact data a program of the person read, and since when it counts, for a day. Ids only."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, help_text="which ids: the name of the list in the API")
    row = models.PositiveBigIntegerField()
    at = models.DateTimeField()

    objects = ContactReadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "person", "kind", "row"], name="exports_contact_read_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.row} by {self.person_id}"
