"""The numbered updates of a text whose row is locked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from pycrdt import Doc

from ..document.yjs.updates import OrphanRange
from ..models import LetterText, TextSnapshot, TextUpdate
from ..selectors.text_documents import text_document

#: updates after which the document is kept whole
SNAPSHOT_EVERY = 200


def document_begun(row: LetterText) -> Doc[Any]:
    """The document of a locked text, stored where it was not yet."""
    doc = text_document(row)
    if row.sequence < row.first_sequence:
        update_append(row, doc, doc.get_update(), client=doc.client_id, actor_id=None, at=row.saved_at)
        row.body_sequence = row.sequence
        sequences_save(row)
        doc = text_document(row)  # one that is written to needs a client id of its own
    return doc


def update_append(
    row: LetterText,
    doc: Doc[Any],
    update: bytes,
    *,
    client: int,
    actor_id: int | None,
    at: datetime | None = None,
    orphans: Sequence[OrphanRange] = (),
) -> int:
    """The number of the update, which `doc` has already. The caller saves the row."""
    row.sequence += 1
    TextUpdate.objects.create(
        text=row,
        sequence=row.sequence,
        update=update,
        client=client,
        actor_id=actor_id,
        at=at or timezone.now(),
        orphans=orphans or None,
    )
    if (row.sequence - row.first_sequence + 1) % SNAPSHOT_EVERY == 0:
        TextSnapshot.objects.create(text=row, sequence=row.sequence, state=doc.get_update())
    return row.sequence


def sequences_save(row: LetterText) -> None:
    row.save(update_fields=["sequence", "body_sequence"])
