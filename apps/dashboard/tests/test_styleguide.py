"""The style guide: all components, mirrored and dark for one answer only."""

from typing import Any

import pytest

from apps.campaigns.models import Campaign
from tests.factories import html_of, make_user


def test_it_shows_every_component(campaign: Campaign, cast: Any, signed_in: Any) -> None:
    text = html_of(signed_in(cast.observer).get("/styleguide/"))
    for css in (
        "button second", "button danger", "button quiet", "field invalid", "error-message", "notice warning", "filters",
        "table stack", "key-values", "bar tall", "roll", "timeline", "empty", "hand now", "dialog", "merge-field gap",
        "citation stale", "audience not", "act-small", "sums", "log", "saved",
    ):  # fmt: skip
        assert f'class="{css}' in text, css


def test_it_mirrors_in_the_pseudo_language_and_changes_nothing(campaign: Campaign, cast: Any, signed_in: Any) -> None:
    client = signed_in(cast.observer)
    mirrored = client.get("/styleguide/?lang=ar-xb")
    assert '<html lang="ar-xb" dir="rtl"' in html_of(mirrored)
    assert "django_language" not in mirrored.cookies
    assert '<html lang="en" dir="ltr"' in html_of(client.get("/styleguide/"))
    cast.observer.refresh_from_db()
    assert cast.observer.language == "en"


@pytest.mark.parametrize("query", ["?lang=xx", "?lang=../etc", "?theme=pink", "?lang=&theme="])
def test_anything_else_is_ignored(campaign: Campaign, cast: Any, signed_in: Any, query: str) -> None:
    text = html_of(signed_in(cast.observer).get(f"/styleguide/{query}"))
    assert '<html lang="en" dir="ltr">' in text


def test_dark_stands_on_the_root(campaign: Campaign, cast: Any, signed_in: Any) -> None:
    assert 'data-theme="dark"' in html_of(signed_in(cast.observer).get("/styleguide/?theme=dark"))


def test_outsiders_have_no_business_there_and_operators_do(campaign: Campaign, cast: Any, signed_in: Any) -> None:
    assert signed_in(cast.outsider).get("/styleguide/").status_code == 403
    assert signed_in(make_user(is_superuser=True)).get("/styleguide/").status_code == 200
