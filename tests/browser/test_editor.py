"""The letter editor in a real browser, on the real backend and the real evidence of MC11."""

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.governments.models import Member
from apps.letters.document.traversal import plain_text, walk_nodes
from apps.letters.models import Letter, LetterText
from apps.letters.services.drafts import letter_text_save
from apps.letters.services.languages import Start, letter_text_add, letter_text_remove
from apps.talkingpoints.models import Fact
from apps.talkingpoints.services.facts import fact_correct, fact_fingerprint, fact_retire
from tests.factories import add_team_member, make_user
from tests.factories import documents as d
from tests.factories.browsers import sign_in
from tests.factories.processes import wait_until

from .letter_page import (
    ADDRESS,
    LAST,
    TEXT,
    a_frame,
    caret_after,
    cleared,
    cut_off,
    evidence_row,
    have,
    keeps,
    keeps_nothing,
    kept_here,
    let_go,
    move,
    nodes,
    opened,
    paste,
    saving,
    stored,
    visit,
    words_of,
)

pytestmark = pytest.mark.django_db(transaction=True)

SAVED_AT = re.compile(r"^Saved \d\d? [A-Z]\w+ \d{4}, \d\d:\d\d (in [A-Z]\w+|UTC)$")


def test_typing_saves_and_a_reload_shows_it(open_editor: Callable[..., Page], letter: Letter) -> None:
    page = open_editor()
    with saving(page):
        caret_after(page, LAST)
        page.keyboard.type(" Write to us in Geneva.")
    expect(page.locator("#ws-saved")).to_have_text(SAVED_AT)
    assert "Write to us in Geneva." in words_of(stored(letter))
    with saving(page):
        page.get_by_label("Subject").fill("Hold your position")
    assert stored(letter).subject == "Hold your position"
    visit(page)
    expect(page.locator("#ws-text")).to_contain_text("Write to us in Geneva.")
    expect(page.get_by_label("Subject")).to_have_value("Hold your position")


def test_opening_a_letter_saves_nothing(open_editor: Callable[..., Page], letter: Letter) -> None:
    page = open_editor()
    page.locator("#ws-text p").first.click()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#ws-shown article")).to_be_visible()
    assert stored(letter).revision == 1
    assert page.evaluate("Object.keys(localStorage).length") == 0
    assert kept_here(page) == 0


def test_words_of_a_text_begun_anew_stay_until_they_are_let_go(
    open_editor: Callable[..., Page], letter: Letter, team: SimpleNamespace
) -> None:
    page, address = open_editor(), f"{ADDRESS}?language=fr"
    french = letter_text_add(letter=letter, actor=team.drafter, language="fr", start=Start.ORIGINAL)
    visit(page, address)
    cut_off(page)
    caret_after(page, LAST)
    page.keyboard.type(" Never sent.")
    wait_until(lambda: kept_here(page, "rescue"), "the words to be kept, a second after the last key", 20)
    letter_text_remove(text=french, actor=team.drafter)
    letter_text_add(letter=letter, actor=team.drafter, language="fr", start=Start.ORIGINAL)
    rescue = page.locator("[data-rescue]")
    visit(page, address)
    expect(rescue).to_be_visible()
    with saving(page):
        caret_after(page, LAST)
        page.keyboard.type(" Of the new text.")
    visit(page, address)
    let_go(page, rescue)
    visit(page, address)
    expect(rescue).to_have_count(0)


def test_a_second_window_never_writes_over_the_first(
    open_editor: Callable[..., Page], letter: Letter, mc11: Campaign
) -> None:
    """No socket gets through here, so this goes over plain HTTP."""
    colleague = make_user("Ada Okoro")
    add_team_member(colleague, mc11, Role.COORDINATOR)
    first, second = open_editor(), open_editor(colleague)
    caret_after(first, LAST)
    caret_after(second, LAST)
    with saving(first), saving(second):
        first.keyboard.type(" Hers.")
        second.keyboard.type(" His.")
    for page in (first, second):
        expect(page.locator("#ws-text")).to_contain_text("Hers.")
        expect(page.locator("#ws-text")).to_contain_text("His.")
        expect(page.locator("#ws-trouble")).to_have_count(0)
        expect(page.locator("#ws-slow")).to_have_text("Slow connection: saved every few seconds")
    text = stored(letter)
    assert " Hers." in words_of(text)
    assert " His." in words_of(text)
    paragraphs = [page.locator("#ws-text p", has_text=LAST).text_content() for page in (first, second)]
    assert paragraphs[0] == paragraphs[1]
    assert {letter.made_by_id, colleague.pk} <= set(text.updates.values_list("actor_id", flat=True))


