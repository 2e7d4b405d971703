"""The original beside its translation, in a browser: it stands level, follows changes, and is carried over."""

from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from apps.letters.models import Letter, LetterTemplate, LetterText
from apps.letters.selectors.translations import stale_blocks
from apps.letters.services.drafts import letter_text_save
from apps.letters.services.languages import letter_text_add

from .letter_page import ADDRESS, visit

pytestmark = pytest.mark.django_db(transaction=True)

BESIDE = f"{ADDRESS}?language=fr&beside=1"
NEW, LAST_NEW = "bnewnew01", "bnewnew03"


@pytest.fixture
def french(letter: Letter, team: SimpleNamespace) -> LetterText:
    template = LetterTemplate.objects.get(campaign=letter.campaign, key="african-group", language="fr")
    return letter_text_add(letter=letter, actor=team.drafter, language="fr", start="template", template=template)


def rewrite(letter: Letter, team: SimpleNamespace) -> dict[str, Any]:
    """Another sentence in the original's third paragraph, and two new ones behind it, the first for least developed
    countries; returns that one."""
    text = letter.texts.get(language="en")
    blocks = list(text.body["content"])
    third = {**blocks[2], "content": [*blocks[2]["content"], {"type": "text", "text": " Others agree."}]}
    field = {"type": "mergeField", "attrs": {"key": "member.name"}}
    words = {"type": "text", "text": "We write to "}
    new = {"type": "paragraph", "attrs": {"id": NEW}, "content": [words, field]}
    to_some = {"type": "audience", "attrs": {"id": "bnewnew02", "only": ["group:ldc"], "except": []}, "content": [new]}
    to_all = {**new, "attrs": {"id": LAST_NEW}, "content": [{**words, "text": "To everybody."}]}
    letter_text_save(
        text=text, actor=team.drafter, revision=text.revision, subject=text.subject,
        body={"type": "doc", "content": [*blocks[:2], third, to_some, to_all, *blocks[3:]]},
    )  # fmt: skip
    return new


def stands_level(page: Page, words: str) -> None:
    """Waits until the card with these words begins where its block does."""
    card = page.locator(".original-block", has_text=words).first
    page.wait_for_function(
        """own => {
            const [card, block] = [`.placed [data-own="${own}"]`, `#ws-text [data-id="${own}"]`].map(
                (one) => document.querySelector(one)?.getBoundingClientRect().top)
            return Math.abs(card - block) < 12
        }""",
        arg=card.get_attribute("data-own"),
    )


def test_the_original_stands_level_and_shows_what_changed(
    open_page: Any, letter: Letter, team: SimpleNamespace, french: LetterText, flaws: Any
) -> None:
    page = visit(open_page(team.drafter), BESIDE)
    pane = page.locator("#ws-original")
    expect(pane).to_contain_text("Every passage is translated, and nothing changed since.")
    for words in ("We are farmers’ organisations", "The development round was launched", "publish its position"):
        stands_level(page, words)
    rewrite(letter, team)
    changed = pane.locator(".original-block.changed")
    expect(changed).to_contain_text("Changed since it was translated")
    expect(changed.locator("ins")).to_have_text("Others agree.")
    missing = pane.locator(".original-block.missing", has_text="We write to")
    expect(missing).to_be_visible()
    assert flaws(page, "beside") == []
    page.set_viewport_size({"width": 1280, "height": 900})
    changed.get_by_role("button", name="Still right").click()
    expect(page.locator("#ws-aloud")).to_have_text("Noted: the passage is right.")
    expect(changed).to_have_count(0)
    missing.get_by_role("button", name="Copy the passage").click()
    expect(page.locator(f'#ws-text .audience [data-id="{NEW}"]')).to_contain_text("We write to")
    expect(pane.locator(".original-block.untranslated")).to_contain_text("We write to")
    pane.locator(".original-block.missing").get_by_role("button", name="Copy the passage").click()
    expect(page.locator(f'#ws-text.ProseMirror > [data-id="{LAST_NEW}"]')).to_have_text("To everybody.")
    expect(pane.locator(".original-block.untranslated")).to_have_count(2)
    assert [(one.block, one.state) for one in stale_blocks(letter)["fr"]] == [
        (NEW, "untranslated"), (LAST_NEW, "untranslated"),
    ]  # fmt: skip
    french.refresh_from_db()
    assert [node["attrs"]["only"] for node in french.body["content"] if NEW in str(node)] == [["group:ldc"]]


def test_on_a_phone_the_original_of_the_passage_is_switched_on(
    open_page: Any, letter: Letter, team: SimpleNamespace, french: LetterText
) -> None:
    page = visit(open_page(team.drafter, width=360), BESIDE)
    pane = page.locator("#ws-original")
    page.locator("#ws-text p", has_text="Nous sommes des organisations").click()
    expect(pane.locator(".original-block").first).to_be_hidden()
    pane.get_by_role("button", name="Show it for this passage").click()
    shown = pane.locator(".original-block:visible")
    expect(shown).to_have_count(1)
    expect(shown).to_contain_text("We are farmers’ organisations")
    page.locator("#ws-text p", has_text="Le temps consacré").click()
    expect(shown).to_contain_text("The development round was launched")
    rewrite(letter, team)
    pane.locator(".original-block.changed").wait_for(state="attached")
    changed = pane.locator(".original-block.changed").get_attribute("data-own")
    page.locator(f'#ws-text [data-id="{changed}"]').click()
    expect(shown.filter(has_text="To everybody.")).to_be_visible()  # what is missing has no place of its own
    pane.get_by_role("button", name="Hide it").click()
    expect(shown).to_have_count(0)
    pane.get_by_role("button", name="Evidence").click()
    expect(page.get_by_label("Search evidence")).to_be_in_viewport()


def test_without_scripts_the_passage_is_confirmed_by_a_form(
    open_page: Any, letter: Letter, team: SimpleNamespace, french: LetterText
) -> None:
    rewrite(letter, team)
    page = open_page(team.drafter, script=False)
    page.goto(BESIDE)
    page.locator(".original-block.changed").get_by_role("button", name="Still right").click()
    expect(page.locator(".original-block.changed")).to_have_count(0)
    expect(page).to_have_url(page.url.partition("?")[0] + "?language=fr&beside=1")
