"""What is wrong with a log of signatures: recomputed from its entries, its heads and the signatures."""

from collections.abc import Collection, Iterator
from datetime import UTC, date
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat

from apps.campaigns.models import Campaign
from apps.core.merkle_tree import HASH_BYTES, GrowingTree
from apps.letters.models import LetterVersion

from ..models import SignatureLogEntry, SignatureLogHead, SignOn, SignOnVersion, VersionReplacement
from ..models.signature_log import STATED_IN, statement_commitment
from .signature_log import carried_signatures, signature_entries

#: rows that are read at once
CHUNK = 2000
STATES_IN_LOG = (SignOn.State.CONFIRMED, SignOn.State.HELD, SignOn.State.WITHDRAWN)


def log_findings(campaign: Campaign, heads: Collection[tuple[str, int]] = ()) -> Iterator[str]:
    """One line for each altered, deleted or reordered row, and for each signature that is not as its newest entry says.
    `heads` are further heads to check, as mailed: (root, number of entries)."""
    yield from _tree_findings(campaign, heads)
    yield from _signature_findings(campaign)
    yield from _lost_signatures(campaign)
    yield from _carry_over_findings(campaign)


def _tree_findings(campaign: Campaign, heads: Collection[tuple[str, int]]) -> Iterator[str]:
    published = {head.day: head for head in SignatureLogHead.objects.filter(campaign=campaign)}
    sizes = {head.size for head in published.values()} | {size for _root, size in heads}
    tree, roots, ends = GrowingTree(), dict[int, str](), dict[date, int]()
    for entry in _numbered(campaign):
        sequence = entry.sequence or 0
        if sequence > tree.size + 1:
            yield f"entries {tree.size + 1} to {sequence - 1} are missing"
        if sequence != tree.size + 1:
            yield f"entries from {sequence} on cannot be checked without those before"
            return
        yield from _entry_findings(tree, entry)
        if sequence in sizes:
            roots[sequence] = tree.root().hex()
        if entry.numbered_at is not None:
            ends[entry.numbered_at.astimezone(UTC).date()] = sequence
    yield from _head_findings(published, roots, ends)
    for root, size in heads:
        yield from _given_head_findings(root, size, tree.size, roots.get(size))


def _numbered(campaign: Campaign) -> Iterator[SignatureLogEntry]:
    entries = SignatureLogEntry.objects.filter(campaign=campaign, sequence__isnull=False)
    return entries.order_by("sequence").iterator(CHUNK)


def _carry_over_findings(campaign: Campaign) -> Iterator[str]:
    """Whether exactly those signatures were carried over that the entry of each correction commits to."""
    entries = {
        entry.replacement_id: entry
        for entry in SignatureLogEntry.objects.filter(campaign=campaign, replacement__isnull=False)
    }
    corrections = VersionReplacement.objects.filter(campaign=campaign, kind="correction", state="agreed")
    for correction in corrections.select_related("before", "after").order_by("pk"):
        entry = entries.pop(correction.pk, None)
        if entry is None:
            yield f"the carry-over of correction {correction.pk} is not in the log"
            continue
        if entry.commitment != correction.carry_over_commitment():
            yield f"correction {correction.pk} was altered: it differs from its entry"
        if carried_signatures(correction.pk) != (correction.carried, correction.carried_sha256):
            yield f"the signatures that correction {correction.pk} carried over are not those of its entry"
    for replacement_id in entries:
        yield f"the carry-over of correction {replacement_id} is in the log, but it is no correction in force"
    covered = SignOnVersion.objects.filter(sign_on__campaign=campaign, replacement__isnull=False)
    stray = covered.exclude(replacement__in=corrections)
    for sign_on_id in stray.order_by("sign_on_id").values_list("sign_on_id", flat=True):
        yield f"signature {sign_on_id} was carried over by no correction"