def test_what_a_program_saves_comes_into_the_open_text(open_editor: Callable[..., Page], letter: Letter) -> None:
    page = open_editor()
    other = stored(letter)
    caret_after(page, LAST)
    page.context.set_offline(True)  # else it may be saved first, and the program refused
    page.keyboard.type(" Mine.")
    letter_text_save(text=other, actor=other.saved_by, revision=1, subject="Theirs", body=other.body)
    page.context.set_offline(False)
    expect(page.get_by_label("Subject")).to_have_value("Theirs")
    with saving(page):
        page.keyboard.type(" Agreed.")
    assert "Mine. Agreed." in words_of(stored(letter))
    assert stored(letter).subject == "Theirs"


def test_a_talking_point_and_a_fact_become_text_and_a_note(open_editor: Callable[..., Page], letter: Letter) -> None:
    page = open_editor()
    notes = page.locator("#ws-notes-list li")
    before = notes.count()
    caret_after(page, LAST)
    expect(page.locator("#ws-points li")).to_have_count(12)  # one line each
    seven = opened(page, "7")
    shown = seven.locator("> .would-insert > .words").all_inner_texts()
    with saving(page):
        seven.get_by_role("button", name="Insert point 7").click()
    (point,) = [node for node in walk_nodes(stored(letter).body) if node.get("attrs", {}).get("number") == 7]
    assert [re.sub(r"7\.\d$", "", words) for words in shown] == [plain_text(block) for block in point["content"]]
    expect(evidence_row(page, "7").locator("> .evidence-row")).to_contain_text("In the text")

    page.get_by_label("Search evidence").fill("7.3")
    page.get_by_label("Search evidence").press("Enter")
    expect(evidence_row(page, "7").locator("> .evidence-row")).to_be_focused()
    fact = evidence_row(page, "7.3")
    with page.expect_response(re.compile(r"/evidence\?")):
        page.get_by_label("Search evidence").fill("7.3")
        fact.locator("> .evidence-row").hover()
        page.mouse.down()  # and the list is there again before the button is up
    a_frame(page)
    page.mouse.up()
    cite = fact.get_by_role("button", name="Cite 7.3")
    caret_after(page, LAST)
    with saving(page):
        cite.click()
    cited = [citation["fact"] for citation in nodes(stored(letter), "citation")]
    fact = Fact.objects.get(campaign__slug="mc11", point__number=7, position=3)
    assert fact.key in cited
    assert stored(letter).fact_uses.filter(fact=fact).exists()
    expect(notes).to_have_count(before + 2)  # the fact of the passage, and this one

    mark = page.locator("#ws-text p", has_text=LAST).locator(".citation")
    number = mark.inner_text().split()[0]
    marks = [mark.split()[0] for mark in page.locator("#ws-text .citation").all_inner_texts() if mark[0] != "·"]
    page.get_by_role("button", name="Preview").click()
    shown = page.locator("#ws-shown")
    expect(shown.locator("p", has_text=LAST).locator("a.footnote")).to_have_text(number)
    assert shown.locator("a.footnote").all_inner_texts() == marks
    assert shown.locator(".notes bdi").all_inner_texts() == page.locator("#ws-notes-list bdi").all_text_contents()
    expect(shown.locator(f"#n{number}")).to_contain_text(re.compile(r"James, Twelve Reasons, note \d+ above, reason 7"))


def test_fields_show_what_the_government_gets(open_editor: Callable[..., Page], letter: Letter) -> None:
    page = open_editor()
    text = page.locator("#ws-text")
    expect(text.locator(".merge-field").first).to_have_text("Excellency")  # her own salutation may hold a name
    expect(text.locator(".merge-field", has_text="the delegation of Kenya")).to_have_attribute(
        "title", re.compile("member.delegation")
    )
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#ws-shown .subject")).to_have_text(f"Subject: {stored(letter).subject}")
    shown = page.locator("#ws-shown article")
    expect(shown).to_contain_text("We ask the delegation of Kenya to hold it in Buenos Aires")
    expect(shown).not_to_contain_text("As one of the least developed countries")
    page.get_by_role("button", name="Preview").click()

    caret_after(page, LAST)
    page.keyboard.type(" {")
    page.get_by_role("combobox", name="Search fields").fill("capital")
    with saving(page):
        page.keyboard.press("Enter")
    assert {"key": "member.capital"} in nodes(stored(letter), "mergeField")
    expect(text.locator("p", has_text=LAST).locator(".merge-field")).to_have_text("Nairobi")

    page.get_by_label("Shown as").select_option("")
    expect(text.locator("p", has_text=LAST).locator(".merge-field")).to_have_text("your capital")
    expect(text.locator(".audience").first).to_have_class(re.compile("unread"))


