"""The timeline of a campaign: events by year."""

from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext_lazy as _

from apps.campaigns.models import Campaign
from apps.core.languages import citation_language, language_for
from apps.core.types import Label
from apps.sources.citation.formatter import short_text
from apps.sources.models import Source
from apps.sources.selectors import campaign_document
from apps.talkingpoints.models import CalendarEntry
from apps.talkingpoints.selectors import point_numbers

from .bibliography import event_sources, rests_on_document
from .glossary import reasons
from .point import anchor

#: where an event's date comes from
BASES = {
    "document": _("Dated as in the document"),
    "document+general": _("In the document, with a date from elsewhere"),
    "general": _("Not in the document"),
}
#: how many characters of 2017-05-12 each precision keeps
PRECISIONS = {"year": 4, "month": 7, "day": 10}


@dataclass(frozen=True)
class Event:
    """An event. `after`: it is later than the campaign's document."""

    anchor: str
    date: str
    when: str
    title: str
    basis: Label
    after: bool
    reasons: list[int]
    sources: list[tuple[str, str]]


@dataclass(frozen=True)
class Year:
    year: str
    events: list[Event]


def timeline_page(campaign: Campaign, language: str) -> list[Year]:
    """The events in order, by year; undated ones come last, under ""."""
    rows = sorted(campaign.calendar.all(), key=lambda row: not row.date)
    document, numbers, named = campaign_document(campaign), point_numbers(campaign), event_sources(campaign, rows)
    return [
        Year(year, [_event(row, document, named, numbers, language) for row in group])
        for year, group in groupby(rows, key=lambda row: row.date[:4])
    ]


def _event(
    row: CalendarEntry, document: Source | None, named: dict[str, Source], numbers: set[int], language: str
) -> Event:
    kept = PRECISIONS.get(row.extra.get("precision", ""))  # a date is as written if the file does not say
    date, end = row.date[:kept], str(row.extra.get("end_date") or "")[:kept]
    sources = {document.key: document} if document and rests_on_document(row) else {}
    sources |= {key: named[key] for key in row.extra.get("sources", []) if key in named}
    written, cited_in = document.date if document else "", citation_language(language)
    return Event(
        anchor=anchor("event", row.key),
        date=date,
        when=language_for(language).period(date, end),
        title=row.title,
        basis=BASES.get(row.extra.get("basis", ""), ""),
        after=bool(row.extra.get("after_document", written and row.date[: len(written)] > written)),
        reasons=reasons(row.extra, numbers),
        sources=[(short_text(source, cited_in), anchor("source", source.key)) for source in sources.values()],
    )
