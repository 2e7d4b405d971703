"""Several browsers write in one letter, through sockets that die, messages that never come, and sleep. What a browser
does without any socket is in test_editor.py: there no socket gets through, as behind a proxy that refuses them."""

import re
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Dialog, Page, WebSocketRoute, expect

from apps.campaigns.models import Campaign, TeamMember
from apps.campaigns.roles import Role
from apps.campaigns.services.memberships import team_member_end
from apps.letters.document.traversal import walk_nodes
from apps.letters.models import Letter, LetterText
from apps.letters.services.drafts import text_begin
from scripts.local_services import start_valkey
from scripts.processes import Child, stop_all
from scripts.service_dirs import temporary_dirs
from tests.factories import add_team_member, make_user
from tests.factories.live import LiveProcess, live_processes

from .letter_page import (
    LAST,
    TEXT,
    a_frame,
    caret_after,
    cut_off,
    have,
    keeps,
    kept_here,
    move,
    nodes,
    paste,
    saving,
    stored,
    visit,
    words_of,
)  # fmt: skip

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("at_rest")]


@pytest.fixture
def ada(mc11: Campaign) -> Any:
    colleague = make_user("Ada Okoro")
    add_team_member(colleague, mc11, Role.DRAFTER)
    return colleague


#: a moment after the words comes where the caret is
STANDS_AT_THE_LEFT = """() => {
    const [caret, line] = ['.caret', 'p'].map((one) => document.querySelector(`#ws-text ${one}`))
    return caret?.getBoundingClientRect().left < line.getBoundingClientRect().right - 100
}"""


def through_a_socket(page: Page, *others: str) -> Page:
    """The page shows these people, which it knows through its socket only."""
    for name in others:
        expect(page.locator("#ws-people").get_by_text(name)).to_be_visible()
    return page


def paragraph(page: Page, words: str = LAST) -> str:
    return page.locator(f"{TEXT} p", has_text=words).first.text_content() or ""


def test_not_a_character_is_lost_through_a_killed_process_a_restarted_broker_and_messages_that_never_come(
    open_editor: Callable[..., Page], letter: Letter, ada: Any, on: Callable[[LiveProcess], None]
) -> None:
    """The two processes never hear each other: what one has, the other finds in the database."""
    dirs, children = replace(temporary_dirs(), durable=True), list[Child]()
    try:
        broker = start_valkey(dirs, children)
        with (
            live_processes(LIVE_PREFIX="one", REDIS_URL=broker) as (one,),
            live_processes(LIVE_PREFIX="two", REDIS_URL=broker) as (two,),
        ):
            on(one)
            hers = open_editor()
            on(two)
            his = open_editor(ada)
            for page in (hers, his):
                caret_after(page, LAST)
            hers.keyboard.type(" Alpha")
            his.keyboard.type(" Beta")
            have([hers, his], "Alpha", "Beta")
            one.kill()
            hers.keyboard.type(" Gamma")
            his.keyboard.type(" Delta")
            stop_all(children, 15)
            have([hers, his], "Gamma", "Delta")
            hers.keyboard.type(" Epsilon")
            start_valkey(dirs, children)
            one.start()
            one.ready()
            his.keyboard.type(" Zeta")
            have([hers, his], "Epsilon", "Zeta")
        assert sorted(paragraph(hers).split("that day.")[1].split()) == [
            "Alpha", "Beta", "Delta", "Epsilon", "Gamma", "Zeta",
        ]  # fmt: skip
        assert paragraph(hers) in words_of(stored(letter))
    finally:
        stop_all(children, 15)
        replace(dirs, durable=False).delete_temporary()


def test_a_phone_that_slept_while_others_wrote_merges_on_waking(
    open_editor: Callable[..., Page], letter: Letter, ada: Any, one_process: LiveProcess
) -> None:
    phone, desk = open_editor(width=360), open_editor(ada)
    through_a_socket(phone, "Ada")
    caret_after(phone, LAST)
    phone.context.set_offline(True)
    phone.keyboard.insert_text(" From the phone.")  # one change, however slow the machine
    expect(phone.locator("#ws-saved")).to_have_text("Offline. 1 change kept here")
    lifecycle = phone.context.new_cdp_session(phone)
    lifecycle.send("Page.setWebLifecycleState", {"state": "frozen"})  # timers stand still
    caret_after(desk, LAST)
    with saving(desk):
        desk.keyboard.type(" From the desk.")
        desk.get_by_label("Subject").fill("Written while the phone slept")
    phone.context.set_offline(False)
    lifecycle.send("Page.setWebLifecycleState", {"state": "active"})
    have([phone, desk], "From the phone.", "From the desk.")
    expect(phone.get_by_label("Subject")).to_have_value("Written while the phone slept")
    assert "From the phone." in words_of(stored(letter))