def test_a_gap_is_flagged_and_a_fallback_fills_it(open_editor: Callable[..., Page], letter: Letter) -> None:
    Member.objects.filter(code="KE").update(capital="")
    page = open_editor()
    caret_after(page, LAST)
    page.keyboard.type(" {")
    page.get_by_role("combobox", name="Search fields").fill("member.capital")
    with saving(page):
        page.keyboard.press("Enter")
    expect(page.locator("#ws-text .merge-field.gap")).to_have_text("Capital ?")
    flag = page.locator("#ws-flags li", has_text="has no value for Kenya and no fallback")
    flag.get_by_role("button", name="Add a fallback").click()
    page.get_by_label("Text where there is no value").fill("your capital")
    with saving(page):
        page.get_by_role("button", name="Keep these words").click()
    assert {"key": "member.capital", "fallback": "your capital"} in nodes(stored(letter), "mergeField")
    expect(page.locator("#ws-text .merge-field.gap")).to_have_count(0)
    expect(flag).to_have_count(0)


def test_a_fact_under_caution_is_marked_where_it_is_cited(open_editor: Callable[..., Page], letter: Letter) -> None:
    Fact.objects.filter(key="tp09-f05").update(verification="caution", caution="The figure is disputed.")
    page = open_editor()
    mark = page.locator("#ws-text .citation.stale", has_text=re.compile(r"^7 !$"))
    expect(mark).to_have_text("7 !")
    expect(mark).to_have_attribute("aria-label", "Citation 7. Caution: The figure is disputed.")
    said = page.locator("#ws-notes-list .state-warn", has_text="Caution: The figure is disputed.")
    expect(said).to_have_count(1)
    flag = page.locator("#ws-flags li", has_text="The figure is disputed.")
    flag.get_by_role("button", name="Show the fact").click()
    with saving(page):
        page.get_by_role("button", name="Remove the citation").click()
    assert "tp09-f05" not in [citation["fact"] for citation in nodes(stored(letter), "citation")]
    expect(flag).to_have_count(0)


@pytest.mark.parametrize(
    ("standing", "caution", "words"),
    [("verified", "Mind the year.", "Caution: Mind the year."), ("unverified", "", "Not checked")],
)
def test_what_the_checklist_doubts_is_marked_in_the_text(
    open_editor: Callable[..., Page], letter: Letter, standing: str, caution: str, words: str
) -> None:
    Fact.objects.filter(key="tp09-f05").update(verification=standing, caution=caution)
    mark = open_editor().locator("#ws-text .citation.stale", has_text=re.compile(r"^7 !$"))
    expect(mark).to_have_attribute("aria-label", re.compile(rf"Citation 7\. {re.escape(words)}"))


def test_on_a_phone_the_evidence_opens_over_the_text(open_editor: Callable[..., Page], letter: Letter) -> None:
    page = open_editor(width=360)
    caret_after(page, LAST)
    opener, pane = page.get_by_role("button", name="Evidence", exact=True), page.locator("#ws-evidence")
    opener.click()
    expect(pane).to_have_css("position", "fixed")
    expect(pane).to_be_in_viewport()
    expect(opener).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(pane).to_have_css("position", "static")
    opener.click()
    pane.get_by_role("button", name="Close").click()
    expect(pane).to_have_css("position", "static")
    opener.click()
    words = opened(page, "2").get_by_role("button", name="Insert point 2")
    expect(words).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    with saving(page):
        words.click()
    expect(opener).to_have_attribute("aria-expanded", "false")
    expect(page.locator("#ws-text")).to_be_focused()


def test_a_fact_that_has_changed_is_said_to_have_changed(
    open_editor: Callable[..., Page], letter: Letter, findings: Callable[[Page], list[str]]
) -> None:
    """And what changed, with the offer to take it: the new words where the old ones stand, too."""
    fact, text = Fact.objects.get(key="tp07-f06"), stored(letter)
    old, new = fact.statement, "IT for Change asks for a fair place. مكان عادل"
    body = d.doc(*text.body["content"], d.par(f"We add: {old}", d.cite(fact.key), " That is so."))
    letter_text_save(text=text, actor=text.saved_by, revision=1, subject=text.subject, body=body)
    fact_correct(fact=fact, actor=text.saved_by, seen=fact_fingerprint(fact), reason="It asks less.", statement=new)
    page = open_editor()
    place = page.locator("#ws-text p", has_text="We add:")
    expect(place.locator(".citation.stale")).to_have_attribute(
        "aria-label", re.compile("Has changed since it was cited here")
    )
    flag = page.locator("#ws-flags li", has_text="Fact changed")
    flag.get_by_role("button", name="Show the fact").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("del")).to_have_text(old)
    expect(dialog.locator("ins")).to_have_text(new)
    expect(dialog).to_contain_text("It asks less.")
    assert findings(page) == []
    with saving(page):
        dialog.get_by_role("button", name="Use the new words").click()
    expect(flag).to_have_count(0)
    expect(place.locator(".citation.stale")).to_have_count(0)
    assert f"We add: {new} That is so." in words_of(stored(letter))
    assert text.fact_uses.get(fact=fact).fact_revision == fact.revision + 1

    fact.refresh_from_db()
    fact_retire(fact=fact, actor=text.saved_by, seen=fact_fingerprint(fact), reason="The study is gone.")
    visit(page)
    flag = page.locator("#ws-flags li", has_text="Fact withdrawn")
    expect(flag).to_contain_text("Cite another fact in its place, or remove the citation.")
    flag.get_by_role("button", name="Show the fact").click()
    dialog.get_by_role("button", name="Replace with another fact").click()
    option = page.locator("#choose-list").get_by_role("option").first
    expect(option).to_contain_text(re.compile("^7\\.[0-57-9]"))  # of the same point, before all others
    with saving(page):
        option.click()
    expect(flag).to_have_count(0)


