"""Two ways to use a page, for tests that walk it both ways: with a mouse or finger, and with a keyboard alone."""

from typing import Protocol

from playwright.sync_api import Locator, Page, expect

from .letter_page import caret_after, move

#: [whether the element has the focus, what is wrong with where it is: whoever uses the keyboard sees where they are]
STANDS = """target => {
    const one = document.activeElement
    if (!one || one === document.body) return [false, '']
    const box = one.getBoundingClientRect()
    const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)]
    const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)]
    const parts = [[0.5, 0.5], [0.05, 0.1], [0.95, 0.1], [0.05, 0.9], [0.95, 0.9]]
    const inSight = right > left && bottom > top && parts.some(([x, y]) => {
        const hit = document.elementFromPoint(left + x * (right - left), top + y * (bottom - top))
        return hit && (one.contains(hit) || hit.contains(one) && !hit.matches('body, html, main'))
    })
    const { outlineStyle, boxShadow } = getComputedStyle(one)
    const drawn = outlineStyle !== 'none' || boxShadow !== 'none' || one.isContentEditable
    const wrong = !inSight ? 'not in sight' : !one.matches(':focus-visible') || !drawn ? 'not marked' : ''
    return [one === target, wrong && `the focus is ${wrong}: ${one.outerHTML.slice(0, 160)}`]
}"""
#: whether the caret is in a block with these words
CARET_IN = """words => {
    const place = getSelection().anchorNode
    const block = (place instanceof Element ? place : place?.parentElement)?.closest('p, h2, h3')
    return block?.textContent.includes(words) === true
}"""


class Hands(Protocol):
    page: Page

    def press(self, target: Locator) -> None: ...
    def fill(self, target: Locator, words: str) -> None: ...
    def choose(self, select: Locator, label: str) -> None: ...
    def pick(self, box: Locator) -> None: ...
    def caret_after(self, words: str) -> None: ...


class Pointer:
    """A mouse, or a finger."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, target: Locator) -> None:
        target.click()

    def fill(self, target: Locator, words: str) -> None:
        target.fill(words)

    def choose(self, select: Locator, label: str) -> None:
        select.select_option(label=label)

    def pick(self, box: Locator) -> None:
        box.check()

    def caret_after(self, words: str) -> None:
        caret_after(self.page, words)


class Keys:
    """A keyboard alone: nothing is clicked, and at every stop of the Tab key the focus is seen."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, target: Locator, most: int = 80) -> None:
        """Tab to it, forwards or back as it stands."""
        target.wait_for(state="attached")
        back = target.evaluate("one => Boolean(one.compareDocumentPosition(document.activeElement) & 4)")
        for _stop in range(most):
            arrived, wrong = target.evaluate(STANDS)  # found again each time: lists are drawn anew meanwhile
            assert not wrong, wrong
            if arrived:
                return
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"not reached by the Tab key: {target}")

    def press(self, target: Locator) -> None:
        self.reach(target)
        self.page.keyboard.press("Enter")

    def fill(self, target: Locator, words: str) -> None:
        self.reach(target)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(words)

    def choose(self, select: Locator, label: str) -> None:
        self.reach(select)
        self.page.keyboard.press("Home")
        for _option in range(select.locator("option").count()):
            if select.evaluate("one => one.selectedOptions[0].label") == label:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no option {label}")

    def pick(self, box: Locator) -> None:
        """Tick a box, or choose among radio buttons, which are one stop."""
        if box.get_attribute("type") == "checkbox":
            self.reach(box)
            self.page.keyboard.press("Space")
        else:
            group = self.page.locator(f"input[type=radio][name='{box.get_attribute('name')}']")
            chosen = [radio for radio in group.all() if radio.is_checked()]
            self.reach(chosen[0] if chosen else group.first)
            if not chosen:
                self.page.keyboard.press("Space")
            for _radio in range(group.count()):
                if box.is_checked():
                    break
                self.page.keyboard.press("ArrowDown")
        expect(box).to_be_checked()

    def caret_after(self, words: str) -> None:
        text = self.page.locator("#ws-text")
        if not text.evaluate("one => one === document.activeElement"):
            skip = self.page.get_by_role("link", name="Skip to the text")
            if skip.count():
                self.press(skip)
            else:
                self.reach(text)
        expect(text).to_be_focused()
        move(self.page, "Control+Home")
        for _line in range(40):
            if self.page.evaluate(CARET_IN, words):
                return move(self.page, "End")
            move(self.page, "ArrowDown")
        raise AssertionError(f"no line with {words}")
