"""Which members a drafter may write to."""

from __future__ import annotations

from django.db import models

from apps.campaigns.models import TeamMember

from .members import Member


class DrafterLimit(models.Model):
    """A drafter with rows here drafts only letters to these members; without rows, to all."""

    team_member = models.ForeignKey(TeamMember, on_delete=models.CASCADE, related_name="limits")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team_member", "member"], name="governments_limit_once")]

    def __str__(self) -> str:
        return f"{self.team_member_id} only {self.member_id}"
