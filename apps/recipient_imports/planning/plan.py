"""The plan of an import: rows with kinds and reasons, a person's answers, and a hash that identifies it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field

from django.utils.crypto import salted_hmac

from apps.core.encryption import LookupHash
from apps.core.types import JsonObject
from apps.governments.models import Office, Recipient

from ..columns import Change, Reason
from ..models import RecipientImportRow
from .matching import Identity

Kind = RecipientImportRow.Kind
#: the kinds of rows that are written
WRITING = (Kind.ADDED, Kind.CHANGED, Kind.MERGED)

#: what a person who accepts a row has seen
HASHED = ("number", "kind", "country", "changes", "decided", "like")


@dataclass
class Answers:
    """A person's answers for single rows: corrected cells and decisions ("skip", "add", "merge:<recipient id>",
    "row:<number of an earlier row>")."""

    cells: dict[str, dict[str, str]] = field(default_factory=dict)
    decisions: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_json(cls, text: str) -> Answers:
        return cls(**json.loads(text or "{}"))

    def to_json(self) -> str:
        return json.dumps({"cells": self.cells, "decisions": self.decisions}, ensure_ascii=False)


@dataclass(frozen=True)
class Match:
    """A recipient that a row may be, and why. `row` is its row if the file has it."""

    recipient: Recipient
    why: str
    row: int | None

    @property
    def decisions(self) -> list[str]:
        """The answers that merge them. Recipients of two governments are never merged."""
        stored = [f"merge:{self.recipient.pk}"] if self.recipient.pk else []
        return [*([f"row:{self.row}"] if self.row else []), *stored] if self.why != "elsewhere" else []

    def shown(self) -> JsonObject:
        office = self.recipient.office
        parts = [self.recipient.name, self.recipient.post, office.name, office.member.name]
        return {
            "to": next(iter(self.decisions), ""), "why": self.why, "row": self.row,
            "label": ", ".join(filter(None, parts)),
        }  # fmt: skip


@dataclass
class PlannedRow:
    """One row: its kind, the reasons, and what accepting it writes."""

    number: int
    cells: dict[str, str]
    kind: str = Kind.UNCHANGED
    reasons: list[Reason] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    like: list[JsonObject] = field(default_factory=list)
    decided: str = ""
    recipient: Recipient | None = None
    addresses: list[tuple[str, LookupHash]] = field(default_factory=list)
    country: str = ""  # set if the cell has another name for it
    key: Identity | None = None
    beside: int | None = None  # the earlier row that it repeats
    into: int | None = None  # the earlier row that it is merged into


@dataclass
class Plan:
    """All rows in their order, and the offices that they add or change."""

    rows: list[PlannedRow]
    offices: list[Office]

    @property
    def counts(self) -> dict[str, int]:
        counts = Counter(str(row.kind) for row in self.rows)
        return {str(kind): counts[kind] for kind in Kind.values} | {
            "addresses": sum(len(row.addresses) for row in self.rows if row.kind in WRITING)
        }

    @property
    def mark(self) -> str:
        """Equal for plans that do the same. Keyed, so that it reveals nothing about people."""
        rows = [
            {"who": row.recipient and row.recipient.pk} | {name: getattr(row, name) for name in HASHED}
            for row in self.rows
        ]
        return salted_hmac("recipient_imports.plan", json.dumps(rows), algorithm="sha256").hexdigest()
