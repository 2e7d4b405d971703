"""The record of exports."""

from __future__ import annotations

from django.db import models

from apps.accounts.models import User
from apps.campaigns.models import Campaign


class ExportRecord(models.Model):
    """One export of signatories or recipients: who took what. The file itself is not kept, only its hash."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="exports")
    kind = models.CharField(max_length=30, help_text="signatories")
    format = models.CharField(max_length=10, help_text="csv")
    audience = models.CharField(max_length=20, help_text="public or government: whose visibility it obeys")
    columns = models.JSONField(default=list)
    filters = models.JSONField(default=dict)
    rows = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.made_at:%Y-%m-%d %H:%M}"
