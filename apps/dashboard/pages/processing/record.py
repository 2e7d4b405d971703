"""The whole record, as the page shows it and as rows of a file."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign
from apps.campaigns.selectors import processing_details
from apps.core.text import joined, joined_clauses
from apps.core.types import Label

from .activities import Activity, activities
from .disclosure import disclosures, governments_written_to
from .measures import measures
from .periods import Period, kept_on, periods
from .stated import PARTS, STATED


@dataclass(frozen=True)
class Statement:
    """What people wrote in answer to a question; "" where nobody has."""

    label: Label
    text: str


@dataclass(frozen=True)
class ProcessingRecord:
    """`stated` by the part of the record; `missing` is how many questions nobody has answered."""

    controller: list[tuple[str, str]]
    stated: dict[str, list[Statement]]
    missing: int
    activities: list[Activity]
    disclosures: list[str]
    governments: list[str]
    periods: list[Period]
    kept_on: list[str]
    measures: list[str]


def processing_record(campaign: Campaign) -> ProcessingRecord:
    details = processing_details(campaign)
    answers = {name: getattr(details, name) for name in STATED}
    stated: dict[str, list[Statement]] = {part: [] for part in PARTS}
    for name, question in STATED.items():
        stated[question.part].append(Statement(question.label, answers[name]))
    return ProcessingRecord(
        controller=_controller(campaign),
        stated=stated,
        missing=list(answers.values()).count(""),
        activities=activities(campaign),
        disclosures=disclosures(campaign),
        governments=governments_written_to(campaign),
        periods=periods(campaign),
        kept_on=kept_on(),
        measures=measures(),
    )


def _controller(campaign: Campaign) -> list[tuple[str, str]]:
    contact = joined(part for part in (campaign.contact_address, campaign.postal_address) if part)
    return [(_("Responsible"), campaign.data_controller), (_("Contact"), contact)]


def record_heads() -> list[str]:
    return [_("Part"), _("What"), _("Details")]


def record_rows(record: ProcessingRecord) -> Iterator[tuple[str, str, str]]:
    """(part, what, details) for each line."""
    computed: dict[str, list[tuple[str, str]]] = {
        "a": record.controller,
        "b": [(one.purpose, joined_clauses((one.people, one.data, str(one.held)))) for one in record.activities],
        "d": [("", sentence) for sentence in record.disclosures],
        "e": [(_("Governments that got the letter"), joined(record.governments))],
        "f": [(str(one.what), _period(one)) for one in record.periods] + [("", one) for one in record.kept_on],
        "g": [("", sentence) for sentence in record.measures],
    }
    for part, title in PARTS.items():
        stated = [(str(one.label), one.text or _("Not stated")) for one in record.stated[part]]
        for what, details in computed[part] + stated:
            yield str(title), what, details


def _period(period: Period) -> str:
    labels = (_("Kept for"), _("Last run"), _("Deleted"), _("Deleted next"))
    words = (period.kept, period.last_run, period.deleted, period.due)
    return joined_clauses(f"{label}: {said}" for label, said in zip(labels, words, strict=True))
