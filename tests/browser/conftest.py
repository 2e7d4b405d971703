"""Chromium for the browser tests: `browser` (one per run), `open_page` (a window of a person's own), `findings` (axe).

A test says who looks and how wide the window is: `page = open_page(cast.drafter, width=360)`, then
`page.goto(live_server.url + reverse(…))`. When it ends, a script error or a breach of the content security policy
in any window fails it. SCREENSHOTS=1 makes `shoot(page, "name")` keep pictures in tests/screenshots/.
"""

import os
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.governments.models import Member, Office, Recipient
from apps.letters.models import Letter, LetterTemplate
from apps.letters.services.drafts import letter_create
from tests.factories import add_team_member, make_user
from tests.factories.browsers import PER_WINDOW, TIMEOUT, Look, sign_in
from tests.factories.live import LiveProcess, live_processes
from tests.factories.processes import wait_until

from .letter_page import visit

#: these two meet both widths and both schemes
LOOKED_AT: dict[tuple[int, str], list[str] | None] = {(360, "dark"): PER_WINDOW, (1280, "light"): None}
PICTURES = Path(__file__).resolve().parent.parent / "screenshots"
#: what axe finds serious or critical, by all its rules that find such things or by those given; one line each
AXE = """async (only) => {
    const mild = axe._audit.rules.filter(({ impact }) => ['minor', 'moderate'].includes(impact))
    const off = Object.fromEntries(mild.map(({ id }) => [id, { enabled: false }]))
    const rules = { ...off, 'target-size': { enabled: true } }
    const { violations } = await axe.run({ resultTypes: ['violations'], rules, ...(only ? { runOnly: only } : {}) })
    const grave = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact))
    const line = ({ id, impact }, { target, html }) => `${id} (${impact}): ${target} ${html.slice(0, 160)}`
    return grave.flatMap((found) => found.nodes.map((node) => line(found, node)))
}"""
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