def test_what_insert_takes_is_on_the_screen_with_its_caution(
    open_editor: Callable[..., Page], letter: Letter, findings: Callable[[Page], list[str]]
) -> None:
    Fact.objects.filter(point__number=2).update(caution="Mind the year.", verification="unverified")
    Fact.objects.filter(key="tp02-f06").update(caution="October only.", verification="verified")
    page = open_editor()
    taken = opened(page, "2").locator("> .would-insert")
    expect(taken).to_contain_text("The African Group at the WTO opposed")
    expect(taken.locator(".caution")).to_have_text("October only.")
    caret_after(page, LAST)
    with saving(page):
        page.get_by_role("button", name="Insert point 2").click()
    assert [node["fact"] for node in nodes(stored(letter), "citation")][-1] == "tp02-f06"
    caret_after(page, LAST)
    with saving(page):
        fact = opened(page, "2.6")
        assert findings(page) == []
        fact.get_by_role("button", name="Insert fact 2.6").click()
    assert "by that day. The African Group at the WTO opposed" in words_of(stored(letter))


def test_evidence_and_the_choice_of_facts_forgive_typing_errors(
    open_editor: Callable[..., Page], letter: Letter
) -> None:
    page = open_editor()
    page.get_by_label("Search evidence").fill("tarrif")
    expect(page.locator("#ws-points .evidence-facts li").first).to_contain_text("tariff")
    expect(page.locator("#ws-evidence-told")).to_be_empty()
    caret_after(page, LAST)
    page.keyboard.type(" [")
    page.get_by_role("combobox", name="Search facts").fill("moratoruim")
    expect(page.locator("#choose-list").get_by_role("option")).to_contain_text("moratorium")
    with saving(page):
        page.keyboard.press("Enter")


def test_a_sign_typed_and_not_chosen_is_just_a_sign(open_editor: Callable[..., Page], letter: Letter) -> None:
    page = open_editor()
    caret_after(page, LAST)
    with saving(page):
        page.keyboard.type(" {")
        move(page, "Escape")
        expect(page.locator("#ws-text p", has_text=LAST)).to_contain_text("{")  # the sign is back, and the caret
        page.keyboard.type("x} write to a@coalition.example")
    assert "{x} write to a@coalition.example" in words_of(stored(letter))


def test_flags_say_their_kind_and_notes_are_counted_as_the_review_counts_them(
    open_editor: Callable[..., Page], letter: Letter, mc11: Campaign
) -> None:
    fact = Fact.objects.filter(campaign=mc11, verification="verified").exclude(
        key__in=letter.texts.get().fact_uses.values("fact__key")
    )
    text = letter.texts.get()
    cited = {"type": "citation", "attrs": {"fact": fact.first().key}}
    passage = {"type": "paragraph", "content": [{"type": "text", "text": "Only for some."}, cited]}
    block = {"type": "audience", "attrs": {"only": ["stance:opposes"], "except": []}, "content": [passage]}
    body = {**text.body, "content": [*text.body["content"], block]}
    letter_text_save(text=text, actor=text.saved_by, revision=1, subject=text.subject, body=body)
    page = open_editor()
    counts = page.locator("#ws-counts").inner_text()
    heads = page.locator("#ws-flags .flag-head")
    expect(heads.filter(has_text="No address")).to_have_count(1)
    expect(heads.filter(has_text="Look at")).to_have_count(0)
    expect(page.locator("#ws-flags").get_by_role("link", name="Kenya")).to_have_count(1)
    sentence = re.compile("Only to those who oppose: 0 governments")
    expect(page.locator("#ws-text .audience .who").last).to_contain_text(sentence)
    page.goto(page.url + "en/review/")
    expect(page.locator("main")).to_contain_text(counts)
    expect(page.locator("main")).to_contain_text(sentence)


def test_a_passage_can_be_limited_to_some_governments(open_editor: Callable[..., Page], letter: Letter) -> None:
    page = open_editor()
    caret_after(page, LAST)
    page.get_by_role("button", name="Only for…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Limit the passage").click()
    expect(dialog.get_by_role("status")).to_contain_text("Nobody is chosen yet")
    dialog.get_by_label("Search groups, positions and governments").fill("least dev")
    dialog.get_by_label("Least developed countries").select_option(label="Only to")
    expect(dialog.get_by_role("status")).to_contain_text("0 governments, Kenya does not get it")
    with saving(page):
        dialog.get_by_role("button", name="Limit the passage").click()
    assert {"only": ["group:ldc"], "except": []}.items() <= nodes(stored(letter), "audience")[-1].items()
    block = page.locator("#ws-text .audience", has_text=LAST)
    expect(block.locator(".who")).to_contain_text(
        "Only to Least developed countries: 0 governments, Kenya does not get it"
    )
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#ws-shown article")).not_to_contain_text(LAST)
    page.get_by_role("button", name="Preview").click()
    block.get_by_role("button", name="Change").click()
    with saving(page):
        page.get_by_role("button", name="Remove the limits").click()
    expect(block).to_have_count(0)
    expect(page.locator("#ws-text")).to_contain_text(LAST)


