"""What a dataset is: its columns with their types, and its rows for a request."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from apps.campaigns.models import Campaign
from apps.core.csv_export import csv_file
from apps.core.types import JsonObject, Label

#: types of JSON Schema
TEXT: JsonObject = {"type": "string"}
TEXT_OR_NULL: JsonObject = {"type": ["string", "null"]}
NUMBER: JsonObject = {"type": "integer", "minimum": 0}
NUMBER_OR_NULL: JsonObject = {"type": ["integer", "null"]}
YES_NO: JsonObject = {"type": "boolean"}
TEXTS: JsonObject = {"type": "array", "items": {"type": "string"}}
NUMBERS: JsonObject = {"type": "array", "items": {"type": "integer"}}
ADDRESS: JsonObject = {"type": "string", "format": "uri"}
ADDRESS_OR_NULL: JsonObject = {"type": ["string", "null"], "format": "uri"}
DAY_OR_NULL: JsonObject = {"type": ["string", "null"], "format": "date"}
MOMENT: JsonObject = {"type": "string", "format": "date-time"}
CODE: JsonObject = {"type": "string", "pattern": "^[A-Z]{2}$"}


@dataclass(frozen=True)
class Column:
    name: str
    schema: JsonObject
    label: Label


@dataclass(frozen=True)
class Asked:
    """What a request may choose. `language` is one in which the campaign has texts, `day` that of positions."""

    campaign: Campaign
    language: str
    day: date


@dataclass(frozen=True)
class OpenDataset:
    """`rows` returns tuples in the order of the columns."""

    key: str
    label: Label
    hint: Label
    columns: tuple[Column, ...]
    rows: Callable[[Asked], Sequence[tuple[Any, ...]]]
    #: whether ?language= changes it, and ?on=
    in_languages: bool = False
    on_a_day: bool = False

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def document(self, asked: Asked) -> JsonObject:
        campaign = asked.campaign
        found: JsonObject = {"campaign": campaign.slug, "dataset": self.key, "license": campaign.licence_address}
        if self.in_languages:
            found["language"] = asked.language
        if self.on_a_day:
            found["on"] = asked.day.isoformat()
        return found | {"rows": [dict(zip(self.names, row, strict=True)) for row in self.rows(asked)]}

    def csv(self, asked: Asked, *, bom: bool) -> bytes:
        """UTF-8, commas, CRLF; no cell runs in a spreadsheet. `bom`: with the mark by which Excel knows UTF-8."""
        rows = ([_cell(value) for value in row] for row in self.rows(asked))
        return csv_file(self.names, rows, bom=bom)[0]


def _cell(value: Any) -> str | int | None:
    """Lists of words are joined by semicolons, other lists and objects are JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and not any(isinstance(each, dict | list) for each in value):
        return "; ".join(map(str, value))
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return cast("str | int | None", value)
