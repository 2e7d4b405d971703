"""Writing the log of signatures: entries with the acts, and their numbers by one sequencer afterwards."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import batched

from django.db import connection, transaction
from django.utils import timezone

from apps.core.prepared_statements import row_insert

from ..models import SignatureLogEntry, SignatureLogHead, SignOn
from ..selectors.signature_log import days_to_publish, growing_tree

#: of PostgreSQL: one sequencer at a time
SEQUENCER_LOCK = 6962_9162
#: entries that get their numbers in one transaction
BATCH = 2000


def log_entry_add(*, sign_on: SignOn, act: str) -> None:
    """Record an act in the caller's transaction, after the row was saved. One INSERT; the number comes later."""
    row_insert(SignatureLogEntry.of(sign_on, act))


def log_entries_add(*, sign_ons: Iterable[SignOn], act: str) -> None:
    for batch in batched(sign_ons, BATCH):
        SignatureLogEntry.objects.bulk_create(SignatureLogEntry.of(sign_on, act) for sign_on in batch)


def log_entries_number() -> int:
    """Number the entries that have no number, without gaps in each campaign, and publish the heads of days that are
    over. Returns how many; 0 too while another process does the same. Killed half-way, it has lost nothing."""
    total = 0
    while number := _batch_number():
        total += number
    return total


@transaction.atomic
def _batch_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEQUENCER_LOCK])
        if not cursor.fetchone()[0]:
            return 0
    now = timezone.now()
    _heads_publish(now)
    waiting: dict[int, list[SignatureLogEntry]] = defaultdict(list)
    for entry in SignatureLogEntry.objects.filter(sequence=None).order_by("id")[:BATCH]:
        waiting[entry.campaign_id].append(entry)
    for campaign_id, entries in waiting.items():
        _number(campaign_id, entries, now)
    return sum(map(len, waiting.values()))


def _number(campaign_id: int, entries: list[SignatureLogEntry], now: datetime) -> None:
    tree = growing_tree(campaign_id)
    first = tree.size + 1
    subtrees = [b"".join(tree.append(entry.leaf_hash())) for entry in entries]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE coalitions_signaturelogentry AS entry"
            " SET sequence = new.sequence, numbered_at = %s, subtrees = new.subtrees"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[]) AS new (id, sequence, subtrees)"
            " WHERE entry.id = new.id",
            [now, [entry.pk for entry in entries], list(range(first, tree.size + 1)), subtrees],
        )


def _heads_publish(now: datetime) -> None:
    """Before anything gets a number today, so that the head of a day has what was numbered on it."""
    SignatureLogHead.objects.bulk_create(
        SignatureLogHead(campaign_id=campaign_id, day=day, size=tree.size, root=tree.root().hex(), published_at=now)
        for campaign_id, day in days_to_publish(now.astimezone(UTC).date())
        for tree in [growing_tree(campaign_id)]
    )
