"""Signatures, their mailed tokens and the versions they cover."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils import timezone

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.encrypted_fields import EncryptedTextField
from apps.core.encryption import lookup_hashes
from apps.core.models import Dated
from apps.core.text import name_key
from apps.letters.models import Letter, LetterVersion

from .calls import SignOnCall
from .organisations import Organisation

#: what everybody may see, unless all names of the letter are hidden
NAMED_PUBLICLY = Q(state="confirmed", moderation="accepted", visibility="public")
#: where the search for signatories looks; the key has the shown name, without accents
SEARCHED = ("name_key", "org_name_english", "org_acronym")


#: what stands in place of the hash of an address
WITHOUT_ADDRESS = "none:"


def new_salt() -> str:
    return secrets.token_hex(16)


#: what waits for a moderator's decision; also the condition of an index
TO_MODERATE = Q(state="suspect") | Q(state__in=["confirmed", "held"], moderation="waiting")
#: not confirmed, and not yet reminded; also the condition of an index
TO_REMIND = Q(state="pending", reminded_at__isnull=True)


class SignOnQuerySet(models.QuerySet["SignOn"]):
    def locked(self) -> SignOnQuerySet:
        """Locked until the transaction ends. Lock a signature before its tokens, so that there are no deadlocks."""
        rows = self.select_for_update(of=("self",)).select_related("campaign", "call", "letter", "version")
        return rows.defer("version__evidence")

    def only_one(self) -> SignOn | None:
        """Of at most one row that matches. LIMIT, as in first(), makes planning of many joins ten times as slow."""
        return next(iter(self), None)

    def confirmed(self) -> SignOnQuerySet:
        return self.filter(state=SignOn.State.CONFIRMED)

    def standing(self) -> SignOnQuerySet:
        """Those that the signer confirmed and did not withdraw: confirmed or held."""
        return self.filter(state__in=STANDING)

    def covering(self, version: LetterVersion) -> SignOnQuerySet:
        return self.filter(covers__version=version)

    def of_signer(self, sign_on: SignOn) -> SignOnQuerySet:
        """Those from the same address, for the same organisation; without an address, those of the organisation that
        have none either."""
        found = self.filter(kind=sign_on.kind, email_hash__in=[each.digest for each in lookup_hashes(sign_on.email)])
        if not sign_on.email:
            without = self.filter(kind=SignOn.Kind.ORGANISATION, email_hash__startswith=WITHOUT_ADDRESS)
            found = without if sign_on.kind == SignOn.Kind.ORGANISATION else self.none()
        if sign_on.kind == SignOn.Kind.ORGANISATION:
            found = found.filter(name_key=sign_on.name_key, country=sign_on.country)
        return found.select_related("campaign", "call", "letter", "version")

    def named(self, *visibilities: str) -> SignOnQuerySet:
        """Confirmed ones with one of the visibilities, accepted and not hidden by `names_hide`."""
        return self.named_unless_hidden(*visibilities).filter(call__names_hidden_at__isnull=True)

    def named_unless_hidden(self, *visibilities: str) -> SignOnQuerySet:
        return self.confirmed().filter(moderation=SignOn.Moderation.ACCEPTED, visibility__in=visibilities)

    def named_publicly(self) -> SignOnQuerySet:
        return self.named(SignOn.Visibility.PUBLIC)

    def named_to_governments(self) -> SignOnQuerySet:
        return self.named(SignOn.Visibility.PUBLIC, SignOn.Visibility.GOVERNMENT)

    def in_moderation_state(self, name: str) -> SignOnQuerySet:
        """Those that `SignOn.moderation_state` calls so."""
        mixed = [pair for pair, called in MODERATION_STATES.items() if called == name]
        of_state = [moderation for state, moderation in MODERATION_STATES if state == name]
        wanted = Q(state=name) & ~Q(moderation__in=of_state)
        for state, moderation in mixed:
            wanted |= Q(state=state, moderation=moderation)
        return self.filter(wanted)

    def to_moderate(self) -> SignOnQuerySet:
        return self.filter(TO_MODERATE)


class SignOn(Dated):
    """A signature to a version of a letter. HELD: its organisation signed already, or a moderator set it aside; it is
    not counted, and its signer sees no difference."""

    class Kind(models.TextChoices):
        ORGANISATION = "organisation"
        PERSON = "person"

    class State(models.TextChoices):
        PENDING = "pending"
        CONFIRMED = "confirmed"
        HELD = "held"
        WITHDRAWN = "withdrawn"
        SUSPECT = "suspect"
        REJECTED = "rejected"
        EXPIRED = "expired"

    class Visibility(models.TextChoices):
        PUBLIC = "public"
        GOVERNMENT = "government"
        COUNTED = "counted"

    class Moderation(models.TextChoices):
        WAITING = "waiting"
        #: the signer was mailed a question
        ASKED = "asked"
        #: a moderator set it aside: it is held, and its signer sees no difference
        SUSPECT = "suspect"
        #: of a held one: its organisation's other signature counts, and a moderator left it at that
        ACCEPTED = "accepted"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="sign_ons")
    call = models.ForeignKey(SignOnCall, on_delete=models.PROTECT, related_name="sign_ons")
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="sign_ons")
    version = models.ForeignKey(LetterVersion, on_delete=models.PROTECT, related_name="sign_ons")
    kind = models.CharField(max_length=12, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    moderation = models.CharField(max_length=10, choices=Moderation, default=Moderation.WAITING)
    visibility = models.CharField(max_length=10, choices=Visibility)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="sign_ons",
        help_text="set at confirmation; until then the claims below stand alone",
    )  # fmt: skip
    claimed_organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="claims",
        help_text="the one whose name it took, while it still counts as another",
    )  # fmt: skip
    org_name = models.CharField(max_length=200, blank=True)
    org_name_english = models.CharField(max_length=200, blank=True)
    org_acronym = models.CharField(max_length=40, blank=True)
    org_kind = models.CharField(max_length=30, blank=True)
    org_website = models.CharField(max_length=300, blank=True)
    org_members = models.PositiveIntegerField(null=True, blank=True)
    country = models.CharField(max_length=2)
    display_name = models.CharField(
        max_length=200, blank=True, help_text="of a person who signs for themselves; empty where it is only counted"
    )
    name_key = models.CharField(max_length=200, blank=True, help_text="the shown name folded, to sort and find by")
    person_name = EncryptedTextField(default="")
    person_post = EncryptedTextField(default="")
    email = EncryptedTextField(default="")
    email_hash = models.CharField(max_length=64)
    key_version = models.SmallIntegerField()
    ADDRESS_FIELDS = ("email", "email_hash", "key_version")  # for apps.core.key_rotation
    authorised = models.BooleanField(default=False, help_text="the person said they may sign for it")
    authority_verified = models.BooleanField(default=False, help_text="mail domain matches website, or a moderator")
    wants_answers = models.BooleanField(default=False)
    wants_letters = models.BooleanField(default=False)
    consents = models.JSONField(
        default=list, blank=True, help_text="[{field, wording, sentence, language, given_at, withdrawn_at}], as ticked"
    )
    language = models.CharField(max_length=10, default="en")
    salt = models.CharField(max_length=32, default=new_salt)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(help_text="a pending signature ends here")
    reminded_at = models.DateTimeField(null=True, blank=True, help_text="to confirm, by mail, once")
    moderated_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    moderated_at = models.DateTimeField(null=True, blank=True)
    moderation_reason = models.CharField(max_length=300, blank=True)

    objects = SignOnQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["letter", "state", "visibility"]),
            models.Index(fields=["campaign", "state", "-created_at"]),
            # not db_index, which makes another for LIKE: each signature would write a further page at random
            models.Index(fields=["email_hash"], name="coalitions_address"),
            # the list of the team: its order, and its numbers
            models.Index(fields=["campaign", "-created_at", "-id"], name="coalitions_newest_sign_ons"),
            models.Index(fields=["campaign", "call", "state", "moderation", "version"], name="coalitions_states"),
            models.Index(fields=["campaign", "created_at", "id"], condition=TO_MODERATE, name="coalitions_to_moderate"),
            models.Index(fields=["created_at"], condition=TO_REMIND, name="coalitions_to_remind"),
            # public lists: a country's names in order, the latest, and parts of names
            models.Index(
                fields=["version", "country", "name_key", "id"],
                condition=NAMED_PUBLICLY, name="coalitions_public_names",
            ),
            models.Index(
                fields=["version", "-confirmed_at"], condition=NAMED_PUBLICLY, name="coalitions_public_latest"
            ),
            GinIndex(
                *(OpClass(Upper(name), "gin_trgm_ops") for name in SEARCHED), condition=NAMED_PUBLICLY,
                name="coalitions_public_search",
            ),
            # the search of the team: the others, and how names begin
            GinIndex(
                *(OpClass(Upper(name), "gin_trgm_ops") for name in SEARCHED), condition=~NAMED_PUBLICLY,
                name="coalitions_other_search",
            ),
            models.Index(
                "campaign", OpClass("name_key", "varchar_pattern_ops"), "id", name="coalitions_name_beginnings"
            ),
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["pending", "confirmed", "held", "withdrawn", "suspect", "rejected", "expired"]),
                name="coalitions_sign_on_state",
            ),
            models.CheckConstraint(
                condition=Q(visibility__in=["public", "government", "counted"]), name="coalitions_sign_on_visibility"
            ),
            models.UniqueConstraint(
                fields=["letter", "email_hash"],
                condition=Q(state="confirmed", kind="person"),
                name="coalitions_one_signature_per_person",
            ),
            models.UniqueConstraint(
                fields=["letter", "organisation"],
                condition=Q(state="confirmed", kind="organisation"),
                name="coalitions_one_signature_per_organisation",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed", kind="organisation") | Q(organisation__isnull=False),
                name="coalitions_confirmed_has_organisation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} ({self.state})"

    def derive_names(self) -> None:
        if self.kind == self.Kind.PERSON:
            self.display_name = "" if self.visibility == self.Visibility.COUNTED else self.person_name
        self.name_key = name_key(self.shown_name) if self.shown_name else ""

    def admits_confirmation(self, at: datetime) -> bool:
        """Whether the call allows it at that time. What the team entered is confirmed after it has closed, too."""
        return self.call.is_open(at) or self.collected.exists()

    @property
    def moderation_state(self) -> str:
        return moderation_state(self.state, self.moderation)

    @property
    def stands(self) -> bool:
        return self.state in STANDING

    @property
    def claims(self) -> int | None:
        """The id of the organisation as which it would count, if it is held back: held, or renamed and still counted as
        the organisation it was before."""
        own = self.organisation_id if self.state == self.State.HELD else None
        return self.claimed_organisation_id or own

    @property
    def current_version(self) -> LetterVersion:
        """The text that it stands for: the corrected one if it was carried over, the one that the button signs while
        it is not confirmed. `version` is the one that its signer confirmed, or read."""
        unconfirmed = self.state in {SignOn.State.PENDING, SignOn.State.SUSPECT}
        moved = unconfirmed or self.version_id in self.call.corrected_versions
        return self.call.version if moved else self.version

    @property
    def needs_check(self) -> bool:
        """Whether a moderator looks at it before its name appears."""
        return self.call.needs_check(self.email)

    @property
    def check_is_shown(self) -> bool:
        """Whether its signer reads of the check: also of one that a call which asks for none any more had asked for.
        Not of one that waits for its name's sake: that would tell that the organisation has signed."""
        is_waiting = self.state == self.State.CONFIRMED and self.moderation == self.Moderation.WAITING
        return self.needs_check or (is_waiting and self.claimed_organisation_id is None)

    @property
    def held_back(self) -> bool:
        return self.state == self.State.HELD or self.claimed_organisation_id is not None

    @property
    def shown_name(self) -> str:
        """The name in lists; "" once erased."""
        return self.org_name if self.kind == self.Kind.ORGANISATION else self.display_name

    @property
    def own_name(self) -> str:
        """The name as typed, for the signer and for commitments, even if lists never show it."""
        return self.org_name if self.kind == self.Kind.ORGANISATION else self.person_name

    @property
    def printed_name(self) -> str:
        """ "किसान डेटा मंच (Farmers’ Data Forum)": the own name with the English name, as hashed in annexes."""
        english = self.org_name_english if self.kind == self.Kind.ORGANISATION else ""
        name = self.shown_name or self.own_name
        return f"{name} ({english})" if english and english != name else name


