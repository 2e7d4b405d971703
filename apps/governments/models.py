"""Members of the WTO, their groups, whom one writes to there, and what they have said."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from apps.accounts.models import User
from apps.campaigns.models import Campaign, TeamMember
from apps.core.fields import EncryptedTextField
from apps.core.models import Dated
from apps.sources.models import Source


class MemberQuerySet(models.QuerySet["Member"]):
    def on(self, day: date) -> MemberQuerySet:
        """Members on that day."""
        return self.filter(Q(acceded_on__lte=day), Q(left_on__isnull=True) | Q(left_on__gt=day))


class Member(Dated):
    """A WTO member. For the whole installation. The EU is one beside its states."""

    code = models.CharField(max_length=2, unique=True, help_text="ISO 3166-1 alpha-2; EU is a reserved code")
    code3 = models.CharField(max_length=3, unique=True)
    name = models.CharField(max_length=120, help_text="short, English, today")
    name_fr = models.CharField(max_length=120)
    name_es = models.CharField(max_length=120)
    official_name = models.CharField(max_length=160, help_text="the name at the WTO today")
    earlier_names = models.JSONField(
        default=list,
        help_text="[{until, name, name_fr, name_es, official_name, basis}], oldest first; until: first day of the next",
    )
    sort_en = models.CharField(max_length=120, help_text="without accents, lower case")
    sort_fr = models.CharField(max_length=120)
    sort_es = models.CharField(max_length=120)
    acceded_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)
    capital = models.CharField(max_length=80)
    region = models.CharField(max_length=80, help_text="UN M49 region/sub-region")
    intermediate_region = models.CharField(max_length=80, blank=True)
    official_languages = ArrayField(models.CharField(max_length=3), default=list)
    other_official_languages = ArrayField(models.CharField(max_length=3), default=list, blank=True)
    working_language = models.CharField(max_length=2, help_text="en, fr or es: the best to write in")
    working_language_basis = models.CharField(max_length=20)
    working_language_alt = models.CharField(max_length=2, blank=True)
    uncertain_fields = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    notes = models.TextField(blank=True)
    data_as_of = models.DateField(null=True, blank=True, help_text="how new the data is: only newer data replaces it")

    objects: Any = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["sort_en"]

    def __str__(self) -> str:
        return self.name

    def belongs_on(self, day: date) -> bool:
        """Whether it was a member of the organisation on that day."""
        return self.acceded_on <= day and (self.left_on is None or self.left_on > day)

    def name_in(self, language: str) -> str:
        """Today's short name in French or Spanish; in English for every other language."""
        return {"fr": self.name_fr, "es": self.name_es}.get(language[:2], self.name)

    def name_on(self, day: date, language: str = "en") -> str:
        """The short name on that day (Swaziland until 2018), in French or Spanish where asked and known."""
        field = f"name_{language[:2]}" if language[:2] in {"fr", "es"} else "name"
        for earlier in self.earlier_names:
            if day.isoformat() < earlier["until"]:
                return earlier.get(field) or earlier["name"]
        return self.name_in(language)


class Group(Dated):
    """A group of members: African Group, LDC, ACP …; overlapping, dated. For the whole installation."""

    slug = models.SlugField(unique=True)
    label = models.CharField(max_length=120)
    label_fr = models.CharField(max_length=120, blank=True)
    label_es = models.CharField(max_length=120, blank=True)
    definition = models.TextField(blank=True)
    as_of = models.CharField(max_length=10, blank=True)
    confidence = models.CharField(max_length=10)
    check_note = models.TextField(blank=True)
    extra = models.JSONField(default=dict, blank=True)
    data_as_of = models.DateField(null=True, blank=True, help_text="how new the data is: only newer data replaces it")
    members: Any = models.ManyToManyField(Member, through="GroupMembership", related_name="groups")

    class Meta:
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label


class GroupMembershipQuerySet(models.QuerySet["GroupMembership"]):
    def on(self, day: date) -> GroupMembershipQuerySet:
        return self.filter(Q(since__isnull=True) | Q(since__lte=day), Q(until__isnull=True) | Q(until__gt=day))


class GroupMembership(models.Model):
    """A member belongs to a group from a day on, until the first day on which it does not any more.

    An open end means "as far as we know".
    """

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="memberships")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="memberships")
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    objects: Any = GroupMembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "member", "since"], name="governments_membership_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gt=models.F("since")),
                name="governments_membership_dates",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.group_id}"


