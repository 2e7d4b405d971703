"""What a kind of file is: its place, the shape of its rows, and the way from a row of the file to one of the database
and back."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models

from ..schema import Entry, Mapping

#: what a field that is not given has in the database
NOTHING: tuple[Any, ...] = ("", None, [], {})


@dataclass(frozen=True, eq=False)
class FileType:
    """Rows of one model in one file.

    `id` is the field of the file that names a row, `key` the model's; `unique` are further fields of the file that no
    two rows may share. `values(entry, position)` gives the model's fields, without campaign and key; `to_file(row)` is
    its inverse and gives the file's fields. `columns` says {model field: field of the file} where one is the other.
    `order` has every field of the file in reading order. `not_in_file` names the model's fields
    that are in no file, or written elsewhere: a test asks for every field to be in the file or here.
    """

    name: str
    file: str
    section: str
    shape: Mapping
    model: type[models.Model]
    id: str
    key: str
    values: Callable[[Entry, int], dict[str, Any]]
    to_file: Callable[[Any], dict[str, Any]]
    columns: dict[str, str]
    order: tuple[str, ...]
    unique: tuple[str, ...] = ()
    not_in_file: frozenset[str] = frozenset()

    def row(self, stored: Any) -> dict[str, Any]:
        """The fields of one row as the file has them, in its order."""
        return in_order(self.to_file(stored), self.order)


def renamed(entry: Entry, **names: str) -> dict[str, Any]:
    """{model field: value of the file's field}, with the model's default ("" or nothing) left out where not given."""
    return {field: entry[name] for field, name in names.items() if name in entry}


def rest(entry: Entry, used: Collection[str]) -> dict[str, Any]:
    """The fields that have no column of their own, kept as they are."""
    return {name: value for name, value in entry.items() if name not in used}


def given(row: Any, columns: dict[str, str], shape: Mapping) -> dict[str, Any]:
    """The inverse of `renamed`: {field of the file: value}, optional ones only where there is something."""
    found = {name: getattr(row, field) for field, name in columns.items()}
    return {name: value for name, value in found.items() if name in shape.required or value not in NOTHING}


def in_order(fields: dict[str, Any], order: Iterable[str]) -> dict[str, Any]:
    """The fields in this order; what it does not name comes last, by name."""
    known = {name: fields[name] for name in order if name in fields}
    return {**known, **{name: fields[name] for name in sorted(fields.keys() - known.keys())}}