def test_offline_nothing_is_lost_and_the_network_saves_it(open_editor: Callable[..., Page], letter: Letter) -> None:
    page = open_editor()
    page.context.set_offline(True)
    caret_after(page, LAST)
    page.keyboard.insert_text(" Typed on the train.")  # one change, however slow the machine
    expect(page.locator("#ws-saved")).to_have_text("Offline. 1 change kept here")
    page.wait_for_timeout(600)  # what comes sooner belongs to the same change
    page.keyboard.insert_text(" Twice.")
    expect(page.locator("#ws-saved")).to_have_text("Offline. 2 changes kept here")
    assert stored(letter).revision == 1
    assert kept_here(page) > 0
    with saving(page):
        page.context.set_offline(False)
    expect(page.locator("#ws-saved")).to_contain_text("Saved")
    assert "Typed on the train. Twice." in words_of(stored(letter))
    keeps_nothing(page)


#: what this window stores is not stored until `written` is set
SLOW_DISK = """() => {
    const add = IDBObjectStore.prototype.add
    IDBObjectStore.prototype.add = function (row) {
        const wait = () => { if (!window.written) this.count().onsuccess = wait }
        const request = add.call(this, row)
        wait()
        return request
    }
}"""


def test_a_closed_window_leaves_its_text_behind(open_editor: Callable[..., Page], letter: Letter) -> None:
    page = open_editor()
    cut_off(page)
    caret_after(page, LAST)
    page.evaluate(SLOW_DISK)
    page.keyboard.type(" Before the tunnel.")
    expect(page.locator("#ws-saved")).to_contain_text("in this window only")
    page.evaluate("window.written = true")
    expect(page.locator("#ws-saved")).to_contain_text("kept here")
    keeps(page, letter, " Before the tunnel.")
    page.close()
    assert stored(letter).revision == 1

    again = page.context.new_page()
    with saving(again):
        visit(again)
    expect(again.locator("#ws-text")).to_contain_text("Before the tunnel.")
    assert "Before the tunnel." in words_of(stored(letter))
    keeps_nothing(again)


def test_what_was_left_behind_merges_with_what_was_saved_since(
    open_editor: Callable[..., Page], letter: Letter
) -> None:
    page = open_editor()
    cut_off(page)
    caret_after(page, LAST)
    page.keyboard.type(" Left behind.")
    keeps(page, letter, " Left behind.")
    page.close()
    other = stored(letter)
    letter_text_save(text=other, actor=other.saved_by, revision=1, subject="Newer", body=other.body)

    again = page.context.new_page()
    with saving(again):
        visit(again)
    expect(again.get_by_label("Subject")).to_have_value("Newer")
    assert "by that day. Left behind." in words_of(stored(letter))


def test_what_was_left_behind_in_a_replaced_passage_stays_until_it_is_let_go(
    open_editor: Callable[..., Page], letter: Letter
) -> None:
    page, other = open_editor(), open_editor()
    cut_off(page)
    caret_after(page, LAST)
    page.keyboard.type(" Left behinx")
    page.keyboard.press("Backspace")
    page.keyboard.type("d.")
    keeps(page, letter, " Left behind.")
    page.close()
    caret_after(other, LAST)
    with saving(other):
        other.locator("[data-tool=heading]").click()

    again = page.context.new_page()
    kept = again.locator("[data-rescue]")
    for _time in range(2):
        visit(again)
        expect(kept).to_contain_text("Somebody replaced a passage in which you had written")
    again.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text }")
    kept.get_by_role("button").first.click()
    again.wait_for_function("() => window.copied")
    assert again.evaluate("window.copied") == "Left behind."
    let_go(again, kept)
    visit(again)
    expect(kept).to_have_count(0)


def test_words_typed_in_a_block_that_was_replaced_without_a_network_are_written_again(
    open_editor: Callable[..., Page], letter: Letter
) -> None:
    """The window that replaced it is closed by then: the next one sends what it left behind."""
    page, other = open_editor(), open_editor()
    cut_off(page)
    caret_after(page, LAST)
    page.locator("[data-tool=heading]").click()
    wait_until(lambda: kept_here(page) > 0, "the heading to be kept here")
    page.close()
    caret_after(other, LAST)
    with saving(other):
        paste(other, 'Mean<strong>while</strong>, <span data-field="conference.name">x</span> too.')

    again = visit(page.context.new_page())
    have([again, other], "Meanwhile")
    for window in (again, other):
        heading = window.locator(f"{TEXT} h2", has_text=LAST)
        expect(heading).to_have_text(re.compile(r"Meanwhile, .+ too\.$"))
        expect(heading.locator("strong")).to_have_text("while")
        expect(heading.locator(".merge-field")).to_have_count(1)
    assert words_of(stored(letter)).count("Meanwhile") == 1


