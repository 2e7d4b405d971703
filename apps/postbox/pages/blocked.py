"""Lines of the page of blocked addresses and domains."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BinaryField, Count, ExpressionWrapper, F
from django.utils.translation import gettext as _

from apps.core.encryption import UnreadableValue, decrypt, lookup_hashes

from ..models import Message, MessageState, Suppression
from ..selectors.domains import domains_held


@dataclass(frozen=True)
class BlockedLine:
    """`address` is "" where no mail to it is kept: the list itself only has hashes."""

    pk: int
    address: str
    cause: str
    reason: str
    since: datetime


@dataclass(frozen=True)
class HeldDomain:
    key: str
    name: str
    reason: str
    since: datetime | None
    next_try: datetime | None
    waiting: int


def blocked_lines(rows: Iterable[Suppression]) -> list[BlockedLine]:
    found = list(rows)
    addresses = _addresses({row.address_hash for row in found})
    causes = {
        Suppression.Cause.COMPLAINT: _("Reported our email as spam"),
        Suppression.Cause.OPERATOR: _("Blocked here"),
    }
    return [
        BlockedLine(
            pk=row.pk,
            address=addresses.get(row.address_hash, ""),
            cause=causes[Suppression.Cause(row.cause)],
            reason=row.reason,
            since=row.created_at,
        )
        for row in found
    ]


def held_domains() -> list[HeldDomain]:
    rows = list(domains_held()[:100])
    waiting = Message.objects.filter(to_domain__in=[row.key for row in rows], state=MessageState.QUEUED)
    counts = dict(waiting.order_by().values_list("to_domain").annotate(Count("pk")))
    return [
        HeldDomain(row.key, row.name, row.reason, row.opened_at, row.held_until, counts.get(row.key, 0)) for row in rows
    ]


def suppression_hashes(row: Suppression) -> set[str]:
    """All hashes of its address, where a kept mail tells the address."""
    address = _addresses({row.address_hash}).get(row.address_hash)
    return {row.address_hash} | ({found.digest for found in lookup_hashes(address)} if address else set())


def _addresses(hashes: set[str]) -> dict[str, str]:
    newest = Message.objects.filter(to_hash__in=hashes).order_by("to_hash", "-created_at").distinct("to_hash")
    # read sealed: the field itself would raise at the first unreadable row, and lose the others
    sealed = ExpressionWrapper(F("to_address"), output_field=BinaryField())
    found = {}
    for key, address in newest.values_list("to_hash", sealed):
        with suppress(UnreadableValue):
            found[key] = decrypt(bytes(address)).decode()
    return found