def test_words_stay_and_none_are_doubled_where_somebody_reshapes_the_block_meanwhile(
    open_editor: Callable[..., Page], letter: Letter, ada: Any, one_process: LiveProcess
) -> None:
    """A heading, a list and a joined paragraph are new blocks in the shared document, without what others typed."""
    hers, his = open_editor(), open_editor(ada)
    through_a_socket(hers, "Ada")

    def apart(first: Callable[[], None], second: Callable[[], None]) -> None:
        for page, write in ((hers, first), (his, second)):
            page.context.set_offline(True)
            page.locator(f"{TEXT} :is(p, h2)", has_text=LAST).first.click()
            move(page, "End")
            write()
        for page in (hers, his):
            page.context.set_offline(False)
        have([hers, his])

    def press(page: Page, tool: str) -> Callable[[], None]:
        return page.locator(f"[data-tool={tool}]").click

    def join() -> None:
        block = hers.locator(f"{TEXT} h2", has_text=LAST)
        block.evaluate("(block) => getSelection().collapse(block.firstChild, 0)")
        move(hers, "Shift")  # and the editor sees it
        move(hers, "Backspace")

    apart(press(hers, "heading"), lambda: his.keyboard.type(" Meanwhile."))
    have([hers, his], "Meanwhile.")
    expect(hers.locator(f"{TEXT} h2", has_text=LAST)).to_have_text(re.compile(r" Meanwhile\.$"))
    apart(join, lambda: his.keyboard.type(" Once more."))
    have([hers, his], "Once more.")
    apart(press(hers, "bullets"), press(his, "letters"))
    for page in (hers, his):
        expect(page.locator(f"{TEXT} li", has_text=LAST)).to_have_count(1)
    text = words_of(stored(letter))
    assert [text.count(words) for words in (LAST, "Meanwhile.", "Once more.")] == [1, 1, 1]


def test_a_character_being_composed_stands_still_while_others_write_and_fields_keep_their_marks(
    open_editor: Callable[..., Page], letter: Letter, ada: Any, one_process: LiveProcess
) -> None:
    hers, his = open_editor(), open_editor(ada)
    through_a_socket(hers, "Ada")
    keyboard = hers.context.new_cdp_session(hers)

    def compose(words: str) -> None:
        end = len(words)
        keyboard.send("Input.imeSetComposition", {"text": words, "selectionStart": end, "selectionEnd": end})

    caret_after(hers, LAST)
    compose("にほ")
    with saving(his):
        his.locator(f"{TEXT} p", has=his.locator(".merge-field")).first.click()
        his.keyboard.press("Control+a")
        his.keyboard.press("Control+b")  # all of it, fields too
        his.get_by_label("Subject").fill("Written meanwhile")
    hers.wait_for_function("() => document.querySelector('#ws-text').textContent.includes('にほ')")
    compose("にほん")
    assert hers.locator(f"{TEXT} strong").count() == 0, "it waits until she is done"
    keyboard.send("Input.insertText", {"text": "日本"})
    have([hers, his], "日本")
    expect(hers.get_by_label("Subject")).to_have_value("Written meanwhile")
    assert paragraph(hers).count("日本") == 1
    assert "に" not in paragraph(hers)
    for page in (hers, his):
        expect(page.locator(f"{TEXT} strong .merge-field").first).to_be_visible()
    fields = [node for node in walk_nodes(stored(letter).body) if node["type"] == "mergeField"]
    assert all(node["marks"] == [{"type": "bold"}] for node in fields)
    his.locator(f"{TEXT} p").first.click()
    move(his, "Control+z")
    expect(hers.locator(f"{TEXT} strong .merge-field")).to_have_count(0)

    hers.get_by_label("Subject").focus()
    hers.keyboard.press("End")
    compose("ま")
    with saving(his):
        his.get_by_label("Subject").fill("He wrote it meanwhile")
    compose("まえ")
    keyboard.send("Input.insertText", {"text": "前"})
    for page in (hers, his):
        expect(page.get_by_label("Subject")).to_have_value("He wrote it meanwhile前")


