"""Tables of collected signatures: headings in four languages, errors beside rows, the same table twice, thousands of
rows, hostile cells."""

import io
import time
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.coalitions.forms.collected_rows import CheckedRow, checked_rows, rows_to_enter
from apps.coalitions.models import CollectedSignOn, EvidenceFile, SignOn, SignOnCall, SignOnImport
from apps.coalitions.services.collected_mails import collected_mails_send
from apps.coalitions.services.erasure import expired_sweep, sign_ons_erase_by_address
from apps.coalitions.services.sign_on_entry import Entered, sign_ons_enter
from apps.coalitions.services.sign_on_imports import (
    MAX_ROWS,
    RETENTION,
    import_sheet,
    sign_on_import_begin,
    sign_on_import_correct,
    sign_on_import_discard,
)
from apps.core.encryption import lookup_hashes
from apps.core.errors import Conflict, DomainError
from tests.factories import html_of
from tests.factories.concurrency import at_once, errors
from tests.factories.letters import make_next_version
from tests.factories.signing import on_paper, organisation, paper, person, replace_version, signed

pytestmark = pytest.mark.django_db
HEADINGS = "Organisation,Country,Contact person,Position,Email\n"


def begin(call: SignOnCall, cast: SimpleNamespace, content: bytes | str, **extra: Any) -> SignOnImport:
    values: dict[str, Any] = {
        "kind": "organisation", "file_name": "list.csv", "language": "en", "visibility": "counted", "authorised": True,
        "source": paper(came_by="spreadsheet", note=""), **extra,
    }  # fmt: skip
    content = content.encode() if isinstance(content, str) else content
    return sign_on_import_begin(call=call, actor=cast.coordinator, content=content, **values)


def checked(batch: SignOnImport) -> list[CheckedRow]:
    return checked_rows(batch, import_sheet(batch))


def enter(batch: SignOnImport, cast: SimpleNamespace) -> Entered:
    return sign_ons_enter(batch=batch, rows=rows_to_enter(checked(batch)), actor=cast.coordinator)


def url(name: str, campaign: Any, *more: Any) -> str:
    return reverse(f"sign_on:{name}", args=[campaign.slug, *more])


def test_headings_and_countries_in_four_languages(call: SignOnCall, cast: SimpleNamespace) -> None:
    tables = {
        "en": HEADINGS + "Farmers,Togo,Afi Mensah,Chair,afi@farmers.example\n",
        "fr": "Nom de l’organisation;Pays;Signataire;Fonction;Courriel\n"
        "Paysans;Côte d’Ivoire;Afi;Présidente;afi@paysans.example\n",
        "es": "Organización\tPaís\tFirmante\tCargo\tCorreo electrónico\nCampesinas\tEspaña\tAna\tJefa\tana@c.example\n",
        "ar": "اسم المنظمة,البلد,اسم الموقع,المنصب,البريد الإلكتروني\nاتحاد الفلاحين,مصر,منى,رئيسة,mona@f.example\n",
    }
    for content in tables.values():
        assert len(enter(begin(call, cast, content), cast).sign_ons) == 1
    assert sorted(SignOn.objects.values_list("country", flat=True)) == ["CI", "EG", "ES", "TG"]
    assert set(SignOn.objects.values_list("visibility", flat=True)) == {"counted"}, "the narrowest"
    assert set(CollectedSignOn.objects.values_list("came_by", flat=True)) == {"spreadsheet"}
    assert EvidenceFile.objects.count() == 4, "a table without other evidence is the evidence"
    assert not SignOnImport.objects.exclude(content=None).exists()


def test_rows_say_language_visibility_day_and_consent(call: SignOnCall, cast: SimpleNamespace) -> None:
    batch = begin(
        call, cast, kind="person",
        content="Name,Country,Email,Language,Who may see the name,Date,Wants letters,Note\n"
        "Afi,TG,afi@post.example,French,Everybody,5/11/2017,oui,Seen at the market\nKojo,GH,,,,,,\n",
    )  # fmt: skip
    enter(batch, cast)
    afi, kojo = SignOn.objects.order_by("pk")
    assert (afi.language, afi.visibility, afi.wants_letters, afi.wants_answers) == ("fr", "public", True, False)
    assert afi.consents[0]["language"] == "fr"
    assert str(afi.collected.get().given_on) == "2017-11-05"
    assert "market" in afi.collected.get().note
    assert (kojo.language, kojo.visibility, kojo.consents) == ("en", "counted", [])


