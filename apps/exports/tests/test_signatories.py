"""Lists of signatories: whom a purpose may see, the columns chosen, and nothing that runs in a spreadsheet."""

import csv
import io
import json
import re
from itertools import product
from typing import Any
from unittest.mock import patch

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from apps.coalitions.models import Coalition, SignOn
from apps.coalitions.services.annexes import annex_freeze
from apps.coalitions.services.calls import names_hide
from apps.coalitions.services.erasure import sign_on_erase
from apps.coalitions.services.signer_changes import sign_on_withdraw
from apps.core.csv_export import SUSPICIOUS_LINES, csv_file, spreadsheet_safe
from apps.core.errors import DomainError
from apps.core.models import AuditEvent
from apps.core.territories import INTERNATIONAL
from apps.exports.datasets import DATASETS
from apps.exports.models import Export, Format, Purpose
from apps.exports.services.files import about
from apps.exports.services.requests import export_request
from tests.factories import make_campaign, make_member
from tests.factories.exports import take, wanted
from tests.factories.governments import make_recipient
from tests.factories.letters import make_next_version, make_version
from tests.factories.signing import make_call, make_sign_on, make_sign_ons, replace_version

pytestmark = pytest.mark.django_db
PUBLIC_COLUMNS = [
    "name", "name_in_english", "acronym", "kind", "country_code", "country", "website", "members_represented",
    "signed_at_utc", "version",
]  # fmt: skip


@pytest.fixture
def call(campaign: Any, cast: Any) -> Any:
    kenya = make_member()
    make_recipient(campaign, kenya, "Minister", "m@ke.example")
    return make_call(make_version(campaign, cast, kenya), cast, moderated=False)


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def export(call: Any, cast: Any, purpose: str, format: str = "csv", **choice: Any) -> bytes:
    filters = {"letter": str(call.letter.number), "version": str(call.version.pk), **choice.pop("filters", {})}
    _row, content = take(
        call.campaign, cast.data_officer, wanted("signatories", purpose, format, filters=filters, **choice)
    )
    return content


def test_each_purpose_gets_the_names_it_may_know(call: Any, cast: Any) -> None:
    make_sign_on(call, "Kisumu Data Rights Forum")
    make_sign_on(call, "Baraza la Wakulima", visibility="government")
    make_sign_on(call, "Counted Only Traders", visibility="counted")
    sign_on_withdraw(sign_on=make_sign_on(call, "Changed Its Mind"))
    public, government, team = (export(call, cast, purpose) for purpose in ("public", "government", "internal"))
    assert [row["name"] for row in rows_of(public)] == ["Kisumu Data Rights Forum"]
    assert {row["name"] for row in rows_of(government)} == {"Kisumu Data Rights Forum", "Baraza la Wakulima"}
    assert b"Counted" not in public + government + team
    assert {row["state"] for row in rows_of(team)} == {"confirmed", "withdrawn"}
    [unnamed] = [row for row in rows_of(team) if row["visibility"] == "counted"]
    assert (unnamed["name"], unnamed["email"], unnamed["person"], unnamed["country_code"]) == ("", "", "", "KE")


@pytest.mark.parametrize("key", DATASETS)
def test_no_list_has_the_name_of_whoever_is_only_counted(call: Any, cast: Any, key: str) -> None:
    """By whatever purpose and format; and nobody's once all names are hidden."""
    make_sign_on(call, "Kisumu Data Rights Forum")
    make_sign_on(
        call, "Canary Only Traders", visibility="counted", english="Canary traders",
        org_website="https://canary.example", wants_answers=True,
    )  # fmt: skip
    make_sign_on(call, "Baraza Canary", visibility="government")
    annex = annex_freeze(version=call.version, actor=cast.coordinator)
    dataset = DATASETS[key]
    filters = {"list": str(annex.pk)} if key == "annexes" else {}
    if key == "signatories":
        filters = {"letter": str(call.letter.number), "version": str(call.version.pk)}
    for hidden in (False, True):
        if hidden:
            names_hide(call=call, actor=cast.coordinator)
        for purpose, format in product(dataset.purposes, Format):
            if format not in dataset.formats_for(purpose):
                continue
            choice = wanted(key, purpose.value, format.value, filters=filters, language="en")
            text = readable(take(call.campaign, cast.data_officer, choice)[1], format)
            for canary in ("Canary Only", "Canary traders", "canary.example"):
                assert canary not in text, (purpose, format)
            assert purpose != Purpose.PUBLIC or "Baraza" not in text
            if hidden and key in {"signatories", "annexes", "subscribers"}:
                assert "Kisumu Data" not in text, (purpose, format)


