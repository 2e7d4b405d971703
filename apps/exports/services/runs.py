"""Making large files in the background. A worker holds a lock of the database while it makes one: when it dies the lock
is gone, and another begins anew. A half file is only ever in a temporary file, or under a name that nobody reads."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import BinaryIO, cast

import structlog
from django.core.cache import cache
from django.core.files.storage import storages
from django.db import connection, transaction
from django.utils import timezone

from apps.core.audit import audit_record
from apps.core.errors import DomainError
from apps.core.retention import RetentionJob, retention_job
from apps.core.wakeups import wake

from ..models import Export
from ..selectors import cancelled_key, expired, exports_due, progress_key
from .files import KEPT_HOURS, export_write, stored_file_delete, stored_file_save, stored_name

log = structlog.get_logger(__name__)

#: namespace of the locks
LOCKS = 1_128_482_885
#: how often it is begun before it counts as failed
MOST_TRIES = 3
PROGRESS_SECONDS = 600


class Cancelled(Exception):
    """Somebody cancelled the export while it was being made."""


def exports_advance() -> int:
    """Make every file that is due and that no other worker makes. Returns how many were made."""
    made = 0
    for pk in list(exports_due().values_list("pk", flat=True)):
        with _alone(pk) as mine:
            made += mine and export_run(export_id=pk)
    return made


def export_run(*, export_id: int) -> bool:
    """Make one file. The caller holds its lock. Whether it was made."""
    export = _begin(export_id)
    if export is None:
        return False
    try:
        with tempfile.TemporaryFile() as file:
            with transaction.atomic():
                export_write(export, cast("BinaryIO", file), lambda rows: _progress(export, rows))
            file.seek(0)
            name = stored_file_save(export, cast("BinaryIO", file))
    except Cancelled:
        return False
    except DomainError as error:
        _end(export, Export.State.FAILED, type(error).__name__)
        return False
    export.stored_as = name
    export.expires_at = export.expires_at or timezone.now() + timedelta(hours=KEPT_HOURS)  # the same when made again
    if not _end(export, Export.State.READY):
        storages["exports"].delete(name)
        return False
    return True


def exports_delete_expired() -> int:
    """Delete the files whose time is over. Returns how many."""
    with retention_job("exports") as job:
        return sum(_delete_expired(export, job) for export in expired(timezone.now()))


@transaction.atomic
def _delete_expired(export: Export, job: RetentionJob) -> int:
    found = Export.objects.select_for_update(of=("self",)).get(pk=export.pk)
    if found.state != Export.State.READY:
        return 0
    stored_file_delete(found)
    found.state = Export.State.EXPIRED
    found.save()
    audit_record(verb="export.expire", subject=found)
    return job.deleted(1, campaign_id=found.campaign_id)


def _begin(export_id: int) -> Export | None:
    """The row, marked as being made; None if there is nothing to do. What an earlier try has left is deleted."""
    with transaction.atomic():
        export = Export.objects.select_for_update(of=("self",)).get(pk=export_id)
        if export.state not in {Export.State.QUEUED, Export.State.RUNNING}:
            return None
        if export.state == Export.State.RUNNING:
            left, storage = stored_name(export), storages["exports"]
            transaction.on_commit(lambda: storage.delete(left))
        if export.tries >= MOST_TRIES:
            log.error("export_failed", export=export_id, tries=export.tries)
            _end(export, Export.State.FAILED, "tries")
            return None
        export.state, export.tries = Export.State.RUNNING, export.tries + 1
        export.save()
    return export


def _end(export: Export, state: str, failure: str = "") -> bool:
    """Whether the row was still being made, in this try."""
    with transaction.atomic():
        found = Export.objects.select_for_update(of=("self",)).get(pk=export.pk)
        if found.state != Export.State.RUNNING or found.tries != export.tries:
            return False
        export.state, export.finished_at = state, timezone.now()
        export.save()
        audit_record(
            verb="export.make" if state == Export.State.READY else "export.fail", subject=export,
            dataset=export.dataset, purpose=export.purpose, format=export.format, rows=export.rows,
            sha256=export.sha256, failure=failure,
        )  # fmt: skip
        wake("notices")
    return True


def _progress(export: Export, rows: int) -> None:
    """Tell the page how far it is, and stop where somebody cancelled. By the cache, as the connection to the database
    is busy with the rows; should it lose the mark, the file is made and then deleted."""
    cache.set(progress_key(export.pk), rows, timeout=PROGRESS_SECONDS)
    if cache.get(cancelled_key(export.pk)):
        raise Cancelled


@contextmanager
def _alone(export_id: int) -> Iterator[bool]:
    """Whether this connection got the lock of the export; it is given back at the end, or with the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCKS, export_id])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCKS, export_id])