def _entry_findings(tree: GrowingTree, entry: SignatureLogEntry) -> Iterator[str]:
    """Adds the entry to the tree. Where it is not as stored, what is stored counts for those after it, so that one
    altered row gives one finding; the heads tell whether what is stored is true."""
    subtrees = tree.append(entry.leaf_hash())
    stored = bytes(entry.subtrees or b"")
    if stored == b"".join(subtrees):
        return
    if stored[:HASH_BYTES] != subtrees[0]:
        of = f"correction {entry.replacement_id}" if entry.replacement_id else f"signature {entry.sign_on_id}"
        yield f"entry {entry.sequence} was altered ({of}, {entry.act})"
    else:
        yield f"entry {entry.sequence} does not follow on those before it: they were altered, removed or reordered"
    if len(stored) == HASH_BYTES * len(subtrees):
        tree.peaks[-1] = stored[-HASH_BYTES:]


def _head_findings(
    published: dict[date, SignatureLogHead], roots: dict[int, str], ends: dict[date, int]
) -> Iterator[str]:
    for day, head in sorted(published.items()):
        if head.size not in roots:
            yield f"the head of {day} covers {head.size} entries, but the log has fewer"
        elif roots[head.size] != head.root:
            yield f"the head of {day} ({head.root}@{head.size}) is not that of the entries: {roots[head.size]}"
        elif ends.get(day) != head.size:
            yield f"the head of {day} covers {head.size} entries, but the day ended with {ends.get(day, 'none')}"
    for day in sorted(ends)[:-1]:  # the newest may still grow
        if day not in published:
            yield f"the head of {day} is missing"


def _given_head_findings(root: str, size: int, entries: int, found: str | None) -> Iterator[str]:
    if found is None:
        yield f"the head {root}@{size} covers {size} entries, but the log has {entries}"
    elif found != root:
        yield f"the head {root}@{size} is not that of the first {size} entries: {found}"


def _signature_findings(campaign: Campaign) -> Iterator[str]:
    versions = LetterVersion.objects.filter(letter__campaign=campaign).only("sha256").in_bulk()
    for row in _signatures_with_entry(campaign):
        if row.version_id in versions:
            row.version = versions[row.version_id]
        logged_commitment, _space, logged_state = (row.logged or "").partition(" ")
        if row.logged is None:
            yield f"signature {row.pk} ({row.state}) is not in the log"
        elif logged_commitment != statement_commitment(row):
            yield f"signature {row.pk} was altered: it differs from its newest entry"
        elif logged_state != row.state:
            yield f"signature {row.pk} is {row.state}, but {logged_state} in its newest entry"
        elif row.state == SignOn.State.CONFIRMED and not row.covers_version:
            yield f"signature {row.pk} does not cover the version that it signed"


def _signatures_with_entry(campaign: Campaign) -> Iterator[Any]:
    """Those that are, or should be, in the log, with "commitment state" of the newest entry as `logged`: one look into
    the log for each, and only the columns that a statement needs. Half the time of whole rows at a million."""
    newest = signature_entries(OuterRef("pk")).annotate(both=Concat("commitment", Value(" "), "state"))
    covers = SignOnVersion.objects.filter(sign_on=OuterRef("pk"), version=OuterRef("version"))
    rows = SignOn.objects.filter(campaign=campaign).annotate(
        logged=Subquery(newest.values("both")[:1]), covers_version=Exists(covers)
    )
    rows = rows.filter(Q(state__in=STATES_IN_LOG) | Q(confirmed_at__isnull=False) | Q(logged__isnull=False))
    return rows.only("state", "version", "salt", *STATED_IN).order_by("pk").iterator(CHUNK)


def _lost_signatures(campaign: Campaign) -> Iterator[str]:
    entries = SignatureLogEntry.objects.filter(campaign=campaign, sign_on_id__isnull=False)
    lost = entries.exclude(Exists(SignOn.objects.filter(pk=OuterRef("sign_on_id"))))
    for sign_on_id in lost.order_by("sign_on_id").values_list("sign_on_id", flat=True).distinct():
        yield f"signature {sign_on_id} is in the log, but its row is gone"
