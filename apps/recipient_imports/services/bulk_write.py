"""Writing an accepted plan in bulk: 50,000 recipients are a few dozen statements. The caller holds the locks."""

from collections.abc import Callable, Sequence
from itertools import batched
from typing import Any

from django.db import connection, models

from apps.campaigns.models import Campaign
from apps.governments.models import Office, Recipient, RecipientAddress

from ..columns import COLUMNS
from ..selectors import WRITING, Plan

BATCH = 1000
OFFICE_FIELDS = [*{column.field_name for column in COLUMNS if column.assigns and column.of_office}, "updated_at"]
RECIPIENT_FIELDS = [
    *{column.field_name for column in COLUMNS if column.assigns and not column.of_office}, "active", "updated_at",
]  # fmt: skip


def plan_write(*, plan: Plan, campaign: Campaign, progress: Callable[[int], None]) -> None:
    """Offices, then recipients, then addresses. `progress` hears a number that grows to that of the rows written."""
    rows = [row for row in plan.rows if row.kind in WRITING]
    used = {id(row.recipient.office) for row in rows if row.recipient}
    _save(
        [office for office in plan.offices if id(office) in used],
        Office,
        OFFICE_FIELDS,
        lambda done: None,
    )
    for row in rows:
        if row.recipient is not None and row.recipient.pk is None:
            row.recipient.office = row.recipient.office  # the office has its id by now
    _save(
        [row.recipient for row in rows if row.recipient],
        Recipient,
        RECIPIENT_FIELDS,
        lambda done: progress(done // 2),
    )
    if len(rows) >= BATCH:
        _analyze(Recipient)
    made = _new_addresses(rows, campaign)
    for start in range(0, len(made), BATCH):
        RecipientAddress.objects.bulk_create(made[start : start + BATCH])
        progress(len(rows) // 2 + min(start + BATCH, len(rows)) // 2)
    if len(rows) >= BATCH:
        _analyze(RecipientAddress)


def _analyze(model: type[models.Model]) -> None:
    """Let the planner see the new rows at once: by old statistics this campaign has none, and it would join each of
    50,000 addresses with each of 50,000 recipients."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def _save(
    objects: Sequence[Any], model: type[models.Model], fields: list[str], progress: Callable[[int], None]
) -> None:
    """Make those without an id; bring the others up to date by one statement a batch (INSERT … ON CONFLICT)."""
    every = {id(one): one for one in objects}.values()
    new, known = [one for one in every if one.pk is None], [one for one in every if one.pk is not None]
    manager: Any = model._default_manager
    done = 0
    for chosen in (new, known):
        for batch in batched(chosen, BATCH):
            if chosen is known:
                manager.bulk_create(batch, update_conflicts=True, unique_fields=["id"], update_fields=fields)
            else:
                manager.bulk_create(batch)
            done += len(batch)
            progress(done)


def _new_addresses(rows: Sequence[Any], campaign: Campaign) -> list[RecipientAddress]:
    """The rows to be made, unsaved: new addresses come after those that are there."""
    held = RecipientAddress.objects.filter(recipient__campaign=campaign).values_list("recipient_id")
    places: dict[int, int] = dict(held.annotate(models.Count("pk")).order_by())
    made = []
    for row in rows:
        for address, digest in row.addresses:
            place = places.get(row.recipient.pk, 0)
            places[row.recipient.pk] = place + 1
            made.append(
                RecipientAddress(
                    recipient=row.recipient,
                    address=address,
                    address_hash=digest.digest,
                    key_version=digest.key_version,
                    position=place,
                )
            )
    return made