#: (state, moderation) of those whose state alone does not say what moderators see
MODERATION_STATES = {
    ("confirmed", "waiting"): "waiting",
    ("confirmed", "asked"): "asked",
    ("held", "asked"): "asked",
    ("held", "suspect"): "set_aside",
    ("held", "accepted"): "second",
}


def moderation_state(state: str, moderation: str) -> str:
    """What pages of staff call it: the state, or one of MODERATION_STATES."""
    return MODERATION_STATES.get((state, moderation), state)


STANDING = frozenset({SignOn.State.CONFIRMED, SignOn.State.HELD})


class SignOnToken(models.Model):
    """A 256-bit token in a mailed link, stored as a hash: to confirm once, to manage the signature, or to answer what a
    moderator asked."""

    class Purpose(models.TextChoices):
        CONFIRM = "confirm"
        MANAGE = "manage"
        ANSWER = "answer"

    sign_on = models.ForeignKey(SignOn, on_delete=models.CASCADE, related_name="tokens")
    purpose = models.CharField(max_length=10, choices=Purpose)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.purpose} {self.sign_on_id}"

    def counts_unconfirmed(self) -> bool:
        """Whether the signature counts though nobody used the link: it was accepted on its evidence."""
        return self.used_at is None and self.sign_on.collected.filter(accepted_at__isnull=False).exists()


class SignOnVersion(models.Model):
    """A version that a signature covers. Insert-only."""

    sign_on = models.ForeignKey(SignOn, on_delete=models.PROTECT, related_name="covers")
    version = models.ForeignKey(LetterVersion, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    replacement = models.ForeignKey(
        "coalitions.VersionReplacement", null=True, on_delete=models.PROTECT, related_name="covered", db_index=False,
        help_text="the correction that carried the signature over; None where its signer confirmed this version",
    )  # fmt: skip

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sign_on", "version"], name="coalitions_covers_once")]
        indexes = [
            models.Index(
                fields=["replacement", "sign_on"], condition=Q(replacement__isnull=False), name="coalitions_carried"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sign_on_id} covers {self.version_id}"
