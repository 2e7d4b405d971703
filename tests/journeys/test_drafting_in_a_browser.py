"""A letter drafted in browsers, from its template to its third version: Naledi writes by keyboard alone and over a poor
mobile line, Ada on a phone, both at once; Ivo reviews by keyboard, Clara coordinates on a phone."""

import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.coalitions.models import SignOnCall
from apps.governments.models import Member
from apps.letters.models import Letter, LetterVersion
from tests.browser.hands import Hands, Keys, Pointer
from tests.browser.letter_page import TEXT, have, move, saving, stored, visit, words_of
from tests.factories import add_team_member, make_user
from tests.factories import documents as d
from tests.factories.browsers import TIMEOUT as USUAL
from tests.factories.governments import make_recipient
from tests.factories.letters import make_template
from tests.factories.live import LiveProcess
from tests.factories.signing import make_call

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HERE = "/work/mc11/letters/1"
#: a poor mobile line: seconds until an answer begins, bytes a second
POOR = {"offline": False, "latency": 300, "downloadThroughput": 90_000, "uploadThroughput": 30_000}
TIMEOUT = 40_000
#: notes that the page said, once its styles were there, that writing needs scripts
WARNED = """setInterval(() => {
    const box = document.getElementById('ws-needs-script')
    if (box && getComputedStyle(box).animationName !== 'none' && box.checkVisibility()) window.warned = true
}, 100)"""
#: by language: subject, three paragraphs
WORDS = {
    "en": ("Keep the present rules", "We write for farmers.", "We ask you to wait.", "Please answer us."),
    "fr": ("Garder les règles", "Nous parlons pour les paysans.", "Attendez.", "Merci de répondre."),
    "es": ("Mantener las normas", "Hablamos por los campesinos.", "Esperen.", "Les rogamos que respondan."),
}
HERS, HIS = " And for small traders.", "Hear us. "
PASSAGE = {"en": "The poorest pay most.", "fr": "Les plus pauvres paient.", "es": "Los más pobres pagan."}
ADDED = {"fr": " Et les marchands.", "es": " Y los comerciantes."}
NAIROBI = {"en": "Nairobi has shown the way.", "fr": "Nairobi montre la voie.", "es": "Nairobi marca el camino."}


@pytest.fixture
def people(mc11_campaign: Campaign) -> SimpleNamespace:
    """Three governments with a recipient each, a short template, and the team."""
    for code, language in {"KE": "en", "TG": "fr", "GW": "es"}.items():
        salutation = {"en": "Excellency", "fr": "Excellence", "es": "Excelencia"}
        member = Member.objects.get(code=code)
        make_recipient(
            mc11_campaign, member, "Minister", f"{code.lower()}@trade.example", language=language, salutation=salutation
        )
    for language, (subject, *paragraphs) in WORDS.items():
        body = d.doc(
            d.par(d.merge("recipient.salutation"), ",", id="bshort000"),
            *(d.par(words, id=f"bshort00{place}") for place, words in enumerate(paragraphs, 1)),
        )
        make_template(mc11_campaign, body, key="short", title="Short letter", language=language, subject=subject)
    team: dict[str, Any] = {}
    for key, name, role in (
        ("naledi", "Naledi Motsepe", Role.DRAFTER), ("ada", "Ada Okoro", Role.DRAFTER),
        ("ivo", "Ivo Hrubý", Role.REVIEWER), ("coordinator", "Clara Nunes", Role.COORDINATOR),
    ):  # fmt: skip
        team[key] = make_user(name)
        add_team_member(team[key], mc11_campaign, role)
    return SimpleNamespace(**team, campaign=mc11_campaign)


