"""Updating rows from the entries of a file."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign

from ...faults import Report
from ...file_types import FileType, Values
from ...schema import Entry
from ..field_change import FieldChange
from ..load_result import Changes

#: {id in the file: row}
type Rows = dict[Any, Any]


def row_differences(row: models.Model, values: Values, columns: Mapping[str, str] | None = None) -> list[FieldChange]:
    """Differing fields, by the names of the file's `columns`."""
    return [
        FieldChange((columns or {}).get(name, name), getattr(row, name), value)
        for name, value in values.items()
        if getattr(row, name) != value
    ]


def row_change(row: models.Model, values: Values, columns: Mapping[str, str] | None = None) -> list[FieldChange]:
    """Update and save the row; return `row_differences`."""
    changes = row_differences(row, values, columns)
    for name, value in values.items():
        setattr(row, name, value)
    if changes:
        row.save()
    return changes


def positions_for(rows: Sequence[Any]) -> list[int]:
    """The position of each row of a file; None is a new row. Rows in the file's order keep theirs, so that a number
    which people use (7.3) does not change because another row left."""
    if all(rows) and list(rows) == sorted(rows, key=lambda row: (row.position, row.pk)):
        return [row.position for row in rows]
    return list(range(1, len(rows) + 1))


def rows_sync(
    *,
    file_type: FileType,
    campaign: Campaign,
    entries: list[Entry],
    report: Report,
    more_values: Callable[[Entry], Values] | None = None,
) -> tuple[Changes, Rows]:
    """Update the campaign's rows of a file type, except what was edited in the product; return the changes and {id: row
    of the file}. Rows in no file stay; reports where one has a value that a row of the file needs."""
    # locked: what people change on pages meanwhile is not overwritten
    rows = file_type.model._default_manager.select_for_update(no_key=True).filter(campaign=campaign)
    stored: Rows = {getattr(row, file_type.key): row for row in rows}
    changes = Changes(file_type.name, file_type.file)
    found: Rows = {}
    named = {entry[file_type.id] for entry in entries}
    left_over = {key: row for key, row in stored.items() if key not in named}
    positions = positions_for([file_type.has_position and stored.get(entry[file_type.id]) for entry in entries])
    for position, entry in zip(positions, entries, strict=True):
        _check_free(file_type, entry, left_over, report)
        values = file_type.values(entry) | (more_values(entry) if more_values else {})
        if file_type.has_position:
            values["position"] = position
        key = entry[file_type.id]
        if key in stored:
            found[key] = stored[key]
            _update(found[key], values, str(key), file_type, changes)
        else:
            found[key] = file_type.model._default_manager.create(campaign=campaign, **values)
            changes.created.append(str(key))
    changes.gone = [str(key) for key in left_over]
    return changes, found


def _update(row: models.Model, values: Values, key: str, file_type: FileType, changes: Changes) -> None:
    if names := edited_here(row, row_differences(row, values)):
        changes.corrected[key] = names
    else:
        changes.change(key, row_change(row, values, file_type.columns))


def edited_here(row: models.Model, differences: list[FieldChange]) -> list[str]:
    """Names of the differing fields of a row edited in the product. Without any, it follows its file again."""
    if getattr(row, "edited_at", None) is None:
        return []
    if not differences:
        row_change(row, {"edited_at": None})
    return [change.name for change in differences]


def _check_free(file_type: FileType, entry: Entry, left_over: Rows, report: Report) -> None:
    columns = {name: column for column, name in file_type.columns.items()}
    for name in file_type.unique:
        for key, row in left_over.items():
            if getattr(row, columns[name]) == entry[name]:
                reason = _("%(field)s: “%(value)s” belongs to %(key)s, which is not in the files but in the database.")
                report(entry.line_of(name), reason % {"field": name, "value": entry[name], "key": key})
