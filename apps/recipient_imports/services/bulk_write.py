"""Write an accepted plan in bulk: a few dozen statements for 50,000 recipients. The caller holds the locks."""

from collections.abc import Callable, Iterable
from itertools import batched

from django.db import connection, models

from apps.campaigns.models import Campaign
from apps.core.bulk_insert import insert_objects
from apps.governments.models import Recipient, RecipientAddress
from apps.governments.services.addresses import addresses_inherit_bounces

from ..columns import COLUMNS
from ..planning.plan import WRITING, Plan, PlannedRow

#: rows of a statement, and so many that the planner must know of them
BATCH, MANY = 2000, 1000
OFFICE_FIELDS = [*{column.field_name for column in COLUMNS if column.assigns and column.of_office}, "updated_at"]
RECIPIENT_FIELDS = [
    *{column.field_name for column in COLUMNS if column.assigns and not column.of_office}, "active", "updated_at",
]  # fmt: skip


def plan_write(*, plan: Plan, campaign: Campaign, progress: Callable[[int], None]) -> None:
    """Offices, then recipients, then addresses. `progress` is called with the number of rows written."""
    rows = [row for row in plan.rows if row.kind in WRITING]
    recipients = [row.recipient for row in rows if row.recipient]
    used = {id(recipient.office) for recipient in recipients}
    _save([office for office in plan.offices if id(office) in used], OFFICE_FIELDS, lambda done: None)
    for recipient in recipients:
        if recipient.pk is None:
            recipient.office = recipient.office  # copies the primary key that the office has got
    _save(recipients, RECIPIENT_FIELDS, lambda done: progress(done // 2))
    if len(rows) >= MANY:
        _analyze(Recipient)
    done = 0
    for batch in batched(_new_addresses(rows, campaign), BATCH):
        addresses_inherit_bounces(batch)
        insert_objects(batch)
        done += len(batch)
        progress((len(rows) + min(done, len(rows))) // 2)
    if len(rows) >= MANY:
        _analyze(RecipientAddress)


def _analyze(model: type[models.Model]) -> None:
    """Update statistics: by old ones this campaign has no rows, and joins of its addresses become nested loops."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def _save[M: models.Model](objects: Iterable[M], fields: list[str], progress: Callable[[int], None]) -> None:
    """Insert objects without a primary key; update the others with one statement a batch (INSERT … ON CONFLICT)."""
    unique = {id(one): one for one in objects}.values()
    new, known = [one for one in unique if one.pk is None], [one for one in unique if one.pk is not None]
    done = 0
    for batch in batched(new, BATCH):
        insert_objects(batch)
        progress(done := done + len(batch))
    for batch in batched(known, BATCH):
        manager = type(batch[0])._default_manager
        manager.bulk_create(batch, update_conflicts=True, unique_fields=["id"], update_fields=fields)
        progress(done := done + len(batch))


def _new_addresses(rows: list[PlannedRow], campaign: Campaign) -> list[RecipientAddress]:
    """Unsaved addresses, positioned after those that a recipient has."""
    existing = RecipientAddress.objects.filter(recipient__campaign=campaign).values_list("recipient_id")
    positions: dict[int, int] = dict(existing.annotate(models.Count("pk")).order_by())
    new = []
    for row in rows:
        for address, lookup in row.addresses:
            assert row.recipient is not None
            position = positions.get(row.recipient.pk, 0)
            positions[row.recipient.pk] = position + 1
            new.append(
                RecipientAddress(
                    recipient=row.recipient,
                    address=address,
                    address_hash=lookup.digest,
                    key_version=lookup.key_version,
                    position=position,
                )
            )
    return new
