"""The pages of an import, as a browser without JavaScript drives them: from a file with seven errors to recipients."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.campaigns.models import Campaign
from apps.governments.models import Recipient
from apps.recipient_imports.models import RecipientImport
from apps.recipient_imports.services.transitions import AT_ONCE, imports_advance
from apps.recipient_imports.spreadsheets import parser_runner
from tests.factories import make_campaign, make_member, make_user
from tests.factories.governments import make_recipient


def html(response: Any) -> str:
    """The page, whatever its line breaks."""
    return " ".join(response.content.decode().split())


pytestmark = pytest.mark.django_db
HEADS = "Pays;Ministère;Fonction;Nom;Courriel;Téléphone"


@pytest.fixture(autouse=True)
def members(db: None) -> Any:
    return make_member(), make_member("CI", "Côte d'Ivoire", working_language="fr")


def url(name: str, *parts: Any) -> str:
    return reverse(f"imports:{name}", args=["mc11", *parts])


def lines(count: int = 300) -> list[str]:
    """Rows with errors in seven of them: 10, 20 … 70 of the list, which are 11, 21 … 71 in the file."""
    rows = [
        f"Côte d'Ivoire;Ministère nº {n};Ministre;Prénom Né{n};m{n}@ci.example;+225 {n}" for n in range(1, count + 1)
    ]
    wrong = ["Cotte d'Ivore", "", "Atlantis"]
    for place, number in enumerate(range(10, 80, 10)):
        parts = rows[number - 1].split(";")
        if place < 3:
            parts[0] = wrong[place]
        elif place < 5:
            parts[4] = "kein Mail" if place == 3 else ""
        elif place == 5:
            parts[2] = ""
        else:
            parts = rows[number - 2].split(";")
        rows[number - 1] = ";".join(parts)
    return rows


def upload(client: Any, content: bytes, name: str = "liste.csv") -> Any:
    return client.post(url("index"), {"file": SimpleUploadedFile(name, content)})


def cp1252(rows: list[str]) -> bytes:
    return "\r\n".join([HEADS, *rows]).encode("cp1252")


def start(client: Any, rows: list[str]) -> RecipientImport:
    upload(client, cp1252(rows))
    batch = RecipientImport.objects.latest("pk")
    client.post(url("columns", batch.pk), {f"column-{n}": key for n, key in enumerate(batch.mapping)})
    batch.refresh_from_db()
    return batch


def test_three_hundred_recipients_with_seven_errors_seen_mended_and_accepted(cast: Any, signed_in: Any) -> None:
    client = signed_in(cast.coordinator)
    answer = upload(client, cp1252(lines()))
    batch = RecipientImport.objects.get()
    assert answer.url == url("show", batch.pk)
    page = html(client.get(answer.url))
    assert "Windows-1252" in page
    assert "Check 300 rows" in page
    assert "Prénom Né1" in page
    client.post(url("columns", batch.pk), {f"column-{n}": key for n, key in enumerate(batch.mapping)})
    page = html(client.get(answer.url))
    assert "7 rows are refused" in page
    for number in (11, 21, 31, 41, 51, 61, 71):
        assert f"Row {number}<" in page
    assert "Similar: Côte d&#x27;Ivoire." in page
    assert "Row 70 of the file is the same recipient" in page
    assert not Recipient.objects.exists()
    client.post(url("accept", batch.pk), {"plan": batch.plan_mark})
    assert not Recipient.objects.exists()
    client.post(
        url("rows", batch.pk),
        {
            "kind": "refused", "cell-11-country": "Côte d'Ivoire", "cell-21-country": "CI", "cell-31-country": "Kenya",
            "cell-41-address": "m40@ci.example", "cell-51-address": "m50@ci.example", "cell-61-post": "Ministre",
            "act-71": "skip",
        },
    )  # fmt: skip
    page = html(client.get(answer.url))
    assert "Import: add 299, change 0" in page
    assert ">299</b> To add<" in page
    assert "Added" not in page
    assert "Not imported yet" in html(client.get(url("index")))
    batch.refresh_from_db()
    client.post(url("accept", batch.pk), {"plan": batch.plan_mark})
    client.post(url("accept", batch.pk), {"plan": batch.plan_mark})
    page = html(client.get(answer.url))
    assert "The recipients are imported" in page
    assert '<b class="num">299</b><span>Added</span>' in page
    assert ">Imported<" in html(client.get(url("index")))
    assert Recipient.objects.count() == 299
    assert {row.name for row in Recipient.objects.all()} > {"Prénom Né1", "Prénom Né300"}


def test_the_refused_rows_can_be_taken_home_with_their_reasons(cast: Any, signed_in: Any) -> None:
    client = signed_in(cast.coordinator)
    batch = start(client, lines(80))
    content = client.get(url("refused", batch.pk)).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    assert len(rows) == 7
    assert list(rows[0])[-1] == "Reasons"
    assert "We do not know the country" in rows[0]["Reasons"]
    assert rows[0]["Téléphone"] == "'+225 10"


def test_duplicates_are_offered_for_merging(campaign: Campaign, cast: Any, signed_in: Any, members: Any) -> None:
    known = make_recipient(campaign, members[0], "Minister", "m@ke.example", name="Ann Example")
    client = signed_in(cast.coordinator)
    batch = start(client, ["Kenya;Ministry;Adviser;Ben Other;m@ke.example;+254 1"])
    page = html(client.get(url("show", batch.pk)))
    assert "Ann Example, Minister, Ministry, Kenya</b> has the same email address" in page
    assert f'value="merge:{known.pk}"' in page
    client.post(url("rows", batch.pk), {"act-2": f"merge:{known.pk}"})
    batch.refresh_from_db()
    assert "Import: add 0, change 1" in client.get(url("show", batch.pk)).content.decode()
    client.post(url("accept", batch.pk), {"plan": batch.plan_mark})
    known.refresh_from_db()
    assert known.phone == "+254 1"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("list.xlsx", b"%PDF-1.7", "This is a PDF"), ("list.csv", b"", "The file is empty"),
     ("list.csv", b"Country,Post\nKenya," + b"x" * 10_000_000, "Row 2 has a cell of more than 10,000 characters")],
)  # fmt: skip
def test_what_is_no_table_is_told_and_nothing_changes(
    cast: Any, signed_in: Any, name: str, content: bytes, said: str
) -> None:
    answer = upload(signed_in(cast.coordinator), content, name)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not RecipientImport.objects.exists()


def test_a_column_too_few_is_told_and_the_choices_are_kept(cast: Any, signed_in: Any) -> None:
    client = signed_in(cast.coordinator)
    upload(client, cp1252(lines(80)))
    batch = RecipientImport.objects.get()
    answer = client.post(url("columns", batch.pk), {"column-0": "country", "column-1": "office", "column-2": "notes"})
    assert answer.status_code == 400
    page = html(answer)
    assert "Choose a column for “Post”, or add one to the file." in page
    assert '<option value="notes" selected>' in page


def test_the_file_is_read_otherwise_on_demand(cast: Any, signed_in: Any) -> None:
    client = signed_in(cast.coordinator)
    upload(client, cp1252(lines(80)))
    batch = RecipientImport.objects.get()
    answer = client.post(url("reading", batch.pk), {"encoding": "cp1251", "delimiter": ";", "heading_row": "1"})
    assert answer.status_code == 302
    assert "Prйnom" in client.get(answer.url).content.decode()
    answer = client.post(url("reading", batch.pk), {"encoding": "utf-8", "delimiter": ";", "heading_row": "1"})
    assert answer.status_code == 400
    assert "does not fit" in answer.content.decode()


def test_a_large_import_shows_how_far_it_is(cast: Any, signed_in: Any) -> None:
    client = signed_in(cast.coordinator)
    batch = start(client, [f"Kenya;O{n};Minister;;m{n}@ke.example;" for n in range(AT_ONCE + 1)])
    page = html(client.get(url("show", batch.pk)))
    assert "Checking the rows" in page
    assert "data-live" in page
    assert "0 of 501 rows" in page
    imports_advance()
    page = html(client.get(url("show", batch.pk)))
    assert "Import: add 501, change 0" in page
    assert "Page 1 of 21" in page


def test_discarding_erases_the_file(cast: Any, signed_in: Any) -> None:
    client = signed_in(cast.coordinator)
    batch = start(client, lines(80))
    client.post(url("discard", batch.pk))
    assert "This import was discarded" in client.get(url("show", batch.pk)).content.decode()
    batch.refresh_from_db()
    assert batch.content is None


def test_an_import_of_another_campaign_is_not_there(campaign: Campaign, cast: Any, signed_in: Any) -> None:
    theirs = RecipientImport.objects.create(campaign=make_campaign("mc12"), made_by=make_user(), file_name="x.csv")
    assert signed_in(cast.coordinator).get(url("show", theirs.pk)).status_code == 404


@pytest.mark.parametrize("who", ["drafter", "reviewer", "observer"])
def test_those_who_see_no_contacts_import_none(campaign: Campaign, cast: Any, signed_in: Any, who: str) -> None:
    client = signed_in(getattr(cast, who))
    assert client.get(url("index")).status_code == 403
    assert upload(client, b"x").status_code == 403


def test_the_page_of_a_plan_takes_as_many_queries_for_few_rows_as_for_many(
    cast: Any, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(cast.coordinator)
    batch = start(client, [f"Kenya;O{n};Minister;;m{n}@ke.example;" for n in range(200)])
    with django_assert_max_num_queries(12):
        client.get(url("show", batch.pk))


def test_pages_of_a_file_that_cannot_be_read_now_say_what_to_do(
    cast: Any, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(cast.coordinator)
    batch, started = start(client, lines(70)), parser_runner._started

    def killed() -> Any:
        process = started()
        process.kill()
        return process

    monkeypatch.setattr(parser_runner, "_started", killed)
    monkeypatch.setattr(parser_runner, "MAX_WAIT", 0.01)
    meaning, reading = {"column-0": "country"}, {"encoding": "utf-8", "delimiter": ";", "heading_row": "1"}

    def pages() -> list[Any]:
        return [
            client.get(url("show", batch.pk) + "?columns=1"),
            client.post(url("columns", batch.pk), meaning),
            client.post(url("reading", batch.pk), reading),
            client.get(url("refused", batch.pk)),
        ]

    slow = pages()
    with parser_runner.SLOTS:
        busy = [*pages(), upload(client, cp1252(lines(70)))]
    for answers, said in ((slow, "takes too long"), (busy, "Try again in a minute")):
        assert {answer.status_code for answer in answers} == {400}
        assert all(said in html(answer) for answer in answers)
    assert url("show", batch.pk) in html(slow[3])
    assert RecipientImport.objects.get().state == "checked"
    monkeypatch.undo()
    assert client.get(url("show", batch.pk) + "?columns=1").status_code == 200


def test_the_row_with_the_headings_that_a_person_chose_is_kept_with_another_encoding(cast: Any, signed_in: Any) -> None:
    client = signed_in(cast.coordinator)
    content = "Country;Email;Note\nPays;Courriel;Remarque\nCôte d’Ivoire;m@ci.example;\n".encode("cp1252")
    upload(client, content)
    batch = RecipientImport.objects.get()

    def read_again(**chosen: str) -> str:
        client.post(url("reading", batch.pk), {"encoding": "cp1252", "delimiter": ";", "heading_row": "1"} | chosen)
        return html(client.get(url("show", batch.pk)))

    assert "below the headings in row 1." in read_again(encoding="iso8859_15"), "which was guessed"
    assert "below the headings in row 2." in read_again(heading_row="2")
    assert "below the headings in row 2." in read_again(encoding="mac_roman", heading_row="2")
    assert "below the headings in row 2." in read_again(encoding="cp1250", heading_row="2")
    assert "below the headings in row 1." in read_again(encoding="cp1250")


def test_a_guessed_row_with_the_headings_is_guessed_again_with_another_delimiter(cast: Any, signed_in: Any) -> None:
    client = signed_in(cast.coordinator)
    upload(client, b"A, list, of, all\nof, them, in, it\nCountry;Email\nKenya;a@ke.example\n")
    batch = RecipientImport.objects.get()
    assert "below the headings in row 1." in html(client.get(url("show", batch.pk)))
    client.post(url("reading", batch.pk), {"encoding": "utf-8", "delimiter": ";", "heading_row": "1"})
    assert "below the headings in row 3." in html(client.get(url("show", batch.pk)))
