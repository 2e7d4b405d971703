"""Texts as Yjs documents, read from their updates."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from pycrdt import Doc

from apps.core.types import JsonObject

from ..document.yjs.decoding import read_document
from ..document.yjs.encoding import empty_document, new_document
from ..document.yjs.updates import OrphanRange
from ..models import LetterText, TextUpdate


@dataclass(frozen=True)
class OrphanedWords:
    """Words that the update `number` took away though its author had not seen them, or wrote where the block was gone
    already. Its window writes them again: its own from its memory, others' from the document `before`."""

    number: int
    ranges: list[OrphanRange]
    before: bytes


def text_document(text: LetterText) -> Doc[Any]:
    """With every update. A text from before people wrote together has none yet: then what its first will be."""
    if text.sequence < text.first_sequence:
        # no browser draws so small a number for itself, and another document of the text has another one
        return new_document(text.subject, text.body, text.first_sequence)
    return _document(text, text.first_sequence, text.sequence)


def document_name(text: LetterText) -> str:
    """Of the present document: another one after the text was removed and begun anew."""
    return f"{text.pk}-{text.first_sequence}"


def text_at(text: LetterText, sequence: int) -> tuple[str, JsonObject]:
    """Subject and body as they were after an update, also of an earlier document."""
    beginnings = text.updates.filter(sequence__lte=sequence, actor_id=None)
    begun = beginnings.order_by("-sequence").values_list("sequence", flat=True).first()
    return read_document(_document(text, begun or text.first_sequence, sequence))


def updates_after(text: LetterText, sequence: int, last: int) -> list[bytes]:
    """The updates after this one, up to `last`."""
    rows = text.updates.filter(sequence__gt=sequence, sequence__lte=last).order_by("sequence")
    return [bytes(update) for update in rows.values_list("update", flat=True)]


def orphaned_words(text: LetterText, client: int, *, rewritten: Collection[int] = ()) -> list[OrphanedWords]:
    """What this client's updates took away unseen, without those that it has written again."""
    rows = text.updates.filter(client=client, orphans__isnull=False, sequence__gt=text.first_sequence)
    left = rows.exclude(sequence__in=rewritten).only("sequence", "client", "orphans")
    return [_orphaned(text, row) for row in left.order_by("sequence")]


def _orphaned(text: LetterText, update: TextUpdate) -> OrphanedWords:
    ranges = update.orphans or []
    are_own = {client for client, _clock, _length in ranges} == {update.client}
    before = b"" if are_own else _document(text, text.first_sequence, update.sequence - 1).get_update()
    return OrphanedWords(update.sequence, ranges, before)


def room_rows(text_ids: Iterable[int]) -> list[LetterText]:
    """The texts, also removed ones, without subject and body."""
    rows = LetterText.with_removed.filter(pk__in=text_ids).select_related("letter")
    return list(rows.only("sequence", "first_sequence", "removed_at", "letter__closed_at", "letter__archived_at"))


def _document(text: LetterText, first: int, last: int) -> Doc[Any]:
    doc = empty_document()
    snapshot = text.snapshots.filter(sequence__range=(first, last)).first()
    after = snapshot.sequence + 1 if snapshot else first
    updates = text.updates.filter(sequence__range=(after, last)).order_by("sequence")
    with doc.transaction():
        if snapshot:
            doc.apply_update(bytes(snapshot.state))
        for update in updates.values_list("update", flat=True):
            doc.apply_update(bytes(update))
    return doc
