"""Files as people send them: what is read, what is refused, and in which words."""

import io
import time
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.recipient_imports.columns import COLUMNS_BY_KEY
from apps.recipient_imports.forms import ReadingForm, UploadForm
from apps.recipient_imports.spreadsheets.encodings import guess_encoding
from apps.recipient_imports.spreadsheets.parser_runner import UnreadableFile
from apps.recipient_imports.spreadsheets.reader import read_sheet
from apps.recipient_imports.spreadsheets.table import MAX_BYTES, Options

HEADS = "Country;Office;Post;E-mail\r\n"
ROW = "Côte d’Ivoire;Ministère du Commerce;Ministre;m@ci.example\r\n"


def refusal(content: bytes, **options: Any) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_sheet(content, Options(**options))
    return str(caught.value)


def workbook(*sheets: tuple[str, list[list[Any]]]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets:
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, date):
                        page.write_datetime(number, column, value, day)
                    else:
                        page.write(number, column, value)
    return file.getvalue()


def zipped(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in parts.items():
            container.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ((HEADS + ROW).encode(), "utf-8"),
        ((HEADS + ROW).encode("utf-8-sig"), "utf-8"),
        ((HEADS + ROW).encode("cp1252"), "cp1252"),
        ((HEADS + ROW).encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + (HEADS + ROW).encode("utf-16-be"), "utf-16"),
    ],
)
def test_encodings_are_told_apart(content: bytes, encoding: str) -> None:
    sheet = read_sheet(content)
    assert sheet.table.encoding == encoding
    assert sheet.headings == ["Country", "Office", "Post", "E-mail"]
    assert sheet.rows[0].cells[:2] == ["Côte d’Ivoire", "Ministère du Commerce"]
    assert sheet.rows[0].number == 2


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_told_apart_though_others_stand_in_the_text(delimiter: str) -> None:
    lines = [["Country", "Post", "Office"], ["Kenya", '"Minister, Trade; Industry"', "State Department"]] * 3
    sheet = read_sheet("\n".join(delimiter.join(line) for line in lines).encode())
    assert sheet.table.delimiter == delimiter
    assert sheet.rows[0].cells[1] == "Minister, Trade; Industry"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Pays;Poste\nCôte d’Ivoire;Aïssatou Traoré, Ministère\n", "cp1252"),
        ("Pays;Poste\nCôte d’Ivoire;Aïssatou Traoré, Ministère\n", "mac_roman"),
        ("Country;Post\nKenya;Minister\nTürkiye;Minister\n", "cp1252"),
        ("Country;Post\nKenya;Minister\nTürkiye;Minister\n", "mac_roman"),
        ("Country;Post\nCôte d'Ivoire;Minister\n", "mac_roman"),
        ("País;Cargo\nMéxico;Secretaría de Economía, José Muñoz\n", "cp1252"),
        ("País;Cargo\nMéxico;Secretaría de Economía, José Muñoz\n", "mac_roman"),
        ("Land;Amt\nÖsterreich;Außenministerium für Übersee\n", "cp1252"),
        ("Land;Amt\nÖsterreich;Außenministerium für Übersee\n", "mac_roman"),
        ("PAYS;POSTE\nCÔTE D’IVOIRE;MINISTÈRE DE L’ÉCONOMIE\n", "cp1252"),
        ("Kraj;Urząd\nPolska;Minister Łukasz Święcicki, Główny Urząd\n", "cp1250"),
        ("Страна;Пост\nКазахстан;Министр торговли\n", "cp1251"),
        ("Страна;Пост\nКазахстан;Министр торговли\n", "koi8_r"),
        ("البلد;المنصب;Email\nالمغرب;وزير التجارة;minister.of.trade@ma.example\n", "cp1256"),
        ("Χώρα;Θέση\nΕλλάδα;Υπουργός Ανάπτυξης\n", "cp1253"),
        ("国家;部门\n新加坡;贸易与工业部部长\n", "gb18030"),
        ("Country;Post\nKenya;Minister\n", "utf-16-le"),
        ("Страна;Post;Email\nКения;Minister;m@ke.example\n", "utf-16-be"),
    ],
)
def test_the_encoding_is_guessed_so_that_names_are_read_as_written(text: str, encoding: str) -> None:
    sheet = read_sheet(text.encode(encoding))
    lines = [line.split(";") for line in text.splitlines()]
    assert [sheet.headings, *(row.cells for row in sheet.rows)] == lines


