"""Exports, each recorded with the file's hash in the same transaction."""

from dataclasses import dataclass
from datetime import UTC

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.audit import audit_record
from apps.core.canonical_json import sha256_hex
from apps.core.csv_export import csv_file
from apps.core.errors import DomainError
from apps.letters.models import Letter

from .models import ExportRecord
from .selectors import RECIPIENT_COLUMNS, SIGNATORY_COLUMNS, recipient_rows, signatory_rows
from .xlsx_export import xlsx_file

AUDIENCES = ("public", "government")
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Export:
    record: ExportRecord
    filename: str
    content: bytes
    content_type: str = CONTENT_TYPES["csv"]


@transaction.atomic
def signatories_export(*, campaign: Campaign, letter: Letter, audience: str, actor: User) -> Export:
    """The signatories whose names `audience` ("public" or "government") may see, as CSV. Raises DomainError."""
    if audience not in AUDIENCES:
        raise DomainError(_("Choose for whom the list is: the public or governments."), field="audience")
    if letter.campaign_id != campaign.pk:
        raise DomainError(_("That letter belongs to another campaign. Choose one of this campaign."), field="letter")
    with override("en"):
        cells = (list(row.values()) for row in signatory_rows(letter, audience))
        content, rows = csv_file(SIGNATORY_COLUMNS, cells)
    record = _record(
        campaign, actor, content, kind="signatories", audience=audience, columns=SIGNATORY_COLUMNS, rows=rows,
        filters={"letter": letter.number},
    )  # fmt: skip
    audit_record(
        verb="export.signatories", subject=record, actor=actor, letter=letter.number, audience=audience, rows=rows,
        sha256=record.sha256,
    )  # fmt: skip
    return Export(record, _filename(campaign, f"letter-{letter.number}-signatories-{audience}", "csv"), content)


@transaction.atomic
def recipients_export(*, campaign: Campaign, format: str, actor: User) -> Export:
    """Recipients with contact data, in the columns that an import reads. Raises DomainError."""
    if format not in CONTENT_TYPES:
        raise DomainError(_("Choose CSV or XLSX."), field="format")
    lines = recipient_rows(campaign)
    if format == "csv":
        content, rows = csv_file(RECIPIENT_COLUMNS, lines)
    else:
        content, rows = xlsx_file(RECIPIENT_COLUMNS, lines, sheet="recipients")
    record = _record(
        campaign, actor, content, kind="recipients", format=format, audience="team", columns=RECIPIENT_COLUMNS,
        rows=rows,
    )  # fmt: skip
    audit_record(verb="export.recipients", subject=record, actor=actor, format=format, rows=rows, sha256=record.sha256)
    return Export(record, _filename(campaign, "recipients", format), content, CONTENT_TYPES[format])


def _record(campaign: Campaign, actor: User, content: bytes, *, format: str = "csv", **values: object) -> ExportRecord:
    return ExportRecord.objects.create(
        campaign=campaign, made_by=actor, format=format, sha256=sha256_hex(content), **values
    )


def _filename(campaign: Campaign, name: str, format: str) -> str:
    """ASCII: "mc11-letter-1-signatories-public-2017-11-20.csv"."""
    day = timezone.now().astimezone(UTC).date().isoformat()
    return f"{slugify(campaign.slug)}-{name}-{day}.{format}"
