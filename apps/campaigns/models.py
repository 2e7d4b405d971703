"""A campaign and its team."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import User
from apps.core.languages import primary_language
from apps.core.models import Dated
from apps.core.registries import Timing
from apps.core.territories import city_name
from apps.core.types import Label

from .licences import LICENCES, NO_LICENCE, Licence
from .roles import Permission, Role, permissions_of
from .scopes import Scope


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def public(self) -> CampaignQuerySet:
        return self.filter(published=True)

    def locked(self, pk: int) -> Campaign:
        """The campaign, locked until the transaction ends. Rows that refer to it can be inserted meanwhile."""
        return self.select_for_update(no_key=True).get(pk=pk)


class Campaign(Dated):
    """The campaign for one conference."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120, help_text="of the coalition, as it signs mail and pages")
    title = models.CharField(max_length=200, help_text="what the campaign asks, as a headline")
    summary = models.TextField(blank=True)
    conference = models.CharField(max_length=200)
    conference_short = models.CharField(max_length=40)
    body_name = models.CharField(max_length=120, help_text="the organisation whose members are written to")
    city = models.CharField(max_length=80)
    venue_time_zone = models.CharField(max_length=60, default="UTC")
    starts_on = models.DateField()
    ends_on = models.DateField()
    time_zone = models.CharField(max_length=60, default="UTC", help_text="deadlines are meant in it")
    time_zone_place = models.CharField(max_length=80, default="UTC", help_text='for "23:59 in Geneva"')
    languages = ArrayField(models.CharField(max_length=10), default=list)
    translations = models.JSONField(
        default=dict, blank=True, help_text="{language: {field: text}} of title, summary, conference and names"
    )
    sender_name = models.CharField(max_length=120)
    sender_address = models.EmailField()
    postal_address = models.CharField(max_length=300, blank=True)
    contact_address = models.EmailField()
    data_controller = models.CharField(max_length=300)
    retention_days = models.PositiveIntegerField(default=180, help_text="after delivery, then personal data goes")
    open_data_licence = models.CharField(
        max_length=20, default=NO_LICENCE, help_text="of the files that everybody may read: a key of LICENCES, or none"
    )
    published = models.BooleanField(default=False)
    fictional = models.BooleanField(default=False, help_text="carries a demo cast; pages say so")
    webhook_events = ArrayField(
        models.CharField(max_length=40), default=list, editable=False,
        help_text="the kinds of events that an endpoint of the campaign wants, as apps.webhooks keeps them",
    )  # fmt: skip
    moved_days = models.IntegerField(default=0, help_text="a demonstration holds the conference so many days later")

    objects = CampaignQuerySet.as_manager()

    #: fields that `translations` may have
    TRANSLATED = ("name", "title", "summary", "conference", "conference_short", "body_name", "city", "time_zone_place")
    #: the fields of it that name a city
    CITIES = frozenset({"city", "time_zone_place"})

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="campaigns_campaign_dates"),
            models.CheckConstraint(
                condition=Q(open_data_licence__in=[*LICENCES, NO_LICENCE]), name="campaigns_campaign_open_data_licence"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def text_in(self, field: str, language: str) -> str:
        """A field of TRANSLATED in that language, otherwise as it was written."""
        for code in (language, primary_language(language)):
            if words := self.translations.get(code, {}).get(field):
                return str(words)
        words = str(getattr(self, field))
        return city_name(words, language) if field in self.CITIES else words

    def text_language(self, field: str, language: str) -> str:
        """The language of `text_in`: that one where it is translated, otherwise the campaign's own."""
        known = any(self.translations.get(code, {}).get(field) for code in (language, primary_language(language)))
        return primary_language(language) if known or field in self.CITIES else self.original_language

    @property
    def original_language(self) -> str:
        """That of the texts which have no language of their own."""
        return str(self.languages[0]) if self.languages else "en"

    @property
    def moved_from(self) -> date | None:
        """When the conference really began, where a demonstration moves it to another day."""
        return self.starts_on - timedelta(days=self.moved_days) if self.moved_days else None

    @property
    def licence(self) -> Licence | None:
        """Of its open data; None where it states none."""
        return LICENCES.get(self.open_data_licence)

    @property
    def licence_address(self) -> str | None:
        return self.licence.address if self.licence else None

    def venue_today(self) -> date:
        """The day at the venue, from which the days until the conference are counted."""
        return timezone.localdate(timezone=ZoneInfo(self.venue_time_zone))


class ProcessingDetails(Dated):
    """What only people can say in the campaign's record of processing (GDPR, article 30)."""

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, related_name="processing_details")
    controller_contact = models.TextField(blank=True, help_text="how to reach who is responsible")
    joint_controllers = models.TextField(blank=True, help_text="who is responsible too, or represents them")
    data_protection_officer = models.TextField(blank=True)
    legal_basis = models.TextField(blank=True)
    processors = models.TextField(blank=True, help_text="who processes data for the campaign: hosting, mail")
    transfers = models.TextField(blank=True, help_text="what protects data that leave for other countries")
    security = models.TextField(blank=True, help_text="measures that the installation does not know of")

    #: what people write, in the order of the page
    STATED = (
        "controller_contact", "joint_controllers", "data_protection_officer", "legal_basis", "processors", "transfers",
        "security",
    )  # fmt: skip

    def __str__(self) -> str:
        return f"processing details of {self.campaign_id}"


