"""What a plan is: rows with kinds and reasons, what a person said about them, and the mark that tells two apart."""

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
#: the kinds of rows that write
WRITING = (Kind.ADDED, Kind.CHANGED, Kind.MERGED)

#: what a person who accepts a row has seen of it
TOLD = ("number", "kind", "country", "changes", "decided", "like")


@dataclass
class Answers:
    """What a person said about single rows: other values for cells, and what to do with them.

    Decisions: "skip", "add", "merge:<recipient id>", "row:<number of an earlier row>".
    """

    cells: dict[str, dict[str, str]] = field(default_factory=dict)
    decisions: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str) -> Answers:
        return cls(**json.loads(text or "{}"))

    def text(self) -> str:
        return json.dumps({"cells": self.cells, "decisions": self.decisions}, ensure_ascii=False)


@dataclass(frozen=True)
class Like:
    """Somebody whom a row may be, and why: stored, or of the earlier row that is `row`."""

    recipient: Recipient
    why: str
    row: int | None

    @property
    def decisions(self) -> list[str]:
        """What a person may have answered to make them one: those of two governments are two, whatever they share."""
        stored = [f"merge:{self.recipient.pk}"] if self.recipient.pk else []
        return [*([f"row:{self.row}"] if self.row else []), *stored] if self.why != "elsewhere" else []

    def shown(self) -> JsonObject:
        office = self.recipient.office
        told = [self.recipient.name, self.recipient.post, office.name, office.member.name]
        return {
            "to": next(iter(self.decisions), ""), "why": self.why, "row": self.row,
            "label": ", ".join(filter(None, told)),
        }  # fmt: skip


@dataclass
class Planned:
    """One row: its kind, why, and what accepting it writes."""

    number: int
    cells: dict[str, str]
    kind: str = Kind.UNCHANGED
    reasons: list[Reason] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    like: list[JsonObject] = field(default_factory=list)
    decided: str = ""
    recipient: Recipient | None = None
    addresses: list[tuple[str, LookupHash]] = field(default_factory=list)
    country: str = ""  # the government, where the cell has another name for it
    key: Identity | None = None
    beside: int | None = None  # the earlier row that it is like
    into: int | None = None  # the earlier row that it goes into, as was decided


@dataclass
class Plan:
    """All rows in their order, and the offices and recipients that they make or change."""

    rows: list[Planned]
    offices: list[Office]

    @property
    def counts(self) -> dict[str, int]:
        counts = Counter(str(row.kind) for row in self.rows)
        return {str(kind): counts[kind] for kind in Kind.values} | {
            "addresses": sum(len(row.addresses) for row in self.rows if row.kind in WRITING)
        }

    @property
    def mark(self) -> str:
        """Two plans with the same mark do the same to the same rows. Keyed: it says nothing about persons."""
        told = [
            {"who": row.recipient and row.recipient.pk} | {name: getattr(row, name) for name in TOLD}
            for row in self.rows
        ]
        return salted_hmac("recipient_imports.plan", json.dumps(told), algorithm="sha256").hexdigest()