def test_a_lost_answer_doubles_nothing(open_editor: Callable[..., Page], letter: Letter) -> None:
    page = open_editor()
    lost: list[int] = []

    def lose(route: Route) -> None:
        if len(lost) < 2 and '"updates":[]' not in (route.request.post_data or ""):
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.route("**/updates", lose)
    caret_after(page, LAST)
    page.keyboard.type(" Arrived.")
    expect(page.locator("#ws-saved")).to_contain_text("Offline")
    with saving(page):
        page.keyboard.type(" And on.")
    expect(page.locator("#ws-saved")).to_contain_text("Saved")
    assert lost == [200, 200]
    assert words_of(stored(letter)).count("Arrived. And on.") == 1


def test_a_long_arabic_letter_is_saved(open_editor: Callable[..., Page], letter: Letter) -> None:
    """Browsers limit requests that outlive their page to 64 KB, and this text has 80 KB in UTF-8."""
    page = cleared(open_editor())
    with saving(page):
        paste(page, "".join(f"<p>{'نكتب إليكم بشأن حماية البيانات. ' * 22}</p>" for _ in range(60)))
    assert len(words_of(stored(letter))) > 40_000
    expect(page.locator("#ws-saved")).to_contain_text("Saved")


def test_only_the_save_of_a_window_that_is_hidden_outlives_it(open_editor: Callable[..., Page], letter: Letter) -> None:
    page = open_editor()
    page.evaluate(
        """() => {
            const send = window.fetch
            window.sent = []
            window.fetch = (url, init) => {
                window.sent.push(`${init.method} ${Boolean(init.keepalive)}`)
                return send(url, init)
            }
        }"""
    )
    with page.expect_response(lambda answer: answer.request.method == "POST"), saving(page):
        caret_after(page, LAST)
        page.keyboard.type(" First.")
    assert "POST true" not in page.evaluate("window.sent")  # comments are asked for by GET now and then
    with saving(page):
        page.evaluate(
            """async () => {
                document.execCommand('insertText', false, ' Last.')
                await null // the editor sees it; what is typed by keys may be saved before the window is hidden
                Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })
                document.dispatchEvent(new Event('visibilitychange'))
            }"""
        )
    assert "POST true" in page.evaluate("window.sent")
    assert "First. Last." in words_of(stored(letter))


def test_a_text_the_server_refuses_stays_in_the_window(open_editor: Callable[..., Page], letter: Letter) -> None:
    page = open_editor()
    caret_after(page, LAST)
    paste(page, f"<p>{'far too long ' * 40_000}</p>")
    expect(page.locator("#ws-trouble")).to_contain_text("larger than 500 KB")
    expect(page.locator("#ws-saved")).to_contain_text("Not saved")
    assert stored(letter).revision == 1
    with saving(page):
        page.keyboard.press("Control+z")
        page.keyboard.type("!")
    expect(page.locator("#ws-trouble")).to_have_count(0)


def test_an_ended_session_keeps_the_text(
    open_editor: Callable[..., Page], letter: Letter, team: SimpleNamespace, live_server: LiveServer
) -> None:
    page = open_editor()
    page.context.clear_cookies()
    caret_after(page, LAST)
    page.keyboard.type(" Signed out.")
    trouble = page.locator("#ws-trouble")
    expect(trouble).to_contain_text("Your session has ended")
    expect(trouble.get_by_role("link")).to_have_attribute("href", re.compile("next="))
    assert stored(letter).revision == 1
    sign_in(page.context, live_server.url, team.drafter)
    other = page.context.new_page()
    other.goto(ADDRESS)  # gives the browser a fresh token against forgery
    other.close()
    with saving(page):
        trouble.get_by_role("button", name="Save again").click()
    expect(trouble).to_have_count(0)
    assert "Signed out." in words_of(stored(letter))