def test_long_runs_of_letters_take_no_time_to_guess_the_encoding_of() -> None:
    content = (b"a" * 9_999 + b"\n") * 4 + "Côte d’Ivoire".encode("cp1252")
    started = time.thread_time()
    assert guess_encoding(content) == "cp1252"
    assert time.thread_time() - started < 0.5


def test_a_wrong_guess_is_corrected_by_hand() -> None:
    content = "Země;Úřad\nČesko;Jiří Dvořák\n".encode("cp1250")
    assert read_sheet(content).headings == ["Zemì", "Úøad"]
    assert read_sheet(content, Options(encoding="cp1250")).rows[0].cells == ["Česko", "Jiří Dvořák"]
    assert "is not in UTF-8: line 1 does not fit" in refusal("Côte;b\n1;2".encode("cp1252"), encoding="utf-8")
    assert read_sheet(b"a;b,c\n1;2,3", Options(delimiter=",")).headings == ["a;b", "c"]


def test_excels_separator_line_is_no_row() -> None:
    sheet = read_sheet(b"sep=;\r\nCountry;Post\r\nKenya;Minister\r\n")
    assert (sheet.headings, sheet.rows[0].number) == (["Country", "Post"], 3)


def test_line_ends_of_all_kinds_and_line_breaks_within_quotes() -> None:
    sheet = read_sheet(b'Country,Postal address\r"Kenya","Street 1\r\nNairobi"\nTogo,Lome\r\n\r\nGhana,"Accra ""A"""')
    assert [row.cells for row in sheet.rows] == [
        ["Kenya", "Street 1\r\nNairobi"],
        ["Togo", "Lome"],
        ["Ghana", 'Accra "A"'],
    ]
    assert [row.number for row in sheet.rows] == [2, 3, 5]


def test_titles_above_the_headings_are_skipped_and_empty_columns_dropped() -> None:
    rows = [["Trade ministers of the world"], [], ["", "Pays", "", "Courriel", "Ministère"],
            ["", "Kenya", "", "m@ke.example", "Trade"]]  # fmt: skip
    sheet = read_sheet(workbook(("Liste", rows)))
    assert (sheet.heading_row, sheet.skipped) == (3, 1)
    assert sheet.headings == ["Pays", "Courriel", "Ministère"]
    assert read_sheet(workbook(("Liste", rows)), Options(heading_row=1)).heading_row == 1
    assert "Row 2 is empty" in refusal(workbook(("Liste", rows)), heading_row=2)


def test_short_and_long_rows_are_squared() -> None:
    sheet = read_sheet(b"Country,Post\nKenya\nTogo,Minister,more\n")
    assert [row.cells for row in sheet.rows] == [["Kenya", "", ""], ["Togo", "Minister", "more"]]
    assert sheet.headings == ["Country", "Post", "C"]


def test_a_workbook_gives_text_numbers_and_dates_as_one_would_type_them() -> None:
    rows = [
        ["Country", "Phone", "Verified on", "Share", "Formula"],
        ["Kenya", 254712345678, date(2017, 11, 3), 1.5, "=1+1"],
    ]
    sheet = read_sheet(workbook(("Sheet1", rows)))
    assert sheet.rows[0].cells[:4] == ["Kenya", "254712345678", "2017-11-03", "1.5"]


def test_the_first_sheet_that_holds_something_is_taken() -> None:
    content = workbook(
        ("Cover", []), ("Ministers", [["Country", "Post"], ["Kenya", "M"]]), ("Old", [["a", "b"], ["c", "d"]])
    )
    sheet = read_sheet(content)
    assert (sheet.table.sheet, list(sheet.table.sheets)) == ("Ministers", ["Cover", "Ministers", "Old"])
    assert read_sheet(content, Options(sheet="Old")).headings == ["a", "b"]
    assert "no sheet of that name" in refusal(content, sheet="Older")
    assert "empty" in refusal(workbook(("Cover", [])))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n \r\n", "empty"),
        (b"\n;;\n ; \n", "empty"),
        (b"Country;Post\n", "no rows below the headings"),
        (b"%PDF-1.7\n%\xe2\xe3", "This is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "XLS"),
        (b"\r\n <!DOCTYPE html><table>", "web page"),
        (b"<html><table><tr><td>Kenya", "web page"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\x1f\x8b\x08", "Unpack it"),
        (b"Country,Post\nKenya,\x00\nTogo,x", "Row 2 contains a character that is not text"),
        (b"PK\x03\x04 cut off", "incomplete or damaged"),
        (zipped(recipients_xml=b"x"), "compressed folder (ZIP). Unpack it"),
        (zipped(content_xml=b"x"), "OpenDocument"),
        (zipped(word__document_xml=b"x"), "Word"),
        (zipped(xl__workbook_xml=b"<nonsense"), "damaged"),
    ],
)
def test_what_is_no_table_is_told_by_its_content(content: bytes, said: str) -> None:
    assert said in refusal(content)


