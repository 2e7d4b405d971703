"""Exports as LibreOffice opens them: the same rows, and no formula, even where it is told to evaluate them."""

import shutil
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from apps.core.csv_export import spreadsheet_safe
from apps.exports.models import Format
from tests.factories import make_member
from tests.factories.exports import take, wanted
from tests.factories.governments import make_recipient
from tests.factories.letters import make_version
from tests.factories.signing import make_call, make_sign_on

OFFICE = shutil.which("soffice")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.faults,
    pytest.mark.skipif(OFFICE is None, reason="needs LibreOffice (Debian: libreoffice-calc-nogui)"),
]
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
#: commas, UTF-8, all columns as they come, numbers detected, formulas evaluated
CSV_FILTER = "CSV:44,34,76,1,,0,false,true,false,false,false,0,true"
HOSTILE = (
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "＝1+1", "＋1", "－1", "＠SUM(1)", '=HYPERLINK("http://evil.example")',
    "=cmd|'/C calc'!A0", "=DDE(\"soffice\";\"x\";\"A1\")", "{=1+1}",
)  # fmt: skip
HARMLESS = ("Kisumu, Data; Rights", "جمعية المستهلك", "联合工会", "O’Neil + Sons")


@pytest.fixture
def call(campaign: Any, cast: Any) -> Any:
    kenya = make_member()
    make_recipient(campaign, kenya, "Minister", "m@ke.example")
    return make_call(make_version(campaign, cast, kenya), cast, moderated=False)


def reread(folder: Path, *options: str) -> list[list[tuple[str, str]]]:
    """(formula, text) of the first column of each file, by the names of the files."""
    files = sorted(folder.iterdir())
    command = [str(OFFICE), "--headless", f"-env:UserInstallation=file://{folder.parent}/profile", *options]
    target = folder.parent / f"read-{folder.name}"
    made = [*command, "--convert-to", "fods", "--outdir", str(target), *map(str, files)]
    subprocess.run(made, check=True, capture_output=True, timeout=300)
    return [_first_sheet(target / f"{file.stem}.fods") for file in files]


def _first_sheet(file: Path) -> list[tuple[str, str]]:
    sheet = next(ElementTree.parse(file).iter(f"{TABLE}table"))
    cells = [next(row.iter(f"{TABLE}table-cell")) for row in sheet.iter(f"{TABLE}table-row")]
    found = [(cell.get(f"{TABLE}formula", ""), _words("".join(cell.itertext()))) for cell in cells]
    return [(formula, text) for formula, text in found if formula or text]


def _words(text: str) -> str:
    """Without spaces, tabs and line breaks, which its format writes as elements."""
    return "".join(text.split())


def test_no_formula_and_every_row(call: Any, cast: Any, tmp_path: Path) -> None:
    for name in (*HOSTILE, *HARMLESS):
        make_sign_on(call, name)
    filters = {"letter": str(call.letter.number), "version": str(call.version.pk)}
    sheets, tables = tmp_path / "sheets", tmp_path / "tables"
    sheets.mkdir(), tables.mkdir()
    for format, folder in (("csv", tables), ("csv_plain", tables), ("xlsx", sheets)):
        choice = wanted("signatories", "public", format, columns=["name", "country"], filters=filters)
        _row, content = take(call.campaign, cast.data_officer, choice)
        (folder / f"{format}.{Format(format).extension}").write_bytes(content)
    (tables / "unsafe.csv").write_text("name\n=1+1\n", encoding="utf-8")
    table, plain, unsafe = reread(tables, f"--infilter={CSV_FILTER}")
    [sheet] = reread(sheets)
    assert unsafe[1][0], "LibreOffice evaluates nothing: this test would find nothing"
    assert {formula for formula, _text in (*table, *plain, *sheet)} == {""}
    as_written = sorted(_words(spreadsheet_safe(name)) for name in (*HOSTILE, *HARMLESS))
    assert sorted(text for _formula, text in table[1:]) == sorted(text for _formula, text in plain[1:]) == as_written
    assert sorted(text for _formula, text in sheet[1:]) == sorted(_words(name) for name in (*HOSTILE, *HARMLESS))