@pytest.fixture
def hands(
    people: SimpleNamespace, open_page: Callable[..., Page], one_process: LiveProcess
) -> Iterator[SimpleNamespace]:
    expect.set_options(timeout=TIMEOUT)
    naledi = open_page(people.naledi)
    naledi.context.set_default_timeout(TIMEOUT)
    line = naledi.context.new_cdp_session(naledi)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", POOR)
    naledi.add_init_script(WARNED)
    phone = {"width": 360, "height": 740, "has_touch": True}
    yield SimpleNamespace(
        naledi=Keys(naledi),
        ada=Pointer(open_page(people.ada, **phone)),
        ivo=Keys(open_page(people.ivo)),
        clara=Pointer(open_page(people.coordinator, **phone)),
    )
    expect.set_options(timeout=USUAL)


def see(hands: Hands, words: str, place: str = "main") -> None:
    """It comes to be there, over however poor a line."""
    expect(hands.page.locator(place)).to_contain_text(words)


def button(hands: Hands, name: str) -> None:
    hands.press(hands.page.get_by_role("button", name=name, exact=True))


def link(hands: Hands, name: str) -> None:
    hands.press(hands.page.get_by_role("link", name=name, exact=True))


def test_one_letter_drafted_by_two_people_at_once_and_frozen_three_times(
    people: SimpleNamespace, hands: SimpleNamespace, shoot: Callable[[Page, str], None]
) -> None:
    begin(hands.naledi)
    write_at_once(hands.naledi, hands.ada)
    write_for_the_poorest(hands.naledi)
    ask_in_a_comment(hands.naledi, hands.ada)
    shoot(hands.naledi.page, "journey-workspace")
    translate(hands.naledi, "fr")
    translate(hands.ada, "es")
    shoot(hands.ada.page, "journey-beside-360")
    adapt_for_kenya(hands.naledi, "en")
    for language in ("fr", "es"):
        adapt_for_kenya(hands.ada, language)
    letter = Letter.objects.get()
    for language, words in PASSAGE.items():
        assert words in words_of(stored(letter, language))
    hands.ivo.page.goto(f"{HERE}/editions/")
    see(hands.ivo, "None of them has a problem.")
    review(hands)
    freeze(hands.ivo)
    version = letter.versions.get()
    check_editions(version)
    call = make_call(version, people, moderated=False)
    correct = next_version(hands, call, "A correction", "Garder nos règles")
    assert correct.change == "correction"
    material = next_version(hands, call, "A material change", "Refuser les règles")
    assert material.change == "material"


def begin(hands: Hands) -> None:
    """Pressed twice, as one does while nothing seems to happen: it is one letter."""
    page = hands.page
    page.goto("/work/mc11/letters/new/")
    hands.pick(page.get_by_role("radio", name="Short letter (English)"))
    hands.fill(page.get_by_label("Working title"), "To three governments")
    hands.pick(page.get_by_role("radio", name="Single governments"))
    hands.fill(page.get_by_role("combobox", name="Governments"), "Kenya; Togo; Guinea-Bissau")

    def answer_late(route: Route) -> None:
        answer = route.fetch(max_redirects=0)
        page.keyboard.press("Enter")
        route.fulfill(response=answer)

    page.route(re.compile("/letters/new/$"), answer_late, times=1)
    button(hands, "Start the letter")
    page.wait_for_selector(f"{TEXT}.ProseMirror")
    assert page.evaluate("window.warned") is None, "the script was on its way, and nothing was wrong with it"
    assert Letter.objects.count() == 1


def write_at_once(naledi: Keys, ada: Pointer) -> None:
    visit(ada.page, f"{HERE}/")
    for one, other in ((naledi, "Ada"), (ada, "Naledi")):
        expect(one.page.locator("#ws-people").get_by_text(other)).to_be_attached()
    naledi.caret_after("We write for farmers.")
    ada.caret_after("We write for farmers.")
    move(ada.page, "Home")
    for hers, his in zip(HERS, HIS.ljust(len(HERS), "\0"), strict=True):
        naledi.page.keyboard.type(hers)
        if his != "\0":
            ada.page.keyboard.type(his)
    have([naledi.page, ada.page], f"{HIS}We write for farmers.{HERS}")
    assert f"{HIS}We write for farmers.{HERS}" in words_of(stored(Letter.objects.get()))


