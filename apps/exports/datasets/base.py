"""What a dataset says of itself: its columns and filters, and the rows that a purpose allows."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from enum import Enum
from typing import Any

from django.db.models import F, JSONField, QuerySet, TextField, Value
from django.db.models.expressions import Combinable, Func
from django.utils.translation import override, pgettext_lazy

from apps.campaigns.models import Campaign
from apps.core.types import Label
from apps.letters.models import LetterVersion

from ..models import Format, Purpose

type Cell = str | int | bool | date | datetime | None
#: {key of a filter: value}
type Filters = Mapping[str, str]
EVERYBODY = frozenset(Purpose)
TEAM = frozenset({Purpose.INTERNAL})
#: rows that are read from the database at once
PORTION = 2000


class Type(Enum):
    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes_no"
    DAY = "day"
    MOMENT = "moment"


class UtcText(Func):
    """A moment as "2017-11-20T09:30:00Z"."""

    template = """to_char((%(expressions)s) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""
    output_field = TextField()


class Words(Func):
    """The word for a code, from {code: word}; a code without a word stays."""

    template = "coalesce(%(expressions)s)"
    output_field = TextField()

    def __init__(self, code: Combinable, words: Mapping[str, str]) -> None:
        table = Value(dict(words), JSONField())
        super().__init__(Func(table, code, template="(%(expressions)s)", arg_joiner=" ->> "), code)


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column. `source` is the field or expression that is read; `words` says what its codes mean in the language of
    the file; `convert` makes the cell where SQL cannot, from the value or, in a dataset of records, from the record. A
    column with `contact` has personal data that only the team may see."""

    key: str
    label: Label
    source: str | Combinable = ""
    type: Type = Type.TEXT
    words: Callable[[str], Mapping[str, str]] | None = None
    convert: Callable[[Any], Cell] | None = None
    #: stored encrypted, so that only Python can read it
    encrypted: bool = False
    contact: bool = False
    purposes: frozenset[Purpose] = EVERYBODY
    #: whether it is in the file unless somebody leaves it out
    usual: bool = True

    @property
    def in_sql(self) -> bool:
        """Whether the database can write the cell by itself."""
        return not self.encrypted and self.convert is None and bool(self.source)

    def expression(self, language: str, *, as_text: bool) -> Combinable:
        """What the database selects; `as_text`: as a CSV file has it."""
        source = F(self.source) if isinstance(self.source, str) else self.source
        if self.words and language:
            return Words(source, self.words(language))
        if as_text and self.type is Type.MOMENT:
            return UtcText(source)
        if as_text and self.type is Type.YES_NO:
            return Func(source, template="CASE WHEN %(expressions)s THEN 'yes' ELSE 'no' END", output_field=TextField())
        return source


ALL = pgettext_lazy("filter", "All")


@dataclass(frozen=True, kw_only=True)
class Filter:
    """`options` returns the choices that occur (value, label) for a campaign and the filters chosen so far; without it
    the value is a day."""

    label: Label
    apply: Callable[[QuerySet[Any], str], QuerySet[Any]]
    options: Callable[[Campaign, Purpose, Filters], list[tuple[str, Label]]] | None = None
    #: what leaves all of them: its gender is that of the label
    every: Label = ALL
    #: the first option applies where none is chosen
    required: bool = False
    #: whether its words are for the team, as a working title; files say the value
    inward: bool = False
    purposes: frozenset[Purpose] = EVERYBODY


@dataclass(frozen=True)
class Printed:
    """What a printed list of signatories belongs to; `sha256` is that of a frozen list."""

    version: LetterVersion
    as_of: datetime
    sha256: str = ""


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """`rows` returns what the purpose may see at all, in the order of the file. Where cells come from several rows,
    `records` makes what the columns convert. `about` says what the list is, as (heading, value) pairs; a list of
    signatories that can be `printed` has columns `country_code`, `kind` and `name`."""

    key: str
    label: Label
    hint: Label
    purposes: tuple[Purpose, ...]
    columns: tuple[Column, ...]
    rows: Callable[[Campaign, Purpose], QuerySet[Any]]
    filters: Mapping[str, Filter] = field(default_factory=dict)
    records: Callable[[Campaign, QuerySet[Any]], Iterable[Any]] | None = None
    about: Callable[[Campaign, Filters], list[tuple[Label, str]]] = lambda _campaign, _filters: []
    printed: Callable[[Campaign, Filters], Printed | None] | None = None

    def formats_for(self, purpose: Purpose) -> list[Format]:
        """A PDF says that those on it signed: the list for the team also has who has not, or only counts."""
        printable = self.printed is not None and purpose != Purpose.INTERNAL
        return [one for one in Format if one != Format.PDF or printable]

    def columns_for(self, purpose: Purpose) -> list[Column]:
        return [column for column in self.columns if purpose in column.purposes]

    def filters_for(self, purpose: Purpose) -> dict[str, Filter]:
        return {key: one for key, one in self.filters.items() if purpose in one.purposes}

    def filter_words(
        self, campaign: Campaign, purpose: Purpose, filters: Filters, *, for_file: bool = False
    ) -> list[tuple[str, str]]:
        """(label, value) of the filters as the team reads them, or whoever gets the file; a value that no longer occurs
        stands as it was kept."""
        found = []
        for key, value in filters.items():
            if (one := self.filters_for(purpose).get(key)) is not None:
                options = (
                    dict(one.options(campaign, purpose, filters))
                    if one.options and not (for_file and one.inward)
                    else {}
                )
                found.append((str(one.label), str(options.get(value, value))))
        return found

    def queryset(self, campaign: Campaign, purpose: Purpose, filters: Filters) -> QuerySet[Any]:
        """The rows that the purpose may see and the filters leave. Raises ValueError for a purpose, and KeyError for a
        filter, that the list does not have."""
        if purpose not in self.purposes:
            raise ValueError(f"the purpose of {self.key} is one of {self.purposes}, not {purpose!r}")
        rows, known = self.rows(campaign, purpose), self.filters_for(purpose)
        for key, value in filters.items():
            rows = known[key].apply(rows, value)
        return rows


@dataclass(frozen=True)
class Selection:
    """The columns and rows of one file."""

    dataset: Dataset
    campaign: Campaign
    purpose: Purpose
    columns: Sequence[Column]
    filters: Filters
    language: str = ""

    @property
    def has_contacts(self) -> bool:
        return any(column.contact for column in self.columns)

    @property
    def headings(self) -> list[str]:
        if not self.language:
            return [column.key for column in self.columns]
        with override(self.language):
            return [str(column.label) for column in self.columns]

    def queryset(self) -> QuerySet[Any]:
        return self.dataset.queryset(self.campaign, self.purpose, self.filters)

    def count(self) -> int:
        return self.queryset().count()

    def values(self, *, as_text: bool = False) -> QuerySet[Any, tuple[Any, ...]]:
        """The selected values, a tuple a row."""
        found = {
            f"column_{number}": column.expression(self.language, as_text=as_text)
            for number, column in enumerate(self.columns)
        }
        return self.queryset().annotate(**found).values_list(*found)

    def rows(self, most: int | None = None) -> Iterator[list[Cell]]:
        """Cells row by row; inside a transaction they are read from the database in portions."""
        if self.dataset.records is not None:
            yield from self._record_rows(self.dataset.records(self.campaign, self.queryset()[:most]))
            return
        converts = [(number, column.convert) for number, column in enumerate(self.columns) if column.convert]
        for values in self.values()[:most].iterator(chunk_size=PORTION):
            row = list(values)
            for number, convert in converts:
                row[number] = convert(row[number])
            yield row

    def _record_rows(self, records: Iterable[Any]) -> Iterator[list[Cell]]:
        words = [column.words(self.language) if column.words and self.language else {} for column in self.columns]
        for record in records:
            cells = [column.convert(record) if column.convert else None for column in self.columns]
            yield [word.get(str(cell), cell) if word else cell for cell, word in zip(cells, words, strict=True)]


def plain(cell: Cell) -> str | int | None:
    """The cell as files without types have it: days and moments by ISO 8601, in UTC."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return cell.isoformat() if isinstance(cell, date) else cell


def day_start(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(), UTC)
