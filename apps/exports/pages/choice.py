"""The page on which somebody chooses what an export contains, and sees what would leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils.datastructures import MultiValueDict
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.types import Label

from ..datasets import DATASETS, Cell, Dataset, Selection, plain
from ..models import Choice, Format, Purpose
from ..selectors import saved_choices
from ..services.contact_rows import second_person_needed
from ..services.requests import ExportChoice, is_large, selection_check

#: values of an address by name
type Query = MultiValueDict[str, str]
#: rows that are shown before the file is made
PREVIEWED = 8
#: "" is for programs
LANGUAGES: list[tuple[str, Label]] = [
    *((code, name) for code, name in settings.LANGUAGES),
    ("", _("Codes, for programs")),
]


@dataclass(frozen=True)
class FilterField:
    """A filter as a field: a choice of `options`, or a day where there are none."""

    key: str
    label: Label
    value: str
    options: list[tuple[str, Label]] | None
    every: Label
    required: bool


@dataclass(frozen=True)
class ColumnField:
    key: str
    label: Label
    chosen: bool
    contact: bool


@dataclass(frozen=True)
class ChoicePage:
    """`wanted` is what was chosen, with defaults for what was not; `rows` are the first ones as the file has them."""

    dataset: Dataset
    wanted: ExportChoice
    selection: Selection
    filters: list[FilterField]
    columns: list[ColumnField]
    count: int
    rows: list[list[str | int | None]]
    needs_second: bool
    #: the column that a button moved up
    moved: str = ""

    @property
    def purposes(self) -> Sequence[Purpose]:
        return self.dataset.purposes

    @property
    def formats(self) -> list[Format]:
        return self.dataset.formats_for(self.selection.purpose)

    @property
    def purpose_label(self) -> Label:
        return self.selection.purpose.label

    @property
    def format_label(self) -> Label:
        return Format(self.wanted.format).label

    @property
    def languages(self) -> list[tuple[str, Label]]:
        return LANGUAGES

    @property
    def printable(self) -> bool:
        return Format.PDF in self.formats

    @property
    def nothing_yet(self) -> bool:
        """Whether there is no letter or list to choose."""
        filters = self.dataset.filters_for(self.selection.purpose)
        return any(one.required and key not in self.wanted.filters for key, one in filters.items())

    @property
    def has_unnamed(self) -> bool:
        """Whether people without a name have rows in it."""
        return self.dataset.key == "signatories" and self.selection.purpose == Purpose.INTERNAL

    @property
    def headings(self) -> list[str]:
        return self.selection.headings

    @property
    def is_large(self) -> bool:
        return is_large(self.count)

    @property
    def typed(self) -> list[tuple[str, str]]:
        """(name, value) pairs of the query that leads to this choice."""
        return choice_query(self.wanted)


def choice_query(choice: Choice | ExportChoice) -> list[tuple[str, str]]:
    found = [("purpose", choice.purpose), ("format", choice.format), ("headings", choice.language)]
    found += [(key, value) for key, value in choice.filters.items()]
    found += [("columns", key) for key in choice.columns]
    return [*found, ("with_letter", "on")] if choice.with_letter else found


def choice_page(campaign: Campaign, dataset: Dataset, query: Query, language: str, person: User) -> ChoicePage:
    """Values of the query that the list does not have are ignored. Raises DomainError for none that it makes."""
    wanted = _wanted(campaign, dataset, query, language)
    selection = selection_check(campaign, wanted)
    with transaction.atomic():  # a cursor of the database needs one
        rows = [[_shown(cell) for cell in row] for row in selection.rows(PREVIEWED)]
    count = selection.count()
    return ChoicePage(
        dataset, wanted, selection, _filter_fields(campaign, dataset, wanted),
        _column_fields(dataset, selection.purpose, wanted.columns), count, rows,
        second_person_needed(selection, count, person), query.get("up", ""),
    )  # fmt: skip


def _shown(cell: Cell) -> str | int | None:
    found = plain(cell)
    return found if not isinstance(found, str) or len(found) <= 120 else f"{found[:119]}…"


def _wanted(campaign: Campaign, dataset: Dataset, query: Query, language: str) -> ExportChoice:
    purpose = query.get("purpose", "")
    purpose = Purpose(purpose) if purpose in dataset.purposes else dataset.purposes[0]
    file_format = query.get("format", "")
    headings = query.get("headings", language)
    return ExportChoice(
        dataset=dataset.key,
        purpose=purpose.value,
        format=file_format if file_format in dataset.formats_for(purpose) else Format.CSV.value,
        columns=_chosen_columns(dataset, purpose, query),
        filters=_chosen_filters(campaign, dataset, purpose, query),
        language=headings if headings in dict(LANGUAGES) else "en",
        with_letter="with_letter" in query and dataset.printed is not None,
    )


def _chosen_columns(dataset: Dataset, purpose: Purpose, query: Query) -> list[str]:
    """In the order of the query, after the button that moves one of them up."""
    offered = {column.key: column for column in dataset.columns_for(purpose)}
    chosen = list(dict.fromkeys(key for key in query.getlist("columns") if key in offered))
    if not chosen:
        chosen = [column.key for column in offered.values() if column.usual]
    moved = query.get("up", "")
    if moved in chosen and (at := chosen.index(moved)):
        chosen[at - 1], chosen[at] = chosen[at], chosen[at - 1]
    return chosen


def _chosen_filters(campaign: Campaign, dataset: Dataset, purpose: Purpose, query: Query) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for key, one in dataset.filters_for(purpose).items():
        value = query.get(key, "")[:100]
        if one.options is None:
            value = value if is_day(value) else ""
        else:
            options = [option for option, _label in one.options(campaign, purpose, chosen)]
            value = value if value in options else options[0] if one.required and options else ""
        if value:
            chosen[key] = value
    return chosen


def is_day(value: str) -> bool:
    """Whether it is a day as 2017-12-13, in a year that a database can compare."""
    try:
        return 1900 <= date.fromisoformat(value).year <= 2100
    except ValueError:
        return False


def _filter_fields(campaign: Campaign, dataset: Dataset, wanted: ExportChoice) -> list[FilterField]:
    """Without those that leave no choice."""
    purpose, found = Purpose(wanted.purpose), []
    for key, one in dataset.filters_for(purpose).items():
        options = one.options(campaign, purpose, wanted.filters) if one.options else None
        if options is None or len(options) > (0 if one.required else 1) or key in wanted.filters:
            found.append(FilterField(key, one.label, wanted.filters.get(key, ""), options, one.every, one.required))
    return found


def _column_fields(dataset: Dataset, purpose: Purpose, chosen: Sequence[str]) -> list[ColumnField]:
    """The chosen ones in their order, then the others."""
    offered = {column.key: column for column in dataset.columns_for(purpose)}
    rest = [key for key in offered if key not in chosen]
    return [ColumnField(key, offered[key].label, key in chosen, offered[key].contact) for key in [*chosen, *rest]]


@dataclass(frozen=True)
class SavedLine:
    """A saved choice with the query that leads to it."""

    pk: int
    name: str
    dataset: Dataset
    purpose: str
    query: str


def saved_lines(campaign: Campaign) -> list[SavedLine]:
    found = []
    for saved in saved_choices(campaign):
        purpose = str(Purpose(saved.purpose).label)
        found.append(SavedLine(saved.pk, saved.name, DATASETS[saved.dataset], purpose, urlencode(choice_query(saved))))
    return found


#: states of exports: glyph, tone
STATE_MARKS = {
    "waiting": ("clock", "ink"), "queued": ("clock", "idle"), "running": ("clock", "ink"), "ready": ("ok", "ok"),
    "done": ("ok", "idle"), "expired": ("ring", "idle"), "cancelled": ("ring", "idle"), "failed": ("bad", "bad"),
}  # fmt: skip
