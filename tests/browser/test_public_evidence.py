"""The evidence in public, in a real browser: sound at both widths, in both schemes, mirrored, printed, by keyboard."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from apps.campaigns.models import Campaign
from apps.core.interface_languages import address_in_language
from apps.talkingpoints.models import GlossaryTerm
from tests.factories.browsers import PER_WINDOW

DATA = Path(__file__).resolve().parents[2] / "data" / "mc11"
pytestmark = pytest.mark.django_db(transaction=True)

PAGES = {
    "points": "/en/c/mc11/reasons/", "point": "/en/c/mc11/reasons/9/", "bibliography": "/en/c/mc11/sources/",
    "glossary": "/en/c/mc11/glossary/", "timeline": "/en/c/mc11/timeline/", "home": "/en/c/mc11/?on=2017-04-27",
    "point-fr": "/en/c/mc11/reasons/9/?language=fr",
}  # fmt: skip
#: the other two pairs are those of test_every_page
WINDOWS = [(360, "light"), (1280, "dark")]


@pytest.fixture
def campaign(mc11_campaign: Campaign) -> Campaign:
    return mc11_campaign


def assert_sound(page: Page, findings: Callable[..., list[str]], name: str, rules: list[str] | None = None) -> None:
    assert findings(page, rules) == [], name
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{name} scrolls sideways by {wide} px"


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
def test_pages_are_sound(
    campaign: Campaign, open_page: Callable[..., Page], findings: Any, shoot: Any, width: int, scheme: str
) -> None:
    page = open_page(width=width, scheme=scheme, script=True)
    for name, path in PAGES.items():
        page.goto(path)
        assert_sound(page, findings, name, None if width == 360 else PER_WINDOW)
        shoot(page, f"evidence-{name}-{width}-{scheme}")


def test_pages_mirror_and_keep_the_direction_of_what_is_written(
    campaign: Campaign, open_page: Callable[..., Page], findings: Any, shoot: Any
) -> None:
    GlossaryTerm.objects.create(
        campaign=campaign, key="arab", kind="concept", term="تجارة إلكترونية", definition="بيع وشراء عبر الشبكة."
    )
    for width in (360, 1280):
        page = open_page(width=width)
        for name, path in PAGES.items():
            page.goto(address_in_language(path, "ar-xb"))
            assert page.locator("html").get_attribute("dir") == "rtl"
            assert_sound(page, findings, name, None if width == 360 else PER_WINDOW)
            shoot(page, f"evidence-{name}-{width}-rtl")
        page.goto(address_in_language(PAGES["glossary"], "ar-xb"))
        directions = [
            page.locator(f"#term-{key} dt bdi").first.evaluate("node => getComputedStyle(node).direction")
            for key in ("arab", "tisa")
        ]
        assert directions == ["rtl", "ltr"]


def test_notes_are_reached_and_left_by_keyboard_without_script(
    campaign: Campaign, open_page: Callable[..., Page]
) -> None:
    page = open_page(width=360, script=False)
    page.goto(PAGES["point"])
    reference = page.get_by_role("link", name="Note 2").first
    fact = reference.locator("xpath=ancestor::li").get_attribute("id")
    reference.focus()
    page.keyboard.press("Enter")
    note = page.locator("ol.notes > li:target")
    expect(note).to_be_in_viewport()
    note.get_by_role("link", name="Back to fact").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("ol.facts > li:target")).to_have_attribute("id", str(fact))


def test_pages_print_on_a4_with_addresses_and_without_navigation(
    campaign: Campaign, open_page: Callable[..., Page], shoot: Any
) -> None:
    page = open_page(width=794)
    page.emulate_media(media="print")
    for name, path in PAGES.items():
        page.goto(path)
        for gone in ("nav[aria-label='Pages']", ".parts", ".pager", ".letters", ".buttons", ".side-share"):
            for found in page.locator(gone).all():
                expect(found).to_be_hidden()
        expect(page.locator("h1")).to_be_visible()
        shoot(page, f"evidence-{name}-print")
        pdf = page.pdf(prefer_css_page_size=True)
        assert b"/MediaBox [0 0 594.95996 841.91998]" in pdf or b"/MediaBox [0 0 595" in pdf, "A4"
    page.goto(PAGES["bibliography"])
    address = page.locator(".bibliography a.web-address").first
    expect(address).to_be_visible()
    assert address.inner_text() == address.get_attribute("href")
