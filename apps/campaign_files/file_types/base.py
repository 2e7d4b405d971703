"""A file type as a table of fields, from which reading, storing and writing follow."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy, pgettext_lazy

from ..schema import Entry, Mapping, Shape, fit

#: of a model, or of a file
type Values = dict[str, Any]


class Reference(models.TextChoices):
    """What the values of a field name."""

    MEMBER = "member", gettext_lazy("member")
    GROUP = "group", gettext_lazy("group")
    GROUP_OR_ALL = "group or all", gettext_lazy("group")
    MEMBER_OR_GROUP = "member or group", gettext_lazy("member or group")
    SOURCE = "source", gettext_lazy("source")
    POINT = "point", gettext_lazy("point")
    FACT = "fact", gettext_lazy("fact")
    ASK = "ask", pgettext_lazy("noun", "ask")
    TOPIC = "topic", gettext_lazy("topic")
    ACTOR = "actor", gettext_lazy("actor")
    LANGUAGE = "language", gettext_lazy("language of the campaign")
    MERGE_FIELD = "merge field", gettext_lazy("merge field")


#: what the database stores for a field that is not given
EMPTY: tuple[object, ...] = ("", None, [], {})


@dataclass(frozen=True)
class Field:
    """A field of a file. `shape`: a text as long as the column takes by default. `column`: the model's field,
    of the same name by default; None where the type has code of its own. `within`: the JSON field with the value."""

    name: str
    shape: Shape | None = None
    column: str | None = ""
    required: bool = False
    within: str = ""
    refers: Reference | None = None

    @property
    def stored(self) -> str | None:
        return self.name if self.column == "" else self.column


@dataclass(frozen=True, eq=False)
class Fields:
    """The fields of one row, in reading order."""

    model: type[models.Model]
    fields: tuple[Field, ...]

    @cached_property
    def shape(self) -> Mapping:
        shapes = {field.name: field.shape or fit(self.model, field.stored or field.name) for field in self.fields}
        required = {field.name for field in self.fields if field.required}
        return Mapping(
            required={name: shape for name, shape in shapes.items() if name in required},
            optional={name: shape for name, shape in shapes.items() if name not in required},
            defaulted=frozenset(name for column, name in self.columns.items() if self._default(column) not in EMPTY),
        )

    @cached_property
    def columns(self) -> dict[str, str]:
        """{model field: field of the file}"""
        return {field.stored: field.name for field in self.fields if field.stored and not field.within}

    @property
    def order(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields)

    def values(self, entry: Entry) -> Values:
        """Values for the model, with its defaults."""
        found: Values = {column: entry.get(name, self._default(column)) for column, name in self.columns.items()}
        for field in self.fields:
            if field.within:
                part = found.setdefault(field.within, {})
                if field.name in entry:
                    part[field.stored] = entry[field.name]
        return found

    def to_file(self, row: models.Model, **more: object) -> Values:
        """The inverse of `values`, with `more` fields; optional ones only if they have a value."""
        found = {name: getattr(row, column) for column, name in self.columns.items()}
        found = {name: value for name, value in found.items() if name in self.shape.required or value not in EMPTY}
        names = {(field.within, field.stored): field.name for field in self.fields if field.within}
        for part in {field.within for field in self.fields} - {""}:
            found |= {names.get((part, key), key): value for key, value in getattr(row, part).items()}
        return in_order(found | more, self.order)

    def _default(self, column: str) -> object:
        field = self.model._meta.get_field(column)
        return field.get_default() if isinstance(field, models.Field) else None


@dataclass(frozen=True, eq=False)
class FileType(Fields):
    """Rows of one model in one file. The first field is the id; no two rows may share it or one of `unique`.
    `more_values` and `more_fields` convert fields without a column."""

    file: str = ""
    name: str = ""
    unique: tuple[str, ...] = ()
    more_values: Callable[[Entry], Values] | None = None
    more_fields: Callable[[Any], Values] | None = None

    @property
    def id(self) -> str:
        return self.fields[0].name

    @property
    def key(self) -> str:
        return self.fields[0].stored or ""

    @property
    def has_position(self) -> bool:
        return hasattr(self.model, "position")

    @property
    def section(self) -> str:
        return PurePath(self.file).stem

    def values(self, entry: Entry) -> Values:
        return super().values(entry) | (self.more_values(entry) if self.more_values else {})

    def to_file(self, row: models.Model, **more: object) -> Values:
        return super().to_file(row, **(self.more_fields(row) if self.more_fields else {}), **more)


def in_order(fields: Values, order: Iterable[str]) -> Values:
    """Unknown fields come last, so that reading the file again refuses them."""
    known = {name: fields[name] for name in order if name in fields}
    return known | {name: fields[name] for name in sorted(fields.keys() - known.keys())}
