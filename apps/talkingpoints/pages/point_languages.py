"""The languages of a point: the original, the campaign's and others, with the status of each translation."""

from dataclasses import dataclass

from django.conf.locale import LANG_INFO

from apps.campaigns.models import Campaign
from apps.core.language_names import local_language_name
from apps.core.languages import direction
from apps.governments.models import Member

from ..models import PointTranslation, TalkingPoint
from ..translation_status import ORIGINAL, Status, original_hash, translation_status

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
    tone: str
    glyph: str


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


def _language(code: str, row: PointTranslation | None, point: TalkingPoint) -> PointLanguage:
    status = translation_status(row, original_hash(point, code))
    tone, glyph = LOOKS[status]
    return PointLanguage(
        code=code,
        name=local_language_name(code).capitalize(),
        direction=direction(code),
        row=row,
        status=status,
        original=code == ORIGINAL,
        tone=tone,
        glyph=glyph,
    )
