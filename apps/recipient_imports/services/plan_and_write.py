"""The jobs of an import: make the plan, and write it once it is accepted.

A worker calls `import_advance`; small files are processed in the request. The row lock keeps two workers apart. If
one is killed, its transaction rolls back and the next tick starts again.
"""

import json
from collections.abc import Callable
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
from apps.core.bulk_insert import insert_rows
from apps.governments.models import Recipient

from ..models import RecipientImport, RecipientImportRow
from ..planning.existing_recipients import load_existing
from ..planning.plan import WRITING, Answers, Plan, PlannedRow
from ..planning.planner import plan_import
from ..selectors import DUE, progress_key, rows_of, sheet_of
from .bulk_write import plan_write

#: of a row: beside, sealed, recipient, fields
type Values = tuple[int | None, str, int | None, list[str]]

log = structlog.get_logger(__name__)
State = RecipientImport.State
#: failed attempts before the job stops and the page says so
MAX_ATTEMPTS = 3
STEP = 2000
#: what is kept, encrypted, of a planned row for the page
SEALED = ("cells", "reasons", "changes", "like", "decided", "country")


def import_advance(*, batch_id: int) -> None:
    """Make or write the plan of one import, if that is due and no other worker does it."""
    if not _attempt(batch_id):
        return
    try:
        with transaction.atomic():
            batch = _due(batch_id)
            if batch is not None:
                job = _write if batch.state == State.WRITING else _check
                job(batch)
    except Exception:
        log.exception("import_broke_off", batch=batch_id)


@transaction.atomic
def _attempt(batch_id: int) -> bool:
    """Count the attempt before it starts, so that a job which kills its worker is not retried for ever."""
    batch = _due(batch_id)
    if batch is None:
        return False
    if batch.attempts >= MAX_ATTEMPTS:
        before = State.CHECKED if batch.state == State.WRITING else State.COLUMNS
        RecipientImport.objects.filter(pk=batch_id).update(
            state=before, attempts=0, notice=RecipientImport.Notice.FAILED, updated_at=timezone.now()
        )
        return False
    RecipientImport.objects.filter(pk=batch_id).update(attempts=F("attempts") + 1)
    return True


def _due(batch_id: int) -> RecipientImport | None:
    rows = RecipientImport.objects.select_for_update(of=("self",), skip_locked=True).select_related("campaign")
    return rows.defer("content").filter(pk=batch_id, state__in=DUE).first()


def _check(batch: RecipientImport) -> None:
    _store_plan(batch, _plan(batch, share=0.6))
    batch.state, batch.attempts = State.CHECKED, 0
    batch.save()


def _plan(batch: RecipientImport, *, share: float) -> Plan:
    """`share` is the part of the job, for the progress bar, that planning takes."""
    return plan_import(
        campaign=batch.campaign,
        sheet=sheet_of(batch),
        mapping=batch.mapping,
        answers=Answers.from_json(batch.answers),
        existing=load_existing(batch.campaign),
        today=timezone.localdate() + timedelta(days=1),  # it is tomorrow somewhere
        progress=lambda done: report_progress(batch, int(share * done)),
    )


def report_progress(batch: RecipientImport, done: int) -> None:
    """In the cache, because the transaction hides its rows."""
    with suppress(RedisError):
        cache.set(progress_key(batch.pk), done, timeout=600)


def _store_plan(batch: RecipientImport, plan: Plan) -> None:
    rows_of(batch).delete()
    _save_rows(batch, plan.rows, _stored, share=0.4)
    batch.counts, batch.plan_mark = plan.counts, plan.mark


def _write(batch: RecipientImport) -> None:
    """Write the accepted plan, if it is still the same. Other changes to recipients wait, or were made before."""
    Campaign.objects.locked(batch.campaign_id)
    recipients = Recipient.objects.select_for_update(no_key=True).filter(campaign=batch.campaign)
    list(recipients.order_by("pk").values_list("pk"))  # the default order joins, and would lock, offices and members
    plan = _plan(batch, share=0.4)
    if plan.mark != batch.plan_mark:
        _store_plan(batch, plan)
        batch.state, batch.attempts, batch.notice = State.CHECKED, 0, RecipientImport.Notice.CHANGED
        batch.save()
        return
    plan_write(
        plan=plan,
        campaign=batch.campaign,
        progress=lambda done: report_progress(batch, int(0.4 * (batch.total + done))),
    )
    end(batch, State.DONE)
    _save_rows(batch, [row for row in plan.rows if row.kind in WRITING], _written, share=0.2)
    audit_record(verb="recipients.import", subject=batch, actor=batch.accepted_by, rows=batch.total, **batch.counts)


def _stored(row: PlannedRow) -> Values:
    """With what the page of the plan shows, encrypted."""
    return row.beside, json.dumps({name: getattr(row, name) for name in SEALED}, ensure_ascii=False), None, []


def _written(row: PlannedRow) -> Values:
    """Without values."""
    assert row.recipient is not None
    return None, "", row.recipient.pk, sorted({field for field, _old, _new in row.changes})


def _save_rows(
    batch: RecipientImport, rows: list[PlannedRow], values: Callable[[PlannedRow], Values], *, share: float
) -> None:
    """The last `share` of the job."""
    names = ("batch_id", "number", "kind", "beside", "sealed", "recipient_id", "fields")
    for start in range(0, len(rows), STEP):
        step = rows[start : start + STEP]
        insert_rows(RecipientImportRow, names, ((batch.pk, row.number, row.kind, *values(row)) for row in step))
        report_progress(batch, int(batch.total * (1 - share * (1 - (start + len(step)) / len(rows)))))


def end(batch: RecipientImport, state: str) -> None:
    rows_of(batch).delete()
    batch.state, batch.content, batch.answers, batch.attempts = state, None, "{}", 0
    batch.ended_at = timezone.now()
    batch.save()