def test_going_back_to_a_page_that_was_left_brings_what_others_wrote(
    open_editor: Callable[..., Page], letter: Letter, ada: Any, one_process: LiveProcess
) -> None:
    """One that the browser kept as it was, which Chromium does not do with our pages and says here by an event, and one
    that it loads again. A browser that stores nothing, as a private window, says so and saves all the same."""
    page, other = open_editor(), open_editor(ada)
    through_a_socket(page, "Ada")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    expect(other.locator("#ws-people").get_by_text("Naledi")).to_have_count(0)
    other.add_init_script("IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError') }")
    visit(other)
    caret_after(other, LAST)
    with saving(other):
        other.keyboard.type(" One.")
    expect(page.locator(TEXT)).not_to_contain_text("One.")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    have([page, other], "One.")
    caret_after(page, LAST)
    with saving(page):
        page.keyboard.type(" Two.")
    have([page, other], "One. Two.")

    page.goto("/work/mc11/letters/")
    with saving(other):
        other.get_by_label("Subject").fill("Changed meanwhile")
    page.go_back()
    expect(page.get_by_label("Subject")).to_have_value("Changed meanwhile")
    through_a_socket(page, "Ada")
    caret_after(other, LAST)
    other.context.set_offline(True)
    other.keyboard.insert_text(" Private.")
    expect(other.locator("#ws-saved")).to_have_text("Offline. 1 change is in this window only: keep it open")
    other.context.set_offline(False)
    have([page, other], "One. Two. Private.")
    assert "One. Two. Private." in words_of(stored(letter))


def test_leaving_with_unsent_edits_asks_and_the_next_window_brings_them(
    open_editor: Callable[..., Page], letter: Letter, ada: Any, one_process: LiveProcess
) -> None:
    page, other = open_editor(), open_editor(ada)
    through_a_socket(page, "Ada")
    cut_off(page)
    caret_after(page, LAST)
    page.keyboard.type(" In the tunnel.")
    expect(page.locator("#ws-saved")).to_contain_text("Offline")
    keeps(page, letter, " In the tunnel.")
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    dialog: Dialog = asked.value
    assert dialog.type == "beforeunload"
    assert kept_here(other) == 0
    dialog.accept()
    caret_after(other, LAST)
    with saving(other):
        other.keyboard.type(" Meanwhile.")
    again = page.context.new_page()
    with saving(again):
        visit(again)
    have([again, other], "In the tunnel.", "Meanwhile.")


def test_a_slow_line_gets_the_time_that_a_large_paste_takes(
    open_page: Callable[..., Page], letter: Letter, one_process: LiveProcess, team: SimpleNamespace
) -> None:
    """Sent again after a time that the line never meets, it would never arrive."""
    page = open_page(team.drafter)
    page.clock.install()
    held, opened = list[str | bytes](), list[WebSocketRoute]()
    is_slow = False

    def relay(socket: WebSocketRoute) -> None:
        opened.append(socket)
        server = socket.connect_to_server()
        server.on_message(lambda said: held.append(said) if is_slow else socket.send(said))

    page.route_web_socket(re.compile("/live/letters/"), relay)
    caret_after(visit(page), LAST)
    with saving(page):
        page.keyboard.type(" Annexed:")
    is_slow = True
    with saving(page):
        paste(page, "".join(f"<p>{number} {'long ' * 3_000}</p>" for number in range(4)))
        expect(page.locator("#workspace")).to_have_attribute("data-state", "saving")
        for _beat in range(3):
            page.clock.fast_forward(6_000)
        assert len(opened) == 1, "it is still under way, and nobody gave up on it"
        is_slow = False
        for said in held:
            opened[0].send(said)
    assert words_of(stored(letter)).count("long") == 12_000


def test_whoever_is_removed_from_the_team_is_told_within_seconds(
    open_editor: Callable[..., Page], letter: Letter, ada: Any, one_process: LiveProcess, team: SimpleNamespace
) -> None:
    page = open_editor(ada)
    mine = through_a_socket(open_editor(), "Ada")
    team_member_end(membership=TeamMember.objects.get(user=ada), actor=team.drafter)
    expect(page.locator("#ws-trouble")).to_contain_text("You can no longer")
    expect(page.locator(TEXT)).to_have_attribute("contenteditable", "false")
    expect(mine.locator("#ws-people").get_by_text("Ada")).to_have_count(0)
    assert mine.locator(TEXT).get_attribute("contenteditable") == "true"


