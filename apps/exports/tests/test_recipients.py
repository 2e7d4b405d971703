"""The list of recipients as a file: on record, safe in a spreadsheet, and importing it again changes nothing."""

import hashlib
import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from apps.campaigns.models import Campaign
from apps.core.errors import DomainError
from apps.core.models import AuditEvent
from apps.exports.datasets import DATASETS, Selection
from apps.exports.models import Export, Purpose
from apps.exports.services.files import file_name
from apps.governments.models import Recipient, RecipientAddress
from apps.governments.services.addresses import address_add
from apps.governments.services.recipients import office_save, recipient_save
from apps.recipient_imports.columns import COLUMNS
from apps.recipient_imports.selectors import decrypted, rows_of
from apps.recipient_imports.services.transitions import import_accept, import_begin, import_check
from apps.recipient_imports.spreadsheets.reader import read_sheet
from tests.factories import make_campaign, make_member
from tests.factories.exports import take, wanted

pytestmark = pytest.mark.django_db


@pytest.fixture
def recipients(campaign: Campaign) -> None:
    kenya = make_member()
    ivory = make_member("CI", "Côte d'Ivoire", name_fr="Côte d’Ivoire")
    ministry = office_save(
        campaign=campaign, member=kenya, kind="capital", name="=HYPERLINK(1)", actor=None, city="Nairobi",
        postal="P.O. Box 1\nNairobi",
    )  # fmt: skip
    mission = office_save(campaign=campaign, member=kenya, kind="mission", name='Mission; "Geneva"', actor=None)
    trade = office_save(campaign=campaign, member=ivory, kind="head", name="وزارة التجارة", actor=None)
    for number, (office, details) in enumerate(
        [
            (ministry, {"name": "Ann; =1+1", "phone": "+254 1", "form": "feminine", "notes": "-x\n@y",
                        "verified_on": date(2017, 11, 3)}),
            (ministry, {"name": "Ben", "salutation": {"en": "Sir", "fr": "Monsieur"}, "source": "'=quoted"}),
            (mission, {"name": "", "language": "es", "salutation": {"es": "Excelencia"}}),
            (trade, {"name": "علي", "language": "ar", "salutation": {"ar": "معالي الوزير"}}),
        ]
    ):  # fmt: skip
        values = {"language": "en", **details}
        row = recipient_save(office=office, post=f"Post {number}", actor=None, **values)
        address_add(recipient=row, address="info@ke.example", actor=None)
        address_add(recipient=row, address=f"+{number}@ke.example", actor=None)
    recipient_save(office=ministry, post="Retired", language="en", actor=None, active=False)
    recipient_save(office=ministry, post="Without address", language="en", actor=None)
    RecipientAddress.objects.filter(recipient__post="Post 1", position=1).update(health="retired")
    other = make_campaign("mc12")
    recipient_save(
        office=office_save(campaign=other, member=kenya, kind="capital", name="Theirs", actor=None), post="Theirs",
        language="en", actor=None,
    )  # fmt: skip


RECIPIENTS = DATASETS["recipients"]
HEADINGS = [column.key for column in RECIPIENTS.columns]


def export(campaign: Campaign, cast: Any, format: str, language: str = "") -> tuple[str, bytes]:
    """The name and the content of the file."""
    made, content = take(campaign, cast.data_officer, wanted("recipients", "internal", format, language=language))
    return file_name(made), content


def recipient_rows(campaign: Campaign) -> list[list[Any]]:
    return list(Selection(RECIPIENTS, campaign, Purpose.INTERNAL, RECIPIENTS.columns, {}).rows())


