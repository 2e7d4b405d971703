"""The log of signatures: its heads, and the hashes that lead from an entry to a head."""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db import connection
from django.db.models import F, Max, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from apps.campaigns.models import Campaign
from apps.core.errors import DomainError
from apps.core.merkle_tree import GrowingTree, Range, consistency_path, full_subtrees, inclusion_path, joined_hash
from apps.core.types import JsonObject

from ..models import SignatureLogEntry, SignatureLogHead, SignOn
from ..models.signature_log import signature_statement


class LogDamaged(DomainError):
    status = 503
    default_message = _("The log of signatures is damaged: entries are missing. The campaign has to find out why.")


#: of ids in order: also after an erasure anybody with the rows can compute it again
CARRIED = """
SELECT count(*), encode(sha256(convert_to(coalesce(string_agg(sign_on_id::text, ',' ORDER BY sign_on_id), ''), 'UTF8')),
  'hex') FROM coalitions_signonversion WHERE replacement_id = %s
"""


@dataclass(frozen=True)
class LogHead:
    """The root of the first `size` entries; `at` is when the last of them got its number."""

    size: int
    root: str
    at: datetime

    def __str__(self) -> str:
        return f"{self.root}@{self.size}"


def head_parse(text: str) -> tuple[str, int] | None:
    """(root, number of entries) of a head as mails write it, "HASH@N"; None if it is none."""
    found = re.fullmatch(r"\s*([0-9a-fA-F]{64})\s*@\s*([1-9]\d{0,17})\s*", text, re.ASCII)
    return (found[1].lower(), int(found[2])) if found else None


def log_size(campaign_id: int) -> int:
    found = SignatureLogEntry.objects.filter(campaign=campaign_id).aggregate(size=Max("sequence"))
    return found["size"] or 0


def growing_tree(campaign_id: int, size: int | None = None) -> GrowingTree:
    """The tree of the first `size` entries, by default of all that have a number, from what is stored."""
    size = log_size(campaign_id) if size is None else size
    return GrowingTree(size, _peaks(campaign_id, [(0, size)])[0])


def newest_head(campaign_id: int) -> LogHead | None:
    """None while the log is empty. Raises LogDamaged."""
    tree = growing_tree(campaign_id)
    last = SignatureLogEntry.objects.filter(campaign=campaign_id, sequence=tree.size).first()
    return LogHead(tree.size, tree.root().hex(), last.numbered_at) if last and last.numbered_at else None


def mailed_head(campaign_id: int) -> LogHead | None:
    """The newest head; None also where the log is damaged: mails leave without one."""
    with suppress(LogDamaged):
        return newest_head(campaign_id)
    return None


def root_at(campaign_id: int, size: int) -> str | None:
    """The root of the first `size` entries; None if there are fewer. Raises LogDamaged."""
    return growing_tree(campaign_id, size).root().hex() if size <= log_size(campaign_id) else None


def day_heads(campaign: Campaign) -> QuerySet[SignatureLogHead]:
    return SignatureLogHead.objects.filter(campaign=campaign)


def days_to_publish(today: date) -> list[tuple[int, date]]:
    """(campaign id, day) of logs that grew last on a day before today (UTC) whose head is not published."""
    newest = SignatureLogEntry.objects.filter(campaign=OuterRef("pk"), sequence__isnull=False).order_by("-sequence")
    published = SignatureLogHead.objects.filter(campaign=OuterRef("pk")).order_by("-day")
    grew = Campaign.objects.annotate(
        grew_at=Subquery(newest.values("numbered_at")[:1]), published_day=Subquery(published.values("day")[:1])
    ).filter(grew_at__isnull=False)
    found = [(pk, at.astimezone(UTC).date(), day) for pk, at, day in grew.values_list("pk", "grew_at", "published_day")]
    return [(pk, day) for pk, day, published in found if day < today and (published is None or published < day)]


def inclusion_proof(campaign_id: int, sequence: int, size: int) -> list[str]:
    """The hashes that lead from an entry to the root of the first `size` entries (RFC 9162, 2.1.3)."""
    return _hashes(campaign_id, inclusion_path(sequence, size))


def consistency_proof(campaign_id: int, first: int, size: int) -> list[str]:
    """The hashes that show that the log of `size` entries begins with that of `first` (RFC 9162, 2.1.4)."""
    return _hashes(campaign_id, consistency_path(first, size))


def _hashes(campaign_id: int, ranges: list[Range]) -> list[str]:
    return [joined_hash(peaks).hex() for peaks in _peaks(campaign_id, ranges)]


def _peaks(campaign_id: int, ranges: Iterable[Range]) -> list[list[bytes]]:
    """For each range, the hashes of the full subtrees it splits into: few rows, in one query. Raises LogDamaged."""
    split = [list(full_subtrees(start, end)) for start, end in ranges]
    ends = {subtree.end for subtrees in split for subtree in subtrees}
    rows = SignatureLogEntry.objects.filter(campaign=campaign_id, sequence__in=ends)
    entries = {entry.sequence: entry for entry in rows}
    if len(entries) < len(ends):
        raise LogDamaged
    return [[entries[each.end].subtree_hash(each.height) for each in subtrees] for subtrees in split]


def signature_entries(sign_on_id: int | OuterRef) -> QuerySet[SignatureLogEntry]:
    """The newest first; those without a number are the newest."""
    entries = SignatureLogEntry.objects.filter(sign_on_id=sign_on_id)
    return entries.order_by(F("sequence").desc(nulls_first=True), "-id")


def signer_entries(sign_on: SignOn) -> list[SignatureLogEntry]:
    """Those that its signer may know of: other decisions of moderators would tell that it is held back."""
    return list(signature_entries(sign_on.pk).exclude(act=SignatureLogEntry.Act.MODERATE))


def carried_signatures(replacement_id: int) -> tuple[int, str]:
    """How many signatures the correction carried over, and the SHA-256 of their ids in order, with commas."""
    with connection.cursor() as cursor:
        cursor.execute(CARRIED, [replacement_id])
        number, digest = cursor.fetchone()
    return number, digest


def carry_over_entries(sign_on: SignOn) -> QuerySet[SignatureLogEntry]:
    """Of the corrections that carried the signature over."""
    found = SignatureLogEntry.objects.filter(replacement__covered__sign_on=sign_on).order_by("-id")
    return found.select_related("replacement__before", "replacement__after")


def signer_log(sign_on: SignOn) -> JsonObject:
    """What the signer needs to check that the log has their acts, for JSON. Entries without a number come with a later
    head. Only the newest entry's statement still exists: corrections overwrite it."""
    head = mailed_head(sign_on.campaign_id)
    return {
        "head": {"size": head.size, "root": head.root, "at": head.at} if head else None,
        "salt": sign_on.salt,
        "statement": signature_statement(sign_on),
        "entries": [
            {
                "number": entry.sequence,
                "leaf": entry.leaf(),
                "path": inclusion_proof(sign_on.campaign_id, entry.sequence, head.size),
            }
            for entry in signer_entries(sign_on)
            if head and entry.sequence and entry.sequence <= head.size
        ],
        "carried_over": [
            {
                "number": entry.sequence,
                "leaf": entry.leaf(),
                "path": inclusion_proof(sign_on.campaign_id, entry.sequence, head.size),
                "statement": entry.replacement.carry_over_statement(),
            }
            for entry in carry_over_entries(sign_on)
            if entry.replacement and head and entry.sequence and entry.sequence <= head.size
        ],
    }
