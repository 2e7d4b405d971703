"""The letter's workspace in a browser, for tests: opening it, moving the caret, pasting, waiting for a save."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from playwright.sync_api import Locator, Page, expect

from apps.letters.document.traversal import plain_text, walk_nodes
from apps.letters.models import Letter, LetterText
from apps.letters.selectors.text_documents import text_document
from apps.letters.services.drafts import text_locked
from tests.factories.drafting import Editor
from tests.factories.processes import wait_until

ADDRESS = "/work/mc11/letters/1/"
LAST = "We would be grateful for an answer"
TEXT = "#ws-text"
#: once the script has begun: until then, the text that those without scripts read is there
EDITOR = f"{TEXT}.ProseMirror"


def visit(page: Page, address: str = ADDRESS) -> Page:
    page.goto(address)
    page.wait_for_selector("#ws-points li")
    return page


@contextmanager
def saving(page: Page) -> Iterator[None]:
    """What the block does is in the database when it ends. The page says "saved" before the block as well: what counts
    is that the server took an update since."""
    workspace = page.locator("#workspace")
    before = workspace.get_attribute("data-sequence") or "" if workspace.count() else "0"  # of a page that opens
    yield
    expect(workspace).not_to_have_attribute("data-sequence", before)
    page.wait_for_selector("#workspace[data-state=saved]")


def caret_after(page: Page, words: str) -> None:
    """At the end of the paragraph: a click into its middle would leave it to the font in which of its lines that is."""
    block = page.locator(f"{EDITOR} p", has_text=words).first
    block.click()
    a_frame(page)
    block.evaluate("(block) => getSelection().collapse(block, block.childNodes.length)")
    a_frame(page)


def evidence_row(page: Page, number: str) -> Locator:
    """The point or fact with this number in the evidence."""
    exact = re.compile(f"^{re.escape(number)}$")
    return page.locator("#ws-points li").filter(has=page.locator("> .evidence-row > .num", has_text=exact))


def opened(page: Page, number: str) -> Locator:
    """The same, opened: what would be inserted is on the screen."""
    entry = evidence_row(page, number)
    row = entry.locator("> .evidence-row")
    row.click()
    expect(row).to_have_attribute("aria-expanded", "true")
    return entry


def move(page: Page, key: str) -> None:
    """Move the caret and let the editor see it: Chromium tells with its next frame where the caret is, and no hand is
    faster than that."""
    page.keyboard.press(key)
    a_frame(page)


def a_frame(page: Page) -> None:
    """What the page does with its next frame is done: the editor takes the focus then, and hears of the selection."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


def have(pages: list[Page], *words: str) -> None:
    """All pages come to show these words, and then the same text."""
    for page in pages:
        for word in words:
            expect(page.locator(TEXT)).to_contain_text(word)
        page.wait_for_selector("#workspace[data-state=saved]")
    wait_until(lambda: len({tuple(texts(page)) for page in pages}) == 1, "the same text in all pages", 20)


def texts(page: Page) -> list[str]:
    return page.locator(f"{TEXT} p").all_text_contents()


def cut_off(page: Page) -> None:
    """This window never reaches the server again. Offline as the browser does it ends a moment before a window that is
    closed does, which is long enough to save what the test wants left behind."""
    page.evaluate(
        """() => {
            window.fetch = () => Promise.reject(new TypeError('no network'))
            WebSocket.prototype.send = function () { this.close() }
        }"""
    )


#: all rows of a store of this browser; an update as numbers, which is what JSON has
KEPT = """async (store) => {
    const rows = []
    for (const { name } of await indexedDB.databases()) {
        rows.push(...await new Promise((done) => {
            const opening = indexedDB.open(name)
            opening.onsuccess = () => {
                const asked = opening.result.transaction(store).objectStore(store).getAll()
                asked.onsuccess = () => done(asked.result)
            }
        }))
    }
    return rows.map((row) => ({ ...row, update: Array.from(row.update ?? []) }))
}"""


def kept_here(page: Page, store: str = "updates") -> int:
    """How many updates this browser keeps for the server."""
    return len(page.evaluate(KEPT, store))


def keeps_nothing(page: Page) -> None:
    """Waits until this browser has forgotten what it kept, which it does a moment after the page says "saved"."""
    wait_until(lambda: kept_here(page) == 0, "the browser to forget what the server has", 20)


def let_go(page: Page, rescue: Locator) -> None:
    """Lets these words go, and waits until this browser has forgotten them."""
    said = rescue.get_attribute("data-rescue")
    rescue.get_by_role("button").last.click()
    wait_until(lambda: said not in [row["at"] for row in page.evaluate(KEPT, "rescue")], "the words to be let go", 20)


def keeps(page: Page, letter: Letter, words: str) -> None:
    """Waits until this browser keeps these words for the server: before that, the page says "kept here" of the keys
    before the last, and a window that closes takes the last with it."""

    def kept() -> bool:
        editor = Editor(text_document(letter.texts.get(language="en")).get_update())
        for row in page.evaluate(KEPT, "updates"):
            editor.receive(bytes(row["update"]))
        return words in plain_text(editor.body)

    wait_until(kept, f"the browser to keep {words!r}", 20)


def stored(letter: Letter, language: str = "en") -> LetterText:
    """The text with every update that the database has."""
    with transaction.atomic():
        return text_locked(letter.texts.get(language=language))


def words_of(text: LetterText) -> str:
    return plain_text(text.body)


def nodes(text: LetterText, kind: str) -> list[dict[str, Any]]:
    return [node["attrs"] for node in walk_nodes(text.body) if node["type"] == kind]


def paste(page: Page, html: str, plain: str = "") -> None:
    """Put HTML into the text as the clipboard would."""
    page.evaluate(
        """([html, plain]) => {
            const data = new DataTransfer()
            data.setData('text/html', html)
            data.setData('text/plain', plain)
            const event = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})
            document.querySelector('#ws-text').dispatchEvent(event)
        }""",
        [html, plain],
    )


def cleared(page: Page) -> Page:
    """The page with an empty text, and the caret in it."""
    page.locator(f"{EDITOR} p").first.click()
    with saving(page):
        page.keyboard.press("Control+a")
        move(page, "Delete")
    return page
