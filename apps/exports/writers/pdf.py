"""A list of signatories as PDF, by country, as it accompanies the letter."""

from dataclasses import replace
from itertools import groupby
from typing import BinaryIO
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.coalitions.models import SignOn
from apps.core.errors import DomainError
from apps.core.territories import INTERNATIONAL, territory_name
from apps.core.text import name_sort_key
from apps.core.times import zone_place_lazy
from apps.core.types import JsonObject
from apps.letters.rendering import campaign_letterhead, edition_verification_link, render_pdf
from apps.letters.rendering.types import AnnexData, AnnexSection
from apps.letters.selectors.editions import edition_for, first_language, public_title

from ..datasets import Selection
from ..datasets.base import Printed
from .csv import Progress

#: the columns that it prints, whichever are chosen
PRINTED = ("country_code", "kind", "name", "name_in_english", "without_name")


def write_pdf(selection: Selection, out: BinaryIO, progress: Progress, *, with_letter: bool) -> int:
    """Returns the number of rows. Raises DomainError where nothing is chosen to print."""
    assert selection.dataset.printed is not None  # the form offers PDF for no other
    printed = selection.dataset.printed(selection.campaign, selection.filters)
    if printed is None:
        raise DomainError(_("Choose the letter and the version whose list you want to print."), field="letter")
    rows = _rows(selection)
    version = printed.version
    language = selection.language or first_language(version)
    edition = edition_for(version, None, language) if with_letter else None
    language = edition.language if edition else language  # the letter may have no text in the language of the file
    with override(language):
        head, proof = campaign_letterhead(selection.campaign), None
        annex, body = _annex(selection, printed, rows, language), _title_page(printed, language)
        if edition:
            body, proof = edition.body, edition_verification_link(edition, version, version.letter, selection.campaign)
        out.write(render_pdf(body, {}, annex, head, proof=proof, gaps=True))
    progress(len(rows))
    return len(rows)


def _rows(selection: Selection) -> list[dict[str, str]]:
    """{column: text} in the order of the list."""
    columns = [column for column in selection.dataset.columns if column.key in PRINTED]
    found = replace(selection, columns=columns, language="")
    keys = [column.key for column in columns]
    return [dict(zip(keys, map(str, row), strict=True)) for row in found.rows()]


def _annex(selection: Selection, printed: Printed, rows: list[dict[str, str]], language: str) -> AnnexData:
    """As the letter prints it: who is only counted is no entry, and "removed on request" are names that were there. A
    frozen list keeps its order; others are by the names of countries in the language."""
    zone = ZoneInfo(selection.campaign.time_zone)
    people = sum(row["kind"] == SignOn.Kind.PERSON for row in rows)
    shown = [row for row in rows if row.get("without_name", "") in {"", "removed"}]
    sections = [
        AnnexSection(country, tuple(_name(row) for row in group))
        for country, group in groupby(shown, key=lambda row: row["country_code"])
    ]
    if not printed.sha256:
        sections.sort(key=lambda section: _place_of(section.country, language))
    return AnnexData(
        frozen_at=printed.as_of.astimezone(zone), sha256=printed.sha256 or None, organisations=len(rows) - people,
        people=people, countries=len({row["country_code"] for row in rows} - {INTERNATIONAL}),
        unnamed=len(rows) - len(shown), sections=tuple(sections), place=zone_place_lazy(zone, selection.campaign),
    )  # fmt: skip


def _place_of(country: str, language: str) -> tuple[bool, str]:
    return country == INTERNATIONAL, name_sort_key(territory_name(country, language), language)


def _name(row: dict[str, str]) -> str:
    english = row.get("name_in_english", "")
    return f"{row['name']} ({english})" if english and english != row["name"] else row["name"]


def _title_page(printed: Printed, language: str) -> JsonObject:
    version = printed.version
    line = _("These organisations and people signed letter %(letter)s, version %(version)s: “%(title)s”.") % {
        "letter": version.letter.number, "version": version.number, "title": public_title(version, language),
    }  # fmt: skip
    return {
        "language": language,
        "subject": _("List of signatories"),
        "blocks": [{"type": "paragraph", "content": [{"type": "text", "text": line}]}],
        "notes": [],
    }
