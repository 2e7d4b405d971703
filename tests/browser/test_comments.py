"""Comments and suggestions beside the text, and a guest, in real browsers."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.letters.models import Comment, Letter
from apps.letters.services.guest_links import guest_link_create
from tests.factories import add_team_member, make_user
from tests.factories.live import LiveProcess

from .letter_page import LAST, a_frame, saving, stored, visit, words_of

pytestmark = pytest.mark.django_db(transaction=True)

#: selects words of the text as a reader would, also where they may not write
SELECT = """(words) => {
    const walker = document.createTreeWalker(document.querySelector('#ws-text'), NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.data.indexOf(words)
        if (at < 0) continue
        document.querySelector('#ws-text .editor, #ws-text.editor, #ws-text [role=textbox]').focus()
        document.getSelection().setBaseAndExtent(node, at, node, at + words.length)
        return
    }
    throw new Error('not in the text: ' + words)
}"""

#: what others say comes at once, not by asking every 20 seconds
ASKS_NEVER = """{
    const repeat = window.setInterval
    window.setInterval = (act, after, ...more) => after === 20000 ? 0 : repeat(act, after, ...more)
}"""


@pytest.fixture
def reviewer(mc11: Campaign) -> User:
    person = make_user("Ada Okoro")
    add_team_member(person, mc11, Role.REVIEWER)
    return person


def select(page: Page, words: str) -> None:
    a_frame(page)  # a comment that was sent gives the focus back to the text then
    page.evaluate(SELECT, words)
    a_frame(page)


def test_a_reviewer_asks_and_suggests_and_a_drafter_answers_and_accepts(
    open_editor: Callable[..., Page], letter: Letter, reviewer: User, mc11: Campaign, one_process: LiveProcess
) -> None:
    add_team_member(make_user("Ada"), mc11, Role.REVIEWER)
    writing = open_editor()
    writing.context.add_init_script(ASKS_NEVER)
    visit(writing)
    reading = open_editor(reviewer, width=360)
    select(reading, "grateful for an answer")
    reading.locator(".comment-here button").first.click()
    reading.get_by_label("Your comment").fill("Too meek?")
    reading.get_by_role("button", name="Comment", exact=True).last.click()
    expect(reading.locator("#ws-comments-list .thread")).to_contain_text("Too meek?")
    expect(reading.locator("#ws-text .commented")).to_have_text("grateful for an answer")
    select(reading, "grateful")
    reading.keyboard.press("Control+Alt+m")
    expect(reading.get_by_label("Your comment")).to_be_focused()
    reading.keyboard.press("Escape")
    reading.get_by_role("button", name="Suggest other words").click()
    reading.get_by_label("The words you suggest").fill("glad")
    reading.get_by_role("button", name="Suggest", exact=True).click()
    expect(reading.locator("#ws-text .suggested-in")).to_have_text("glad")
    assert "glad" not in words_of(stored(letter)), "a suggestion is no change"

    thread = writing.locator("#ws-comments-list .thread", has_text="Too meek?")
    thread.get_by_role("button", name="Reply").click()
    writing.get_by_label("Your reply").press_sequentially("It is (@ád")
    writing.get_by_role("option", name="Ada Okoro").click()
    writing.get_by_label("Your reply").press("Control+Enter")
    expect(thread).to_contain_text("It is (@Ada Okoro")
    assert [str(person) for person in Comment.objects.get(thread__isnull=False).mentions.all()] == ["Ada Okoro"]
    with saving(writing):
        writing.get_by_role("button", name="Accept").click()
    assert "We would be glad for an answer" in words_of(stored(letter))
    expect(writing.locator("#ws-text .suggested-in")).to_have_count(0)
    thread.get_by_role("button", name="Resolve").click()
    expect(writing.locator("#ws-comments-empty")).to_be_visible()
    expect(writing.locator("#ws-comments-list summary")).to_have_text("2 resolved")


def test_what_is_typed_stays_until_it_is_sent_and_passages_are_found_where_they_are(
    open_editor: Callable[..., Page], letter: Letter
) -> None:
    page = open_editor()
    select(page, "grateful")
    page.locator("#ws-comment").click()
    comment = page.get_by_label("Your comment")
    comment.fill("Too meek?")
    page.route("**/comments/new", lambda route: (route.fetch(), route.abort()))  # its answer is lost on the way
    comment.press("Control+Enter")
    expect(page.locator("#ws-comment-new .error")).not_to_be_empty()
    page.unroute("**/comments/new")
    comment.press("Control+Enter")
    expect(comment).to_have_count(0)
    expect(page.locator("#ws-comments-list .thread")).to_have_count(1)
    page.locator("#ws-comments-list").get_by_role("button", name="Reply").click()
    reply = page.get_by_label("Your reply")
    reply.fill("It is.")
    page.locator("#ws-text .commented", has_text="grateful").click()
    with saving(page):
        select(page, "We would be")
        page.keyboard.press("ArrowLeft")
        page.keyboard.type("Indeed. ")
    page.locator("#ws-comments-list").get_by_role("button", name="Show in the text").click()
    page.wait_for_function("() => String(getSelection()) === 'grateful'")  # focused a frame later
    page.locator("#ws-comment").click()
    comment.fill("Or glad?")
    page.locator("#ws-suggest").click()
    comment.press("Escape")
    expect(comment).to_have_value("Or glad?")
    expect(reply).to_have_value("It is.")
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    comment.fill("")
    comment.press("Escape")
    expect(comment).to_have_count(0)
    reply.press("Control+Enter")
    expect(page.locator("#ws-comments-list .thread")).to_contain_text("It is.")


def test_a_comment_moves_with_its_passage_and_outlives_it(
    open_editor: Callable[..., Page], letter: Letter, reviewer: User
) -> None:
    page = open_editor()
    select(page, LAST)
    page.locator("#ws-comment").click()
    page.get_by_label("Your comment").fill("Keep this")
    page.get_by_role("button", name="Comment", exact=True).last.click()
    expect(page.locator("#ws-text .commented")).to_have_text(LAST)
    with saving(page):
        select(page, "We would be")
        page.keyboard.press("ArrowLeft")
        page.keyboard.type("Indeed. ")
    expect(page.locator("#ws-text .commented")).to_have_text(LAST)
    page.reload()
    expect(page.locator("#ws-text .commented")).to_have_text(LAST)
    with saving(page):
        select(page, LAST)
        page.keyboard.press("Delete")
    page.locator("#ws-comments-list").get_by_role("button", name="Resolve").wait_for()
    page.reload()
    expect(page.locator("#ws-comments-list .thread")).to_contain_text("This passage is gone.")


def test_a_guest_comments_without_scripts(
    letter: Letter, open_page: Callable[..., Page], open_editor: Callable[..., Page], flaws: Callable[..., list[str]]
) -> None:
    drafter = letter.made_by
    assert drafter
    until = timezone.now() + timedelta(days=2)
    _link, token = guest_link_create(letter=letter, actor=drafter, name="Red de Comercio Justo", expires_at=until)
    page = open_page(script=False, width=360)
    page.goto(f"/guest/{token}/")
    expect(page.locator(".letter .numbered").first).to_have_css("padding-inline-start", "32px")  # for its number
    page.locator("summary", has_text="Comment").first.click()
    page.get_by_label("Your comment").first.fill("¿Y los pescadores?")
    page.get_by_role("button", name="Send the comment").first.click()
    expect(page.locator(".thread").first).to_contain_text("¿Y los pescadores?")
    seen = open_page()
    seen.goto(f"/guest/{token}/")
    assert flaws(seen, "guest letter") == []
    editor = open_editor()
    expect(editor.locator("#ws-comments-list .thread")).to_contain_text("Red de Comercio Justo, guest")
    editor.goto("/work/mc11/letters/1/guests/")
    assert flaws(editor, "guest links") == []
