"""The world map by keyboard alone: every member in turn, its name while it has the focus, past it in one press."""

import re
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from apps.campaigns.models import Campaign
from apps.governments.models import Member
from apps.governments.services.positions import position_record

DATA = Path(__file__).resolve().parents[2] / "data" / "mc11"
pytestmark = pytest.mark.django_db(transaction=True)

FOCUS = """() => {
    const link = document.activeElement, title = link.querySelector("title"), part = link.closest(".map, #small");
    return [part ? part.id || "map" : "", title ? title.textContent : link.getAttribute("aria-label") || ""];
}"""


@pytest.fixture
def campaign(mc11_campaign: Campaign) -> Campaign:
    return mc11_campaign


@pytest.mark.parametrize(
    ("by", "width", "scheme"), [("stance", 1280, "light"), ("recipients", 360, "dark"), ("delivery", 360, "light")]
)
def test_the_map_is_walked_by_keyboard(
    campaign: Campaign, cast: Any, open_page: Callable[..., Page], shoot: Any, by: str, width: int, scheme: str
) -> None:
    page = open_page(cast.observer, width=width, scheme=scheme)
    page.goto(f"/work/mc11/map/?by={by}")
    page.get_by_role("link", name="Skip the map").focus()
    walked: dict[str, list[str]] = {"map": [], "small": []}
    while True:
        page.keyboard.press("Tab")
        part, name = page.evaluate(FOCUS)
        if not part:
            break
        walked[part].append(name)
        if name.startswith("Kenya:"):
            shape = page.locator(".map a:focus-visible path")
            assert shape.evaluate("node => getComputedStyle(node).outlineWidth") == "3px"
            shown = page.locator(".map a:focus-visible text")
            expect(shown).to_be_visible()
            expect(shown).to_have_text("Kenya")
            expect(page.locator(".map text:visible")).to_have_count(1)
            shoot(page, f"map-focus-{by}-{width}-{scheme}")
    assert len(walked["map"]) + len(walked["small"]) == 164, "every member once"
    assert len(walked["small"]) == 33
    assert all(": " in name for names in walked.values() for name in names), "each says how it stands"

    page.get_by_role("link", name="Skip the map").press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)[1].startswith("AG, Antigua and Barbuda: ")
    page.keyboard.press("Enter")
    page.wait_for_url("**/governments/AG/")
    page.go_back()
    page.locator('.map a[href$="/governments/KE/"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/governments/KE/")


def test_stances_differ_by_pattern_or_as_blue_does_from_brown(
    campaign: Campaign, cast: Any, open_page: Callable[..., Page]
) -> None:
    """Two stances are plain and dark, in colours that the common colour blindnesses tell apart; what is not known is
    pale, and the rest have patterns of their own."""
    for code, stance in (("KE", "opposes"), ("BR", "undecided"), ("US", "supports"), ("CL", "joined")):
        member = Member.objects.get(code=code)
        position_record(campaign=campaign, member=member, stance=stance, on=campaign.ends_on, actor=None)
    page = open_page(cast.observer)
    page.goto("/work/mc11/map/")
    fills = {
        stance: page.locator(f".map .fill-{stance}").first.evaluate("node => getComputedStyle(node).fill")
        for stance in ("opposes", "undecided", "supports", "joined", "none")
    }
    patterns = [fill for fill in fills.values() if fill.startswith("url(")]
    assert patterns == [fills["undecided"], fills["supports"]]
    assert len(set(fills.values())) == 5
    blue, brown = (re.findall(r"\d+", fills[stance]) for stance in ("opposes", "joined"))
    assert int(blue[2]) > int(blue[0])
    assert int(brown[0]) > int(brown[2])
    for stance, fill in fills.items():
        key = page.locator(f".legend-row .key .fill-{stance}")
        assert key.evaluate("node => getComputedStyle(node).fill") == fill, "the legend shows the same"


#: PNG in base64 → for each row of pixels, how many are dark
DARK = """async (png) => {
    const bitmap = await createImageBitmap(await (await fetch("data:image/png;base64," + png)).blob())
    const {width, height} = bitmap
    const context = new OffscreenCanvas(width, height).getContext("2d")
    context.drawImage(bitmap, 0, 0)
    const {data} = context.getImageData(0, 0, width, height)
    const dark = (at) => data[at] + data[at + 1] + data[at + 2] < 384
    return Array.from({length: height}, (_, y) =>
        Array.from({length: width}, (_, x) => dark(4 * (y * width + x))).filter(Boolean).length)
}"""


def test_strokes_of_those_that_joined_are_no_plaid(
    campaign: Campaign, cast: Any, open_page: Callable[..., Page]
) -> None:
    """As lines across the strokes of the roll call made of them: every row of pixels is as dark as the others."""
    for member in Member.objects.order_by("code")[:40]:
        position_record(campaign=campaign, member=member, stance="joined", on=campaign.ends_on, actor=None)
    page = open_page(cast.observer)
    page.goto("/work/mc11/governments/")
    strokes = page.locator(".roll .fill-joined")
    assert strokes.count() == 40
    first, last = strokes.first.bounding_box(), strokes.last.bounding_box()
    assert first is not None
    assert last is not None
    clip = {"x": first["x"], "y": first["y"] + 2, "width": last["x"] - first["x"], "height": first["height"] - 4}
    picture = page.screenshot(clip=clip)  # type: ignore[arg-type]  # a TypedDict of Playwright's
    dark = open_page().evaluate(DARK, b64encode(picture).decode())
    assert min(dark) > max(dark) / 2
