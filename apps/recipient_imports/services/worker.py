"""The work of an import: the plan made, and written once it is accepted.

A worker calls `import_advance` (small files are done at once). The row's lock keeps two workers apart; when one is
killed the lock is gone, nothing of it was written, and the next tick begins anew.
"""

import json
from contextlib import suppress
from datetime import timedelta

import structlog
from django.core.cache import cache
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from redis.exceptions import RedisError

from apps.campaigns.models import Campaign
from apps.core.audit import audit_record
from apps.governments.models import Recipient

from ..models import RecipientImport, RecipientImportRow
from ..selectors import WRITING, Plan, answers_of, known_in, plan_import, rows_of, sheet_of
from ..selectors.imports import DUE, progress_key
from .bulk_write import plan_write

log = structlog.get_logger(__name__)
State = RecipientImport.State
#: how often work that breaks off is begun anew before a person is told
MOST_ATTEMPTS = 3
STEP = 2000
#: what the page shows of a planned row
SEALED = ("cells", "reasons", "changes", "like", "decided", "country")


def import_advance(*, batch_id: int) -> None:
    """Make or write the plan of one import, if that is due and nobody else is at it."""
    if not _attempt(batch_id):
        return
    try:
        with transaction.atomic():
            batch = _due(batch_id)
            if batch is not None:
                work = _write if batch.state == State.WRITING else _check
                work(batch)
    except Exception:
        log.exception("import_broke_off", batch=batch_id)


@transaction.atomic
def _attempt(batch_id: int) -> bool:
    """Count the attempt before it begins, so that work which kills its worker is not begun for ever."""
    batch = _due(batch_id)
    if batch is None:
        return False
    if batch.attempts >= MOST_ATTEMPTS:
        before = State.CHECKED if batch.state == State.WRITING else State.COLUMNS
        RecipientImport.objects.filter(pk=batch_id).update(
            state=before, attempts=0, notice=RecipientImport.Notice.FAILED, updated_at=timezone.now()
        )
        return False
    RecipientImport.objects.filter(pk=batch_id).update(attempts=F("attempts") + 1)
    return True


def _due(batch_id: int) -> RecipientImport | None:
    rows = RecipientImport.objects.select_for_update(of=("self",), skip_locked=True).select_related("campaign")
    return rows.filter(pk=batch_id, state__in=DUE).first()


def _check(batch: RecipientImport) -> None:
    _keep(batch, _plan(batch, share=0.6))
    batch.state, batch.attempts = State.CHECKED, 0
    batch.save()


def _plan(batch: RecipientImport, *, share: float) -> Plan:
    """`share`: of the work that goes on, as the person who waits is told."""
    return plan_import(
        campaign=batch.campaign,
        sheet=sheet_of(batch),
        mapping=batch.mapping,
        answers=answers_of(batch),
        known=known_in(batch.campaign),
        today=timezone.localdate() + timedelta(days=1),  # it is tomorrow somewhere
        progress=lambda done: tell(batch, int(share * done)),
    )


def tell(batch: RecipientImport, done: int) -> None:
    """The transaction hides what is under way; how far it is may be known."""
    with suppress(RedisError):
        cache.set(progress_key(batch.pk), done, timeout=600)


def _keep(batch: RecipientImport, plan: Plan) -> None:
    rows_of(batch).delete()
    kept = [
        RecipientImportRow(
            batch=batch,
            number=row.number,
            kind=row.kind,
            beside=row.beside,
            sealed=json.dumps({name: getattr(row, name) for name in SEALED}, ensure_ascii=False),
        )
        for row in plan.rows
    ]
    _save_rows(batch, kept, share=0.4)
    batch.counts, batch.plan_mark = plan.counts, plan.mark


def _write(batch: RecipientImport) -> None:
    """Write the accepted plan, if it is still the same. Whoever changes a recipient meanwhile waits or came before."""
    Campaign.objects.select_for_update(no_key=True).get(pk=batch.campaign_id)
    recipients = Recipient.objects.select_for_update(no_key=True).filter(campaign=batch.campaign)
    list(recipients.order_by("pk").values_list("pk"))  # the default order joins, and would lock, offices and members
    plan = _plan(batch, share=0.4)
    if plan.mark != batch.plan_mark:
        _keep(batch, plan)
        batch.state, batch.attempts, batch.notice = State.CHECKED, 0, RecipientImport.Notice.CHANGED
        batch.save()
        return
    plan_write(plan=plan, campaign=batch.campaign, progress=lambda done: tell(batch, int(0.4 * (batch.total + done))))
    written = [
        RecipientImportRow(
            batch=batch,
            number=row.number,
            kind=row.kind,
            recipient=row.recipient,
            fields=sorted({field for field, _old, _new in row.changes}),
        )
        for row in plan.rows
        if row.kind in WRITING
    ]
    end(batch, State.DONE)
    _save_rows(batch, written, share=0.2)
    audit_record(verb="recipients.import", subject=batch, actor=batch.accepted_by, rows=batch.total, **batch.counts)


def _save_rows(batch: RecipientImport, rows: list[RecipientImportRow], *, share: float) -> None:
    """The last `share` of the work."""
    for place in range(0, len(rows), STEP):
        RecipientImportRow.objects.bulk_create(rows[place : place + STEP])
        tell(batch, int(batch.total * (1 - share * (1 - min(place + STEP, len(rows)) / len(rows)))))


def end(batch: RecipientImport, state: str) -> None:
    rows_of(batch).delete()
    batch.state, batch.content, batch.answers, batch.attempts = state, None, "{}", 0
    batch.ended_at = timezone.now()
    batch.save()