def test_ten_megabytes_in_one_cell_are_refused_by_row() -> None:
    assert "Row 2 has a cell of more than 10,000" in refusal(b"Country,Post\nKenya," + b"x" * 10_000_000)
    assert "Row 2 has a cell of more than 10,000" in refusal(b"Country,Post\nKenya," + b"x" * 10_001)
    assert "quotation mark" in refusal(b'Country,Post\nKenya,"Minister\n' + b"Togo,Minister\n" * 20_000)
    strings = b"<sst><si><t>" + b"x" * 10_000_000 + b"</t></si></sst>"
    rows = [["Country", "Post"], ["Kenya", "placeholder"]]
    content = replaced(workbook(("S", rows)), "xl/sharedStrings.xml", strings)
    assert "more than 10,000" in refusal(content) or "damaged" in refusal(content)


@pytest.mark.parametrize("length", [10_001, 131_073, 10_000_000])
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_cell_that_is_too_long_is_told_by_its_column(length: int, quote: str) -> None:
    before = 'Togo,"a, ""b""\r\nc",d"e,f,g\r\n'
    content = f'Country,A,B,C,D\r\n{before}Kenya,"x, ""y""\r\nz",5" or 6",,{quote}{"n" * length}{quote}\r\n'
    assert "Row 3 has a cell of more than 10,000 characters (column E)" in refusal(content.encode())
    assert "(column E)" in refusal(content.replace(",", "\t").encode(), delimiter="\t")


class UnreadFile(SimpleUploadedFile):
    def read(self, *_args: Any) -> bytes:
        raise AssertionError("it is too large to be read")


def test_a_file_that_is_too_large_is_refused_before_it_is_read() -> None:
    file = UnreadFile("list.csv", b"x")
    file.size = MAX_BYTES + 1
    form = UploadForm({}, {"file": file})
    assert not form.is_valid()
    assert "at most 20 MB are read" in form.errors["file"][0]


def test_too_large_too_long_and_too_wide() -> None:
    assert "at most 20 MB" in refusal(b"a" * (MAX_BYTES + 1))
    assert "more than 100,000 rows" in refusal(b"a,b\n" + b"1,2\n" * 100_001)
    assert "more than 100,000 rows" in refusal(b"A title\na,b\n" + b"1,2\n" * 100_001, heading_row=2)
    assert "has 101 columns" in refusal(b"a" + b",b" * 100 + b"\n1,2")


@pytest.mark.parametrize(("above", "heading_row"), [(0, 0), (3, 0), (30, 31)])
def test_as_many_rows_as_the_page_offers_are_read(above: int, heading_row: int) -> None:
    content = b"A title\n" * above + b"Country,Email\n" + b"1,2\n" * 100_000
    sheet = read_sheet(content, Options(heading_row=heading_row))
    assert (sheet.headings, sheet.row_count, len(sheet.rows)) == (["Country", "Email"], 100_000, 100_000)


