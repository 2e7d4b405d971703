"""The letter in a frame on another site, in Chromium: which sites show it, and signing in it."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from apps.coalitions.models import SignOn, SignOnCall
from apps.coalitions.pages.embedding import embed_snippets
from tests.factories import make_member
from tests.factories.letters import make_version
from tests.factories.signing import make_call

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def call(campaign: Any, cast: SimpleNamespace) -> SignOnCall:
    make_member("KE", "Kenya", code3="KEN")
    return make_call(make_version(campaign, cast), cast)


class OtherSite(BaseHTTPRequestHandler):
    body = b""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def other_site() -> Iterator[Callable[[str], str]]:
    """other_site(body) → the origin of a site with that page."""
    servers: list[ThreadingHTTPServer] = []

    def start(body: str) -> str:
        html = f"<!doctype html><title>Another site</title><body>{body}".encode()
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Site", (OtherSite,), {"body": html}))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def allow(call: SignOnCall, origin: str) -> None:
    """Services take https:// alone, which no site of a test has."""
    SignOnCall.objects.filter(pk=call.pk).update(embed_origins=[origin])


def test_signing_in_a_frame_without_cookies_or_scripts(call: SignOnCall, open_page: Any, other_site: Any) -> None:
    origin = other_site(embed_snippets(call, "en").frame)
    allow(call, origin)
    page = open_page(width=360, script=False)
    page.goto(origin)
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="For yourself").click()
    expect(frame.get_by_label("Acronym")).to_have_count(0)  # the form has changed: what is typed stays
    frame.get_by_label("Your name").fill("Afi Mensah")
    frame.locator("#id_country").select_option("TG")
    frame.get_by_label("Your email address").fill("afi.mensah@post.example")
    frame.get_by_role("button", name="Sign", exact=True).click()
    expect(frame.get_by_role("heading", name="Check your email to finish signing")).to_be_visible()
    assert SignOn.objects.get().person_name == "Afi Mensah"
    assert page.context.cookies() == []
    assert page.url == f"{origin}/"


def test_the_script_makes_the_frame_as_high_as_its_content(call: SignOnCall, open_page: Any, other_site: Any) -> None:
    origin = other_site(embed_snippets(call, "en").script)
    allow(call, origin)
    page = open_page()
    page.goto(origin)
    page.wait_for_function("() => document.querySelector('iframe')?.height > 950")
    page.evaluate("window.postMessage({letterHeight: 5}, '*')")
    height = page.locator("iframe").evaluate("frame => Number(frame.height)")
    assert height > 950, "a message that the frame did not send changes nothing"
    page.frame_locator("iframe").get_by_text("Read the letter").click()
    page.wait_for_function("before => document.querySelector('iframe').height > before", arg=height)


def test_other_sites_and_other_pages_show_nothing(
    call: SignOnCall, open_page: Any, other_site: Any, live_server: LiveServer
) -> None:
    """In a window without the fixture's: there, what the policy stops is an error."""
    letter = live_server.url + reverse("website:letter", args=[call.campaign.slug, call.letter.number])
    allowed, other = other_site(f'<iframe src="{letter}"></iframe>'), other_site(embed_snippets(call, "en").frame)
    allow(call, allowed)
    page = open_page().context.browser.new_page()
    for origin in (allowed, other):
        with page.expect_console_message(lambda message: "frame-ancestors" in message.text, timeout=10_000):
            page.goto(origin)
        assert page.frame_locator("iframe").get_by_role("heading").count() == 0
    page.close()


def test_the_link_to_share_is_copied_and_said(call: SignOnCall, open_page: Any) -> None:
    address = reverse("website:letter", args=[call.campaign.slug, call.letter.number])
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(address)
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("status")).to_have_text("The link is copied.")
    assert page.evaluate("navigator.clipboard.readText()").endswith(address)
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed')) }")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("status")).to_contain_text("The link is selected.")
    assert page.evaluate("String(getSelection())").endswith(address)


def test_without_a_script_one_press_selects_the_link(call: SignOnCall, open_page: Any) -> None:
    page = open_page(script=False)
    page.goto(reverse("website:letter", args=[call.campaign.slug, call.letter.number]))
    expect(page.get_by_role("button", name="Copy link")).to_be_hidden()
    page.locator("#share-link").click()
    assert "/letters/" in page.evaluate("String(getSelection())")