def write_for_the_poorest(naledi: Keys) -> None:
    """A passage with a citation, for least developed countries."""
    page = naledi.page
    move(page, "End")
    page.keyboard.press("Enter")
    page.keyboard.type(PASSAGE["en"] + "[")
    page.keyboard.type("2.3")
    expect(page.get_by_role("option", name="2.3 The World Bank")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(f"{TEXT} .citation")).to_have_count(1)
    page.keyboard.type("@")
    page.get_by_role("dialog").wait_for()
    page.keyboard.type("least developed")
    naledi.choose(page.get_by_label("Least developed countries"), "Only to")
    with saving(page):
        button(naledi, "Limit the passage")
    expect(page.locator(f"{TEXT} .audience .who")).to_contain_text("Only to")
    expect(page.locator(TEXT)).to_be_focused()


def ask_in_a_comment(naledi: Keys, ada: Pointer) -> None:
    """Naledi asks beside the text and is back in it; Ada answers on the phone."""
    page = naledi.page
    naledi.caret_after("We ask you to wait.")
    for _letter in range(5):
        page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Control+Alt+m")
    expect(page.get_by_label("Your comment")).to_be_focused()
    page.keyboard.type("Until when?")
    page.keyboard.press("Control+Enter")
    see(naledi, "Until when?", "#ws-comments-list")
    expect(page.locator(TEXT)).to_be_focused()
    phone = ada.page
    phone.reload()
    see(ada, "Until when?", "#ws-comments-list")
    ada.press(phone.get_by_role("button", name="Reply"))
    ada.fill(phone.get_by_label("Your reply"), "Until 2019.")
    ada.press(phone.locator("form.writing").get_by_role("button", name="Reply"))
    see(ada, "Until 2019.", "#ws-comments-list")


def translate(hands: Hands, language: str) -> None:
    """From the template, then what was written since, beside the original."""
    name = {"fr": "French", "es": "Spanish"}[language]
    page = hands.page
    hands.press(page.get_by_role("link", name="Add a language").or_(page.get_by_role("link", name="All languages")))
    hands.press(page.locator("main").get_by_role("link", name=name))
    button(hands, f"Add the {name} text")
    link(hands, "Beside the original")
    pane = page.locator("#ws-original")
    page.wait_for_selector(f"{TEXT}.ProseMirror")
    hands.caret_after(WORDS[language][1])
    page.keyboard.type(ADDED[language])
    if page.viewport_size and page.viewport_size["width"] < 1120:
        button(hands, "Show it for this passage")
    with saving(page):
        hands.press(pane.locator(".original-block.missing").get_by_role("button", name="Copy the passage"))
    expect(page.locator(TEXT)).to_be_focused()
    for _place in range(2):
        move(page, "ArrowLeft")  # before the citation
    page.keyboard.press("Shift+Home")
    page.keyboard.type(PASSAGE[language])
    expect(page.locator(f"{TEXT} .audience")).to_contain_text(PASSAGE[language])
    expect(page.locator(f"{TEXT} .audience .citation")).to_have_count(1)
    card = pane.locator(".original-block[data-current]").first
    for words in (WORDS[language][1], PASSAGE[language]):
        hands.caret_after(words)
        right = card.get_by_role("button", name=re.compile("right$"))
        hands.press(right)
        expect(right).to_have_count(0)
    see(hands, "Every passage is translated, and nothing changed since.", "#ws-original")


def adapt_for_kenya(hands: Hands, language: str) -> None:
    page = hands.page
    page.goto(f"{HERE}/{language}/for/KE/")
    hands.choose(page.get_by_label("Passage", exact=True), WORDS[language][2])
    hands.pick(page.get_by_label("Add one after it"))
    button(hands, "Go on")
    expect(page.locator(TEXT)).to_be_focused()
    page.keyboard.type(NAIROBI[language])
    button(hands, "Save for Kenya")
    see(hands, f"Only to Kenya, written by {'Naledi' if language == 'en' else 'Ada'}", "article.letter")


