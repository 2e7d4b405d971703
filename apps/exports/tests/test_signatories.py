"""The list of signatories as a file: safe in a spreadsheet, obeying visibility, on record."""

import csv
import hashlib
import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.coalitions.services.calls import names_hide
from apps.coalitions.services.signer_changes import sign_on_withdraw
from apps.core.csv_export import csv_file, spreadsheet_safe
from apps.core.errors import DomainError
from apps.core.models import AuditEvent
from apps.exports.models import ExportRecord
from apps.exports.selectors import SIGNATORY_COLUMNS
from apps.exports.services import signatories_export
from tests.factories import make_campaign, make_member
from tests.factories.governments import make_recipient
from tests.factories.letters import make_version
from tests.factories.signing import make_call, make_sign_on, make_sign_ons

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(campaign, cast) -> Any:
    kenya = make_member()
    make_recipient(campaign, kenya, "Minister", "m@ke.example")
    return make_call(make_version(campaign, cast, kenya), cast, moderated=False)


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def export(call: Any, cast: Any, audience: str) -> Any:
    return signatories_export(campaign=call.campaign, letter=call.letter, audience=audience, actor=cast.data_officer)


def test_each_audience_gets_the_names_it_may_know(call, cast):
    make_sign_on(call, "Kisumu Data Rights Forum")
    make_sign_on(call, "Baraza la Wakulima", visibility="government")
    make_sign_on(call, "Counted Only Traders", visibility="counted")
    sign_on_withdraw(sign_on=make_sign_on(call, "Changed Its Mind"))
    public, government = export(call, cast, "public"), export(call, cast, "government")
    assert [row["name"] for row in rows_of(public.content)] == ["Kisumu Data Rights Forum"]
    assert {row["name"] for row in rows_of(government.content)} == {"Kisumu Data Rights Forum", "Baraza la Wakulima"}
    assert b"Counted" not in public.content + government.content


def test_hidden_names_are_in_no_file(call, cast):
    make_sign_on(call, "Kisumu Data Rights Forum")
    names_hide(call=call, actor=cast.coordinator)
    assert rows_of(export(call, cast, "public").content) == []
    assert rows_of(export(call, cast, "government").content) == []


def test_the_file_is_what_spreadsheets_read(call, cast):
    make_sign_on(call, "جمعية المستهلك الأطلسي", country="MA", english="Atlantic Consumers")
    content = export(call, cast, "public").content
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\r\n")
    [row] = rows_of(content)
    assert list(row) == SIGNATORY_COLUMNS
    assert row["name"] == "جمعية المستهلك الأطلسي"
    assert row["name_in_english"] == "Atlantic Consumers"
    assert (row["country_code"], row["country"], row["version"]) == ("MA", "Morocco", "1")
    assert row["signed_at_utc"].endswith("Z")


@pytest.mark.parametrize(
    "hostile",
    [
        '=HYPERLINK("http://evil.example","x")',
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM",
        "\u200e=1+1",
        " =1+1",
        '"=1+1',
        "\ufeff=1+1",
        "-",
    ],
)
def test_nothing_in_it_is_a_formula(hostile):
    assert spreadsheet_safe(hostile) == f"'{hostile}"


def test_a_semicolon_starts_a_cell_in_half_of_europe():
    assert spreadsheet_safe("Union;=1+1") == "Union;'=1+1"
    assert spreadsheet_safe('a;b; "@x') == "a;b;' \"@x"


@pytest.mark.parametrize("harmless", ["", "Kisumu", "A-B", "Forum; for all", "1 = 1", "'quoted", "O’Neil + Sons"])
def test_other_names_stay_as_they_are(harmless):
    assert spreadsheet_safe(harmless) == harmless


def test_a_hostile_name_is_safe_in_the_file_and_untouched_in_the_data(call, cast):
    sign_on = make_sign_on(call, '=cmd|"/c calc"!A1, and "more"\nlines')
    [row] = rows_of(export(call, cast, "public").content)
    assert row["name"] == "'" + sign_on.org_name
    sign_on.refresh_from_db()
    assert sign_on.org_name.startswith("=cmd")


def test_numbers_are_not_text():
    content, count = csv_file(["n"], [[-5], [None]])
    assert (content, count) == (b"\xef\xbb\xbfn\r\n-5\r\n\r\n".replace(b"\r\n\r\n", b'\r\n""\r\n'), 2)


