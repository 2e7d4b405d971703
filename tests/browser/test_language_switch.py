"""The switch of languages on a page with a form, without JavaScript."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOn
from tests.factories import make_member
from tests.factories.letters import make_version
from tests.factories.signing import make_call

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_typed_goes_along_and_enter_still_sends_the_form(
    campaign: Campaign, cast: SimpleNamespace, open_page: Callable[..., Page]
) -> None:
    make_call(make_version(campaign, cast, make_member("KE", "Kenya", code3="KEN")), cast)
    page = open_page(width=360, script=False)
    page.goto("/en/c/mc11/letters/1/?for=person#sign")
    page.fill("#id_person_name", "أفي منسا")
    page.fill("#id_email", "not yet")
    page.get_by_role("navigation", name="Language").locator("button[value=ar]").click()
    page.wait_for_url("**/ar/c/mc11/letters/1/?for=person")
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.input_value("#id_person_name") == "أفي منسا"
    assert page.locator(".error-message").count() == 0
    page.select_option("#id_country", "TG")
    page.fill("#id_email", "afi.mensah@post.example")
    page.press("#id_email", "Enter")
    page.wait_for_url("**/ar/c/mc11/letters/1/check-your-mail/**")
    assert SignOn.objects.get().language == "ar"