LOOKS = Axe().axe_script


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread; Django would otherwise refuse the tests' own queries
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        arguments = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        expect.set_options(timeout=TIMEOUT)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """open_page(user=None, width=1280, height=900, scheme="light", script=True, **context options) → Page.

    Every call is a browser of its own (own cookies, own storage); `page.context.new_page()` opens a second window
    of the same one. Addresses are relative to the live server.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_one(
        user: Any = None,
        *,
        width: int = 1280,
        height: int = 900,
        scheme: str = "light",
        script: bool = True,
        **options: Any,
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            color_scheme=scheme,  # type: ignore[arg-type]  # a Literal of Playwright's
            java_script_enabled=script,
            reduced_motion="reduce",
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(TIMEOUT)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        context.on("console", lambda message: errors.extend(breach(message)))
        if user is not None:
            sign_in(context, live_server.url, user)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()
    requests_end()
    assert not errors, "errors in the browser:\n" + "\n".join(errors)


def requests_end() -> None:
    """The server has answered what closed windows asked last: emptying the tables meanwhile would be a deadlock."""
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(timeout=20)


def breach(message: ConsoleMessage) -> list[str]:
    """The message, where the browser says that the content security policy stopped something."""
    return [message.text] if message.type == "error" and "Content Security Policy" in message.text else []


@pytest.fixture
def findings() -> Callable[..., list[str]]:
    """findings(page, rules=None) → what axe finds serious or critical there, one line each; empty is good."""

    def run(page: Page, rules: list[str] | None = None) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.context.add_init_script(LOOKS)  # of the pages to come: costs a tenth of what it does into one
            page.evaluate(LOOKS)
        return page.evaluate(AXE, rules)

    return run


@pytest.fixture
def shoot() -> Callable[[Page, str], None]:
    """shoot(page, name): keep a picture of the whole page, when SCREENSHOTS is set."""

    def take(page: Page, name: str) -> None:
        if os.environ.get("SCREENSHOTS"):
            PICTURES.mkdir(exist_ok=True)
            page.screenshot(path=PICTURES / f"{name}.png", full_page=True)

    return take


@pytest.fixture
def flaws(findings: Callable[..., list[str]], shoot: Callable[[Page, str], None]) -> Callable[..., list[str]]:
    """flaws(page, name) → what is wrong with the page that is open, one line each: not one first heading, what axe
    finds on a phone at night and at a desk by day, what scrolls sideways, also at 320 px, which 1280 are at 400 %.

    With SCREENSHOTS, keeps a picture for both widths and both schemes.
    """

    def run(page: Page, name: str, windows: dict[tuple[int, str], list[str] | None] = LOOKED_AT) -> list[str]:
        page.locator("h1").first.wait_for()
        count = page.locator("h1").count()
        wrong = [] if count == 1 else [f"{name}: {count} first headings"]
        for width in (320, 360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
                wrong.append(f"{name}: wider than {width} pixels")
            for scheme in ("light", "dark") if width > 320 else ():
                looked_at = (width, scheme) in windows
                if looked_at or os.environ.get("SCREENSHOTS"):
                    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # a Literal of Playwright's
                if looked_at:
                    wrong += [
                        f"{name} at {width}, {scheme}: {found}" for found in findings(page, windows[width, scheme])
                    ]
                shoot(page, f"{name}-{width}-{scheme}")
        return wrong

    return run


@pytest.fixture
def mc11(mc11_campaign: Campaign) -> Campaign:
    return mc11_campaign


@pytest.fixture
def team(mc11: Campaign) -> SimpleNamespace:
    people = SimpleNamespace(drafter=make_user("Naledi Motsepe"), reviewer=make_user("Ivo Hrubý"))
    add_team_member(people.drafter, mc11, Role.DRAFTER)
    add_team_member(people.reviewer, mc11, Role.REVIEWER)
    return people


@pytest.fixture
def letter(mc11: Campaign, team: SimpleNamespace) -> Letter:
    """A letter to Kenya from the African Group's template; Kenya's mission in Geneva would get it."""
    kenya = Member.objects.get(code="KE")
    office = Office.objects.create(campaign=mc11, member=kenya, kind="mission", name="Permanent Mission of Kenya")
    Recipient.objects.create(
        campaign=mc11, office=office, post="Ambassador", language="en", salutation={"en": "Your Excellency"}
    )
    template = LetterTemplate.objects.get(campaign=mc11, key="african-group", language="en")
    return letter_create(campaign=mc11, actor=team.drafter, template=template, title="To Kenya", members=[kenya])


@pytest.fixture
def on(settings: Any, live_server: Any) -> Callable[[LiveProcess], None]:
    """on(process): pages that are opened from now on find their socket there."""
    usual = settings.SECURE_CSP

    def use(process: LiveProcess) -> None:
        host = re.sub(r"^\w+://|:\d+$", "", live_server.url)
        settings.LIVE_PORT = process.port
        settings.SECURE_CSP = {**usual, "connect-src": ["'self'", f"ws://{host}:{process.port}"]}

    return use


@pytest.fixture(scope="module")
def live_process(django_db_setup: None) -> Iterator[LiveProcess]:
    with live_processes() as (process,):
        yield process


@pytest.fixture
def one_process(on: Callable[[LiveProcess], None], live_process: LiveProcess, at_rest: None) -> LiveProcess:
    on(live_process)
    return live_process


@pytest.fixture
def at_rest(transactional_db: None) -> Iterator[None]:
    """Requested before any page is opened, it ends when all are closed: no process is at work in the database, so that
    emptying it waits for nobody."""
    yield
    wait_until(lambda: not others_at_work(), "processes to leave the database alone", 20)


def others_at_work() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend' AND state <> 'idle'"
        )
        return int(cursor.fetchone()[0])


@pytest.fixture
def open_editor(open_page: Callable[..., Page], letter: Letter, team: SimpleNamespace) -> Callable[..., Page]:
    """open_editor(user=drafter, **window) → the letter's workspace, evidence loaded."""

    def open_one(user: Any = None, **window: Any) -> Page:
        return visit(open_page(user or team.drafter, **window))

    return open_one


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is marked `browser`."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def demo(demo_campaign: Campaign) -> SimpleNamespace:
    """The demo's campaign and cast, by their parts."""
    people = {user.email.split("@")[0]: user for user in User.objects.all()}
    cast = SimpleNamespace(
        coordinator=people["ada"], drafter=people["naledi"], reviewer=people["ivo"], sender=people["lena"],
        data_officer=people["tomas"], observer=people["mei"], outsider=people["jon"],
    )  # fmt: skip
    return SimpleNamespace(campaign=demo_campaign, cast=cast, kenya=Member.objects.get(code="KE"))


@pytest.fixture
def assert_sound(open_page: Any, flaws: Any) -> Look:
    """assert_sound(user, address, name): the page has no flaws, see there. A person looks through one window."""
    windows: dict[Any, Page] = {}

    def run(user: Any, address: str, name: str) -> None:
        if user not in windows:
            windows[user] = open_page(user)
        windows[user].goto(address)
        assert flaws(windows[user], name) == []

    return run