def readable(content: bytes, format: str) -> str:
    if format == "xlsx":
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])
    if format == "pdf":
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return content.decode()


def test_international_organisations_are_listed_last_and_from_no_country(call: Any, cast: Any) -> None:
    make_sign_on(call, "Union of Unions", country=INTERNATIONAL)
    make_sign_on(call, "Zambian Forum", country="ZM")
    rows = rows_of(export(call, cast, "government", language="es"))
    assert [list(row.values())[4:6] for row in rows] == [["ZM", "Zambia"], ["ZZ", "Internacional"]]
    text = readable(export(call, cast, "government", "pdf", language="en"), "pdf")
    assert "2 organisations from 1 country" in " ".join(text.split())
    assert text.index("Zambia") < text.index("International") < text.index("Union of Unions")


@pytest.mark.parametrize(("kind", "later"), [("correction", {"Kept", "New"}), ("material", {"New"})])
def test_a_version_lists_those_who_stand_for_it(call: Any, cast: Any, kind: str, later: set[str]) -> None:
    first = call.version
    make_sign_on(call, "Kept")
    make_next_version(call.letter, cast)
    replace_version(call, cast, kind)
    make_sign_on(call, "New")

    def names(version: Any) -> set[str]:
        filters = {"version": str(version.pk)}
        return {row["name"] for row in rows_of(export(call, cast, "government", filters=filters))}

    assert call.version != first
    assert (names(first), names(call.version)) == ({"Kept"}, later)


def test_a_printed_list_is_by_the_names_of_countries_in_its_language(call: Any, cast: Any) -> None:
    for country in ("AE", "DZ", "TD", INTERNATIONAL):
        make_sign_on(call, f"Forum {country}", country=country)
    for language, order in (("en", "DZ TD AE ZZ"), ("fr", "DZ AE TD ZZ")):
        text = readable(export(call, cast, "government", "pdf", language=language), "pdf")
        assert sorted(order.split(), key=lambda country: text.index(f"Forum {country}")) == order.split()


def test_a_printed_list_has_the_language_of_its_letter_and_none_of_the_reader(call: Any, cast: Any) -> None:
    for country in ("AE", "DZ", "TD"):
        make_sign_on(call, f"Forum {country}", country=country)
    with override("es"):
        text = readable(export(call, cast, "government", "pdf", language="ar", with_letter=True), "pdf")
    order = [text.index(name) for name in ("Algeria", "Chad", "United Arab Emirates")]
    assert order == sorted(order), "the letter has no Arabic text"
    assert "in Geneva" in text
    assert "Ginebra" not in text
    assert "when the letter is authorised" not in text, "this list is in no letter"


def test_the_same_rows_by_every_format(call: Any, cast: Any) -> None:
    make_sign_on(call, "جمعية المستهلك الأطلسي", country="MA", english="Atlantic Consumers")
    make_sign_on(call, '=HYPERLINK("http://evil.example")')
    make_sign_on(call, "Kisumu, Data; Rights")
    table = rows_of(export(call, cast, "government", language="en"))
    lines = [json.loads(line) for line in export(call, cast, "government", "jsonl", language="en").splitlines()]
    assert [line["name"] for line in lines] == [
        '=HYPERLINK("http://evil.example")',
        "Kisumu, Data; Rights",
        "جمعية المستهلك الأطلسي",
    ]
    book = openpyxl.load_workbook(io.BytesIO(export(call, cast, "government", "xlsx", language="en")))
    sheet, about = book.worksheets
    heads = [cell.value for cell in sheet[1]]
    assert heads == list(table[0])
    assert heads[:2] == ["Name", "Name in English"]
    cells = [dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=2)]
    assert [row["Name"].value for row in cells] == [line["name"] for line in lines]
    assert {cell.data_type for row in cells for cell in row.values()} <= {"s", "n", "d"}
    assert cells[0]["Name"].quotePrefix
    assert cells[0]["Signed (UTC)"].is_date
    assert sheet.freeze_panes == "A2"
    read = CalamineWorkbook.from_filelike(io.BytesIO(export(call, cast, "government", "xlsx", language="en")))
    assert [row[0] for row in read.get_sheet_by_index(0).to_python()[1:]] == [line["name"] for line in lines]
    assert [row["Name"] for row in table] == [spreadsheet_safe(line["name"]) for line in lines]
    assert [row["Country"] for row in table] == ["Kenya", "Kenya", "Morocco"]
    said = {row[0].value: row[1].value for row in about.iter_rows()}
    assert said["Fingerprint of the version (SHA-256)"] == call.version.sha256
    assert said["Rows"] == "3"
    assert said["For whom"] == "For governments"
    text = readable(export(call, cast, "government", "pdf", language="en"), "pdf")
    assert "Kisumu, Data; Rights" in text
    assert "Morocco" in text