class TeamMember(Dated):
    """A person's membership in a campaign, with one or several roles."""

    class State(models.TextChoices):
        INVITED = "invited"
        ACTIVE = "active"
        ENDED = "ended"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="team")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    roles = ArrayField(models.CharField(max_length=20, choices=Role))
    state = models.CharField(max_length=10, choices=State, default=State.INVITED)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "user"], name="campaigns_team_member_once"),
            models.CheckConstraint(
                condition=Q(roles__contained_by=Role.values) & Q(roles__len__gte=1), name="campaigns_team_member_roles"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({', '.join(self.roles)})"

    @property
    def role_labels(self) -> list[Label]:
        return [Role(role).label for role in self.roles]

    @property
    def permissions(self) -> frozenset[Permission]:
        """Empty until the invitation is accepted."""
        return permissions_of(self.roles) if self.state == self.State.ACTIVE else frozenset()

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions


class ApiToken(Dated):
    """A key of 256 random bits, stored as a hash, with which a program acts as the member, within its scopes."""

    membership = models.ForeignKey(TeamMember, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80, help_text="what it is for")
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope))
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True, help_text="written at most once an hour")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "name"], condition=Q(revoked_at__isnull=True), name="campaigns_token_name_once"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="campaigns_token_name"),
            models.CheckConstraint(
                condition=Q(scopes__contained_by=Scope.values) & Q(scopes__len__gte=1), name="campaigns_token_scopes"
            ),
        ]

    def __str__(self) -> str:
        return f"token {self.pk} of {self.membership_id}"

    @property
    def state(self) -> str:
        """ended, expired or works, whatever the state of the membership."""
        if self.revoked_at is not None:
            return "ended"
        return "expired" if self.expires_at <= timezone.now() else "works"

    @property
    def scope_labels(self) -> list[Label]:
        return [scope.label for scope in Scope if scope in self.scopes]


class NoticeChoice(models.Model):
    """When somebody wants mail about a kind of thing that waits for them, where they changed it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notice_choices")
    source = models.CharField(max_length=40, help_text="a name in core's action_sources")
    timing = models.CharField(max_length=10, choices=Timing)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "source"], name="campaigns_notice_choice_once"),
            models.CheckConstraint(condition=Q(timing__in=Timing.values), name="campaigns_notice_choice_timing"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.timing} to {self.user_id}"


class Notice(models.Model):
    """That a mail told somebody of a thing: made with the mail, deleted when the thing waits no more."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=40, help_text="a name in core's action_sources; digest: the mail of the day")
    key = models.CharField(max_length=80, blank=True, help_text="which thing, as its source names it")
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "campaign", "source", "key"], nulls_distinct=False, name="campaigns_notice_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.key} told to {self.user_id}"
