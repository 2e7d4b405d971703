"""Translations of points: their status, and their words as far as they are up to date."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.optimistic_locking import fingerprint

from .models import PointTranslation, TalkingPoint

#: the language in which points and facts are written
ORIGINAL = "en"


class Status(models.TextChoices):
    MISSING = "missing", _("Missing")
    DRAFT = "draft", _("Draft")
    REVIEWED = "reviewed", _("Reviewed")
    STALE = "stale", _("The original changed since")


def original_hash(point: TalkingPoint, language: str) -> str:
    """Of what a translation is made from: title, claim and passage; for the passage itself, title and claim."""
    rows = {row.language: row for row in point.translations.all()}
    passage = rows[ORIGINAL].passage if ORIGINAL in rows and language != ORIGINAL else ""
    return fingerprint([point.title, point.claim, passage])


def is_complete(row: PointTranslation) -> bool:
    """Whether there is enough to review: title and claim; in the original language, the passage."""
    return bool(row.passage if row.language == ORIGINAL else row.title and row.claim)


def translation_status(row: PointTranslation | None, original: str) -> Status:
    """`original`: the `original_hash`."""
    if row is None or not (row.title or row.claim or row.passage):
        return Status.MISSING
    if row.source_hash != original:
        return Status.STALE
    return Status.REVIEWED if row.reviewed_at else Status.DRAFT


def is_current(row: PointTranslation, point: TalkingPoint) -> bool:
    status = translation_status(row, original_hash(point, row.language))
    return status in {Status.DRAFT, Status.REVIEWED}


def translation_words(row: PointTranslation) -> dict[str, str]:
    return {"title": row.title, "claim": row.claim, "passage": row.passage}


def point_words(point: TalkingPoint, language: str) -> dict[str, str]:
    """Title, claim and passage for a letter: of an up-to-date translation, otherwise of the original. No passage: the
    claim."""
    rows = {row.language: row for row in point.translations.all()}
    row = rows.get(language)
    if row is not None and language != ORIGINAL and row.title and row.claim and is_current(row, point):
        return {"title": row.title, "claim": row.claim, "passage": row.passage or row.claim}
    own = rows.get(ORIGINAL)
    passage = own.passage if own is not None and is_current(own, point) else ""
    return {"title": point.title, "claim": point.claim, "passage": passage or point.claim}


def public_titles(point: TalkingPoint) -> dict[str, str]:
    """{language: title} of the up-to-date translations that are reviewed or from the campaign's files."""
    return {
        row.language: row.title
        for row in point.translations.all()
        if row.title and (row.reviewed_at or not row.written_at) and is_current(row, point)
    }


def reviewed_claim(point: TalkingPoint, language: str) -> str:
    """The claim of a reviewed, up-to-date translation, or ""."""
    row = next((row for row in point.translations.all() if row.language == language), None)
    status = translation_status(row, original_hash(point, language))
    return row.claim if row is not None and status == Status.REVIEWED else ""
