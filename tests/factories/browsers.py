"""Sessions for Chromium."""

from collections.abc import Callable
from typing import Any

from django.test import Client
from playwright.sync_api import BrowserContext

#: milliseconds for what a page does at once, on a machine that does much else
TIMEOUT = 20_000
#: look(user, address, name): see the fixture of this name
type Look = Callable[[Any, str, str], None]
#: axe's rules that depend on the scheme or the width; in the second window of a page, only these are run
PER_WINDOW = ["color-contrast", "scrollable-region-focusable", "target-size"]


def sign_in(context: BrowserContext, address: str, user: Any) -> None:
    """Give the browser a session of `user`, as if they had signed in."""
    client = Client()
    client.force_login(user)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}])
