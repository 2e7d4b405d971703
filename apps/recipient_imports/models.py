"""Imports and their planned rows. The file and all values are encrypted, and deleted when the import ends."""

from __future__ import annotations

from django.db import models

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.encrypted_fields import EncryptedBinaryField, EncryptedTextField
from apps.core.models import Dated


class RecipientImport(Dated):
    """A file of recipients for a campaign. The row is the queue: `checking` and `writing` are due jobs."""

    class State(models.TextChoices):
        COLUMNS = "columns"  # a person says what the columns mean
        CHECKING = "checking"  # the plan is being made
        CHECKED = "checked"  # a person looks at the plan
        WRITING = "writing"  # accepted: the plan is being written
        DONE = "done"
        DISCARDED = "discarded"

    class Notice(models.TextChoices):
        NONE = ""
        CHANGED = "changed"  # recipients changed after the plan was made: it was made again
        FAILED = "failed"  # the job failed several times

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    accepted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    file_name = models.CharField(max_length=200)
    content = EncryptedBinaryField(null=True)
    options = models.JSONField(default=dict, help_text="how to read it: encoding, delimiter, sheet, heading_row")
    mapping = models.JSONField(default=list, help_text="for each column the key of a field, or nothing")
    answers = EncryptedTextField(default="{}", help_text="JSON {cells: {row: {field: text}}, decisions: {row: act}}")
    state = models.CharField(max_length=12, choices=State, default=State.COLUMNS)
    notice = models.CharField(max_length=12, choices=Notice, default=Notice.NONE, blank=True)
    total = models.PositiveIntegerField(default=0, help_text="rows of the file")
    counts = models.JSONField(default=dict, help_text="{kind: number of rows}")
    plan_mark = models.CharField(max_length=64, blank=True, help_text="keyed hash of the plan that was shown")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="how often the work now due was begun")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state__in=["done", "discarded"]) | models.Q(content__isnull=True),
                name="recipient_imports_ended_holds_no_file",
            )
        ]

    def __str__(self) -> str:
        return f"import {self.pk} ({self.state})"


class RecipientImportRow(models.Model):
    """The plan for one row. After the import the written rows stay, without values."""

    class Kind(models.TextChoices):
        REFUSED = "refused"
        DUPLICATE = "duplicate"  # perhaps an existing recipient
        REPEATED = "repeated"  # perhaps the recipient of an earlier row
        CHANGED = "changed"
        ADDED = "added"
        MERGED = "merged"  # a person merged it into an earlier row
        UNCHANGED = "unchanged"
        SKIPPED = "skipped"

    batch = models.ForeignKey(RecipientImport, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="as a spreadsheet program shows it")
    kind = models.CharField(max_length=10, choices=Kind)
    beside = models.PositiveIntegerField(null=True, help_text="number of the earlier row that it is like")
    sealed = EncryptedTextField(default="", help_text="JSON: cells, reasons, changes, like, decided")
    recipient = models.ForeignKey(
        "governments.Recipient", null=True, blank=True, on_delete=models.SET_NULL, related_name="import_rows"
    )
    fields = models.JSONField(default=list, help_text="names of the fields it writes")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="recipient_imports_row_once")]
        indexes = [models.Index(fields=["batch", "kind", "beside", "number"])]

    def __str__(self) -> str:
        return f"row {self.number} of import {self.batch_id} ({self.kind})"
