"""Points in the words of a language, as far as their translations are up to date."""

from .models import PointTranslation, TalkingPoint
from .translation_status import ORIGINAL, Status, is_current, original_hash, translation_status


def translation_words(row: PointTranslation) -> dict[str, str]:
    return {"title": row.title, "claim": row.claim, "passage": row.passage}


def point_words(point: TalkingPoint, language: str) -> dict[str, str]:
    """Title, claim and passage for a letter: of an up-to-date translation, otherwise of the original. No passage: the
    claim."""
    row = words_in_step(point, language)
    if row is not None:
        return {"title": row.title, "claim": row.claim, "passage": row.passage or row.claim}
    own = next((row for row in point.translations.all() if row.language == ORIGINAL), None)
    passage = own.passage if own is not None and is_current(own, point) else ""
    return {"title": point.title, "claim": point.claim, "passage": passage or point.claim}


def words_in_step(point: TalkingPoint, language: str) -> PointTranslation | None:
    """The translation that has a title and claim of the present original."""
    row = next((row for row in point.translations.all() if row.language == language != ORIGINAL), None)
    return row if row and row.title and row.claim and is_current(row, point) else None


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