def test_errors_stand_beside_their_rows_and_the_others_are_entered(call: SignOnCall, cast: SimpleNamespace) -> None:
    rows = [
        "Good,Kenya,Ann,Chair,ann@good.example",
        "No country,,Ann,Chair,",
        "Wrong country,Atlantis,Ann,Chair,",
        "Wrong address,Kenya,Ann,Chair,not an address",
        ",Kenya,Ann,Chair,",
        "No person,Kenya,,,",
        "good,KE,Another,Chair,b@good.example",
        f"{'x' * 500},Kenya,Ann,Chair,",
    ]
    found = checked(begin(call, cast, HEADINGS + "\n".join(rows)))
    assert [row.state for row in found] == ["new", *["error"] * 5, "repeated", "error"]
    assert [row.number for row in found] == list(range(2, 10))
    assert found[6].repeats == 2
    assert [label for label, _error in found[2].errors] == ["Country"]


def test_the_same_table_twice_makes_no_second_signature(call: SignOnCall, cast: SimpleNamespace) -> None:
    content = HEADINGS + "Farmers,Togo,Afi,Chair,afi@farmers.example\nUnion,Kenya,Ann,Chair,\n"
    people = "Name,Country,Email\nAfi,Togo,afi@post.example\nKojo,Ghana,\n"
    for _time in range(2):
        enter(begin(call, cast, content), cast)
        enter(begin(call, cast, people, kind="person"), cast)
    assert SignOn.objects.count() == 4
    assert [row.state for row in checked(begin(call, cast, content))] == ["same", "same"]
    assert [row.state for row in checked(begin(call, cast, people, kind="person"))] == ["same", "same"]


def test_who_signed_by_the_form_is_recognised(call: SignOnCall, cast: SimpleNamespace) -> None:
    signed(call, organisation("Farmers"))
    signed(call, person())
    batch = begin(call, cast, HEADINGS + "farmers,KE,Afi,Chair,other@farmers.example\n")
    assert [row.state for row in checked(batch)] == ["same"]
    batch = begin(call, cast, "Name,Country,Email\nA. Mensah,Togo,AFI.MENSAH@post.example\n", kind="person")
    assert [row.state for row in checked(batch)] == ["same"]


