"""Lists of signatories as files, beside what writes them without any rule: psql, a decrypting loop, XlsxWriter."""

import csv
import ctypes
import gc
import io
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

import xlsxwriter
from django.db import connection, transaction

from apps.coalitions.models import SignOnCall
from apps.core.encryption import decrypt
from apps.exports.datasets import DATASETS, Selection
from apps.exports.models import Format, Purpose
from apps.exports.writers import write_file
from scripts.find_binaries import postgres_binaries
from scripts.service_dirs import temporary_dirs

from .measuring import Line, compare
from .signing_world import add_signatures, make_open_call

NEEDS_DATABASE = True
#: signatures; a fifth of them is only counted, which leaves 10,000 names to print
PRINTED, FEW, MANY = 12_500, 50_000, 1_000_000
COLUMNS = ("name", "kind", "country_code", "country", "signed_at_utc", "version")
#: megabytes by which a million rows may raise the memory of the process
MEMORY = 40
#: seconds for the PDF of 10,000 names, and the megabytes that it may take meanwhile
PDF_SECONDS, PDF_MEMORY = 5.0, 300


def run() -> Iterator[Line]:
    call = make_open_call()
    add_signatures(call, 1, PRINTED)
    yield from _pdf(call)
    add_signatures(call, PRINTED + 1, FEW)
    public = _selection(call, Purpose.PUBLIC, COLUMNS)
    rows = public.count()
    yield compare("exports.csv", goal=0.5, work=partial(_write, public, Format.CSV), floor=_psql(public), items=rows)
    contacts = _selection(call, Purpose.INTERNAL, ("name", "country", "person", "email"))
    yield compare(
        "exports.csv_contacts", goal=0.5, work=partial(_write, contacts, Format.CSV),
        floor=partial(_decrypt_and_write, call), items=contacts.count(),
    )  # fmt: skip
    yield compare(
        "exports.xlsx", goal=0.8, work=partial(_write, public, Format.XLSX), floor=partial(_bare_xlsx, public),
        items=rows,
    )  # fmt: skip
    add_signatures(call, FEW + 1, MANY)
    yield from _million(public)


def _selection(call: SignOnCall, purpose: Purpose, columns: tuple[str, ...]) -> Selection:
    dataset = DATASETS["signatories"]
    known = {column.key: column for column in dataset.columns}
    filters = {"letter": str(call.letter.number), "version": str(call.version.pk)}
    return Selection(dataset, call.campaign, purpose, [known[key] for key in columns], filters, "en")


def _write(selection: Selection, file_format: Format) -> int:
    with tempfile.TemporaryFile() as file, transaction.atomic():
        return write_file(selection, file_format, cast("BinaryIO", file), about=[], progress=lambda _rows: None)


def _psql(selection: Selection) -> Callable[[], object]:
    r"""`\copy` of the same columns and rows, in the same order, with the codes as they are stored."""
    statement = (
        "SELECT display_name, kind, country, country, confirmed_at, 1 FROM coalitions_signon"
        f" WHERE version_id = {selection.queryset().values_list('version_id', flat=True)[0]} AND state = 'confirmed'"
        " AND moderation = 'accepted' AND visibility = 'public' ORDER BY country, name_key, id"
    )
    database = connection.settings_dict
    program = [
        str(postgres_binaries(temporary_dirs()) / "psql"),
        "-q",
        "-h",
        database["HOST"],
        "-U",
        database["USER"],
        database["NAME"],
    ]
    copy = rf"\copy ({statement}) TO /dev/null CSV"
    return partial(subprocess.run, [*program, "-c", copy], check=True, capture_output=True)


def _decrypt_and_write(call: SignOnCall) -> None:
    """The same cells, read in portions, decrypted and written by nothing but a loop."""
    with tempfile.TemporaryFile("w", newline="") as file, transaction.atomic():
        write = csv.writer(file).writerow
        with connection.chunked_cursor() as cursor:
            cursor.execute(
                "SELECT display_name, country, person_name, email FROM coalitions_signon WHERE version_id = %s"
                " ORDER BY country, name_key, id",
                [call.version_id],
            )
            while rows := cursor.fetchmany(2000):
                for name, country, person, email in rows:
                    write([name, country, decrypt(bytes(person)).decode(), decrypt(bytes(email)).decode()])


def _bare_xlsx(selection: Selection) -> None:
    """The same cells by XlsxWriter, all of them text."""
    with transaction.atomic(), xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, values in enumerate(selection.values(as_text=True).iterator(chunk_size=2000)):
            for column, cell in enumerate(values):
                sheet.write_string(number, column, str(cell))


def _pdf(call: SignOnCall) -> Iterator[Line]:
    selection = _selection(call, Purpose.PUBLIC, COLUMNS)
    start = time.perf_counter()
    more = _more_megabytes(partial(_write, selection, Format.PDF))
    seconds = time.perf_counter() - start
    yield Line("exports.pdf_of_10000", 1, PDF_SECONDS / seconds, 1 / seconds, 1 / PDF_SECONDS)
    yield Line("exports.pdf_memory", 1, PDF_MEMORY / more, 1 / more, 1 / PDF_MEMORY)


def _million(selection: Selection) -> Iterator[Line]:
    """How much memory the process needs for a million rows by each format that is not held in one piece."""
    for file_format in (Format.CSV, Format.JSON_LINES):
        more = _more_megabytes(partial(_write, selection, file_format))
        yield Line(f"exports.memory_{file_format.value}", 1, MEMORY / more, 1 / more, 1 / MEMORY)


def _more_megabytes(act: Callable[[], object]) -> float:
    """By how much the process grows at most, beyond what it holds when it begins."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)  # what an earlier measurement left would hide growth
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak is that of now
    before = _megabytes("VmRSS")
    act()
    return max(_megabytes("VmHWM") - before, 1)


def _megabytes(field: str) -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition(f"{field}:")[2].split()[0]) / 1024
