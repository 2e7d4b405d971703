"""The page of a plan: its rows of one kind, and what can be corrected or decided in each."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.utils.functional import Promise

from apps.core.types import JsonObject
from apps.governments.country_names import unambiguous_name
from apps.governments.models import Member

from ..columns import COLUMNS_BY_KEY
from ..models import RecipientImport, RecipientImportRow
from ..planning.plan import WRITING, Kind
from ..selectors import StoredRow, decrypted, rows_of
from .plan_labels import KINDS, MATCHES, PLANNED_KINDS, REASONS, change_label, reason_text

PER_PAGE = 25


@dataclass(frozen=True)
class KindCount:
    kind: str
    label: Promise
    count: int


@dataclass
class PlanLine:
    """A row as the page shows it, with the cells that can be corrected. `earlier` is the row that it repeats."""

    row: StoredRow
    summary: list[str]
    reasons: list[str]
    matches: list[tuple[JsonObject, Promise]]
    changes: list[tuple[str, str, str]]
    inputs: list[JsonObject]
    earlier: PlanLine | None = None


def kind_counts(batch: RecipientImport) -> list[KindCount]:
    labels = KINDS if batch.state == RecipientImport.State.DONE else PLANNED_KINDS
    return [KindCount(kind, label, batch.counts.get(kind, 0)) for kind, label in labels.items()]


def plan_page(batch: RecipientImport, kind: str, number: str | None) -> dict[str, object]:
    """The context of the page. A kind without rows gives the first that has some."""
    counts = kind_counts(batch)
    if kind not in KINDS or not batch.counts.get(kind):
        kind = next((line.kind for line in counts if line.count), Kind.UNCHANGED)
    page = Paginator(rows_of(batch, kind), PER_PAGE).get_page(number)
    lines = _lines(batch, kind, page)
    can_decide = kind in (Kind.REFUSED, Kind.DUPLICATE, Kind.REPEATED, Kind.SKIPPED)
    return {
        "batch": batch,
        "kinds": counts,
        "kind": kind,
        "page": page,
        "lines": lines,
        "can_decide": can_decide or any(line.row.decided for line in lines),
        "countries": [unambiguous_name(member) for member in Member.objects.all()] if kind == Kind.REFUSED else [],
        "writes": sum(batch.counts.get(kind, 0) for kind in WRITING),
    }


def _lines(batch: RecipientImport, kind: str, page: Page[RecipientImportRow]) -> list[PlanLine]:
    lines = [_line(decrypted(row)) for row in page]
    if kind == Kind.REPEATED:
        earlier = rows_of(batch).filter(number__in={line.row.beside for line in lines})
        by_number = {row.number: _line(decrypted(row)) for row in earlier}
        for line in lines:
            line.earlier = by_number.get(line.row.beside or 0)
    return lines


def _line(row: StoredRow) -> PlanLine:
    codes = {code for code, _column, _values in row.reasons}
    wrong = {column: None for code, column, _values in row.reasons if column and code in REASONS}
    keys = ["office", "post", "name"] if "twice" in codes else wrong
    shown = ("name", "post", "office", "country")
    return PlanLine(
        row=row,
        summary=[row.cells[key].strip() for key in shown if row.cells.get(key, "").strip()],
        reasons=[reason_text(reason) for reason in row.reasons],
        matches=[(one, MATCHES[one["why"]]) for one in row.like],
        changes=[(change_label(key), before, after) for key, before, after in row.changes],
        inputs=[
            {"key": key, "label": COLUMNS_BY_KEY[key].label, "value": row.cells.get(key, ""), "invalid": key in wrong}
            for key in keys
        ],
    )
