"""The languages of points and the status of translations."""

from dataclasses import dataclass

from django.conf.locale import LANG_INFO
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.campaigns.models import Campaign
from apps.core.edits import fingerprint
from apps.core.language_names import local_language_name
from apps.core.languages import direction
from apps.governments.models import Member

from .models import PointTranslation, TalkingPoint

#: the language in which points and facts are written
ORIGINAL = "en"


class Status(models.TextChoices):
    MISSING = "missing", _("Missing")
    DRAFT = "draft", _("Draft")
    REVIEWED = "reviewed", _("Reviewed")
    STALE = "stale", _("The original changed since")


#: tone and glyph
LOOKS = {
    Status.MISSING: ("idle", "ring"),
    Status.DRAFT: ("idle", "pen"),
    Status.REVIEWED: ("ok", "ok"),
    Status.STALE: ("warn", "warn"),
}


@dataclass(frozen=True)
class PointLanguage:
    code: str
    name: str
    direction: str
    row: PointTranslation | None
    status: Status
    original: bool

    @property
    def tone(self) -> str:
        return LOOKS[self.status][0]

    @property
    def glyph(self) -> str:
        return LOOKS[self.status][1]


def point_languages(campaign: Campaign, point: TalkingPoint) -> list[PointLanguage]:
    """The original language, the campaign's, and others with a translation."""
    rows = {row.language: row for row in point.translations.all()}
    codes = dict.fromkeys((ORIGINAL, *campaign.languages, *rows))
    return [_language(code, rows.get(code), point) for code in codes]


def further_languages(campaign: Campaign, point: TalkingPoint) -> list[PointLanguage]:
    """Other official languages of members, by their own names."""
    present = {one.code for one in point_languages(campaign, point)}
    spoken = {code for codes in Member.objects.values_list("official_languages", flat=True) for code in codes}
    named = [code for code in spoken - present if len(code) == 2 and code in LANG_INFO]
    return sorted((_language(code, None, point) for code in named), key=lambda one: one.name.casefold())


def original_hash(point: TalkingPoint, language: str) -> str:
    """Of what a translation is made from: title, claim and passage; for the passage itself, title and claim."""
    rows = {row.language: row for row in point.translations.all()}
    passage = rows[ORIGINAL].passage if ORIGINAL in rows and language != ORIGINAL else ""
    return fingerprint([point.title, point.claim, passage])


def translation_words(row: PointTranslation) -> dict[str, str]:
    return {"title": row.title, "claim": row.claim, "passage": row.passage}


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


def point_words(point: TalkingPoint, language: str) -> dict[str, str]:
    """Title, claim and passage for a letter: of an up-to-date translation, otherwise of the original. No passage: the
    claim."""
    rows = {row.language: row for row in point.translations.all()}
    row = rows.get(language)
    if row is not None and language != ORIGINAL and row.title and row.claim and _is_current(row, point):
        return {"title": row.title, "claim": row.claim, "passage": row.passage or row.claim}
    own = rows.get(ORIGINAL)
    passage = own.passage if own is not None and _is_current(own, point) else ""
    return {"title": point.title, "claim": point.claim, "passage": passage or point.claim}


def public_titles(point: TalkingPoint) -> dict[str, str]:
    """{language: title} of the up-to-date translations that are reviewed or from the campaign's files."""
    return {
        row.language: row.title
        for row in point.translations.all()
        if row.title and (row.reviewed_at or not row.written_at) and _is_current(row, point)
    }


def reviewed_claim(point: TalkingPoint, language: str) -> str:
    """The claim of a reviewed, up-to-date translation, or ""."""
    row = next((row for row in point.translations.all() if row.language == language), None)
    status = translation_status(row, original_hash(point, language))
    return row.claim if row is not None and status == Status.REVIEWED else ""


def _is_current(row: PointTranslation, point: TalkingPoint) -> bool:
    status = translation_status(row, original_hash(point, row.language))
    return status in {Status.DRAFT, Status.REVIEWED}


def _language(code: str, row: PointTranslation | None, point: TalkingPoint) -> PointLanguage:
    return PointLanguage(
        code=code,
        name=local_language_name(code).capitalize(),
        direction=direction(code),
        row=row,
        status=translation_status(row, original_hash(point, code)),
        original=code == ORIGINAL,
    )
