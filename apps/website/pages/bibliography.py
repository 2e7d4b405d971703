"""The sources of a campaign."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from apps.campaigns.models import Campaign
from apps.core.languages import citation_language
from apps.sources.citation.bibliography import Entry, bibliography
from apps.sources.citation.formatter import goes_through_document
from apps.sources.models import Source
from apps.sources.selectors import campaign_document
from apps.talkingpoints.models import CalendarEntry
from apps.talkingpoints.selectors import facts_of

from .point import anchor, archived_copy


@dataclass(frozen=True)
class ListedSource:
    entry: Entry
    anchor: str
    archived: str
    reasons: list[int]


def bibliography_page(campaign: Campaign, language: str) -> list[ListedSource]:
    """The sources of all facts in force and of all events, and the document if any of them is cited through it."""
    document, events = campaign_document(campaign), list(campaign.calendar.all())
    cited: dict[int, Source] = {}
    reasons: dict[int, set[int]] = defaultdict(set)
    for fact in facts_of(campaign):
        for source in (fact.source, *fact.additional_sources.all()):
            cited[source.pk] = source
            if fact.point:
                reasons[source.pk].add(fact.point.number)
    cited |= {source.pk: source for source in event_sources(campaign, events).values()}
    if document and (any(map(goes_through_document, cited.values())) or any(map(rests_on_document, events))):
        cited[document.pk] = document
    return [
        ListedSource(
            entry, anchor("source", entry.source.key), archived_copy(entry.source), sorted(reasons[entry.source.pk])
        )
        for entry in bibliography(cited.values(), citation_language(language), document)
    ]


def event_sources(campaign: Campaign, events: Iterable[CalendarEntry]) -> dict[str, Source]:
    keys = {str(key) for event in events for key in event.extra.get("sources", [])}
    return {source.key: source for source in Source.objects.filter(campaign=campaign, key__in=keys)} if keys else {}


def rests_on_document(event: CalendarEntry) -> bool:
    return str(event.extra.get("basis", "")).startswith("document")