@pytest.mark.parametrize(
    ("format", "language"), [("csv", ""), ("xlsx", ""), ("csv", "en"), ("csv", "fr"), ("csv", "es"), ("xlsx", "ar")]
)
def test_what_was_exported_comes_back_unchanged(
    campaign: Campaign, cast: Any, recipients: None, format: str, language: str
) -> None:
    make_member("CD", "Democratic Republic of the Congo")
    congo = make_member("CG", "Congo")  # by its name alone it may be either
    place = office_save(campaign=campaign, member=congo, kind="capital", name="Ministère", actor=None)
    minister = recipient_save(office=place, post="Ministre", language="fr", actor=None)
    address_add(recipient=minister, address="ministre@cg.example", actor=None)
    name, content = export(campaign, cast, format, language)
    sheet = read_sheet(content)
    assert language or sheet.headings == HEADINGS
    assert [row.cells for row in sheet.rows] == recipient_rows(campaign)
    batch = import_begin(campaign=campaign, actor=cast.data_officer, file_name=name, content=content)
    assert batch.mapping == [column.key for column in COLUMNS], "the headings in each language are known"
    import_check(batch=batch, mapping=batch.mapping)
    batch.refresh_from_db()
    assert {kind: count for kind, count in batch.counts.items() if count} == {"unchanged": 6}


HARD = [
    "    indented\n\tand  two  spaces,\n\n\nlines between ; 'quoted' \"twice\"  ",
    "=1+1\n  =2;=3\n'@x", "\u200fعربي\u200c نص\r\nسطر", "\u2028a\u2029b\u0085c\x0bd", "_x0041_ &amp; <b>", "1e5", "007",
    " \u00a0nbsp\u00a0 \u00a0x", "TRUE", "2017-12-13",
]  # fmt: skip


@pytest.mark.parametrize("format", ["csv", "xlsx"])
@pytest.mark.parametrize("typed", HARD)
def test_whatever_the_forms_take_comes_back_unchanged(
    campaign: Campaign, cast: Any, signed_in: Any, format: str, typed: str
) -> None:
    make_member()
    lines = ("office", "city", "office_phone", "post", "name", "phone", "source", "salutation_en", "salutation_fr")
    data = dict.fromkeys((*lines, "postal", "notes"), typed) | {
        "kind": "mission", "form": "feminine", "language": "en", "verified_on": "2017-11-03",
        "address": '"a;b,c|<d>"@ke.example',
    }  # fmt: skip
    answer = signed_in(cast.coordinator).post(reverse("recipients:new", args=[campaign.slug, "KE"]), data)
    assert answer.status_code == 302
    recipient = Recipient.objects.get()
    address_add(recipient=recipient, address="d'e+f{g|h}@ke.example", actor=None)
    assert recipient.office.phone
    name, content = export(campaign, cast, format)
    batch = import_begin(campaign=campaign, actor=cast.data_officer, file_name=name, content=content)
    import_check(batch=batch, mapping=batch.mapping)
    batch.refresh_from_db()
    [row] = map(decrypted, rows_of(batch))
    assert (row.kind, row.changes, row.reasons) == ("unchanged", [], [])


def test_the_telephone_of_the_office_comes_with_the_file(campaign: Campaign, cast: Any) -> None:
    make_member()
    content = (
        b"Country,Ministry,Post,Email,Phone,Switchboard,Postal address\n"
        b"Kenya,Treasury,Minister,m@ke.example,+254 1,+254 0,Box 1\n"
    )
    batch = import_begin(campaign=campaign, actor=cast.data_officer, file_name="l.csv", content=content)
    import_check(batch=batch, mapping=batch.mapping)
    batch.refresh_from_db()
    import_accept(batch=batch, actor=cast.data_officer, mark=batch.plan_mark)
    office = Recipient.objects.get().office
    assert (office.phone, office.postal_address, office.recipients.get().phone) == ("+254 0", "Box 1", "+254 1")
    [cells] = recipient_rows(campaign)
    assert cells[HEADINGS.index("office_phone")] == "+254 0"


def test_nothing_in_the_file_runs(campaign: Campaign, cast: Any, recipients: None) -> None:
    text = export(campaign, cast, "csv")[1].decode()
    assert text.startswith("\ufeff")
    assert ",'=HYPERLINK" in text
    assert ",'+254 1" in text
    book = export(campaign, cast, "xlsx")[1]
    assert book[:2] == b"PK"
    assert "=HYPERLINK(1)" in str(read_sheet(book).rows)


