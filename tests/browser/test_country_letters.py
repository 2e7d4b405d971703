"""A national campaigner adapts the letter to their country, in a browser; the table of all country letters."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from apps.campaigns.models import Campaign
from apps.governments.models import Member
from apps.letters.document.traversal import facts_used, plain_text
from apps.letters.models import Adaptation, Letter, LetterTemplate
from apps.letters.services.drafts import letter_create, letter_text_save
from apps.letters.services.languages import letter_text_add
from tests.factories.governments import make_recipient
from tests.factories.letters import limit_drafter

from .letter_page import move, paste

pytestmark = pytest.mark.django_db(transaction=True)
HERE = "/work/mc11/letters/1"


@pytest.fixture
def to_all(mc11: Campaign, team: SimpleNamespace) -> Letter:
    """In three languages; the drafter writes for Kenya only, as of now."""
    templates = {one.language: one for one in LetterTemplate.objects.filter(campaign=mc11, key="base")}
    letter = letter_create(campaign=mc11, actor=team.drafter, template=templates["en"], title="To all", to_all=True)
    for language in ("fr", "es"):
        letter_text_add(
            letter=letter, actor=team.drafter, language=language, start="template", template=templates[language]
        )
    kenya = Member.objects.get(code="KE")
    make_recipient(mc11, kenya, "Ambassador", "ke@mission.example", office="Permanent Mission of Kenya")
    limit_drafter(mc11, team.drafter, kenya)
    return letter


def adapted(page: Page, option: str = "Write another in its place") -> None:
    """Open the editor of a passage at the third block, with the caret in it."""
    page.goto(f"{HERE}/en/for/KE/")
    page.get_by_label("Passage", exact=True).select_option(index=2)
    page.get_by_label(option).check()
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#ws-text")).to_be_focused()


def test_kenya_gets_a_passage_of_its_own(
    to_all: Letter, team: SimpleNamespace, open_page: Callable[..., Page], flaws: Any
) -> None:
    page = open_page(team.drafter)
    adapted(page)
    text = page.locator("#ws-text")
    assert flaws(page, "adapt") == []
    page.set_viewport_size({"width": 1280, "height": 900})
    text.click()
    page.keyboard.press("Control+a")
    paste(page, "<p>Nairobi asks for room to <b>tax</b> data.</p>")
    expect(text).to_contain_text("Nairobi asks for room to tax data.")
    page.get_by_role("button", name="Save for Kenya").click()
    page.wait_for_url(f"**{HERE}/en/for/KE/")
    expect(page.locator("article.letter .own")).to_contain_text("Nairobi asks for room to tax data.")
    expect(page.locator("article.letter .own .who")).to_have_text("Only to Kenya, written by Naledi Motsepe")
    row = Adaptation.objects.get()
    block = next(node for node in to_all.texts.get(language="en").body["content"] if node["attrs"]["id"] == row.block)
    base = {**block, "content": [{"type": "text", "text": "Something else is said here by now."}]}
    body = to_all.texts.get(language="en").body
    changed = {**body, "content": [base if one["attrs"]["id"] == row.block else one for one in body["content"]]}
    letter_text_save(
        text=to_all.texts.get(language="en"), actor=team.reviewer, revision=1, subject="No new rules", body=changed
    )
    page.reload()
    expect(page.get_by_text("The text for everybody has changed here.")).to_be_visible()
    assert flaws(page, "country-letter") == []
    page.goto(f"{HERE}/editions/?q=kenya")
    assert flaws(page, "editions") == []
    page.goto(f"{HERE}/en/for/KE/")
    page.get_by_role("button", name="Use the text for everybody").click()
    expect(page.locator("article.letter")).to_contain_text("Something else is said here by now.")
    page.get_by_text("Removed passages").wait_for()


def test_a_paste_into_a_passage_keeps_marks_and_citations_of_the_letter(
    to_all: Letter, team: SimpleNamespace, open_page: Callable[..., Page]
) -> None:
    fact = facts_used(to_all.texts.get(language="en").body)[0]
    page = open_page(team.drafter)
    adapted(page, "Add one after it")
    paste(page, f'<p>See <img src="x" alt="levies"> this<sup data-fact="{fact}">[3]</sup></p>')
    expect(page.locator("#ws-text .lost")).to_have_attribute("data-said", "An image was left out here. (levies)")
    expect(page.locator("#ws-text .citation")).to_have_count(1)
    page.get_by_role("button", name="Save for Kenya").click()
    page.wait_for_url(f"**{HERE}/en/for/KE/")
    assert facts_used(Adaptation.objects.get().content) == [fact]
    page.goto(f"{HERE}/?language=en")
    flag = page.locator("#ws-flags li", has_text="Kenya: An image was left out here. (levies)")
    expect(flag.get_by_role("link", name="Kenya")).to_have_attribute("href", f"{HERE}/en/for/KE/")
    expect(flag.get_by_role("button")).to_have_count(0)


def test_what_cannot_be_saved_stays_in_the_window(
    to_all: Letter, team: SimpleNamespace, open_page: Callable[..., Page]
) -> None:
    page = open_page(team.drafter)
    adapted(page, "Add one after it")
    page.keyboard.type("Our own request.")
    move(page, "End")
    page.route("**/passage", lambda route: route.abort())
    page.get_by_role("button", name="Save for Kenya").click()
    expect(page.get_by_role("alert")).to_contain_text("The server did not answer.")
    expect(page.locator("#ws-text")).to_contain_text("Our own request.")
    page.unroute("**/passage")
    page.get_by_role("button", name="Save for Kenya").click()
    page.wait_for_url(f"**{HERE}/en/for/KE/")
    assert plain_text(Adaptation.objects.get().content) == "Our own request."


def test_the_workspace_leads_to_the_letter_of_the_government_that_is_shown(
    to_all: Letter, team: SimpleNamespace, open_page: Callable[..., Page]
) -> None:
    page = open_page(team.reviewer)
    page.goto(f"{HERE}/")
    page.get_by_label("Shown as").select_option(label="Togo")
    page.get_by_role("link", name="For any recipient").click()
    expect(page).to_have_url(re.compile(f"{HERE}/en/for/TG/$"))


def test_a_problem_leads_to_its_place(to_all: Letter, team: SimpleNamespace, open_page: Callable[..., Page]) -> None:
    block = to_all.texts.get(language="en").body["content"][3]["attrs"]["id"]
    page = open_page(team.reviewer)
    page.goto(f"{HERE}/?language=en#{block}")
    expect(page.locator("#ws-text")).to_be_visible()
    page.goto(f"{HERE}/editions/")
    expect(page.get_by_role("heading", level=1)).to_have_text("492 country letters")
    page.get_by_label("Government, code or group").fill("kenya")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Kenya", exact=True).first.click()
    page.get_by_label("Show it for").fill("Togo")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{HERE}/*/for/TG/")
