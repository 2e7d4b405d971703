"""Optimistic locking of edits."""

import json
from collections.abc import Mapping

from django.db import models

from .canonical_json import sha256_hex


def fingerprint(values: object) -> str:
    """A hash of what a page showed. A form sends it back, so that a save does not overwrite another one unseen."""
    return sha256_hex(json.dumps(values, sort_keys=True, default=str).encode())


def apply_changes(row: models.Model, values: Mapping[str, object]) -> list[str]:
    """Set the values that differ from the row's, for an unsaved row all of them, and return their names."""
    changed = [name for name, value in values.items() if row.pk is None or getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return changed
