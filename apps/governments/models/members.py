"""Members of the organisation, and their groups. For the whole installation."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.lookups import Unaccent
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Lower

from apps.campaigns.models import TeamMember
from apps.core.languages import primary_language
from apps.core.models import Dated
from apps.core.territories import cldr_names, named_languages, territory_name
from apps.core.text import name_sort_key

#: languages in which the campaign's files name them, as the WTO does; in others the Unicode CLDR
FILED_LANGUAGES = ("en", "fr", "es")


def name_languages() -> dict[str, str]:
    """Languages of the interface in which members have names, by what each is called in itself."""
    found: dict[str, str] = {}
    for code, name in settings.LANGUAGES:
        if primary_language(code) in named_languages():
            found.setdefault(primary_language(code), str(name))
    return found


def names_language(language: str) -> str:
    """The language of member names for a reader of `language` ("fr-CA" → "fr"); English where there are none."""
    primary = primary_language(language)
    return primary if primary in FILED_LANGUAGES or primary in name_languages() else "en"


def name_sort_on(day: date, language: str = "en", prefix: str = "") -> Func:
    """The expression that sorts by `Member.name_on`. `prefix` is the path to the member: "office__member__"."""
    language = names_language(language)
    if language not in FILED_LANGUAGES:
        codes = Value(_codes_by_name(language), ArrayField(models.CharField(max_length=2)))
        return Func(codes, F(f"{prefix}code"), function="array_position", output_field=models.IntegerField())
    earlier = Func(
        F(f"{prefix}earlier_names"),
        Value({"day": day.isoformat()}, models.JSONField()),
        function="jsonb_path_query_first",
        arg_joiner=", '$[*] ? (@.until > $day)', ",
        output_field=models.JSONField(),
    )
    keys = ("name",) if language == "en" else (f"name_{language}", "name")
    names = (Unaccent(Lower(KeyTextTransform(key, earlier))) for key in keys)
    return Coalesce(*names, F(f"{prefix}sort_{language}"), output_field=models.TextField())


@cache
def _codes_by_name(language: str) -> list[str]:
    return sorted(cldr_names(), key=lambda code: name_sort_key(territory_name(code, language), language))


class MemberQuerySet(models.QuerySet["Member"]):
    def on(self, day: date) -> MemberQuerySet:
        """Members on that day."""
        return self.filter(Q(acceded_on__lte=day), Q(left_on__isnull=True) | Q(left_on__gt=day))

    def by_name_on(self, day: date, language: str = "en") -> MemberQuerySet:
        """In the order of `Member.name_on`."""
        return self.order_by(name_sort_on(day, language), "pk")


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
    time_zone = models.CharField(max_length=40, blank=True, help_text="IANA name of the zone of the capital")
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

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["sort_en"]

    def __str__(self) -> str:
        return self.name

    def belongs_on(self, day: date) -> bool:
        """Whether it was a member of the organisation on that day."""
        return self.acceded_on <= day and (self.left_on is None or self.left_on > day)

    def name_in(self, language: str) -> str:
        """Today's short name in a language of `name_languages`; in English for every other."""
        known = names_language(language)
        if known not in FILED_LANGUAGES:
            return territory_name(self.code, known)
        return {"fr": self.name_fr, "es": self.name_es}.get(known, self.name)

    def name_on(self, day: date, language: str = "en") -> str:
        """The short name on that day (Swaziland until 2018), in a language of `name_languages` where it is known."""
        known = names_language(language)
        field = "name" if known == "en" else f"name_{known}"
        for earlier in self.earlier_names:
            if day.isoformat() < earlier["until"]:
                if field not in earlier and known not in FILED_LANGUAGES:
                    break
                return str(earlier.get(field) or earlier["name"])
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
    """A member belongs to a group from `since` until the day before `until`; None means "as far as we know"."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="memberships")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="memberships")
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    objects = GroupMembershipQuerySet.as_manager()

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


class DrafterLimit(models.Model):
    """A drafter with rows here drafts only letters to these members; without rows, to all."""

    team_member = models.ForeignKey(TeamMember, on_delete=models.CASCADE, related_name="limits")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team_member", "member"], name="governments_limit_once")]

    def __str__(self) -> str:
        return f"{self.team_member_id} to {self.member_id}"