def test_columns_come_in_the_order_chosen_and_headings_in_the_language(call: Any, cast: Any) -> None:
    make_sign_on(call, "Kisumu Data Rights Forum")
    content = export(call, cast, "public", columns=["country", "name"], language="fr")
    assert content.decode("utf-8-sig").splitlines()[1] == "Kenya,Kisumu Data Rights Forum"
    codes = export(call, cast, "public", "csv_plain", columns=PUBLIC_COLUMNS)
    assert codes.startswith(b"name,name_in_english")
    [row] = rows_of(codes)
    assert (row["kind"], row["country"], row["version"]) == ("farmers", "KE", "1")
    assert row["signed_at_utc"].endswith("Z")
    assert codes.endswith(b"\r\n")


def test_narrowing(call: Any, cast: Any) -> None:
    make_sign_on(call, "Kisumu Data Rights Forum")
    make_sign_on(call, "Atlantic Consumers", country="MA")
    person = make_sign_on(call, "", country="TG", display_name="Afi Person")
    SignOn.objects.filter(pk=person.pk).update(kind="person", organisation=None, org_kind="")
    network = Coalition.objects.create(campaign=call.campaign, name="Network")
    SignOn.objects.get(org_name="Atlantic Consumers").organisation.coalitions.add(network)
    today = timezone.now().date().isoformat()

    def names(**filters: str) -> list[str]:
        return [row["name"] for row in rows_of(export(call, cast, "government", filters=filters))]

    assert names(country="MA") == names(coalition=str(network.pk)) == ["Atlantic Consumers"]
    assert names(kind="person") == ["Afi Person"]
    assert names(kind="organisation") == names(kind="farmers") == ["Kisumu Data Rights Forum", "Atlantic Consumers"]
    assert len(names(signed_from=today, signed_until=today)) == 3
    assert names(signed_until="2001-01-01") == []
    for name, value in (("language", person.language), ("state", "confirmed"), ("visibility", "public")):
        assert rows_of(export(call, cast, "internal", filters={name: value}))
        with pytest.raises(DomainError):
            names(**{name: value})


def test_the_preview_has_the_digits_of_the_file_in_arabic_too(call: Any, cast: Any, signed_in: Any) -> None:
    make_sign_on(call, "Kisumu Data Rights Forum")
    cast.data_officer.language = "ar"
    cast.data_officer.save()
    address = reverse("exports:choose", args=[call.campaign.slug, "signatories"])
    page = signed_in(cast.data_officer).get(address, {"columns": "version"}).content.decode()
    assert re.findall(r"<td dir=.auto.>(.*?)</td>", page) == ["<bdi>1</bdi>"]


def test_columns_of_the_team_are_in_no_other_file(call: Any, cast: Any) -> None:
    for column in ("email", "person", "person_position", "state", "visibility", "language"):
        with pytest.raises(DomainError, match="only those that this list has"):
            export(call, cast, "government", columns=["name", column])


def test_a_frozen_list_is_the_same_each_time_save_for_removed_names(call: Any, cast: Any) -> None:
    make_sign_on(call, "Kisumu Data Rights Forum")
    gone = make_sign_on(call, "Changed Its Mind")
    make_sign_on(call, "Baraza la Wakulima", visibility="government")
    annex = annex_freeze(version=call.version, actor=cast.coordinator)
    make_sign_on(call, "Came Too Late")

    def taken(purpose: str, format: str = "csv", language: str = "en") -> bytes:
        choice = wanted("annexes", purpose, format, filters={"list": str(annex.pk)}, language=language)
        return take(call.campaign, cast.data_officer, choice)[1]

    before = taken("government")
    assert before == taken("government")
    assert taken("government", "pdf") == taken("government", "pdf")
    assert [row["Name"] for row in rows_of(before)] == [
        "Baraza la Wakulima",
        "Changed Its Mind",
        "Kisumu Data Rights Forum",
    ]
    assert [row["Why there is no name"] for row in rows_of(taken("public"))] == ["Shown to governments only", "", ""]
    sign_on_erase(sign_on=gone)
    after = rows_of(taken("government"))
    assert [row["Name"] for row in after] == ["Baraza la Wakulima", "", "Kisumu Data Rights Forum"]
    assert after[1]["Why there is no name"] == "Removed on request"
    printed = readable(taken("government", "pdf"), "pdf")
    assert "Changed Its Mind" not in printed
    assert printed.count("removed on request") == 1