HOSTILE = """
<meta charset="utf-8"><style>p { color: red }</style><script>window.hacked = 1</script>
<h1 style="color:red" onclick="window.hacked = 2">A heading of a page</h1>
<p class="MsoNormal" style="margin:0">Pasted <b style="font-family:Arial">boldly</b><o:p></o:p>
<img src="x" onerror="window.hacked = 3"> <a href="javascript:window.hacked=4">a trap</a>
<a href="https://www.example.org/a" target="_blank" onclick="window.hacked = 5">a page</a></p>
<table><tr><td>one</td><td>two</td></tr></table>
<iframe srcdoc="<script>parent.hacked = 6</script>"></iframe><svg onload="window.hacked = 7"></svg>
<p style="mso-list:l0 level1 lfo1"><!--[if !supportLists]--><span>1.</span><!--[endif]-->first of Word</p>
<p style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">2.</span>second of Word</p>
<ul><li>outer<ul><li>inner</li></ul></li></ul>
<div data-only="group:ldc"><div data-only="member:KE"><p>nested audience</p></div></div>
<span data-field="user.password">no such field</span><sup data-fact="no-such-fact">9</sup>
<p data-id="baaaaaaaa">twice</p><p data-id="baaaaaaaa">the same id</p><p>rev‮ersed</p>
"""


def test_pasted_html_is_cleaned(open_editor: Callable[..., Page], letter: Letter) -> None:
    page = open_editor()
    caret_after(page, LAST)
    page.keyboard.press("Enter")
    with saving(page):
        paste(page, HOSTILE)
    text = stored(letter)
    words = words_of(text)
    for kept in (
        "A heading of a page",
        "boldly",
        "a trap",
        "one",
        "second of Word",
        "inner",
        "nested audience",
        "reversed",
    ):
        assert kept in words
    assert page.evaluate("window.hacked") is None
    links = [
        mark["attrs"] for node in walk_nodes(text.body) for mark in node.get("marks", []) if mark["type"] == "link"
    ]
    assert links == [{"href": "https://www.example.org/a"}]
    left = (
        "img:not(.ProseMirror-separator), script, iframe, table, style, svg[onload], [onclick], [style]:not([style=''])"
    )
    assert page.locator(f"#ws-text :is({left})").count() == 0
    ids = [node["attrs"]["id"] for node in walk_nodes(text.body) if "id" in node.get("attrs", {})]
    assert len(ids) == len(set(ids))
    assert not [node for node in nodes(text, "mergeField") if node["key"] == "user.password"]


def test_ids_of_blocks_stay_with_their_blocks(open_editor: Callable[..., Page], letter: Letter) -> None:
    before = [node["attrs"]["id"] for node in stored(letter).body["content"]]
    page = open_editor()
    caret_after(page, LAST)
    with saving(page):
        move(page, "Home")
        page.keyboard.press("Enter")  # splits at the start: the words move on with an id of their own or keep theirs
        page.keyboard.type("A new paragraph.")
    after = [node["attrs"]["id"] for node in stored(letter).body["content"]]
    assert [block for block in after if block in before] == before
    assert len(after) == len(before) + 1


def test_everything_is_reached_with_the_keyboard(open_editor: Callable[..., Page], letter: Letter) -> None:
    page = open_editor()
    page.get_by_label("Subject").focus()
    page.keyboard.press("Enter")  # a subject is one line: on to the text
    expect(page.locator("#ws-text")).to_be_focused()
    move(page, "Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("- ")
    page.keyboard.press("Control+b")
    page.keyboard.type("bold")
    page.keyboard.press("Control+b")
    page.keyboard.press("Alt+F10")
    expect(page.get_by_role("button", name="Heading", exact=True)).to_be_focused()
    page.keyboard.press("End")
    expect(page.get_by_role("button", name="Shortcuts")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#ws-text")).to_be_focused()
    page.keyboard.press("Alt+F10")
    for _step in range(7):
        page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("button", name="Citation")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("digital technologies lag")
    page.keyboard.press("Enter")
    expect(page.locator("#ws-text")).to_be_focused()
    with saving(page):
        page.keyboard.type(".")
    last = stored(letter).body["content"][-1]
    assert last["type"] == "bulletList"
    assert [node["type"] for node in last["content"][0]["content"][0]["content"]] == ["text", "citation", "text"]
    move(page, "ArrowLeft")
    move(page, "ArrowLeft")  # on the citation, which is chosen as a whole
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("lag behind their spread")
    page.keyboard.press("Escape")
    expect(page.locator("#ws-text")).to_be_focused()
    page.keyboard.press("Tab")  # leaves the text: there is no trap
    expect(page.locator("#ws-text")).not_to_be_focused()


def test_arabic_is_written_from_right_to_left(
    open_page: Callable[..., Page],
    letter: Letter,
    team: SimpleNamespace,
    shoot: Callable[[Page, str], None],
) -> None:
    english = stored(letter)
    body = {
        "type": "doc",
        "content": [
            {"type": "paragraph", "attrs": {"id": "bpara0001"}, "content": [{"type": "text", "text": "معالي الوزير،"}]},
            {
                "type": "orderedList",
                "attrs": {"id": "blist0001"},
                "content": [
                    {
                        "type": "listItem",
                        "content": [{"type": "paragraph", "content": [{"type": "text", "text": "نطلب منكم ذلك"}]}],
                    }
                ],
            },
        ],
    }
    LetterText.objects.create(
        letter=letter,
        language="ar",
        subject="",
        body=body,
        sha256="0" * 64,
        saved_by=team.drafter,
        saved_at=english.saved_at,
    )
    team.drafter.language = "ar"
    team.drafter.save()
    page = open_page(team.drafter)
    visit(page, f"{ADDRESS}?language=ar")
    text = page.locator("#ws-text")
    expect(text).to_have_attribute("dir", "rtl")
    with saving(page):
        text.locator("p", has_text="معالي").click()
        move(page, "End")
        page.keyboard.type(" تحية طيبة")
    assert "معالي الوزير، تحية طيبة" in words_of(stored(letter, "ar"))
    evidence, writing = page.locator(".pane.evidence-pane").bounding_box(), text.bounding_box()
    assert evidence
    assert writing
    assert evidence["x"] > writing["x"]  # mirrored: the evidence stands at the right
    shoot(page, "workspace-1280-arabic")


def test_whoever_may_not_write_reads(open_editor: Callable[..., Page], team: SimpleNamespace) -> None:
    page = open_editor(team.reviewer)
    expect(page.locator("#ws-toolbar")).to_be_hidden()
    expect(page.locator("#ws-text")).to_have_attribute("contenteditable", "false")
    expect(page.get_by_label("Subject")).to_have_attribute("readonly", "")
    expect(page.get_by_role("button", name="Insert point 7")).to_have_count(0)
    expect(page.get_by_role("button", name="Ask for review")).to_have_count(0)
    expect(page.locator("#ws-text .merge-field").first).to_have_text("Excellency")


def test_the_approval_is_near_by_keyboard(
    open_page: Callable[..., Page], letter: Letter, team: SimpleNamespace
) -> None:
    page = open_page(team.reviewer)
    page.goto(reverse("letters:review", args=["mc11", letter.number, "en"]))
    for _press in range(2):
        page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the approval")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Approve revision")).to_be_focused()


