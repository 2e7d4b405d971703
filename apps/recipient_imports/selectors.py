"""Reads of imports and of their planned rows."""

import json
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet
from redis.exceptions import RedisError

from apps.campaigns.models import Campaign
from apps.core.types import JsonObject

from .models import RecipientImport, RecipientImportRow
from .spreadsheets.reader import Sheet, read_sheet
from .spreadsheets.table import Options

#: the states in which work is due
DUE = (RecipientImport.State.CHECKING, RecipientImport.State.WRITING)


@dataclass(frozen=True)
class StoredRow:
    """A planned row, decrypted. `like` lists the recipients that it may be."""

    number: int
    kind: str
    cells: dict[str, str]
    reasons: list[Any]
    changes: list[Any]
    like: list[JsonObject]
    decided: str
    country: str = ""
    beside: int | None = None


def imports_of(campaign: Campaign) -> QuerySet[RecipientImport]:
    """The campaign's imports, newest first, without their files."""
    return RecipientImport.objects.filter(campaign=campaign).select_related("made_by").defer("content", "answers")


def unfinished() -> list[int]:
    """Ids of the imports on which work is due, oldest first."""
    due = RecipientImport.objects.filter(state__in=DUE).order_by("updated_at")
    return list(due.values_list("pk", flat=True))


def sheet_of(batch: RecipientImport, *, preview: bool = False) -> Sheet:
    """The sheet of the file, or its first rows. Raises UnreadableFile."""
    # `batch` does not keep the file: saving would encrypt and write megabytes again
    content = RecipientImport.objects.values_list("content", flat=True).get(pk=batch.pk)
    return read_sheet(bytes(content or b""), Options(**batch.options), preview=preview)


def rows_of(batch: RecipientImport, kind: str = "") -> QuerySet[RecipientImportRow]:
    """Its rows in the order of the file; those of one kind are grouped by the earlier row that they repeat."""
    rows = RecipientImportRow.objects.filter(batch=batch)
    return rows.filter(kind=kind).order_by("beside", "number") if kind else rows


def decrypted(row: RecipientImportRow) -> StoredRow:
    return StoredRow(number=row.number, kind=row.kind, beside=row.beside, **json.loads(row.sealed))


def progress_key(batch_id: int) -> str:
    return f"recipient-import-{batch_id}"


def progress_of(batch: RecipientImport) -> int:
    """How many rows the running job has processed; 0 if unknown."""
    try:
        return min(int(cache.get(progress_key(batch.pk)) or 0), batch.total)
    except RedisError:
        return 0