class Office(Dated):
    """A ministry, a Geneva mission …, as one campaign knows it."""

    class Kind(models.TextChoices):
        CAPITAL = "capital"
        MISSION = "mission"
        HEAD = "head"
        PARLIAMENT = "parliament"
        OTHER = "other"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="offices")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="offices")
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=200)
    postal_address = models.TextField(blank=True)
    city = models.CharField(max_length=80, blank=True)
    phone = EncryptedTextField(default="", blank=True)

    class Meta:
        ordering = ["member__sort_en", "kind", "name"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "member", "kind", "name"], name="governments_office_once")
        ]

    def __str__(self) -> str:
        return self.name


class Recipient(Dated):
    """A person or post in an office that letters go to."""

    class Form(models.TextChoices):
        MASCULINE = "masculine"
        FEMININE = "feminine"
        UNKNOWN = "unknown"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="recipients")
    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="recipients")
    name = EncryptedTextField(default="")
    post = models.CharField(max_length=200, help_text="Minister of Trade, Permanent Representative")
    form = models.CharField(max_length=10, choices=Form, default=Form.UNKNOWN)
    salutation = models.JSONField(default=dict, help_text='{"en": "Excellency", …}')
    language = models.CharField(max_length=10, help_text="the language to write in")
    phone = EncryptedTextField(default="", blank=True)
    source = models.CharField(max_length=300, blank=True, help_text="whence we know: a page, a list, a call")
    verified_on = models.DateField(null=True, blank=True)
    active = models.BooleanField(default=True)
    notes = models.TextField(blank=True)

    class Meta:
        ordering = ["office__member__sort_en", "office__kind", "id"]

    def __str__(self) -> str:
        return f"{self.post}, {self.office}"


class RecipientAddress(Dated):
    """A mail address of a recipient, encrypted, with its health."""

    class Health(models.TextChoices):
        UNVERIFIED = "unverified"
        GOOD = "good"
        BOUNCED = "bounced"
        RETIRED = "retired"

    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="addresses")
    address = EncryptedTextField()
    address_hash = models.CharField(max_length=64, db_index=True)
    key_version = models.SmallIntegerField()
    health = models.CharField(max_length=12, choices=Health, default=Health.UNVERIFIED)
    position = models.PositiveSmallIntegerField(default=0)
    bounced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["recipient", "address_hash"], name="governments_address_once")]

    def __str__(self) -> str:
        return f"address {self.pk} ({self.health})"


class PositionQuerySet(models.QuerySet["Position"]):
    def standing(self) -> PositionQuerySet:
        """Without those that were recorded in error."""
        return self.filter(withdrawn_at__isnull=True)


class Position(Dated):
    """What a member has said, at a date, with its source.

    One recorded in error is withdrawn with the reason, and keeps its row; `replaced_by` is what stands instead.
    """

    class Stance(models.TextChoices):
        OPPOSES = "opposes"
        UNDECIDED = "undecided"
        SUPPORTS = "supports"
        JOINED = "joined"

    class Confidence(models.TextChoices):
        HIGH = "high"
        MEDIUM = "medium"
        LOW = "low"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="positions")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="positions")
    stance = models.CharField(max_length=12, choices=Stance)
    on = models.DateField(help_text="the day it was said")
    statement = models.CharField(max_length=300, blank=True)
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.PROTECT, related_name="positions")
    confidence = models.CharField(max_length=10, choices=Confidence, default=Confidence.MEDIUM)
    note = models.TextField(blank=True)
    recorded_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_reason = models.CharField(max_length=300, blank=True)
    replaced_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replaces")

    objects: Any = PositionQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["campaign", "member", "-on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "member", "stance", "on", "source", "statement"],
                condition=Q(withdrawn_at__isnull=True),
                nulls_distinct=False,
                name="governments_position_once",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="", replaced_by__isnull=True)
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason=""),
                name="governments_position_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.stance} on {self.on}"


class DrafterLimit(models.Model):
    """A drafter with rows here drafts only letters to these members; without rows, to all."""

    team_member = models.ForeignKey(TeamMember, on_delete=models.CASCADE, related_name="limits")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team_member", "member"], name="governments_limit_once")]

    def __str__(self) -> str:
        return f"{self.team_member_id} only {self.member_id}"