def test_a_cell_too_long_for_excel_says_that_it_is_cut(campaign: Campaign, cast: Any, recipients: None) -> None:
    """Excel counts UTF-16: an emoji is two of its characters."""
    fits, long, wide = "f" * 32_767, "l" * 32_767 + "!", "\N{PARTY POPPER}" * 20_000
    for number, notes in enumerate([fits, long, wide, "one\r\ntwo"]):
        Recipient.objects.filter(post=f"Post {number}").update(notes=notes)
    book = openpyxl.load_workbook(io.BytesIO(export(campaign, cast, "xlsx")[1]))
    sheet, about = book.worksheets
    column = HEADINGS.index("notes")
    cells = {str(row[column].value or "") for row in sheet.iter_rows(min_row=2)}
    mark = "[…] Cut here. See the sheet “About this list”."
    assert {cell for cell in cells if mark not in cell} == {fits, "one\ntwo", ""}
    cut = [cell.removesuffix(f" {mark}") for cell in cells if mark in cell]
    assert sorted({(cell[0], len(set(cell))) for cell in cut}) == [("l", 1), ("\N{PARTY POPPER}", 1)]
    assert all(32_766 <= len(cell.encode("utf-16-le")) // 2 <= 32_767 for cell in cells if mark in cell)
    said = {row[0].value: row[1].value for row in about.iter_rows()}
    assert said["Cut"].startswith("2 cells are longer than the 32,767 characters that Excel allows")
    assert long.encode() in export(campaign, cast, "csv")[1], "other formats have all of it"


def test_it_is_on_record_without_personal_data(campaign: Campaign, cast: Any, recipients: None) -> None:
    _name, content = export(campaign, cast, "xlsx")
    record = Export.objects.get()
    assert (record.dataset, record.format, record.rows, record.asked_by) == (
        "recipients", "xlsx", 5, cast.data_officer
    )  # fmt: skip
    assert record.sha256 == hashlib.sha256(content).hexdigest()
    event = AuditEvent.objects.get(verb="export.make")
    assert event.data["sha256"] == record.sha256
    assert "ke.example" not in str(event.data)
    with pytest.raises(DomainError, match="Choose one of the formats"):
        export(campaign, cast, "pdf")


def test_who_is_written_to_no_more_is_in_no_list(campaign: Campaign, cast: Any, recipients: None) -> None:
    text = export(campaign, cast, "csv")[1].decode()
    assert "Retired" not in text
    assert "+1@ke.example" not in text
    assert "Theirs" not in text


CHOICE = {"format": "xlsx", "reason": "To check the addresses"}


def test_the_page_says_how_many_and_the_button_gives_the_file(cast: Any, recipients: None, signed_in: Any) -> None:
    client, address = signed_in(cast.data_officer), reverse("exports:choose", args=["mc11", "recipients"])
    assert "5 rows will be exported" in client.get(address).content.decode()
    answer = client.post(address, CHOICE)
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")
    assert 'filename="mc11-recipients-internal-' in answer["Content-Disposition"]
    listed = client.get(reverse("exports:index", args=["mc11"])).content.decode()
    assert 'Recipients, For the team<br><span class="muted">Excel (XLSX)</span>' in listed
    assert client.post(address, {"format": "xlsx"}).status_code == 400


@pytest.mark.parametrize("who", ["coordinator", "drafter", "reviewer", "sender", "observer"])
def test_only_data_officers_take_it(cast: Any, recipients: None, signed_in: Any, who: str) -> None:
    client = signed_in(getattr(cast, who))
    assert client.post(reverse("exports:choose", args=["mc11", "recipients"]), CHOICE).status_code == 403
    assert not Export.objects.exists()


def test_without_the_second_factor_one_is_led_to_it(cast: Any, recipients: None, signed_in: Any) -> None:
    client = signed_in(cast.data_officer, second_factor=False)
    assert client.post(reverse("exports:choose", args=["mc11", "recipients"]), CHOICE).status_code == 302
    assert not Export.objects.exists()


def test_the_list_takes_as_many_queries_for_one_as_for_many(
    campaign: Campaign, recipients: None, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        assert len(list(recipient_rows(campaign))) == 5