def test_two_carets_in_an_arabic_text_and_undo_of_ones_own(
    open_page: Callable[..., Page], letter: Letter, ada: Any, one_process: LiveProcess, team: SimpleNamespace,
    shoot: Callable[[Page, str], None],
) -> None:  # fmt: skip
    words = "معالي الوزير"
    body = {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": words}]}]}
    text_begin(LetterText(letter=letter, language="ar"), "", body, team.drafter)
    hers, his = (visit(open_page(user), "/work/mc11/letters/1/?language=ar") for user in (team.drafter, ada))
    for page, key in ((hers, "End"), (his, "Home")):
        page.locator(f"{TEXT} p").first.click()
        move(page, key)
    caret = his.locator(f"{TEXT} .caret")
    expect(caret).to_have_attribute("data-name", "Naledi")
    hers.keyboard.insert_text(" تحية طيبة")  # in one go: it is one step to undo
    his.keyboard.type("إلى ")
    have([hers, his], f"إلى {words} تحية طيبة")
    his.wait_for_function(STANDS_AT_THE_LEFT)  # where her words end
    shoot(his, "together-1280-arabic")
    move(hers, "Control+z")
    have([hers, his], f"إلى {words}")
    expect(his.locator(f"{TEXT} p").first).to_have_text(f"إلى {words}")
    his.keyboard.type("السيد ")
    move(hers, "Control+Shift+z")
    hers.keyboard.type("،")  # both carets are where the edit was
    have([hers, his], f"إلى السيد {words} تحية طيبة،")
    move(his, "Control+z")
    his.keyboard.type("يا ")
    whole = re.compile(f"^(إلى )?يا {words} تحية طيبة،$")
    for page in (hers, his):
        expect(page.locator(f"{TEXT} p").first).to_have_text(whole)


def test_find_and_replace_is_one_step_and_sees_subject_and_notes(
    open_editor: Callable[..., Page], letter: Letter
) -> None:
    """But no field. And the signature line comes back by a tool, which a letter needs once."""
    page = open_editor()
    caret_after(page, LAST)
    page.keyboard.type(" Résumé, resume and كِتَابٌ.")
    page.keyboard.press("Control+f")
    find, count = page.get_by_label("Find", exact=True), page.locator("#ws-find .muted")
    find.fill("RESUME")
    expect(count).to_have_text("1 of 2")
    page.get_by_label("Exactly these letters").check()
    expect(count).to_have_text("0 of 0")
    find.fill("كتاب")
    page.get_by_label("Exactly these letters").uncheck()
    expect(count).to_have_text("1 of 1")
    find.fill("the delegation of Kenya")  # what a field shows is not text
    expect(count).to_have_text("0 of 0")
    find.fill("resume")
    page.get_by_label("Replace with").fill("summary")
    with saving(page):
        page.get_by_role("button", name="Replace all").click()
    expect(count).to_have_text("2 replaced")
    assert "summary, summary and" in words_of(stored(letter))
    page.keyboard.press("Escape")
    expect(page.locator(TEXT)).to_be_focused()
    with saving(page):
        page.keyboard.press("Control+z")
    assert "Résumé, resume and" in words_of(stored(letter))

    subject, tool = page.get_by_label("Subject"), page.locator("[data-tool=signatories]")
    expect(tool).to_have_attribute("aria-disabled", "true")
    page.locator(f"{TEXT} .signatory-list").click()
    with saving(page):
        page.keyboard.press("Delete")
    expect(tool).to_have_attribute("aria-disabled", "false")
    caret_after(page, LAST)
    page.keyboard.type(" The zebra.")
    page.keyboard.press("Control+Alt+f")
    page.get_by_label("Text of the note").fill("See Zebra (2017) and zebra")
    page.get_by_role("button", name="Keep the note").click()
    with saving(page):
        subject.fill("A zebra, and again a Zebra")
    page.keyboard.press("Control+f")
    find.fill("zebra")
    expect(count).to_have_text("1 of 5, in the subject")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(count).to_have_text("3 of 5")
    page.keyboard.press("Enter")
    expect(count).to_have_text("4 of 5, in a note")
    page.get_by_label("Replace with").fill("horse")
    page.get_by_role("button", name="Replace", exact=True).click()
    expect(count).to_have_text("4 of 4, in a note")
    with saving(page):
        page.get_by_role("button", name="Replace all").click()
    expect(count).to_have_text("4 replaced (2 in the subject)")
    expect(subject).to_have_value("A horse, and again a horse")
    text = stored(letter)
    assert nodes(text, "note") == [{"text": "See horse (2017) and horse"}]
    assert (text.subject, "The horse." in words_of(text)) == ("A horse, and again a horse", True)
    page.keyboard.press("Escape")
    tool.click()
    expect(page.locator(f"{TEXT} .signatory-list")).to_have_count(1)
    expect(tool).to_have_attribute("aria-disabled", "true")
    a_frame(page)  # the text has the focus again, which the subject takes
    subject.focus()
    with saving(page):
        page.keyboard.press("Control+z")
    assert stored(letter).subject == "A zebra, and again a Zebra"
    assert len([node for node in walk_nodes(stored(letter).body) if node["type"] == "signatories"]) == 1
