"""Every page that a person can open, straight from the table of routes: axe finds nothing, nothing scrolls sideways.

The other browser tests look at pages with much in them; this one is there so that no new page is forgotten.
"""

from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from playwright.sync_api import APIResponse, Page

from tests.access.requests import FOUND, PERMISSIONS, address
from tests.access.routes import ROUTES
from tests.access.world import make_world
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def windows(open_page: Any) -> SimpleNamespace:
    """The world's `.values`, and a window for everybody who may open pages: `.person`, `.operator`, `.nobody`."""
    world = make_world("ours", drafts=1)
    person, operator = world.people["everything"], make_user("operator", is_superuser=True)
    for user in (person, operator):
        TOTP.activate(user, generate_totp_secret())
    return SimpleNamespace(
        values=world.values, person=open_page(person), operator=open_page(operator), nobody=open_page()
    )


def window_for(windows: SimpleNamespace, who: str) -> Page | None:
    """The window in which such a route is a page; programs (`token`) have none."""
    if who == "public":
        return windows.nobody
    if who == "operators":
        return windows.operator
    return windows.person if who in {"team", "signed_in"} or who in PERMISSIONS else None


def page_at(window: Page, url: str) -> APIResponse | None:
    """The answer to a GET if it is a page, and not a file, a way elsewhere or a refusal. The mail that a page shows in
    its frame takes no scripts, not even axe's."""
    answer = window.context.request.get(url, max_redirects=0)
    kind = answer.headers.get("content-type", "")
    sandboxed = "sandbox" in answer.headers.get("content-security-policy", "")
    is_page = answer.status == 200 and not sandboxed and kind.startswith("text/html") and "<html" in answer.text()
    return answer if is_page else None


def show(window: Page, url: str, answer: APIResponse) -> None:
    """The window gets this answer, in place of another one that the server would have to make."""
    window.route(lambda asked: asked.endswith(url), lambda route: route.fulfill(response=answer), times=1)
    window.goto(url)


def test_every_page_is_sound(windows: SimpleNamespace, flaws: Any) -> None:
    seen, wrong = [], []
    for name in (name for name in ROUTES if name in FOUND):
        window = window_for(windows, ROUTES[name].who)
        url = address(name, windows.values, "ours")
        if window is None or not (page := page_at(window, url)):
            continue
        seen.append(name)
        show(window, url, page)
        wrong += flaws(window, f"all-{name.replace(':', '-')}", {(360, "dark"): None})
    assert wrong == []
    assert len(seen) > 70, f"only {len(seen)} pages were found, so hardly all of them: {seen}"
