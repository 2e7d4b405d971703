"""Subject and body of a text, brought up to date with its updates, and what is kept of them on the way."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from pycrdt import Doc

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.types import JsonObject

from ..document.traversal import document_hash, is_same_document
from ..document.yjs.decoding import read_document
from ..models import Approval, FactUse, LetterText, TextRevision
from ..selectors.adaptations import cited_facts
from ..selectors.text_documents import text_document
from ..transports.live_messages import body_tell
from .text_sequences import sequences_save

#: what one person writes with shorter pauses is one revision and one record
MERGED_WITHIN = timedelta(minutes=10)


def text_body_refresh(
    row: LetterText, doc: Doc[Any] | None = None, said: tuple[str, JsonObject] | None = None
) -> LetterText:
    """Bring subject and body of a locked text up to its last update, as its next revision. `doc`: the document, where
    the caller has it; `said`: subject and body that it was just made to say."""
    if row.body_sequence == row.sequence:
        return row
    subject, body = read_document(doc or text_document(row))
    if said and subject == said[0] and is_same_document(body, said[1]):
        body = said[1]
    if subject == row.subject and is_same_document(body, row.body):
        row.body_sequence = row.sequence
        sequences_save(row)
        return row
    sha256 = document_hash(subject, body)
    writers, written_at = _written(row)
    begun = [writer for writer in writers if not _goes_on(row, writer, sha256)]
    if begun:
        revision_keep(row)
    row.subject, row.body, row.sha256, row.body_sequence = subject, body, sha256, row.sequence
    row.revision += 1
    row.saved_by_id, row.saved_at = writers[-1] if writers else None, written_at
    row.save()
    fact_uses_keep(row)
    if begun:
        revision_keep(row)
        _record(row, begun)
    body_tell(row.pk, revision=row.revision, sha256=row.sha256, saved_at=row.saved_at.isoformat())
    return row


def _written(row: LetterText) -> tuple[list[int], Any]:
    """Who wrote since the body was brought up to date, the last one last, and when."""
    updates = row.updates.filter(sequence__gt=row.body_sequence).order_by("sequence").values_list("actor_id", "at")
    last: dict[int, int] = {}
    for place, (actor_id, _at) in enumerate(updates):
        if actor_id is not None:
            last[actor_id] = place
    return sorted(last, key=lambda actor_id: last[actor_id]), updates[len(updates) - 1][1]


def _goes_on(row: LetterText, writer: int, sha256: str) -> bool:
    """Whether this goes on with what the person has begun. What was approved stays apart."""
    mine = row.revisions.filter(saved_by_id=writer, revision__gt=1, saved_at__gt=timezone.now() - MERGED_WITHIN)
    return mine.exists() and not Approval.objects.filter(text=row, sha256__in=[row.sha256, sha256]).exists()


def _record(row: LetterText, writers: list[int]) -> None:
    people = User.objects.in_bulk(writers)
    for writer in writers:
        audit_record(
            verb="letter_text.save", subject=row, actor=people.get(writer), campaign_id=row.letter.campaign_id,
            revision=row.revision, sha256=row.sha256,
        )  # fmt: skip


def revision_keep(text: LetterText) -> None:
    values = {name: getattr(text, name) for name in ("subject", "body", "sha256", "saved_by_id", "saved_at")}
    values["sequence"] = text.body_sequence
    TextRevision.objects.get_or_create(text=text, revision=text.revision, defaults=values)


def fact_uses_keep(text: LetterText) -> None:
    """Facts that were cited before keep the revision of then, so that a correction shows."""
    present = {fact.pk: fact for fact in cited_facts(text).values()}
    text.fact_uses.exclude(fact_id__in=present).delete()
    kept = set(text.fact_uses.values_list("fact_id", flat=True))
    FactUse.objects.bulk_create(
        FactUse(text=text, fact=fact, fact_revision=fact.revision) for pk, fact in present.items() if pk not in kept
    )
