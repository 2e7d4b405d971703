"""Bringing rows in step with what files say, and noting what that changed."""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign

from ...file_types import FileType
from ...problems import Report
from ...schema import Entry
from ..field_diffs import FieldChange
from ..load_report import Changes

#: further fields of a row, which need more than the row: entry → values
type Further = Callable[[Entry], dict[str, Any]]


def changed_fields(row: models.Model, values: dict[str, Any]) -> list[str]:
    """Names of the fields in which the row differs from the values, in the order given."""
    return [name for name, value in values.items() if getattr(row, name) != value]


def corrected_here(row: models.Model, values: dict[str, Any]) -> list[str]:
    """The fields in which a row that was corrected in the product differs from its file: the product's words stay.

    Where both say the same again, the row follows its file from now on.
    """
    if getattr(row, "edited_at", None) is None:
        return []
    names = changed_fields(row, values)
    if not names:
        row_change(row, {"edited_at": None})
    return names


def row_differences(
    row: models.Model, values: dict[str, Any], columns: dict[str, str] | None = None
) -> list[FieldChange]:
    """The fields in which the row differs, by the names of the file's `columns`."""
    names = changed_fields(row, values)
    return [FieldChange((columns or {}).get(name, name), getattr(row, name), values[name]) for name in names]


def row_change(row: models.Model, values: dict[str, Any], columns: dict[str, str] | None = None) -> list[FieldChange]:
    """Give the row the values that differ and save it; return what changed, by the names of the file's `columns`."""
    changes = row_differences(row, values, columns)
    for name in changed_fields(row, values):
        setattr(row, name, values[name])
    if changes:
        row.save()
    return changes


def places(rows: list[Any]) -> list[int]:
    """The position of each row of a file; None is a new row.

    Rows already in the file's order keep their positions, so that a number which people use (7.3) does not move
    because another one left.
    """
    if all(rows):
        stored = [(row.position, row.pk) for row in rows]
        if stored == sorted(stored):
            return [row.position for row in rows]
    return list(range(1, len(rows) + 1))


def rows_sync(
    *, file_type: FileType, campaign: Campaign, entries: list[Entry], report: Report, further: Further | None = None
) -> tuple[Changes, dict[str, models.Model]]:
    """Bring the campaign's rows of a file type in step with the file; return the changes and {id: row of the file}.

    Rows that are in no file stay. Where one of them holds a value that a row of the file needs for itself, that is
    reported.
    """
    stored: dict[Any, Any] = {
        getattr(row, file_type.key): row for row in file_type.model._default_manager.filter(campaign=campaign)
    }
    changes = Changes(file_type.name, file_type.file)
    rows: dict[str, models.Model] = {}
    named = {entry[file_type.id] for entry in entries}
    left_over = {key: row for key, row in stored.items() if key not in named}
    positions = _places(file_type, [stored.get(entry[file_type.id]) for entry in entries])
    for position, entry in zip(positions, entries, strict=True):
        _check_free(file_type, entry, left_over, report)
        values = {**file_type.values(entry, position), **(further(entry) if further else {})}
        key = entry[file_type.id]
        row = stored.get(key)
        if row is None:
            row = file_type.model(campaign=campaign, **{file_type.key: key}, **values)
            row.save()
            changes.created.append(str(key))
        elif names := corrected_here(row, values):
            changes.corrected[str(key)] = names
        elif fields := row_change(row, values, file_type.columns):
            changes.changed[str(key)] = fields
        rows[key] = row
    changes.gone = [str(key) for key in left_over]
    return changes, rows


def _places(file_type: FileType, rows: list[Any]) -> list[int]:
    return places(rows if hasattr(file_type.model, "position") else [None] * len(rows))


def _check_free(file_type: FileType, entry: Entry, left_over: dict[Any, Any], report: Report) -> None:
    for name in file_type.unique:
        for key, row in left_over.items():
            if getattr(row, name) == entry[name]:
                report(
                    entry.line_of(name),
                    _("%(field)s: “%(value)s” belongs to %(key)s, which left the files but not the database.")
                    % {"field": name, "value": entry[name], "key": key},
                )
