"""A data officer narrows a list, chooses columns, takes each format, and other programs find the same rows."""

import csv
import io
import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from apps.campaigns.models import Campaign
from apps.coalitions.services.signatory_counts import signatory_changes_add
from apps.core.csv_export import spreadsheet_safe
from apps.exports.models import Export, Format
from tests.factories import make_member
from tests.factories.governments import make_recipient
from tests.factories.letters import make_version
from tests.factories.signing import make_call, make_sign_on, make_sign_ons

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAMED = [
    "جمعية المستهلك الأطلسي",
    '=HYPERLINK("http://evil.example")',
    "Union, des “paysans”; Tanger",
    "Zaër Collectif",
]


def test_one_list_in_every_format(campaign: Campaign, cast: Any, open_page: Callable[..., Page], shoot: Any) -> None:
    kenya = make_member()
    make_recipient(campaign, kenya, "Minister", "m@ke.example")
    call = make_call(make_version(campaign, cast, kenya), cast, moderated=False)
    make_sign_ons(call, [f"Kenyan Forum {number}" for number in range(30)])
    for name in NAMED:
        make_sign_on(call, name, country="MA")
    make_sign_on(call, "Counted Only Traders", country="MA", visibility="counted")
    signatory_changes_add()
    TOTP.activate(cast.data_officer, generate_totp_secret())
    page = open_page(cast.data_officer)

    page.goto(f"/work/{campaign.slug}/sign-on/?state=confirmed")
    page.get_by_role("link", name="Export these signatures").click()
    page.get_by_label("For whom").select_option("government")
    page.get_by_role("combobox", name="Country", exact=True).select_option("MA")
    page.get_by_label("Language of headings and words").select_option("fr")
    page.wait_for_selector("#preview:not([inert])")  # the choices for a government have come
    page.get_by_text("Columns:").press("Enter")
    for column in page.get_by_role("group", name="Columns, in their order").get_by_role("checkbox").all():
        column.set_checked(column.get_attribute("value") in {"name", "kind", "country"})
    heads = ["Pays", "Nom", "Type"]
    expect(page.locator(".previewed th")).to_have_text(["Nom", "Type", "Pays"])  # all choices have arrived
    page.locator("button[name=up][value=country]").focus()
    for _place in range(2):
        expect(page.locator("button[name=up][value=country]")).to_be_focused()
        with page.expect_navigation():
            page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="4 rows will be exported")).to_be_visible()
    expect(page.locator(".previewed th")).to_have_text(heads)
    previewed = [row.locator("td").nth(1).inner_text() for row in page.locator(".previewed tbody tr").all()]
    assert sorted(previewed) == sorted(NAMED)
    shoot(page, "journey-export-choice")

    files = {format: taken(page, format) for format in ("csv", "csv_plain", "xlsx", "jsonl", "pdf")}

    rows = [["Maroc", name] for name in previewed]
    for format in ("csv", "csv_plain"):
        table = list(csv.reader(io.StringIO(files[format].decode("utf-8-sig"), newline="")))
        assert [row[:2] for row in table[1:]] == [[country, spreadsheet_safe(name)] for country, name in rows]
        assert table[0] == heads
    cells = list(openpyxl.load_workbook(io.BytesIO(files["xlsx"])).worksheets[0].iter_rows())
    assert [[cell.value for cell in row[:2]] for row in cells[1:]] == rows
    assert {cell.data_type for row in cells for cell in row} == {"s"}, "no formula"
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(files["xlsx"]))
    assert [row[:2] for row in sheets.get_sheet_by_index(0).to_python()] == [heads[:2], *rows]
    assert "Maroc" in str(sheets.get_sheet_by_index(1).to_python()), "the sheet about the list has its filters"
    lines = [json.loads(line) for line in files["jsonl"].splitlines()]
    assert [[line["country"], line["name"]] for line in lines] == rows
    text = "".join("".join(part.extract_text() for part in PdfReader(io.BytesIO(files["pdf"])).pages).split())
    assert all("".join(name.split()) in text for name in NAMED[1:]), "pypdf turns Arabic letters round"
    assert "Maroc" in text
    assert "KenyanForum" not in text

    page.goto(f"/work/{campaign.slug}/exports/")
    expect(page.locator("main tbody tr")).to_have_count(len(files))
    for export in Export.objects.all():
        assert (export.rows, export.reason, export.asked_by) == (4, "For the ministry in Rabat", cast.data_officer)
        assert export.sha256 == sha256(files[export.format]).hexdigest()


def taken(page: Page, format: str) -> bytes:
    """The file that the browser is handed for what is chosen, in the format, as soon as it is chosen."""
    page.get_by_label("Why you need this list").fill("For the ministry in Rabat")
    page.get_by_label("Format", exact=True).select_option(format)
    expect(page.locator("#preview form")).to_contain_text(str(Format(format).label))
    with page.expect_download() as download:
        page.get_by_role("button", name="Export 4 rows").click()
    return Path(download.value.path()).read_bytes()
