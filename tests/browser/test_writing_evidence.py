"""Evidence written in a real browser without a script: a fact with its source in one go, then checked and moved."""

from typing import Any

import pytest
from playwright.sync_api import expect

from apps.sources.models import Source
from apps.talkingpoints.models import Fact

pytestmark = pytest.mark.django_db(transaction=True)
WORK = "/work/mc11/evidence"


def test_a_fact_is_written_with_a_source_that_was_not_there(open_page: Any, demo: Any) -> None:
    page = open_page(demo.cast.drafter, width=360, script=False)
    page.goto(f"{WORK}/3/")
    page.get_by_role("link", name="Add a fact").click()
    page.get_by_label("Statement").fill("38 percent of shop workers in Kenya could be replaced. مصر")
    page.get_by_label("Value").first.fill("38")
    page.get_by_label("Whom it concerns").fill("Kenya; african group")
    page.get_by_text("The source is not in the list").click()
    page.get_by_label("Title", exact=True).fill("Work in the Age of Parcels")
    page.get_by_label("Where in the source").fill("page 23")
    page.get_by_role("button", name="Add the fact").click()
    expect(page.get_by_text("A figure needs a unit.")).to_be_visible()
    expect(page.get_by_label("Title", exact=True)).to_have_value("Work in the Age of Parcels")
    assert not Source.objects.filter(title="Work in the Age of Parcels").exists()
    page.get_by_label("Unit").first.fill("percent of shop workers")
    page.get_by_role("button", name="Add the fact").click()
    expect(page.locator("h1")).to_have_text("Fact 3.10")
    page.get_by_role("link", name="The source, and all facts that cite it").click()
    page.get_by_role("button", name="I opened it today and it says this").click()
    expect(page.get_by_text("Somebody checked it today.")).to_be_visible()
    made = Fact.objects.get(statement__endswith="مصر")
    page.goto(f"{WORK}/facts/{made.key}/correct/")
    page.get_by_label("Point").select_option(label=str(demo.campaign.points.get(number=5)))
    page.get_by_label("Row 1").select_option(index=1)
    page.get_by_label("Why it is corrected").fill("It is about firms.")
    page.get_by_role("button", name="Save the correction").click()
    expect(page.locator("h1")).to_have_text(f"Fact {Fact.objects.get(pk=made.pk).number}")
    expect(page.locator(".past")).to_contain_text("Further sources")
    assert Fact.objects.get(pk=made.pk).point.number == 5


def test_the_pages_are_sound_after_a_failed_post(
    open_page: Any,
    findings: Any,
    shoot: Any,
    demo: Any,
) -> None:
    page = open_page(demo.cast.drafter)
    for name, address, button in (
        ("fact", f"{WORK}/facts/new/", "Add the fact"),
        ("point", f"{WORK}/points/new/", "Add the point"),
    ):
        page.goto(address)
        page.get_by_text("The source is not in the list").click() if name == "fact" else None
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("alert").first).to_be_visible()
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert findings(page) == []
            shoot(page, f"evidence-{name}-errors-{width}")
