"""The pages of an import in a real browser: looked at on a phone and a desk, and driven without JavaScript."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from apps.governments.models import Member, Recipient
from apps.recipient_imports.services.transitions import AT_ONCE, import_begin, import_check
from tests.factories.browsers import Look
from tests.factories.governments import make_recipient

pytestmark = pytest.mark.django_db(transaction=True)
HEADS = "Pays;Ministère;Fonction;Nom;Courriel;Téléphone;Ville\r\n"
ROWS = [
    "Kenya;Ministry of Trade;Principal Secretary;Wanjiru Example;ps@trade-ke.example;+254 20 1;Nairobi",
    "Sénégal;Ministère du Commerce;Ministre;Aïssatou Exemple;ministre@commerce-sn.example;+221 33;Dakar",
    "Cotte d'Ivore;Ministère du Commerce;Ministre;Konan Exemple;ministre@commerce-ci.example;;Abidjan",
    "Togo;Ministère du Commerce;;Afi Exemple;pas d'adresse;;Lomé",
    "Maroc;وزارة التجارة;وزير;;info@trade-ke.example;;الرباط",
    "Nepal;Ministry of Trade;Minister;Mina Example;minister@trade-np.example;;Kathmandu",
]
ALIKE = [
    *ROWS[:2],
    ROWS[0].replace("Wanjiru", "Wanjirru").replace("ps@", "office@"),
    ROWS[1].replace("Ministre", "Chef"),
]


def table(*rows: str) -> bytes:
    return (HEADS + "\r\n".join(rows or ROWS)).encode()


@pytest.fixture
def known(demo: Any) -> Recipient:
    return make_recipient(demo.campaign, demo.kenya, "Cabinet Secretary", "info@trade-ke.example", name="Grace Example")


def begin(demo: Any, content: bytes) -> Any:
    return import_begin(
        campaign=demo.campaign, actor=demo.cast.coordinator, file_name="ministères.csv", content=content
    )


def test_pages_of_an_import(assert_sound: Look, demo: Any, known: Recipient) -> None:
    assert Member.objects.filter(code="TG").exists()
    assert_sound(demo.cast.coordinator, "/work/mc11/recipients/import/", "imports-empty")
    batch = begin(demo, table())
    here = f"/work/mc11/recipients/import/{batch.pk}/"
    assert_sound(demo.cast.coordinator, here, "import-columns")
    import_check(batch=batch, mapping=batch.mapping)
    assert_sound(demo.cast.coordinator, here, "import-refused")
    assert_sound(demo.cast.coordinator, f"{here}?kind=duplicate", "import-duplicates")
    assert_sound(demo.cast.coordinator, f"{here}?kind=added", "import-added")
    alike = begin(demo, table(*ALIKE))
    import_check(batch=alike, mapping=alike.mapping)
    assert_sound(demo.cast.coordinator, f"/work/mc11/recipients/import/{alike.pk}/?kind=repeated", "import-alike")
    large = begin(demo, table(*(f"Kenya;Office {n};Minister;;m{n}@ke.example;;" for n in range(AT_ONCE + 1))))
    import_check(batch=large, mapping=large.mapping)
    assert_sound(demo.cast.coordinator, f"/work/mc11/recipients/import/{large.pk}/", "import-progress")
    assert_sound(demo.cast.coordinator, "/work/mc11/recipients/import/", "imports")


def test_a_file_is_imported_without_javascript(open_page: Any, demo: Any, known: Recipient) -> None:
    page: Page = open_page(demo.cast.coordinator, script=False)
    page.goto("/work/mc11/governments/")
    page.get_by_role("link", name="Import recipients").click()
    page.get_by_label("File with recipients").set_input_files(
        {"name": "ministères.csv", "mimeType": "text/csv", "buffer": table()}
    )
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_label("Fonction")).to_have_value("post")
    page.get_by_role("button", name="Check 6 rows").click()
    expect(page.get_by_text("2 rows are refused")).to_be_visible()
    page.get_by_label("Country of row 4").fill("Côte d’Ivoire")
    page.get_by_label("Leave out row 5").check()
    page.get_by_role("button", name="Check again").click()
    page.get_by_role("button", name="Merge into the known recipients").click()
    page.get_by_role("button", name="Import: add 4, change").click()
    expect(page.get_by_text("The recipients are imported.")).to_be_visible()
    assert Recipient.objects.filter(office__member__code="CI").exists()


def test_a_long_word_of_the_file_wraps_on_a_phone(open_page: Any, demo: Any) -> None:
    batch = begin(demo, table("Kenya;Office;" + "Verwaltungsvorsitzende" * 8 + ";;m@ke.example;;"))
    page: Page = open_page(demo.cast.coordinator, width=360)
    for _step in ("columns", "plan"):
        page.goto(f"/work/mc11/recipients/import/{batch.pk}/?kind=added")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        import_check(batch=batch, mapping=batch.mapping)


def test_rows_that_are_alike_are_decided_pair_by_pair(open_page: Any, demo: Any) -> None:
    batch = begin(demo, table(*ALIKE))
    import_check(batch=batch, mapping=batch.mapping)
    page: Page = open_page(demo.cast.coordinator, script=False)
    page.goto(f"/work/mc11/recipients/import/{batch.pk}/")
    page.get_by_role("link", name="2 Repeated in the file").click()
    page.get_by_role("group", name="Decision for row 4").get_by_label("Same recipient: merge into row 2").check()
    page.get_by_role("group", name="Decision for row 5").get_by_label("Different people").check()
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_text("1 row will be merged into another row of the file.")).to_be_visible()
    page.get_by_role("button", name="Import: add 3, change 0").click()
    expect(page.get_by_text("The recipients are imported.")).to_be_visible()
    assert Recipient.objects.filter(office__member__code="SN", post__in=["Ministre", "Chef"]).count() == 2
    assert Recipient.objects.get(post="Principal Secretary").addresses.count() == 2
