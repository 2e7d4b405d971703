"""When a letter is open for signature."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cached_property

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.models import Dated
from apps.core.prepared_statements import Placeholder
from apps.core.registries import letter_departures
from apps.letters.models import Letter, LetterVersion

from ..email_domains import is_free_email

#: when the public page appears
PUBLIC_FROM = Coalesce("embargo_until", "opens_at")


class SignOnCallQuerySet(models.QuerySet["SignOnCall"]):
    def shown(self, *, embargoed: bool = False, at: datetime | Placeholder | None = None) -> SignOnCallQuerySet:
        """Those whose page the public can see now, or `at` a time; with `embargoed`, also those only the team can see,
        which are open or were. Not those that were called off before they opened."""
        now = at or timezone.now()
        found = Q(public_from__lte=now)
        every = self.annotate(public_from=PUBLIC_FROM).exclude(closed_at__lte=F("opens_at"))
        return every.filter(found | Q(opens_at__lte=now) if embargoed else found)

    def names_hidden(self) -> SignOnCallQuerySet:
        return self.filter(names_hidden_at__isnull=False)


class SignOnCall(Dated):
    """Before `embargo_until`, or without one before `opens_at`, the public page does not exist for the public."""

    class Who(models.TextChoices):
        ORGANISATIONS = "organisations"
        PEOPLE = "people"
        BOTH = "both"

    class Moderation(models.TextChoices):
        """Whose names appear only after a person has looked."""

        ALL = "all"
        FREE_MAIL = "free_mail"
        NONE = "none"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="calls")
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="calls")
    version = models.ForeignKey(LetterVersion, on_delete=models.PROTECT, related_name="calls")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    embargo_until = models.DateTimeField(null=True, blank=True)
    deliver_on = models.DateField(null=True, blank=True)
    who = models.CharField(max_length=14, choices=Who, default=Who.BOTH)
    moderation = models.CharField(max_length=10, choices=Moderation, default=Moderation.ALL)
    languages = ArrayField(models.CharField(max_length=10), default=list, help_text="offered texts; empty: all")
    unasked_fields = ArrayField(models.CharField(max_length=40), default=list, help_text="optional fields left out")
    embed_origins = ArrayField(models.CharField(max_length=300), default=list, help_text="sites that may embed it")
    names_hidden_at = models.DateTimeField(null=True, blank=True, help_text="one button hides all names at once")
    closed_at = models.DateTimeField(null=True, blank=True)
    corrected_versions = ArrayField(
        models.BigIntegerField(), default=list, blank=True,
        help_text="ids of the versions that corrections replaced by `version`: signatures to them stand for it",
    )  # fmt: skip
    opened_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = SignOnCallQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["letter"], condition=Q(closed_at__isnull=True), name="coalitions_one_open_call"
            ),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="coalitions_call_dates"),
            models.CheckConstraint(
                condition=Q(embargo_until__isnull=True) | Q(embargo_until__lt=F("closes_at")),
                name="coalitions_call_embargo",
            ),
            models.CheckConstraint(
                condition=Q(moderation__in=["all", "free_mail", "none"]), name="coalitions_call_moderation"
            ),
        ]

    def __str__(self) -> str:
        return f"call for {self.version}"

    def is_open(self, at: datetime | None = None) -> bool:
        """Whether it can be signed at that time, by default now."""
        at = at or timezone.now()
        return self.closed_at is None and self.opens_at <= at < self.closes_at

    @property
    def ended_at(self) -> datetime | None:
        """When signing ended, on time or closed early; None before."""
        if self.closed_at is not None:
            return min(self.closed_at, self.closes_at)
        return self.closes_at if self.closes_at <= timezone.now() else None

    @property
    def embargoed_until(self) -> datetime | None:
        """Until when only the team sees the public page; None if everybody sees it."""
        shown_from = self.embargo_until or self.opens_at
        return shown_from if shown_from > timezone.now() else None

    @property
    def personal_data_until(self) -> date:
        """The last day on which names of people and contact data are kept: counted from the end of signing and from the
        delivery, the planned day or, if it left earlier, that one."""
        ended = self.ended_at or self.closes_at
        found = [find(self.version_id) for find in letter_departures.values()]
        delivered = min([self.deliver_on or date.min, *(departure.at.date() for departure in found if departure)])
        return max(ended.date(), delivered) + timedelta(days=self.campaign.retention_days)

    @property
    def listed_versions(self) -> list[int]:
        """Ids of the versions whose signatures stand for the text that is signed."""
        return [self.version_id, *self.corrected_versions]

    @cached_property
    def offered_languages(self) -> list[str]:
        """The languages of the texts that the public page offers."""
        return [code for code in self.version.subjects if not self.languages or code in self.languages]

    def is_open_to(self, kind: str) -> bool:
        return self.who == self.Who.BOTH or self.who == {"organisation": "organisations", "person": "people"}[kind]

    def needs_check(self, email: str) -> bool:
        """Whether a person looks at a signature from that address before its name appears."""
        return self.moderation == self.Moderation.ALL or (
            self.moderation == self.Moderation.FREE_MAIL and is_free_email(email)
        )


class CallChange(models.Model):
    """A changed closing time, as the public page tells it. Insert-only."""

    class Kind(models.TextChoices):
        EXTENDED = "extended"
        SHORTENED = "shortened"
        CLOSED = "closed"
        REOPENED = "reopened"

    call = models.ForeignKey(SignOnCall, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()
    closed_before = models.DateTimeField(help_text="when signing was to end, or had ended")
    closes_after = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.call_id}"
