"""What jobs note that delete personal data whose time is over. The record of processing shows it."""

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, F, Min, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import ngettext

from .models import RetentionRun
from .registries import RetentionDue


@dataclass(frozen=True)
class RetentionJob:
    """One run of the job of a rule."""

    rule: str
    started_at: datetime = field(default_factory=timezone.now)

    def deleted(self, number: int, *, campaign_id: int | None = None) -> int:
        """Note in the caller's transaction that it deletes so many, in that campaign; what a run notes adds up.
        Returns the number."""
        if number:
            begun = {"deleted": number, "deleted_at": self.started_at, "total": number}
            same_run = When(deleted_at=self.started_at, then=F("deleted") + number)
            more = {"deleted": Case(same_run, default=Value(number)), "total": F("total") + number}
            RetentionRun.objects.update_or_create(
                rule=self.rule, campaign_id=campaign_id, defaults={**begun, **more}, create_defaults=begun
            )
        return number

    def deleted_in(self, campaign_ids: Collection[int]) -> int:
        """The same for rows, each by the campaign that it belongs to."""
        for campaign_id, number in sorted(Counter(campaign_ids).items()):  # in one order: no deadlocks
            self.deleted(number, campaign_id=campaign_id)
        return len(campaign_ids)


@contextmanager
def retention_job(rule: str) -> Iterator[RetentionJob]:
    """A run of the job of that rule; when it took place is noted once it came to its end."""
    job = RetentionJob(rule)
    yield job
    RetentionRun.objects.update_or_create(rule=rule, campaign_id=None, defaults={"ran_at": job.started_at})


def retention_due(rows: QuerySet[Any], since: Any, kept: timedelta = timedelta()) -> RetentionDue:
    """How many rows there are, and the first day on which one has been kept for so long `since` (a field)."""
    found = rows.order_by().aggregate(number=Count("pk"), first=Min(since))
    return RetentionDue(found["number"], (found["first"] + kept).date() if found["number"] else None)


def days_in_words(kept: timedelta) -> str:
    return ngettext("%(n)s day", "%(n)s days", kept.days) % {"n": kept.days}
