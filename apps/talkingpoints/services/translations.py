"""Translate points, and review translations."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.errors import Conflict, DomainError, NotAllowed
from apps.core.optimistic_locking import apply_changes

from ..models import PointTranslation, TalkingPoint
from ..translation_status import ORIGINAL, is_complete, original_hash


@transaction.atomic
def translation_save(
    *, point: TalkingPoint, language: str, actor: User, revision: int | None, original: str, **words: str
) -> PointTranslation:
    """Save a point's title, claim and passage as a draft; in the original language, only the passage.

    `revision`: the one that the person saw, or 0; `original`: the `original_hash` of what they translated.
    """
    locked = _locked(point)
    row = locked.translations.filter(language=language).first()
    _check_seen(locked, language, original, row, revision)
    if row is None:
        row = PointTranslation(point=locked, language=language, revision=0)
    written = {"title": "", "claim": "", "passage": words.get("passage", "").strip()}
    if language != ORIGINAL:
        written |= {name: words.get(name, "").strip() for name in ("title", "claim")}
    if not apply_changes(row, written) and row.source_hash == original:
        return row
    row.writers = sorted({*([] if row.reviewed_at else row.writers), actor.pk})
    row.revision += 1
    row.source_hash, row.written_at = original, timezone.now()
    row.reviewed_by = row.reviewed_at = None
    row.save()
    return _recorded(row, actor, "point_translation.save")


def _check_seen(
    point: TalkingPoint, language: str, original: str, row: PointTranslation | None, revision: int | None
) -> None:
    if original != original_hash(point, language):
        raise Conflict(_("The original text changed while you wrote. Read it again, then save."))
    if revision != (row.revision if row else 0):
        raise Conflict(_("Somebody saved this translation while you wrote. Compare with theirs, then save."))


@transaction.atomic
def translation_review(*, point: TalkingPoint, language: str, actor: User, revision: int | None) -> PointTranslation:
    """Mark the translation with this revision as reviewed. Raises Conflict, NotAllowed, DomainError."""
    locked = _locked(point)
    row = locked.translations.filter(language=language).first()
    if row is None or not is_complete(row):
        raise DomainError(_("The text is not complete yet. Write the title and claim, or the passage, first."))
    if row.revision != revision:
        raise Conflict(_("Somebody changed this translation while you read it. Read the new one."))
    if row.source_hash != original_hash(locked, language):
        raise Conflict(_("The original changed since this was written. Update the translation first."))
    if actor.pk in row.writers:
        raise NotAllowed(_("You wrote in this translation. Somebody else has to review it."))
    row.reviewed_by, row.reviewed_at = actor, timezone.now()
    row.save()
    return _recorded(row, actor, "point_translation.review")


def _recorded(row: PointTranslation, actor: User, verb: str) -> PointTranslation:
    data = {"campaign_id": row.point.campaign_id, "revision": row.revision}
    audit_record(verb=verb, subject=row, actor=actor, language=row.language, **data)
    return row


def translation_load(*, point: TalkingPoint, language: str, words: dict[str, str]) -> dict[str, str]:
    """Save title, claim and passage (if given) of the campaign's files as a draft, in the caller's transaction. Keeps
    what was written or reviewed on pages. Returns {field: earlier text} of the changes."""
    _locked(point)
    row = PointTranslation.objects.filter(point=point, language=language).first()
    if row is None:
        row = PointTranslation(point=point, language=language, revision=0)
    elif row.written_at or row.reviewed_at:
        return {}
    before = {name: getattr(row, name) for name, text in words.items() if getattr(row, name) != text}
    if before:
        for name in before:
            setattr(row, name, words[name])
        row.revision += 1
        row.source_hash = original_hash(point, language)
        row.save()
    return before


def _locked(point: TalkingPoint) -> TalkingPoint:
    return TalkingPoint.objects.select_for_update(no_key=True).get(pk=point.pk)