def test_formulas_and_markup_are_text(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    content = HEADINGS + '"=HYPERLINK(""http://x.example"")",Kenya,Ann,Chair,\n<script>alert(1)</script>,,Ann,Chair,\n'
    batch = begin(call, cast, content)
    ada = signed_in(cast.coordinator)
    page = ada.get(url("import", call.campaign, batch.pk)).content.decode()
    assert "<script>alert" not in page
    csv = ada.get(url("import_left_out", call.campaign, batch.pk)).content.decode()
    assert "\n=HYPERLINK" not in csv


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff\xe0 no table", b"Name\n", b"PK\x03\x04 no workbook"])
def test_what_is_no_table_is_refused_and_nothing_kept(call: SignOnCall, cast: SimpleNamespace, content: bytes) -> None:
    with pytest.raises(DomainError):
        begin(call, cast, content, file_name="list.xlsx")
    assert not SignOnImport.objects.exists()
    assert not EvidenceFile.objects.exists()


def test_five_thousand_rows_in_few_statements(call: SignOnCall, cast: SimpleNamespace) -> None:
    rows = "".join(f"Union {n},Kenya,Ann {n},Chair,ann@union{n}.example\n" for n in range(MAX_ROWS))
    batch = begin(call, cast, HEADINGS + rows)
    started = time.monotonic()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        done = enter(batch, cast)
    assert len(done.sign_ons) == MAX_ROWS
    assert len(asked) < 50
    assert time.monotonic() - started < 60


def test_a_longer_table_is_divided(call: SignOnCall, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.coalitions.services.sign_on_imports.MAX_ROWS", 2)
    rows = "".join(f"Union {n},Kenya,Ann {n},Chair,ann@union{n}.example\n" for n in range(5))
    first = begin(call, cast, HEADINGS + rows)
    parts = list(SignOnImport.objects.order_by("part"))
    assert [(each.part, each.parts, len(checked(each))) for each in parts] == [(1, 3, 2), (2, 3, 2), (3, 3, 1)]
    assert parts[0] == first
    assert EvidenceFile.objects.count() == 1, "the whole file"
    for each in parts[:2]:
        enter(each, cast)
    sign_on_import_discard(batch=parts[2])
    assert SignOn.objects.count() == 4
    assert EvidenceFile.objects.count() == 1, "it shows the others still"


def test_two_at_once_enter_once(call: SignOnCall, cast: SimpleNamespace) -> None:
    batch = begin(call, cast, HEADINGS + "Farmers,Togo,Afi,Chair,\n")
    enter(batch, cast)
    with pytest.raises(Conflict):
        sign_ons_enter(batch=batch, rows=[], actor=cast.coordinator)


@pytest.mark.django_db(transaction=True)
def test_two_people_enter_the_same_table_at_the_same_moment(call: SignOnCall, cast: SimpleNamespace) -> None:
    content = HEADINGS + "Farmers,Togo,Afi,Chair,afi@farmers.example\nUnion,Kenya,Ann,Chair,\n"
    one, other = begin(call, cast, content), begin(call, cast, content)
    results = at_once(lambda: enter(one, cast), lambda: enter(other, cast))
    assert errors(results) == []
    assert SignOn.objects.count() == 2
    results = at_once(collected_mails_send, collected_mails_send)
    assert sum(results) == 1, "one mail"


def test_a_table_nobody_enters_is_forgotten(call: SignOnCall, cast: SimpleNamespace) -> None:
    sheet = paper(file_name="s.pdf", content=b"%PDF-1.7")
    begin(call, cast, HEADINGS + "Farmers,Togo,Afi,Chair,afi@farmers.example\n", source=sheet)
    sign_ons_erase_by_address(hashes=[lookup_hashes("x@farmers.example")[0].digest])
    assert SignOnImport.objects.get().content
    sign_ons_erase_by_address(hashes=[lookup_hashes("Afi@farmers.example")[0].digest])
    assert (SignOnImport.objects.get().content, EvidenceFile.objects.count()) == (None, 0)
    begin(call, cast, HEADINGS + "Farmers,Togo,Afi,Chair,\n")
    SignOnImport.objects.update(updated_at=timezone.now() - RETENTION - timedelta(days=1))
    expired_sweep()
    assert not SignOnImport.objects.exclude(content=None).exists()


def test_a_workbook_is_entered_by_pages(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    book = io.BytesIO()
    with xlsxwriter.Workbook(book, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["Group", "Country", "Contact person", "Position", "Members"])
        sheet.write_row(1, 0, ["Farmers", "Togo", "Afi", "Chair", 1200])
        sheet.write_row(2, 0, ["Union", "Nowhere", "Ann", "Chair", 3])
    ada = signed_in(cast.coordinator)
    typed = {
        "kind": "organisation", "came_by": "spreadsheet", "given_on": "2017-11-03", "visibility": "counted",
        "language": "fr", "authorised": "on", "note": "", "pasted": "",
    }  # fmt: skip
    page = url("import_begin", call.campaign, call.pk)
    nothing = ada.post(page, typed)
    assert nothing.status_code == 400
    file = SimpleUploadedFile("list.xlsx", book.getvalue())
    answer = ada.post(page, {**typed, "file": file})
    assert answer.status_code == 302, html_of(answer)
    batch = SignOnImport.objects.get()
    assert "0 signatures will be entered" in html_of(ada.get(answer.url)), "“Group” is not a known heading"
    mapping = {f"column-{index}": key for index, key in enumerate(batch.mapping)} | {"column-0": "org_name"}
    twice = {**mapping, "column-1": "org_name"}
    assert ada.post(url("import_columns", call.campaign, batch.pk), twice).status_code == 400
    assert ada.post(url("import_columns", call.campaign, batch.pk), mapping).status_code == 302
    shown = html_of(ada.get(answer.url))
    assert "1 signature will be entered" in shown
    assert "1 row is left out" in shown
    reasons = ada.get(url("import_left_out", call.campaign, batch.pk)).content.decode()
    assert "Union" in reasons
    assert "Farmers" not in reasons
    assert ada.post(url("import_enter", call.campaign, batch.pk), {"number": "7"}).status_code == 400
    assert ada.post(url("import_enter", call.campaign, batch.pk), {"number": "1"}).status_code == 302
    entered = SignOn.objects.get()
    assert (entered.org_members, entered.language, entered.state) == (1200, "fr", "pending")
    assert ada.get(answer.url).status_code == 302, "it has ended"


def test_pasted_rows_stay_where_they_cannot_be_read(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    ada, page = signed_in(cast.coordinator), url("import_begin", call.campaign, call.pk)
    typed = {
        "kind": "person", "came_by": "mail", "given_on": "2017-11-03", "visibility": "counted", "language": "en",
        "note": "Mail of 3 November.", "pasted": "Name\tCountry",
    }  # fmt: skip
    refused = ada.post(page, typed)
    assert refused.status_code == 400
    assert "Name\tCountry" in refused.content.decode()
    assert ada.post(page, {**typed, "pasted": "Name\tCountry\nAfi\tTogo\n"}).status_code == 302
    assert ada.post(url("import_discard", call.campaign, SignOnImport.objects.get().pk)).status_code == 302
    assert SignOnImport.objects.get().content is None


def test_another_campaign_sees_nothing(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    batch = begin(call, cast, HEADINGS + "Farmers,Togo,Afi,Chair,\n")
    on_paper(call, person(email=""), by=cast.coordinator)
    for page in (url("import", call.campaign, batch.pk), url("collected", call.campaign)):
        assert signed_in(cast.outsider).get(page).status_code == 404
        assert signed_in(cast.drafter).get(page).status_code == 403


# ---- corrected on the page


def test_rows_with_errors_are_corrected_on_the_page(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    ada = signed_in(cast.coordinator)
    batch = begin(call, cast, HEADINGS + "Farmers,Atlantis,Afi Mensah,,afi@farmers.example\nWeavers,Togo,Ko,Chair,no\n")
    wrong = html_of(ada.get(url("import", call.campaign, batch.pk) + "?state=error"))
    assert 'name="cell-2-country"' in wrong
    assert 'value="Atlantis"' in wrong
    correct = url("import_correct", call.campaign, batch.pk)

    typed = {"cell-2-country": "Togo", "cell-2-person_post": "", "cell-3-email": "ko@weavers.example"}
    answer = ada.post(correct, typed, follow=True)
    assert "1 row corrected." in html_of(answer)
    assert 'value="Togo"' in html_of(answer), "what was typed stays, though the row is wrong still"
    assert "weavers" not in str(list(SignOnImport.objects.values_list("mapping", "campaign"))).lower()
    answer = ada.post(correct, {"cell-2-person_post": "Chair"}, follow=True)
    assert "1 row corrected." in html_of(answer)
    entered = enter(SignOnImport.objects.get(), cast).sign_ons
    assert sorted((row.org_name, row.country, row.email) for row in entered) == [
        ("Farmers", "TG", "afi@farmers.example"), ("Weavers", "TG", "ko@weavers.example"),
    ]  # fmt: skip
    assert SignOnImport.objects.get().corrections == ""


def test_a_field_that_the_table_does_not_have_can_be_filled_in(
    call: SignOnCall, cast: SimpleNamespace, signed_in: Any
) -> None:
    batch = begin(call, cast, "Organisation,Contact person,Position\nFarmers,Afi Mensah,Chair\n")
    page = html_of(signed_in(cast.coordinator).get(url("import", call.campaign, batch.pk) + "?state=error"))
    assert 'name="cell-2-country"' in page
    signed_in(cast.coordinator).post(url("import_correct", call.campaign, batch.pk), {"cell-2-country": "TG"})
    assert [row.state for row in checked(SignOnImport.objects.get())] == ["new"]


def test_hostile_corrections_change_nothing_else(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    batch = begin(call, cast, HEADINGS + "Farmers,Atlantis,Afi Mensah,Chair,afi@farmers.example\n")
    names = (
        "cell-2-state",
        "cell-2-",
        "cell-x-country",
        f"cell-{'9' * 30}-country",
        "cell-٢-country",
        "cell--1-country",
    )
    data = {**dict.fromkeys(names, "confirmed"), "cell-99-country": "TG", "cell-2-country": "x\x00" * 4000}
    signed_in(cast.coordinator).post(url("import_correct", call.campaign, batch.pk), data)
    assert [row.state for row in checked(SignOnImport.objects.get())] == ["error"]
    assert signed_in(cast.drafter).post(url("import_correct", call.campaign, batch.pk), data).status_code == 403


def test_a_corrected_address_is_found_when_it_is_erased(call: SignOnCall, cast: SimpleNamespace) -> None:
    batch = begin(call, cast, HEADINGS + "Farmers,Togo,Afi Mensah,Chair,no\n")
    sign_on_import_correct(batch=batch, corrections={2: {"email": "canary@farmers.example"}})
    sign_ons_erase_by_address(hashes=[each.digest for each in lookup_hashes("canary@farmers.example")])
    assert SignOnImport.objects.get().state == "discarded"
    assert SignOnImport.objects.get().corrections == ""


# ---- of an earlier version


def test_a_table_of_the_earlier_text_is_entered_for_it(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    first = call.version
    make_next_version(call.letter, cast)
    replace_version(call, cast, "material")
    page = html_of(signed_in(cast.coordinator).get(url("import_begin", call.campaign, call.pk)))
    assert "Version 1" in page
    batch = begin(call, cast, HEADINGS + "Farmers,Togo,Afi Mensah,Chair,afi@farmers.example\n", version=first)
    [sign_on] = enter(batch, cast).sign_ons
    assert sign_on.version == first