def test_it_is_on_record_with_its_hash(call, cast):
    make_sign_on(call, "Kisumu Data Rights Forum")
    made = export(call, cast, "public")
    record = ExportRecord.objects.get()
    assert record.sha256 == hashlib.sha256(made.content).hexdigest()
    assert (record.rows, record.audience, record.made_by) == (1, "public", cast.data_officer)
    event = AuditEvent.objects.get(verb="export.signatories")
    assert event.data["sha256"] == record.sha256
    assert event.actor_id == str(cast.data_officer.pk)
    assert "Kisumu" not in str(event.data)
    assert made.filename.startswith("mc11-letter-1-signatories-public-20")


def test_a_letter_of_another_campaign_and_an_unknown_audience_are_refused(call, cast):
    other = make_campaign("mc12")
    with pytest.raises(DomainError, match="That letter belongs to a"):
        signatories_export(campaign=other, letter=call.letter, audience="public", actor=cast.data_officer)
    with pytest.raises(DomainError, match="Choose for whom the list"):
        export(call, cast, "everybody")
    assert not ExportRecord.objects.exists()


def test_a_thousand_take_as_many_queries_as_one(call, cast, django_assert_num_queries):
    make_sign_on(call, "Kisumu Data Rights Forum")
    with CaptureQueriesContext(connection) as for_one:
        export(call, cast, "public")
    make_sign_ons(call, [f"Organisation {number}" for number in range(1_000)])
    with django_assert_num_queries(len(for_one)):
        made = export(call, cast, "public")
    assert made.record.rows == 1_001


def test_the_page_says_how_many_each_gets_and_the_button_gives_the_file(call, cast, signed_in):
    make_sign_on(call, "Kisumu Data Rights Forum")
    make_sign_on(call, "Baraza la Wakulima", visibility="government")
    make_sign_on(call, "Counted Only Traders", visibility="counted")
    client = signed_in(cast.data_officer)
    page = client.get(reverse("exports:index", args=["mc11"])).content.decode()
    assert "Export 1 row for the public" in page
    assert "Export 2 rows for governments" in page
    assert "Not included: 1 for governments only, 1 only counted or not checked yet." in page
    assert "Counted Only" not in page
    assert "No exports yet" in page
    answer = client.post(reverse("exports:signatories", args=["mc11"]), {"letter": 1, "audience": "government"})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="mc11-letter-1-signatories-government-' in answer["Content-Disposition"]
    assert len(rows_of(answer.content)) == 2
    page = client.get(reverse("exports:index", args=["mc11"])).content.decode()
    assert ExportRecord.objects.get().sha256[:16] in page


def test_looking_exports_nothing(call, cast, signed_in):
    client = signed_in(cast.data_officer)
    client.get(reverse("exports:index", args=["mc11"]))
    assert client.get(reverse("exports:signatories", args=["mc11"])).status_code == 405
    assert not ExportRecord.objects.exists()


@pytest.mark.parametrize(
    "typed", [{}, {"letter": 99, "audience": "public"}, {"letter": 1, "audience": "all"}, {"letter": "x"}]
)
def test_a_wrong_form_is_told_and_gives_no_file(call, cast, signed_in, typed):
    answer = signed_in(cast.data_officer).post(reverse("exports:signatories", args=["mc11"]), typed)
    assert answer.status_code == 400
    assert "Nothing was lost" in answer.content.decode()
    assert not ExportRecord.objects.exists()


@pytest.mark.parametrize("who", ["coordinator", "drafter", "reviewer", "sender", "observer"])
def test_only_data_officers_export(call, cast, signed_in, who):
    client = signed_in(getattr(cast, who))
    assert client.get(reverse("exports:index", args=["mc11"])).status_code == 403
    assert client.post(reverse("exports:signatories", args=["mc11"]), {"letter": 1}).status_code == 403


def test_without_the_second_factor_one_is_led_to_it(call, cast, signed_in):
    client = signed_in(cast.data_officer, second_factor=False)
    answer = client.post(reverse("exports:signatories", args=["mc11"]), {"letter": 1, "audience": "public"})
    assert answer.status_code == 302
    assert not ExportRecord.objects.exists()


def test_before_the_first_call_the_page_says_what_to_do(campaign, cast, signed_in):
    page = signed_in(cast.data_officer).get(reverse("exports:index", args=["mc11"])).content.decode()
    assert "There is no list to export yet" in page
