"""`make pictures`: the README's pictures, from a demonstration of their own, by Chromium.

`python -m scripts.pictures http://localhost:8000` takes them from one that runs, in which an organisation then signs.
"""

import base64
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from .checkout_lock import LOOPBACK, environment_of_processes, free_port
from .local_services import running_services
from .processes import ROOT, CannotRun
from .run import HEALTHY_WITHIN, is_healthy, procfile
from .service_dirs import temporary_dirs
from .supervisor import Supervisor

FOLDER = ROOT / "docs" / "pictures"
#: a phone and a desk
HEIGHTS = {360: 740, 1280: 860}
#: nobody types the form faster (settings.SIGN_FORM_SECONDS)
TYPING_MS = 3500
#: fonts of the PDF, for names in scripts that this machine may have no font for
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{fonts}</dir><cachedir>{cache}</cachedir>
</fontconfig>"""


@dataclass(frozen=True)
class Picture:
    """`path`: an address, or the words of the link in the person's card of the tour. `part`: a selector of what to
    begin with, at the top of the picture. `until`: one of what comes last, where a script brings it."""

    name: str
    path: str
    person: str = ""
    width: int = 1280
    dark: bool = False
    part: str = ""
    until: str = ""


PICTURES = [
    Picture("letter-1280", "/en/c/mc11/letters/2/"),
    Picture("letter-360", "/en/c/mc11/letters/2/", width=360),
    Picture("signatories-1280", "/en/c/mc11/signatories/"),
    Picture("overview-1280", "/work/mc11/", "Ada Okoro"),
    Picture("overview-dark-1280", "/work/mc11/", "Ada Okoro", dark=True),
    Picture("workspace-1280", "/work/mc11/letters/4/", "Naledi Motsepe", until=".evidence-row"),
    Picture("review-1280", "/work/mc11/letters/3/en/review/", "Ivo Hrubý"),
    Picture("dispatch-1280", "Open the mailing to Kenya", "Ada Okoro", part="h2:has-text('Who gets what')"),
    Picture("progress-1280", "Open the mailing that was sent", "Lena Fischer"),
    Picture("moderation-1280", "/work/mc11/sign-on/moderation/", "Tomás Rivas"),
    Picture("answers-1280", "/work/mc11/outreach/inbox/", "Lena Fischer"),
    Picture("government-1280", "/work/mc11/governments/ZA/", "Mei Lin Tan"),
    Picture("map-1280", "/work/mc11/map/", "Mei Lin Tan"),
]


def main(arguments: list[str]) -> int:
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if program is None:
        raise CannotRun("Pictures need Chromium: apt install chromium")
    with tempfile.TemporaryDirectory() as scratch:
        (config := Path(scratch) / "fonts.conf").write_text(
            FONTS.format(fonts=ROOT / "apps" / "letters" / "rendering" / "fonts", cache=scratch)
        )
        environment = {**os.environ, "FONTCONFIG_FILE": str(config)}
        with demonstration(arguments) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"], env=dict(environment))
            take_all(browser, address)
            browser.close()
    return 0


@contextmanager
def demonstration(arguments: list[str]) -> Iterator[str]:
    """The address of the one that runs, or of a new one that ends with this."""
    if arguments:
        yield arguments[0].rstrip("/")
        return
    port, supervisor, dirs = free_port(), Supervisor(), temporary_dirs()
    with running_services(dirs) as (variables, services):
        try:
            supervisor.services = services
            environment = environment_of_processes(dirs, LOOPBACK, port, variables)
            environment |= {"BEAT_SCHEDULE": str(dirs.base / "celerybeat-schedule")}
            supervisor.run_to_end("prepare", "exec python -m scripts.prepare_database", environment)
            for name, command in procfile().items():
                supervisor.start(name, command, environment)
            supervisor.until(lambda: is_healthy(supervisor, LOOPBACK, port), HEALTHY_WITHIN)
            yield f"http://localhost:{port}"
        finally:
            supervisor.stop()


def take_all(browser: Browser, address: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    for picture in PICTURES:
        page = new_page(browser, picture.width, dark=picture.dark)
        if picture.person:
            sign_in(page, address, picture.person)
        if picture.path.startswith("/"):
            page.goto(address + picture.path)
        else:
            page.locator(".tour-card").get_by_role("link", name=picture.path).click()
        page.wait_for_load_state("networkidle")
        if picture.until:
            page.locator(picture.until).first.wait_for()
        for card in page.locator(".tour-card").all():
            card.evaluate("element => element.remove()")
        if picture.part:
            page.locator(picture.part).first.evaluate("element => element.scrollIntoView()")
        (FOLDER / f"{picture.name}.webp").write_bytes(screenshot(page))
        page.context.close()
        print(picture.name)
    take_signing(browser, address)


def screenshot(page: Page) -> bytes:
    """What the window shows, as WebP: a third of the size of PNG."""
    taken = page.context.new_cdp_session(page).send("Page.captureScreenshot", {"format": "webp", "quality": 82})
    return base64.b64decode(taken["data"])


def new_page(browser: Browser, width: int, *, dark: bool = False) -> Page:
    size: ViewportSize = {"width": width, "height": HEIGHTS[width]}
    context = browser.new_context(
        viewport=size, color_scheme="dark" if dark else "light", reduced_motion="reduce", locale="en-GB",
        timezone_id="UTC",
    )  # fmt: skip
    context.set_default_timeout(90_000)
    return context.new_page()


def sign_in(page: Page, address: str, person: str) -> None:
    page.goto(f"{address}/accounts/demo/")
    page.get_by_role("button", name=f"Sign in as {person}").click()
    page.wait_for_url("**/work/**")


def take_signing(browser: Browser, address: str) -> None:
    """An organisation signs on a phone: each step a picture, and all beside each other in one strip."""
    page = new_page(browser, 360)
    steps: list[bytes] = []

    def step(name: str = "") -> None:
        page.wait_for_load_state("networkidle")
        steps.append(screenshot(page))
        if name:
            (FOLDER / f"{name}-360.webp").write_bytes(steps[-1])

    page.goto(f"{address}/en/c/mc11/letters/2/")
    step()
    page.locator("#sign, form:has([name=org_name])").first.evaluate("element => element.scrollIntoView()")
    fill_in(page)
    step("sign")
    page.wait_for_timeout(TYPING_MS)
    page.get_by_role("button", name="Sign for the organisation").click()
    page.wait_for_url("**/check-your-mail/**")
    step()
    page.goto(confirmation_link(browser, address))
    step("confirm")
    page.get_by_role("button", name=re.compile("confirm", re.IGNORECASE)).first.click()
    step()
    page.context.close()
    strip(browser, steps)


def fill_in(page: Page) -> None:
    values = {"org_name": "Nairobi Open Markets Forum", "person_name": "Wanjiru Kamau", "person_post": "Chair",
              "email": "chair@openmarkets.example", "org_website": "https://openmarkets.example/"}  # fmt: skip
    for name, value in values.items():
        page.locator(f"[name={name}]").first.fill(value)
    page.locator("[name=org_kind]").select_option("traders")
    page.locator("[name=country]").first.select_option("KE")
    page.locator("[name=authorised]").check()
    page.locator("[name=org_name]").first.evaluate("element => element.scrollIntoView({block: 'start'})")


def confirmation_link(browser: Browser, address: str) -> str:
    """From the mail in the local inbox, once the worker has sent it."""
    page = new_page(browser, 1280)
    sign_in(page, address, "Tomás Rivas")
    mail = page.locator("tr:has-text('chair@openmarkets.example') a").first
    for _attempt in range(60):
        page.goto(f"{address}/postbox/")
        if mail.count():
            break
        page.wait_for_timeout(1000)
    mail.click()
    page.wait_for_load_state()
    found = re.search(r"https?://[^\s\"<>]+/sign/[^\s\"<>]+", page.content())
    page.context.close()
    if found is None:
        raise CannotRun("The confirmation email has no link.")
    return found[0]


def strip(browser: Browser, steps: list[bytes]) -> None:
    """The steps beside each other, half as large."""
    images = "".join(f'<img src="data:image/webp;base64,{base64.b64encode(step).decode()}">' for step in steps)
    style = "body{margin:0;display:flex;gap:12px;padding:12px;background:#dfe3ea}img{width:240px}"
    page = new_page(browser, 1280)
    page.set_content(f"<style>{style}</style>{images}")
    page.set_viewport_size({"width": len(steps) * 252 + 12, "height": HEIGHTS[360] * 240 // 360 + 24})
    (FOLDER / "signing-strip.webp").write_bytes(screenshot(page))
    page.context.close()
    print("signing-strip")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
