"""A table of signatures: read and kept until its rows are entered or it is discarded."""

import json
from datetime import timedelta
from itertools import chain
from pathlib import PurePath

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.encryption import lookup_hashes
from apps.core.errors import Conflict, DomainError
from apps.core.text import clean_line
from apps.letters.models import LetterVersion
from apps.recipient_imports.spreadsheets.reader import Sheet, read_sheet

from ..models import SignOnCall, SignOnImport
from ..signatory_columns import KEYS, asked_columns, guess_columns
from .evidence_files import Source, evidence_drop_unused, evidence_store, source_check

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
    """Store the table, encrypted, with a guess of its columns. `source` has the evidence of all rows; without a file of
    its own, the table is the evidence. `version` is the one that was signed, if not the call's. Raises UnreadableFile,
    DomainError, and stores nothing then."""
    name = clean_line(PurePath(file_name.replace("\\", "/")).name)[-200:]
    source_check(source if source.content else Source(source.came_by, source.given_on, source.note or name))
    sheet = read_sheet(content, preview=True)
    if sheet.row_count > MAX_ROWS:
        message = _("The table has %(rows)s rows; at most %(most)s are read. Divide it into several tables.")
        raise DomainError(message % {"rows": sheet.row_count, "most": MAX_ROWS}, field="file")
    return SignOnImport.objects.create(
        campaign=call.campaign, call=call, kind=kind, made_by=actor, came_by=source.came_by, given_on=source.given_on,
        note=source.note, evidence=evidence_store(campaign=call.campaign, actor=actor, source=source),
        language=language, visibility=visibility, authorised=authorised, file_name=name, content=content,
        version=version or call.version,
        mapping=guess_columns(sheet.headings, kind),
    )  # fmt: skip


@transaction.atomic
def sign_on_import_map(*, batch: SignOnImport, mapping: list[str]) -> None:
    """Save what the columns mean. Raises DomainError, Conflict."""
    batch = _locked(batch)
    known = [key for key in mapping if key]
    if len(mapping) != len(batch.mapping) or not set(known) <= set(KEYS):
        raise DomainError(_("The columns are not those of this file. Load the page again."))
    if len(set(known)) < len(known):
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


def sign_on_imports_forget() -> int:
    """Discard what nobody came back to. Idempotent. Returns how many."""
    old = SignOnImport.objects.filter(state=State.CHECKING, updated_at__lt=timezone.now() - RETENTION)
    return _discard_all(list(old.values_list("pk", flat=True)))


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
def _discard_all(ids: list[int]) -> int:
    rows = SignOnImport.objects.select_for_update(skip_locked=True).filter(pk__in=ids, state=State.CHECKING)
    found = list(rows.defer("content"))
    for batch in found:
        _discard(batch)
    return len(found)


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
