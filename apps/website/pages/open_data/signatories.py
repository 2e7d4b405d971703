"""The public names of a letter as CSV: the rows of the public list, written by COPY as exports are."""

from typing import BinaryIO

from django.db.models import Case, F, Q, Value, When
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from apps.coalitions.models import SignOn, SignOnCall
from apps.coalitions.selectors.signatory_lists import WHOLE_ORDER, publicly_named
from apps.core.types import JsonObject
from apps.exports.datasets import Dataset, Selection
from apps.exports.datasets.base import Column as Cells
from apps.exports.models import Purpose
from apps.exports.writers.csv import write_csv

from .datasets import ADDRESS, ADDRESS_OR_NULL, CODE, MOMENT, NUMBER, TEXT, YES_NO, Column

IS_ORGANISATION = Q(kind=SignOn.Kind.ORGANISATION)
#: what the database selects for each column
CELLS: dict[str, Combinable] = {
    "name": Case(When(IS_ORGANISATION, then=F("org_name")), default=F("display_name")),
    "name_in_english": Case(
        When(IS_ORGANISATION & ~Q(org_name_english=F("org_name")), then=F("org_name_english")), default=Value("")
    ),
    "kind": F("kind"),
    "country": F("country"),
}
COLUMNS = (
    Column("name", TEXT, _("Name, as its signer wrote it")),
    Column("name_in_english", TEXT, _("Name in English, where it has another one")),
    Column("kind", {"enum": list(SignOn.Kind.values)}, _("organisation or person")),
    Column("country", CODE, _("Code of the country; ZZ for organisations of no single country")),
)
LABEL = _("Signatories")
HINT = _("The names that their signers show to everybody, by country and name.")


def public_list(call: SignOnCall) -> Selection:
    """No filter and no purpose can widen it: the rows are those of the public page."""
    columns = tuple(Cells(key=column.name, label=column.label, source=CELLS[column.name]) for column in COLUMNS)
    dataset = Dataset(
        key="signatories", label=LABEL, hint=HINT, purposes=(Purpose.PUBLIC,), columns=columns,
        rows=lambda _campaign, _purpose: publicly_named(call).order_by(*WHOLE_ORDER),
    )  # fmt: skip
    return Selection(dataset, call.campaign, Purpose.PUBLIC, columns, {})


def signatories_write(call: SignOnCall, file: BinaryIO, *, bom: bool) -> int:
    """Returns the number of names; memory does not grow with it."""
    return write_csv(public_list(call), file, lambda _rows: None, bom=bom)


def json_properties() -> JsonObject:
    """JSON Schema of the page of names and counts that programs read as JSON."""
    row = {column.name: column.schema for column in COLUMNS}
    counts = dict.fromkeys(("total", "organisations", "people", "countries"), NUMBER)
    return {
        "license": ADDRESS_OR_NULL,
        "letter": ADDRESS,
        "version": NUMBER,
        "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "titles": {"type": "object", "additionalProperties": TEXT},
        "is_open": YES_NO,
        "closes_at": MOMENT,
        **counts,
        "by_country": {"type": "object", "additionalProperties": NUMBER},
        "names_hidden": YES_NO,
        "signatories": {
            "type": "array",
            "maxItems": 500,
            "items": {"type": "object", "properties": row, "required": list(row), "additionalProperties": False},
        },
        "next": ADDRESS_OR_NULL,
    }
