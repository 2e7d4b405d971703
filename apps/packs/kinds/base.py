"""What a kind of file is: its place, the shape of its rows, and how a row becomes a database row."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db import models

from ..shapes import Entry, Mapping


@dataclass(frozen=True, eq=False)
class Kind:
    """Rows of one model in one file.

    `id` is the field of the file that names a row, `key` the model's; `unique` are further fields of the file that no
    two rows may share. `values(entry, position)` gives the model's fields, without campaign and key.
    """

    name: str
    file: str
    section: str
    shape: Mapping
    model: type[models.Model]
    id: str
    key: str
    values: Callable[[Entry, int], dict[str, Any]]
    unique: tuple[str, ...] = ()


def renamed(entry: Entry, **names: str) -> dict[str, Any]:
    """{model field: value of the file's field}, with the model's default ("" or nothing) left out where not given."""
    return {field: entry[name] for field, name in names.items() if name in entry}


def rest(entry: Entry, used: Collection[str]) -> dict[str, Any]:
    """The fields that have no column of their own, kept as they are."""
    return {name: value for name, value in entry.items() if name not in used}
