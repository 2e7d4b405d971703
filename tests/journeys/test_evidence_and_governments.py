"""What letters draw on, in a browser: addresses come from a list as it is, a statement of 71 is recorded, arguments are
found for one government, and a corrected fact shows the draft that used it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.governments.models import Member, Position, Recipient
from apps.letters.models import LetterTemplate
from apps.letters.services.drafts import letter_create
from apps.talkingpoints.models import Fact
from tests.factories import add_team_member, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HEADS = "Courriel;Pays;Ministère;Fonction;Nom;Téléphone"
#: row of the file → (cell of the page's form, what mends it); the last one says the same as the row before
MENDED = {
    11: ("Country of row 11", "Côte d’Ivoire"),
    21: ("Country of row 21", "CI"),
    31: ("Country of row 31", "Kenya"),
    41: ("Address of row 41", "m40@ci.example"),
    51: ("Address of row 51", "m50@ci.example"),
    61: ("Post of row 61", "Ministre"),
}


def list_of_300() -> bytes:
    """As an office in Abidjan would export it: Windows-1252, semicolons, French heads in an order of its own."""
    rows = [
        [f"m{n}@ci.example", "Côte d'Ivoire", f"Ministère nº {n}", "Ministre", f"Prénom Né{n}", f"+225 {n}"]
        for n in range(1, 301)
    ]
    for number, column, wrong in (
        (10, 1, "Cotte d'Ivore"), (20, 1, ""), (30, 1, "Atlantis"), (40, 0, "pas d'adresse"), (50, 0, ""), (60, 3, ""),
    ):  # fmt: skip
        rows[number - 1][column] = wrong
    rows[69] = rows[68]
    return "\r\n".join([HEADS, *(";".join(row) for row in rows)]).encode("cp1252")


@pytest.fixture
def mc11(mc11_campaign: Campaign) -> Campaign:
    return mc11_campaign


@pytest.fixture
def person(mc11: Campaign, open_page: Callable[..., Page]) -> Callable[..., Page]:
    """person(name, role) → a window of somebody new with that role."""

    def come(name: str, role: Role) -> Page:
        user = make_user(name)
        add_team_member(user, mc11, role)
        return open_page(user)

    return come


def test_three_hundred_addresses_come_from_a_list_as_it_is(person: Callable[..., Page], shoot: Any) -> None:
    page = person("Ada Okoro", Role.COORDINATOR)
    page.goto("/work/mc11/governments/")
    page.get_by_role("link", name="Import recipients").click()
    page.get_by_label("File with recipients").set_input_files(
        {"name": "liste.csv", "mimeType": "text/csv", "buffer": list_of_300()}
    )
    page.get_by_role("button", name="Read the file").click()
    expect(page.locator("main")).to_contain_text("Windows-1252")
    page.get_by_role("button", name="Check 300 rows").click()
    expect(page.locator("main")).to_contain_text("7 rows are refused")
    expect(page.locator("tr[id^=row-]")).to_have_count(7)
    assert not Recipient.objects.exists()
    shoot(page, "journey-import-refused")
    for label, value in MENDED.values():
        page.get_by_label(label).fill(value)
    page.get_by_label("Leave out row 71").check()
    page.get_by_role("button", name="Check again").click()
    page.get_by_role("button", name="Import: add 299, change 0").click()
    expect(page.get_by_text("The recipients are imported.")).to_be_visible()
    assert Recipient.objects.count() == 299
    assert Recipient.objects.get(office__name="Ministère nº 7").name == "Prénom Né7"
    page.goto("/work/mc11/governments/CI/")
    expect(page.locator("main")).to_contain_text("Prénom Né300")


def test_a_statement_of_71_is_recorded_and_asked_for_a_day(person: Callable[..., Page]) -> None:
    page = person("Naledi Motsepe", Role.DRAFTER)
    page.goto("/work/mc11/positions/")
    page.get_by_label("Group").select_option(label="Joint Statement on Electronic Commerce")
    page.get_by_text("Joined a statement for negotiations").click()
    page.get_by_label("Day on which it was said").fill("2017-12-13")
    page.get_by_role("button", name="Check the governments").click()
    expect(page.locator("h1")).to_have_text("Record it for 71 governments")
    assert not Position.objects.exists()
    page.get_by_role("button", name="Record it for the ticked governments").click()
    expect(page.get_by_text("Recorded for 71 governments.")).to_be_visible()
    assert Position.objects.filter(on="2017-12-13", stance="joined").count() == 71
    page.goto("/work/mc11/governments/?stance=joined&on=2017-12-13")
    expect(page.get_by_role("status")).to_contain_text("71 governments")
    page.goto("/work/mc11/governments/?stance=joined&on=2017-12-12")
    expect(page.locator("main")).to_contain_text("No government matches.")


def test_points_for_argentina_come_with_their_reasons(person: Callable[..., Page], mc11: Campaign) -> None:
    argentina = Member.objects.get(code="AR")
    Position.objects.create(campaign=mc11, member=argentina, stance="joined", on="2017-12-13")
    page = person("Naledi Motsepe", Role.DRAFTER)
    page.goto("/work/mc11/governments/AR/")
    fitting = page.locator("details.fold", has=page.get_by_role("heading", name="Evidence that fits Argentina"))
    fitting.locator("summary").first.click()
    expect(fitting.locator("li").first).to_be_visible()
    expect(fitting).to_contain_text(re.compile("[Ff]igure for Argentina"))
    expect(fitting).to_contain_text("Argentina: joined a statement for negotiations (13 December 2017).")
    page.goto("/work/mc11/evidence/?q=argentnia")
    expect(page.locator("main")).to_contain_text("Argentina")
    page.goto("/work/mc11/evidence/?country=AR")
    expect(page.locator("ol.facts")).to_contain_text("65 percent for Argentina")
    expect(page.locator("ol.facts")).not_to_contain_text("Ethiopia")


def test_a_corrected_fact_shows_the_draft_that_used_it(person: Callable[..., Page], mc11: Campaign, shoot: Any) -> None:
    template = LetterTemplate.objects.get(campaign=mc11, key="african-group", language="en")
    author = make_user("Ada Okoro")
    add_team_member(author, mc11, Role.COORDINATOR)
    kenya = Member.objects.get(code="KE")
    letter = letter_create(campaign=mc11, actor=author, template=template, title="To Kenya", members=[kenya])
    fact = Fact.objects.filter(uses__text__letter=letter).order_by("key").first()
    assert fact is not None
    page = person("Naledi Motsepe", Role.DRAFTER)
    page.goto(f"/work/mc11/evidence/facts/{fact.key}/")
    page.get_by_role("link", name="Correct the fact").click()
    page.get_by_label("Statement").fill(f"{fact.statement} This is now more exact.")
    page.get_by_role("button", name="Save the correction: 1 draft cites it").click()
    expect(page.locator("main")).to_contain_text("why", ignore_case=True)  # a reason is asked for, nothing is lost
    expect(page.get_by_label("Statement")).to_have_value(f"{fact.statement} This is now more exact.")
    page.get_by_label(re.compile("Why|Reason")).first.fill("The source says so on its second page.")
    page.get_by_role("button", name="Save the correction: 1 draft cites it").click()
    used = page.locator("ul.uses")
    expect(used).to_contain_text("To Kenya")
    expect(used).to_contain_text("Shown as changed")
    expect(page.locator("ol.past")).to_contain_text("The source says so on its second page.")
    shoot(page, "journey-fact-corrected")
    used.get_by_role("link", name="To Kenya").click()
    expect(page.locator("#ws-flags")).to_contain_text("has changed")