def ask_ivo(hands: Hands, language: str) -> None:
    hands.page.goto(f"{HERE}/?language={language}")
    hands.page.wait_for_selector(f"{TEXT}.ProseMirror")
    hands.press(hands.page.locator("#ws-ask button"))
    hands.pick(hands.page.get_by_role("checkbox", name="Ivo"))
    button(hands, "Ask for review")
    see(hands, "asked on", ".page-head")


def review(hands: SimpleNamespace) -> None:
    """Ivo sends the French text back once; then all three are approved."""
    ivo = hands.ivo
    for asks, language in ((hands.naledi, "en"), (hands.ada, "fr"), (hands.ada, "es")):
        ask_ivo(asks, language)
    ivo.page.goto(f"{HERE}/fr/review/")
    ivo.fill(ivo.page.get_by_label("What should change"), "Dites jusqu’à quand.")
    button(ivo, "Send back")
    see(ivo, "Sent back.")
    ada = hands.ada
    ada.page.goto(f"{HERE}/fr/review/")
    see(ada, "Dites jusqu’à quand.")
    ada.press(ada.page.locator(".page-head").get_by_role("link", name="Back to the text"))
    ada.page.wait_for_selector(f"{TEXT}.ProseMirror")
    with saving(ada.page):
        ada.caret_after(WORDS["fr"][2])
        ada.page.keyboard.type(" Un an.")
    ask_ivo(ada, "fr")
    for language in WORDS:
        approve(ivo, language)


def approve(hands: Hands, language: str) -> None:
    page = hands.page
    page.goto(f"{HERE}/{language}/review/")
    hands.press(page.locator("#approve").locator("..").get_by_role("button"))
    see(hands, "Approved.")


def freeze(hands: Hands, **change: str) -> None:
    page = hands.page
    page.goto(f"{HERE}/freeze/")
    hands.press(page.locator("main form").get_by_role("button"))
    see(hands, "What comes next")


def check_editions(version: LetterVersion) -> None:
    assert version.editions.count() == 3 * 4, "three governments and the general letter"
    for language in WORDS:
        bodies = {one.member and one.member.code: one.body for one in version.editions.filter(language=language)}
        assert {code for code, body in bodies.items() if NAIROBI[language] in str(body)} == {"KE"}
        assert {code for code, body in bodies.items() if PASSAGE[language] in str(body)} == {"TG", "GW"}
        assert {code for code, body in bodies.items() if "World Bank" in str(body)} == {"TG", "GW"}, "with its note"


def next_version(hands: SimpleNamespace, call: SignOnCall, change: str, subject: str) -> LetterVersion:
    """Naledi changes the French subject, Clara approves and freezes on the phone, Ivo agrees as the second person."""
    naledi, clara, ivo = hands.naledi, hands.clara, hands.ivo
    naledi.page.goto(f"{HERE}/?language=fr")
    naledi.page.wait_for_selector(f"{TEXT}.ProseMirror")
    with saving(naledi.page):
        naledi.fill(naledi.page.get_by_label("Subject"), subject)
    ask_ivo(naledi, "fr")
    approve(clara, "fr")
    page = clara.page
    page.goto(f"{HERE}/freeze/")
    clara.pick(page.get_by_role("radio", name=change))
    clara.fill(page.get_by_label("What changed, and why"), f"{change} of the title.")
    clara.press(page.locator("main form").get_by_role("button"))
    clara.press(page.locator("main .checks").get_by_role("link", name="Switch to this version"))
    button(clara, "Propose to another person")
    see(clara, "Waits for a second person")
    ivo.page.goto(page.url)
    version = LetterVersion.objects.latest("number")
    button(ivo, f"Agree, and switch to version {version.number}")
    see(ivo, "In use")
    call.refresh_from_db()
    assert call.version == version
    return version
