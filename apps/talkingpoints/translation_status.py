"""Points in several languages: what there is and how far it is."""

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


#: status: tone and glyph
LOOKS = {
    Status.MISSING: ("idle", "ring"),
    Status.DRAFT: ("idle", "pen"),
    Status.REVIEWED: ("ok", "ok"),
    Status.STALE: ("warn", "warn"),
}


@dataclass(frozen=True)
class PointLanguage:
    """A language of a point: its translation, if there is one, and its status."""

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
    """The campaign's languages, the points' own first, then others in which there is something."""
    rows = {row.language: row for row in point.translations.all()}
    codes = dict.fromkeys((ORIGINAL, *campaign.languages, *rows))
    return [_language(code, rows.get(code), point) for code in codes]


def further_languages(campaign: Campaign, point: TalkingPoint) -> list[PointLanguage]:
    """Other languages in which somebody may begin: those official in a member, by their own names."""
    held = {one.code for one in point_languages(campaign, point)}
    spoken = {code for codes in Member.objects.values_list("official_languages", flat=True) for code in codes}
    named = [code for code in spoken - held if len(code) == 2 and code in LANG_INFO]
    return sorted((_language(code, None, point) for code in named), key=lambda one: one.name.casefold())


def original_hash(point: TalkingPoint, language: str) -> str:
    """A hash of what a translation is made from: title, claim and passage; for the passage itself, title and claim."""
    rows = {row.language: row for row in point.translations.all()}
    passage = rows[ORIGINAL].passage if ORIGINAL in rows and language != ORIGINAL else ""
    return fingerprint([point.title, point.claim, passage])


def translation_words(row: PointTranslation) -> dict[str, str]:
    return {"title": row.title, "claim": row.claim, "passage": row.passage}


def is_complete(row: PointTranslation) -> bool:
    """Whether there is enough to review: title and claim; in the original language, the passage."""
    return bool(row.passage if row.language == ORIGINAL else row.title and row.claim)


def translation_status(row: PointTranslation | None, original: str) -> Status:
    """How far a translation is; `original` is the hash of what it should be made from."""
    if row is None or not (row.title or row.claim or row.passage):
        return Status.MISSING
    if row.source_hash != original:
        return Status.STALE
    return Status.REVIEWED if row.reviewed_at else Status.DRAFT


def point_words(point: TalkingPoint, language: str) -> dict[str, str]:
    """title, claim and passage to insert into a letter: in its language where a whole translation is in step with the
    original, else the original's. Without a passage, the claim is used."""
    rows = {row.language: row for row in point.translations.all()}
    row = rows.get(language)
    if row is not None and language != ORIGINAL and row.title and row.claim and _in_step(row, point):
        return {"title": row.title, "claim": row.claim, "passage": row.passage or row.claim}
    own = rows.get(ORIGINAL)
    passage = own.passage if own is not None and _in_step(own, point) else ""
    return {"title": point.title, "claim": point.claim, "passage": passage or point.claim}


def public_titles(point: TalkingPoint) -> dict[str, str]:
    """{language: title} of what anybody may read: reviewed or as it came with the campaign's files, and made from the
    original as it is now. Where the original changed since, its own title is used instead."""
    return {
        row.language: row.title
        for row in point.translations.all()
        if row.title and (row.reviewed_at or not row.written_at) and _in_step(row, point)
    }


def reviewed_claim(point: TalkingPoint, language: str) -> str:
    """The claim in this language, where a second person has read it and the original is still the same; else ""."""
    row = next((row for row in point.translations.all() if row.language == language), None)
    status = translation_status(row, original_hash(point, language))
    return row.claim if row is not None and status == Status.REVIEWED else ""


def _in_step(row: PointTranslation, point: TalkingPoint) -> bool:
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
