"""A table of signatures: read and kept until its rows are entered or it is discarded."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain
from pathlib import PurePath

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.canonical_json import canonical_json, sha256_hex
from apps.core.encryption import lookup_hashes
from apps.core.errors import Conflict, DomainError
from apps.core.retention import retention_job
from apps.core.text import clean_line
from apps.letters.models import LetterVersion
from apps.recipient_imports.spreadsheets.reader import Sheet, read_sheet

from ..models import SignOn, SignOnCall, SignOnImport
from ..petition_tools import recognised_tool
from ..signatory_columns import KEYS, SEVERAL, asked_columns, guess_columns
from .evidence_files import Source, evidence_drop_unused, evidence_store, source_check

#: rows of one import; a longer file is divided
MAX_ROWS = 5000
#: characters of a corrected cell
MAX_CELL = 2000
#: a table that nobody enters is deleted after this
RETENTION = timedelta(days=14)
State = SignOnImport.State


@transaction.atomic
def sign_on_import_begin(
    *, call: SignOnCall, actor: User, kind: str, source: Source, file_name: str, content: bytes, language: str,
    visibility: str, authorised: bool, version: LetterVersion | None = None,
) -> SignOnImport:  # fmt: skip
    """Store the table, encrypted, with its columns as this campaign chose them last, or a guess. A long one becomes
    several imports, of which the first is returned. `source` has the evidence of all rows; without a file of its own,
    the table is the evidence. `version` is the one that was signed, if not the call's. Of a petition tool's file, only
    what a row says makes a name visible. Raises UnreadableFile, DomainError, and stores nothing then."""
    name = clean_line(PurePath(file_name.replace("\\", "/")).name)[-200:]
    source_check(source if source.content else Source(source.came_by, source.given_on, source.note or name))
    sheet = read_sheet(content, preview=True)
    tool = recognised_tool(sheet.headings)
    parts = -(-sheet.row_count // MAX_ROWS)
    evidence = evidence_store(campaign=call.campaign, actor=actor, source=source)
    if parts > 1 and evidence is None:
        table = Source(source.came_by, source.given_on, file_name=name, content=content)
        evidence = evidence_store(campaign=call.campaign, actor=actor, source=table)
    of_file = {
        "campaign": call.campaign, "call": call, "kind": kind, "made_by": actor, "came_by": source.came_by,
        "given_on": source.given_on, "note": source.note, "evidence": evidence, "language": language, "tool": tool,
        "visibility": SignOn.Visibility.COUNTED if tool else visibility, "authorised": authorised, "file_name": name,
        "version": version or call.version, "file_sha256": sha256_hex(content), "parts": parts,
        "headings_sha256": _headings_key(sheet), "mapping": _known_mapping(call, kind, sheet),
    }  # fmt: skip
    tables = _divided(content) if parts > 1 else [content]
    begun = [SignOnImport(content=table, part=part, **of_file) for part, table in enumerate(tables, start=1)]
    for batch in begun:
        batch.save()
    return begun[0]


def _divided(content: bytes) -> Iterator[bytes]:
    """The table as several of MAX_ROWS rows, each with the headings."""
    sheet = read_sheet(content)
    for start in range(0, len(sheet.rows), MAX_ROWS):
        text = io.StringIO(newline="")
        write = csv.writer(text)
        write.writerow(sheet.headings)
        write.writerows(row.cells for row in sheet.rows[start : start + MAX_ROWS])
        yield text.getvalue().encode()


def _headings_key(sheet: Sheet) -> str:
    return sha256_hex(canonical_json(sheet.headings))


def _known_mapping(call: SignOnCall, kind: str, sheet: Sheet) -> list[str]:
    """What was chosen when a file with these headings was last entered; otherwise a guess."""
    before = SignOnImport.objects.filter(
        campaign=call.campaign_id, kind=kind, headings_sha256=_headings_key(sheet), state=State.ENTERED
    )
    known = before.order_by("-id").values_list("mapping", flat=True).first()
    return known or guess_columns(sheet.headings, kind)


@transaction.atomic
def sign_on_import_text(*, batch: SignOnImport, is_same: bool) -> None:
    """Note whether those in a petition's file signed exactly this version. If they did not, only a mail can ask them to
    sign it. Holds for all parts of the file. Raises Conflict."""
    batch = _locked(batch)
    SignOnImport.objects.filter(
        campaign=batch.campaign_id, call=batch.call_id, file_sha256=batch.file_sha256, state=State.CHECKING
    ).update(text_is_same=is_same)


@transaction.atomic
def sign_on_import_map(*, batch: SignOnImport, mapping: list[str]) -> None:
    """Save what the columns mean. Raises DomainError, Conflict."""
    batch = _locked(batch)
    known = [key for key in mapping if key]
    if len(mapping) != len(batch.mapping) or not set(known) <= set(KEYS):
        raise DomainError(_("The columns are not those of this file. Load the page again."))
    once = [key for key in known if key not in SEVERAL]
    if len(set(once)) < len(once):
        raise DomainError(_("One field is chosen for two columns. Choose one and leave the other out."))
    batch.mapping = mapping
    batch.save(update_fields=["mapping", "updated_at"])


@transaction.atomic
def sign_on_import_correct(*, batch: SignOnImport, corrections: dict[int, dict[str, str]]) -> None:
    """Keep other values for cells: {number of a row: {key of a field: value}}. They are encrypted and deleted with the
    table. Raises Conflict."""
    batch = _locked(batch)
    kept = corrections_of(batch)
    for number, values in corrections.items():
        known = {key: clean_line(value)[:MAX_CELL] for key, value in values.items() if key in asked_columns(batch.kind)}
        kept[number] = kept.get(number, {}) | known
    batch.corrections = json.dumps(kept)
    batch.save(update_fields=["corrections", "updated_at"])


def corrections_of(batch: SignOnImport) -> dict[int, dict[str, str]]:
    """What was typed on the page in place of cells."""
    return {int(number): values for number, values in json.loads(batch.corrections or "{}").items()}


@transaction.atomic
def sign_on_import_discard(*, batch: SignOnImport) -> None:
    """Delete the table and its evidence. Raises Conflict."""
    _discard(_locked(batch))


def sign_on_imports_delete_expired() -> int:
    """Discard what nobody came back to. Idempotent. Returns how many."""
    old = SignOnImport.objects.filter(state=State.CHECKING, updated_at__lt=timezone.now() - RETENTION)
    with retention_job("sign_on_tables") as job, transaction.atomic():
        return job.deleted_in(_discard_all(list(old.values_list("pk", flat=True))))


def sign_on_imports_erase_by_address(hashes: set[str]) -> None:
    """Discard the tables that have one of the addresses in a cell."""
    for batch in SignOnImport.objects.filter(state=State.CHECKING):
        typed = (cell for values in corrections_of(batch).values() for cell in values.values())
        cells = (cell for cell in chain(typed, *(row.cells for row in import_sheet(batch).rows)) if "@" in cell)
        if any(found.digest in hashes for cell in cells for found in lookup_hashes(cell)):
            _discard_all([batch.pk])


def import_sheet(batch: SignOnImport) -> Sheet:
    """The table of an import that has not ended. Raises UnreadableFile."""
    content = SignOnImport.objects.values_list("content", flat=True).get(pk=batch.pk)
    return read_sheet(bytes(content or b""))


@transaction.atomic
def _discard_all(ids: list[int]) -> list[int]:
    """Those that nobody holds. Returns the campaign of each."""
    rows = SignOnImport.objects.select_for_update(skip_locked=True).filter(pk__in=ids, state=State.CHECKING)
    found = list(rows.defer("content"))
    for batch in found:
        _discard(batch)
    return [batch.campaign_id for batch in found]


def _discard(batch: SignOnImport) -> None:
    evidence = batch.evidence_id
    SignOnImport.objects.filter(pk=batch.pk).update(
        state=State.DISCARDED,
        content=None,
        evidence=None,
        file_name="",
        note="",
        corrections="",
        updated_at=timezone.now(),
    )
    evidence_drop_unused([evidence])


def _locked(batch: SignOnImport) -> SignOnImport:
    found = SignOnImport.objects.select_for_update().defer("content").get(pk=batch.pk)
    if found.state != State.CHECKING:
        raise Conflict(_("This import has ended. Its signatures are in the list."))
    return found