def test_whoever_sees_contacts_sees_the_salutation_of_the_recipient(
    open_editor: Callable[..., Page], mc11: Campaign
) -> None:
    coordinator = make_user("Ada Okoro")
    add_team_member(coordinator, mc11, Role.COORDINATOR)
    expect(open_editor(coordinator).locator("#ws-text .merge-field").first).to_have_text("Your Excellency")


def test_without_script_the_letter_can_be_read(
    open_page: Callable[..., Page], letter: Letter, team: SimpleNamespace
) -> None:
    page = open_page(team.drafter, script=False)
    page.goto(ADDRESS)
    expect(page.get_by_text("Writing needs JavaScript.")).to_be_visible()
    expect(page.locator("#ws-text")).to_contain_text("We ask the delegation of Kenya to hold it in Buenos Aires")
    expect(page.locator("#ws-toolbar")).to_be_hidden()


def test_review_is_asked_for_what_stands_there(open_editor: Callable[..., Page], letter: Letter) -> None:
    """Once it is saved, which a slow line takes its time for; whoever writes on meanwhile is not led away."""
    page = open_editor()
    held: list[Route] = []
    is_slow = True
    page.route("**/updates", lambda route: held.append(route) if is_slow else route.continue_())
    caret_after(page, LAST)
    page.keyboard.type(" At the last")
    ask, waits = page.get_by_role("button", name="Ask for review"), page.get_by_text("Goes on once the text is saved.")
    ask.click()
    expect(waits.first).to_be_visible()
    caret_after(page, LAST)
    page.keyboard.type(" moment.")
    expect(page.locator("#ws-ask-waits")).to_be_hidden()
    is_slow = False
    for route in held:
        route.continue_()
    expect(page.locator("#ws-saved")).to_contain_text("Saved")
    expect(page).to_have_url(re.compile(f"{ADDRESS}$"))
    page.keyboard.type(" Now.")
    ask.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ask for a review")
    page.locator("main form").get_by_role("button").first.click()
    expect(page.locator(".page-head")).to_contain_text("Naledi Motsepe asked on")
    text = stored(letter)
    assert text.review_asked_at
    assert "At the last moment. Now." in words_of(text)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")])
def test_axe_finds_nothing_serious(
    open_editor: Callable[..., Page],
    findings: Callable[[Page], list[str]],
    shoot: Callable[[Page, str], None],
    width: int,
    scheme: str,
) -> None:
    page = open_editor(width=width, scheme=scheme)
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    shoot(page, f"workspace-{width}-{scheme}")
    if (width, scheme) in {(1280, "light"), (360, "dark")}:
        for tool in ("Field", "Citation", "Only for…", "Link", "Shortcuts"):
            page.get_by_role("button", name=tool).first.click()
            expect(page.get_by_role("dialog")).to_be_visible()
            assert findings(page) == [], tool
            shoot(page, f"workspace-{width}-{scheme}-{tool.split()[0]}")
            page.keyboard.press("Escape")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#ws-shown article")).to_be_visible()
    assert findings(page) == []
    shoot(page, f"workspace-{width}-{scheme}-preview")