def test_a_printed_frozen_list_says_as_the_letter_how_many_are_only_counted(call: Any, cast: Any) -> None:
    """Nobody else asked to have a name removed."""
    make_sign_on(call, "Kisumu Data Rights Forum")
    make_sign_on(call, "Baraza la Wakulima", visibility="government")
    make_sign_on(call, "Counted Only Traders", visibility="counted", country="TG")
    annex = annex_freeze(version=call.version, actor=cast.coordinator)
    for purpose, counted in (("public", "2 of them are counted"), ("government", "1 of them is counted")):
        choice = wanted("annexes", purpose, "pdf", filters={"list": str(annex.pk)}, language="en")
        text = " ".join(readable(take(call.campaign, cast.data_officer, choice)[1], "pdf").split())
        assert "3 organisations from 2 countries have signed" in text
        assert counted in text
        assert "removed on request" not in text
        assert "Togo" not in text


def test_the_list_for_the_team_is_no_pdf_which_would_say_that_all_have_signed(call: Any, cast: Any) -> None:
    sign_on_withdraw(sign_on=make_sign_on(call, "Changed Its Mind"))
    with pytest.raises(DomainError, match="one of the formats"):
        export(call, cast, "internal", "pdf")


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_sheets_are_named_by_whole_words(campaign: Any, cast: Any, language: str) -> None:
    with override(language):
        labels = [str(one.label) for one in DATASETS.values()]
    for key, label in zip(DATASETS, labels, strict=True):
        choice = wanted(key, DATASETS[key].purposes[0].value, "xlsx", language=language)
        book = openpyxl.load_workbook(io.BytesIO(take(campaign, cast.data_officer, choice)[1]))
        name = book.sheetnames[0].removesuffix("…")
        assert label == name or label.startswith(f"{name} ")


def test_the_letter_stands_before_its_list(call: Any, cast: Any) -> None:
    make_sign_on(call, "Kisumu Data Rights Forum")
    without = readable(export(call, cast, "public", "pdf"), "pdf")
    whole = readable(export(call, cast, "public", "pdf", with_letter=True), "pdf")
    subject = call.version.subjects["en"]
    assert "List of signatories" in without
    assert subject in " ".join(whole.split())
    assert "Kisumu Data Rights Forum" in whole


@pytest.mark.parametrize(
    "hostile",
    [
        '=HYPERLINK("http://evil.example","x")', "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", "＝1+1", "＋1", "－1",
        "＠SUM", "\u200e=1+1", " =1+1", '"=1+1', "\ufeff=1+1", "-", "=cmd|' /C calc'!A0", "a;=1", 'a;"=1',
    ],
)  # fmt: skip
def test_nothing_in_it_is_a_formula(hostile: str) -> None:
    assert spreadsheet_safe(hostile) != hostile
    for cells in ([hostile, "x"], ["x", hostile], ["x", hostile, "y"]):
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerow(cells)
        assert SUSPICIOUS_LINES.search(f"\na,b\n{text.getvalue()}c,d\n"), text.getvalue()


def test_a_semicolon_starts_a_cell_in_half_of_europe() -> None:
    assert spreadsheet_safe("Union;=1+1") == "Union;'=1+1"
    assert spreadsheet_safe('a;b; "@x') == "a;b;' \"@x"


@pytest.mark.parametrize("harmless", ["", "Kisumu", "A-B", "Forum; for all", "1 = 1", "'quoted", "O’Neil + Sons"])
def test_other_text_stays(harmless: str) -> None:
    assert spreadsheet_safe(harmless) == harmless
    content, count = csv_file(["name"], [[harmless]])
    assert count == 1
    assert harmless in content.decode()


@pytest.mark.parametrize("language", ["", "en"])
def test_a_hostile_name_is_safe_in_the_file_and_untouched_in_the_data(call: Any, cast: Any, language: str) -> None:
    hostile = '=cmd|"/c calc"!A1, and "more"\nlines'
    sign_on = make_sign_on(call, hostile)
    make_sign_on(call, "Kisumu Data Rights Forum")
    found = list(
        csv.reader(io.StringIO(export(call, cast, "public", language=language).decode("utf-8-sig"), newline=""))
    )
    assert sorted(row[0] for row in found[1:]) == [f"'{hostile}", "Kisumu Data Rights Forum"]
    sign_on.refresh_from_db()
    assert sign_on.org_name == hostile