def replaced(content: bytes, name: str, part: bytes) -> bytes:
    """The workbook with one part exchanged."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, part if info.filename == name else old.read(info))
    return file.getvalue()


FILES = Path(__file__).parent / "files"
KENYA_AND_UGANDA = [
    ["Kenya", "Ministry of Trade", "Director", "dir.one@trade-ke.example"],
    ["Uganda", "Ministère du Commerce", "Chef", "chef.un@commerce-ug.example"],
]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("I1-sep-line.csv", KENYA_AND_UGANDA),
        ("I1b-sep-line-bom.csv", KENYA_AND_UGANDA),
        ("I2-unicode-text.txt", KENYA_AND_UGANDA),
        ("I3-cr-only.csv", KENYA_AND_UGANDA),
        ("I4-title-rows-above.csv", KENYA_AND_UGANDA),
        ("I8-second-sheet.xlsx", KENYA_AND_UGANDA),
        ("I7-numbers-title-and-hyperlink.xlsx", [[*KENYA_AND_UGANDA[0][:3], "click here"], KENYA_AND_UGANDA[1]]),
    ],
)
def test_files_as_programs_write_them_are_read(name: str, rows: list[list[str]]) -> None:
    sheet = read_sheet((FILES / name).read_bytes())
    assert sheet.headings == ["Country", "Office", "Title", "Email"]
    assert [row.cells for row in sheet.rows] == rows


TABLE = [["Country", "Office", "Title", "Email"], *KENYA_AND_UGANDA]


def test_the_sheet_with_the_headings_is_chosen_and_a_cover_sheet_offered() -> None:
    content = (FILES / "I10-cover-sheet-first.xlsx").read_bytes()
    form = ReadingForm(sheet=read_sheet(content))
    assert form["sheet"].initial == "Recipients"
    assert [value for value, _label in form["sheet"].field.choices] == ["Cover", "Recipients"]
    assert len(read_sheet(content, Options(sheet="Cover")).headings) == 1


@pytest.mark.parametrize(
    ("sheets", "chosen"),
    [
        ([("Read me", [["Recipients"], ["Country", "the member"], ["Email", "one or more"]]), ("Data", TABLE)], "Data"),
        ([("Figures", [["Year", "Letters"], ["2016", "3"], ["2017", "4"]]), ("Liste", TABLE)], "Liste"),
        ([("2017", TABLE), ("2016", TABLE)], "2017"),
        ([("Short", [["Country", "Email"], ["Kenya", "a@ke.example"]]), ("Full", [["A title"], [], *TABLE])], "Full"),
        ([("Wide", [["x"] * 101] * 3), ("Table", TABLE)], "Table"),
        ([("Lists", [["Country"], ["Kenya"], ["Uganda"]]), ("Unknown", [["a", "b"], ["c", "d"]])], "Lists"),
    ],
)
def test_of_several_sheets_the_one_with_most_known_headings_is_read(sheets: Any, chosen: str) -> None:
    assert read_sheet(workbook(*sheets)).table.sheet == chosen


@pytest.mark.parametrize("cell", ["XFD1048576", "XFD3", "CW2", "B1048576", "CV900000"])
def test_a_stray_cell_far_outside_the_table_is_named(cell: str) -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        page = book.add_worksheet("Recipients")
        for number, row in enumerate(TABLE):
            page.write_row(number, 0, row)
        page.write(cell, "x")
    assert refusal(file.getvalue()) == (
        f"These cells are far outside the table: {cell}. Delete them, save the workbook and choose it again."
    )


def test_a_format_far_outside_the_table_is_no_cell_and_a_stray_cell_in_another_sheet_does_no_harm() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        page, other = book.add_worksheet("Recipients"), book.add_worksheet("Figures")
        for number, row in enumerate(TABLE):
            page.write_row(number, 0, row)
        page.write_blank("XFD1048576", None, book.add_format({"bold": True}))
        other.write("XFD1048576", 1)
    assert [row.cells for row in read_sheet(file.getvalue()).rows] == KENYA_AND_UGANDA
    assert "XFD1048576" in refusal(file.getvalue(), sheet="Figures")


def test_a_cover_sheet_of_one_line_is_passed_over_and_still_offered() -> None:
    sheet = read_sheet((FILES / "I8-second-sheet.xlsx").read_bytes())
    assert (sheet.table.sheet, list(sheet.table.sheets)) == ("Recipients", ["Notes", "Recipients"])


@pytest.mark.parametrize(
    ("name", "addresses"),
    [
        (
            "I5-two-addresses-in-a-cell.csv",
            [["dir.one@trade-ke.example", "dir.two@trade-ke.example"], ["a@ug.example", "b@ug.example"]],
        ),
        (
            "I6-dirty-addresses.csv",
            [["dir.a@trade-ke.example"], ["dir.b@trade-ke.example"], ["dir.c@trade-ke.example"]],
        ),
    ],
)
def test_addresses_are_found_in_what_people_paste(name: str, addresses: list[list[str]]) -> None:
    sheet = read_sheet((FILES / name).read_bytes())
    parse = COLUMNS_BY_KEY["address"].parse
    assert [parse(row.cells[3], date(2017, 12, 1))[0] for row in sheet.rows][: len(addresses)] == addresses
