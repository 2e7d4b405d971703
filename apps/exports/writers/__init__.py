"""Files in each format."""

from collections.abc import Sequence
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.core.types import Label

from ..datasets import Selection
from ..models import Format
from .csv import Progress, write_csv
from .json_lines import write_json_lines
from .pdf import write_pdf
from .xlsx import write_xlsx

CONTENT_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.CSV_PLAIN: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.JSON_LINES: "application/jsonl",
    Format.PDF: "application/pdf",
}
#: of a sheet without the headings, and of a document in the memory of a worker
MOST_ROWS = {Format.XLSX: 1_048_575, Format.PDF: 20_000}
TOO_MANY = {
    Format.XLSX: _("An Excel sheet has room for 1,048,575 rows. Choose CSV, or fewer rows."),
    Format.PDF: _("A PDF has room for 20,000 names. Choose CSV, or fewer rows."),
}


def rows_check(file_format: Format, rows: int) -> None:
    """Raises DomainError for more rows than the format has room for."""
    if rows > MOST_ROWS.get(file_format, rows):
        raise DomainError(TOO_MANY[file_format], field="format")


def write_file(
    selection: Selection,
    file_format: Format,
    out: BinaryIO,
    *,
    about: Sequence[tuple[Label, str]],
    progress: Progress,
    with_letter: bool = False,
) -> int:
    """Write the file and return its number of rows; `progress` gets the number so far. Call it in a transaction, so
    that rows are read in portions. Raises DomainError where the format cannot take the list."""
    if file_format in MOST_ROWS:
        rows_check(file_format, selection.count())
    match file_format:
        case Format.XLSX:
            return write_xlsx(selection, out, progress, about)
        case Format.JSON_LINES:
            return write_json_lines(selection, out, progress)
        case Format.PDF:
            return write_pdf(selection, out, progress, with_letter=with_letter)
        case _:
            return write_csv(selection, out, progress, bom=file_format == Format.CSV)