def test_numbers_are_not_text() -> None:
    content, count = csv_file(["=n"], [[-5], [None]])
    assert (content, count) == (b'\xef\xbb\xbf\'=n\r\n-5\r\n""\r\n', 2)


def test_lists_of_another_campaign_are_empty(call: Any, cast: Any) -> None:
    make_sign_on(call, "Kisumu Data Rights Forum")
    annex = annex_freeze(version=call.version, actor=cast.coordinator)
    other = make_campaign("mc12")
    lists = {
        "signatories": {"letter": str(call.letter.number), "version": str(call.version.pk)},
        "annexes": {"list": str(annex.pk)},
    }
    for key, filters in lists.items():
        for purpose in DATASETS[key].purposes:
            row, content = take(other, cast.data_officer, wanted(key, purpose.value, filters=filters))
            assert (row.rows, b"Kisumu" in content) == (0, False)
            refusal = "one of the formats" if purpose == Purpose.INTERNAL else "Choose the letter"
            with pytest.raises(DomainError, match=refusal):
                take(other, cast.data_officer, wanted(key, purpose.value, "pdf", filters=filters))
    with pytest.raises(DomainError, match="Choose for whom the list"):
        export(call, cast, "everybody", columns=["name"])


def test_a_thousand_take_as_many_queries_as_one(call: Any, cast: Any) -> None:
    def statements(format: str) -> int:
        with CaptureQueriesContext(connection) as taken:
            export(call, cast, "internal", format)
        return len(taken)

    make_sign_on(call, "Kisumu Data Rights Forum")
    for_one = {format: statements(format) for format in ("csv", "xlsx", "jsonl")}
    make_sign_ons(call, [f"Organisation {number}" for number in range(1_000)])
    with patch("apps.exports.services.contact_rows.MANY_CONTACTS", 2_000):
        assert {format: statements(format) for format in for_one} == for_one


def test_looking_exports_nothing(call: Any, cast: Any, signed_in: Any) -> None:
    make_sign_on(call, "Kisumu Data Rights Forum")
    client = signed_in(cast.data_officer)
    for page in ("", "new/signatories/", "new/signatories/?purpose=internal&reason=x"):
        assert client.get(f"/work/mc11/exports/{page}").status_code == 200
    assert client.get("/work/mc11/exports/new/signatories/save/").status_code == 405
    assert not Export.objects.exists()


def test_before_the_first_call_the_page_says_what_to_do(campaign: Any, cast: Any, signed_in: Any) -> None:
    for key in ("signatories", "annexes"):
        page = signed_in(cast.data_officer).get(f"/work/mc11/exports/new/{key}/").content.decode()
        assert "There is no list to export yet" in page
        assert 'href="/work/mc11/sign-on/"' in page.partition("There is no list")[2]


@pytest.mark.parametrize("key", ["signatories", "deliveries"])
def test_the_working_title_stays_with_the_team(call: Any, key: str) -> None:
    type(call.letter).objects.update(title="Plan B")
    filters = {"letter": str(call.letter.number), "version": str(call.version.pk)}
    filters = filters if key == "signatories" else {"letter": filters["letter"]}
    said = about(Export(campaign=call.campaign, dataset=key, purpose="public", filters=filters, language="en"))
    assert "Plan B" not in str(said)
    assert f"Letter: {call.letter.number}" in dict(said)["Limited to"]
    if key == "signatories":
        assert dict(said)["Letter"] == f"{call.letter.number}: {call.version.subjects['en']}"


def test_it_is_on_record_without_names(call: Any, cast: Any) -> None:
    make_sign_on(call, "Kisumu Data Rights Forum")
    row, content = take(
        call.campaign, cast.data_officer,
        wanted("signatories", "public", filters={"letter": str(call.letter.number), "version": str(call.version.pk)}),
    )  # fmt: skip
    assert (row.state, row.rows, row.size, row.reason) == (Export.State.DONE, 1, len(content), "for the ministry")
    event = AuditEvent.objects.get(verb="export.make")
    assert event.data["sha256"] == row.sha256
    assert "Kisumu" not in str(event.data)
    with pytest.raises(DomainError, match="Say why"):
        export_request(
            campaign=call.campaign, wanted=wanted("signatories", "public"), reason="  ", actor=cast.data_officer
        )
