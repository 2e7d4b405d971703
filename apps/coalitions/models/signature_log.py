"""The tamper-evident log of signatures: an entry for each act, and the head of each day. Neither has personal data."""

from __future__ import annotations

import secrets
from datetime import UTC
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.core.canonical_json import canonical_json, sha256_hex
from apps.core.merkle_tree import HASH_BYTES, leaf_hash
from apps.core.types import JsonObject

from .version_replacements import VersionReplacement

if TYPE_CHECKING:
    from .sign_ons import SignOn

#: of what a commitment covers; another set of values is another number
STATEMENT_FORMAT = 1
#: fields of a signature in its statement, besides name, version and moment
STATED = (
    "kind", "country", "visibility", "display_name", "org_name_english", "org_acronym", "org_kind", "org_website",
    "org_members",
)  # fmt: skip

#: columns that a statement is made of, besides the version
STATED_IN = (*STATED, "org_name", "person_name", "confirmed_at")


def signature_statement(sign_on: SignOn) -> JsonObject:
    """What was signed, by whom, as a commitment in the log covers it."""
    return {
        "format": STATEMENT_FORMAT,
        "name": sign_on.own_name,
        "version_sha256": sign_on.version.sha256,
        "confirmed_at": sign_on.confirmed_at.astimezone(UTC).isoformat() if sign_on.confirmed_at else "",
        **{name: getattr(sign_on, name) for name in STATED},
    }


def statement_commitment(sign_on: SignOn) -> str:
    """SHA-256 of the signature's salt and its statement: tells nothing once the salt is erased."""
    return sha256_hex(sign_on.salt.encode() + canonical_json(signature_statement(sign_on)))


class SignatureLogEntry(models.Model):
    """An act on a signature. Written with the act, without a sequence number; the sequencer fills in the last three
    fields once. Otherwise insert-only. The constraint's index serves the foreign key too.

    The leaf that everybody may see tells neither the row nor its state: a held signature looks like a counted one.
    """

    class Act(models.TextChoices):
        CONFIRM = "confirm"
        CORRECT = "correct"
        ACCEPT = "accept"
        REJECT = "reject"
        #: any other decision of a moderator: a merge, a doubt, one taken back. The signer reads it, so it says no more
        MODERATE = "moderate"
        WITHDRAW = "withdraw"
        ERASE = "erase"
        #: of the campaign: a correction of the text carried signatures over, all in one entry
        CARRY_OVER = "carry_over"

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+", db_index=False)
    sign_on_id = models.BigIntegerField(db_index=True, null=True, help_text="None for a carry-over")
    replacement = models.ForeignKey(
        VersionReplacement, null=True, on_delete=models.PROTECT, related_name="log_entries", db_index=False,
        help_text="the correction that carried signatures over",
    )  # fmt: skip
    act = models.CharField(max_length=10, choices=Act)
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, help_text="of the signature after the act")
    row_salt = models.CharField(max_length=32, help_text="hides the id and the state in the leaf")
    commitment = models.CharField(max_length=64, help_text="sha256 of the signature's salt and its statement")
    sequence = models.PositiveBigIntegerField(null=True, help_text="1, 2, 3 … in the campaign")
    numbered_at = models.DateTimeField(null=True)
    subtrees = models.BinaryField(null=True, help_text="hashes of the full subtrees that end here, its own first")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "sequence"], name="coalitions_log_sequence"),
            models.CheckConstraint(
                condition=Q(sequence__isnull=True, numbered_at__isnull=True, subtrees__isnull=True)
                | Q(sequence__gt=0, numbered_at__isnull=False, subtrees__isnull=False),
                name="coalitions_log_numbered",
            ),
            models.CheckConstraint(
                condition=Q(act="carry_over", sign_on_id__isnull=True, replacement__isnull=False)
                | (~Q(act="carry_over") & Q(sign_on_id__isnull=False, replacement__isnull=True)),
                name="coalitions_log_subject",
            ),
            models.UniqueConstraint(
                fields=["replacement"], condition=Q(replacement__isnull=False), name="coalitions_log_carry_over_once"
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(sequence__isnull=True), name="coalitions_log_not_numbered")]

    def __str__(self) -> str:
        return f"{self.act} {self.sign_on_id}"

    @classmethod
    def of(cls, sign_on: SignOn, act: str) -> SignatureLogEntry:
        """A new entry about the signature as it is now; not saved."""
        return cls(
            campaign_id=sign_on.campaign_id, sign_on_id=sign_on.pk, act=act, state=sign_on.state,
            row_salt=secrets.token_hex(16), commitment=statement_commitment(sign_on),
        )  # fmt: skip

    @classmethod
    def of_carry_over(cls, replacement: VersionReplacement) -> SignatureLogEntry:
        """A new entry about the signatures that a correction carried over; not saved."""
        return cls(
            campaign_id=replacement.campaign_id, replacement=replacement, act=cls.Act.CARRY_OVER,
            state=replacement.state, row_salt=secrets.token_hex(16), commitment=replacement.carry_over_commitment(),
        )  # fmt: skip

    def leaf(self) -> JsonObject:
        """What the leaf's hash covers."""
        of = {"replacement": self.replacement_id} if self.replacement_id else {"sign_on": self.sign_on_id}
        row = canonical_json({**of, "state": self.state})
        return {
            "act": self.act,
            "at": self.at.astimezone(UTC).isoformat(),
            "commitment": self.commitment,
            "row": sha256_hex(self.row_salt.encode() + row),
        }

    def leaf_hash(self) -> bytes:
        return leaf_hash(canonical_json(self.leaf()))

    def subtree_hash(self, height: int) -> bytes:
        """Of the full subtree of 2**height leaves that ends here; empty if the row has none."""
        stored = bytes(self.subtrees or b"")
        return stored[height * HASH_BYTES : (height + 1) * HASH_BYTES]


class SignatureLogHead(models.Model):
    """The head of a campaign's log at the end of a day (UTC) on which it grew. Insert-only."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    size = models.PositiveBigIntegerField(help_text="entries up to then")
    root = models.CharField(max_length=64)
    published_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["campaign", "day"], name="coalitions_log_head_once")]

    def __str__(self) -> str:
        return f"head of {self.day}: {self.root}@{self.size}"
