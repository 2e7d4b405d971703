"""The search in the head of staff pages, by keyboard alone."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from apps.campaigns.models import Campaign
from apps.talkingpoints.models import TalkingPoint

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_page_is_found_and_opened_by_keyboard(
    open_page: Callable[..., Page], flaws: Callable[..., list[str]], mc11: Campaign, team: SimpleNamespace
) -> None:
    TalkingPoint.objects.filter(campaign=mc11, number=7).update(title="Tealeaf & <data>")
    page = open_page(team.reviewer)
    page.goto(reverse("dashboard:overview", args=[mc11.slug]))
    field, options = page.locator("#search"), page.locator("#search-list [role=option]")

    page.keyboard.press("/")
    expect(field).to_be_focused()
    page.keyboard.type("tealeaf/")
    expect(field).to_have_value("tealeaf/")
    expect(options.first).to_contain_text("Tealeaf & <data>")
    expect(field).to_have_attribute("aria-expanded", "true")
    assert flaws(page, "search-suggestions") == []
    page.keyboard.press("Escape")
    expect(page.locator("#search-list")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(field).not_to_be_focused()

    page.keyboard.press("Control+k")
    page.keyboard.type("7")
    expect(options.last).to_contain_text("“7”")
    expect(options.first).to_contain_text("Point 7")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", options.first.get_attribute("id") or "")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{reverse('evidence:point', args=[mc11.slug, 7])}")

    page.locator("#search").fill("govermnents")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=govermnents")
    expect(page.locator("main mark, main .hits a").first).to_be_visible()
    assert flaws(page, "search") == []

    page.get_by_role("button", name="Turn the / key off").click()
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("/")
    expect(page.locator("#search")).not_to_be_focused()
    page.reload()
    expect(page.get_by_role("button", name="Turn the / key on")).to_be_visible()


def test_the_slash_stays_a_letter_in_other_fields_and_all_works_without_the_script(
    open_page: Callable[..., Page], mc11: Campaign, team: SimpleNamespace
) -> None:
    page = open_page(team.drafter)
    page.goto(reverse("evidence:index", args=[mc11.slug]))
    page.locator("#id_q").press_sequentially("a/b")
    expect(page.locator("#id_q")).to_have_value("a/b")
    plain = open_page(team.drafter, script=False, width=360)
    plain.goto(reverse("dashboard:overview", args=[mc11.slug]))
    plain.locator("#search").fill("kenya")
    plain.locator("#search").press("Enter")
    plain.wait_for_url("**/search/?q=kenya")
    plain.locator("main .hits a", has_text="Kenya").first.click()
    plain.wait_for_url(f"**{reverse('dashboard:government', args=[mc11.slug, 'KE'])}")
