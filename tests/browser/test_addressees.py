"""Choosing who gets a letter in a browser: the list filters while one types, and counts what is ticked."""

from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import expect

from apps.letters.models import Letter
from apps.letters.selectors.letters import letter_addressees

from .letter_page import ADDRESS

pytestmark = pytest.mark.django_db(transaction=True)


def test_governments_are_found_ticked_counted_and_confirmed(
    open_page: Any, letter: Letter, team: SimpleNamespace, flaws: Any
) -> None:
    page = open_page(team.drafter)
    page.goto(f"{ADDRESS}addressees/")
    chosen = page.locator("[data-chosen] output")
    expect(chosen).to_have_text("1")
    find = page.get_by_label("Find a group or a government")
    find.fill("pacific")
    page.get_by_role("checkbox", name="Pacific ACP members").check()
    expect(page.get_by_role("checkbox", name="Togo")).to_be_hidden()
    expect(page.get_by_role("checkbox", name="Kenya")).to_be_visible()
    group = int(page.locator("label.pick", has_text="Pacific ACP members").inner_text().rpartition(": ")[2])
    expect(chosen).to_have_text(str(group + 1))
    find.fill("fiji")
    page.get_by_role("checkbox", name="Fiji").check()
    expect(chosen).to_have_text(str(group + 1))
    assert flaws(page, "addressees") == []
    page.get_by_role("checkbox", name="Kenya").uncheck()
    page.get_by_role("button", name="See what changes").click()
    expect(page.get_by_text(f"Then {group} governments get this letter.")).to_be_visible()
    expect(page.locator("main")).to_contain_text("1 no longer gets it: Kenya")
    assert flaws(page, "addressees-change") == []
    page.get_by_role("button", name="Change who gets it").click()
    page.wait_for_url(f"**{ADDRESS}")
    letter.refresh_from_db()
    assert "KE" not in [member.code for member in letter_addressees(letter, letter.campaign.ends_on)]
