"""The status of translations of points: missing, draft, reviewed, or older than the original."""

from django.db import models
from django.utils.translation import pgettext_lazy

from apps.core.optimistic_locking import fingerprint

from .models import PointTranslation, TalkingPoint

#: the language in which points and facts are written
ORIGINAL = "en"


class Status(models.TextChoices):
    MISSING = "missing", pgettext_lazy("translation", "Missing")
    DRAFT = "draft", pgettext_lazy("translation", "Draft")
    REVIEWED = "reviewed", pgettext_lazy("translation", "Reviewed")
    STALE = "stale", pgettext_lazy("translation", "The original changed since")


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
