"""Whom a campaign writes to, and what readers say is wrong about that."""

from __future__ import annotations

from enum import nonmember
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.functional import cached_property

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.encrypted_fields import EncryptedTextField
from apps.core.encryption import lookup_hashes
from apps.core.models import Dated
from apps.postbox.models import Suppression

from .members import Member

#: permanent missions to the organisation are in Geneva
MISSIONS_ZONE = "Europe/Zurich"


class Office(Dated):
    """A ministry, a permanent mission and the like, as one campaign knows it."""

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

    @property
    def time_zone(self) -> str:
        """IANA name: missions to the organisation are in Geneva, other offices in the capital's zone."""
        return MISSIONS_ZONE if self.kind == self.Kind.MISSION else self.member.time_zone or "UTC"


class Recipient(Dated):
    """A person or post in an office that letters go to."""

    class Form(models.TextChoices):
        MASCULINE = "masculine"
        FEMININE = "feminine"
        UNKNOWN = "unknown"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="recipients")
    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="recipients")
    name = EncryptedTextField(default="")
    post = models.CharField(max_length=200, help_text="the title of the person or post")
    form = models.CharField(max_length=10, choices=Form, default=Form.UNKNOWN)
    salutation = models.JSONField(default=dict, help_text='{"en": "Excellency", …}')
    language = models.CharField(max_length=10, help_text="the language to write in")
    phone = EncryptedTextField(default="", blank=True)
    source = models.CharField(max_length=300, blank=True, help_text="where the details come from: a page, a call")
    verified_on = models.DateField(null=True, blank=True)
    active = models.BooleanField(default=True)
    merged_into: Any = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged",
        help_text="the one that was kept",
    )
    notes = models.TextField(blank=True)

    class Meta:
        ordering = ["office__member__sort_en", "office__kind", "id"]

    def __str__(self) -> str:
        return f"{self.post}, {self.office}"


SUPPRESSED = Exists(Suppression.objects.filter(address_hash=OuterRef("address_hash")))


class AddressQuerySet(models.QuerySet["RecipientAddress"]):
    def with_suppressed(self) -> AddressQuerySet:
        """Reads `suppressed` together with the rows."""
        return self.annotate(suppressed=SUPPRESSED)

    def usable(self) -> AddressQuerySet:
        """Those that letters may go to."""
        return self.filter(~SUPPRESSED, health__in=RecipientAddress.Health.USABLE)

    def dead(self) -> AddressQuerySet:
        """Those that do not exist, of active recipients for whom nobody has found another yet."""
        another = RecipientAddress.objects.usable().filter(recipient=OuterRef("recipient"))
        return self.filter(~Exists(another), health=RecipientAddress.Health.BOUNCED, recipient__active=True)


class RecipientAddress(Dated):
    """An email address of a recipient, encrypted. Letters may go there while its health is USABLE and it is not
    suppressed; whether it is suppressed is known only to the postbox."""

    class Health(models.TextChoices):
        UNVERIFIED = "unverified"
        GOOD = "good"
        BOUNCED = "bounced"
        RETIRED = "retired"

        USABLE = nonmember(["unverified", "good"])

    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="addresses")
    address = EncryptedTextField()
    address_hash = models.CharField(max_length=64, db_index=True)
    key_version = models.SmallIntegerField()
    ADDRESS_FIELDS = ("address", "address_hash", "key_version")  # for apps.core.key_rotation
    health = models.CharField(max_length=12, choices=Health, default=Health.UNVERIFIED)
    position = models.PositiveSmallIntegerField(default=0)
    bounced_at = models.DateTimeField(null=True, blank=True)

    objects = AddressQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["recipient", "address_hash"], name="governments_address_once")]

    def __str__(self) -> str:
        return f"address {self.pk} ({self.health})"

    @property
    def hashes(self) -> set[str]:
        """The hashes of the address under every configured key, and the stored one."""
        return {self.address_hash, *(found.digest for found in lookup_hashes(self.address))}

    @cached_property
    def suppressed(self) -> bool:
        """Whether its reader reported our mail as spam, and nobody has allowed mail again since."""
        return Suppression.objects.filter(address_hash__in=self.hashes).exists()

    @property
    def usable(self) -> bool:
        return self.health in self.Health.USABLE and not self.suppressed

    @property
    def status(self) -> str:
        """What pages say: the health, or "suppressed" for an address in use that is."""
        return "suppressed" if self.health != self.Health.RETIRED and self.suppressed else self.health


class Correction(Dated):
    """What somebody without an account says is wrong about whom we write to. Everything typed is encrypted."""

    class State(models.TextChoices):
        WAITING = "waiting"
        ACCEPTED = "accepted"
        DECLINED = "declined"
        EXPIRED = "expired"

    #: what may be accepted into a recipient, each by itself
    PROPOSED = ("office", "post", "name", "address", "phone")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="corrections")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    wrong = EncryptedTextField(help_text="what is wrong, in their words")
    kind = models.CharField(max_length=12, choices=Office.Kind, blank=True, help_text="of the office; empty: not said")
    office = EncryptedTextField(default="")
    post = EncryptedTextField(default="")
    name = EncryptedTextField(default="")
    address = EncryptedTextField(default="")
    phone = EncryptedTextField(default="")
    source = EncryptedTextField(help_text="where it can be checked")
    mail = EncryptedTextField(default="", help_text="of whoever proposed it")
    mail_hash = models.CharField(max_length=64, blank=True, db_index=True)
    suspect = models.BooleanField(default=False, help_text="filled in as no person would")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    recipient = models.ForeignKey(Recipient, null=True, on_delete=models.SET_NULL, related_name="corrections")
    accepted: Any = models.JSONField(default=list, help_text="names of the fields that were accepted")
    reason = models.CharField(max_length=300, blank=True, help_text="why it was declined")
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True, help_text="when what was typed went")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["campaign", "state"])]

    def __str__(self) -> str:
        return f"correction {self.pk} ({self.state})"
