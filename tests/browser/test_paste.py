"""What the clipboards of other programs bring into a letter, pasted in Chromium."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from apps.letters.document.traversal import plain_text
from apps.letters.models import Letter

from .letter_page import LAST, caret_after, cleared, move, paste, saving, stored

CLIPBOARD = Path(__file__).parent / "clipboard"
pytestmark = pytest.mark.django_db(transaction=True)

WORD = (
    '<html xmlns:o="urn:schemas-microsoft-com:office:office"><body>'
    "<!--StartFragment-->{}<!--EndFragment--></body></html>"
)


def file(name: str) -> str:
    return (CLIPBOARD / f"{name}.html").read_text(encoding="utf-8")


def text(page: Page) -> str:
    """The letter's blocks as they are shown, one a line."""
    lines: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('#ws-text :is(p, h2, h3)')].map((block) => block.textContent)"""
    )
    return "\n".join(lines)


def notice(page: Page) -> str:
    """What the newest notice says was left out or changed; "" where there is none. The notice is closed."""
    newest = page.locator("#ws-pasted .notice").first
    if newest.count() == 0:
        return ""
    said = " ".join(newest.locator("> p").all_inner_texts()[1:-1])
    newest.get_by_role("button", name="Close").click()
    return said


DELETED = "Left out: 1 deleted passage of tracked changes."
STRUCK = "Left out: 1 struck-out passage."
COMMENT = "Left out: 1 comment."
LINK = "Changed: 1 link (now leads straight to its page)."
SUPERSCRIPTS = "Changed: {} superscripts or subscripts (now characters: ²)."
DIRECTION = "Left out: {} invisible characters that reorder text."
SUPERSCRIPT = "Changed: 1 superscript or subscript (now a character: ²)."
FOOTNOTE = "Changed: 1 footnote mark (now text such as [1])."
#: what is pasted, the text afterwards, what the person is told
WORDS = {
    # tracked changes
    "Word": (
        file("word-tracked-changes-and-comment"),
        "We oppose the mandate.",
        "Left out: 1 deleted passage of tracked changes and 1 comment.",
    ),
    "Word, deletion as class": (
        WORD.format("<p>We <s><span class=msoDel>support </span></s><span class=msoIns>oppose </span>it.</p>"),
        "We oppose it.",
        DELETED,
    ),
    "Word, whole paragraphs": ("<p>One.</p><del><p>Two.</p><p>Three.</p></del><p>Four.</p>", "One.\nFour.", DELETED),
    "Word on the web": (
        '<p class="Paragraph"><span class="TextRun">We </span><span class="TrackedChange TrackChangeTextDeletion">'
        'support </span><span class="TrackedChange TrackChangeTextInsertion SCXW1">oppose </span><span>it.</span></p>',
        "We oppose it.",
        DELETED,
    ),
    "pandoc": (
        '<p>We <span class="deletion" data-author="Ada">support </span><span class="insertion">oppose </span>it'
        '<span class="comment-start" data-author="Ada">Do we?</span>.<span class="comment-end"></span></p>',
        "We oppose it.",
        "Left out: 1 deleted passage of tracked changes and 1 comment.",
    ),
    "a web editor": (
        '<p>We <span class="ck-suggestion-marker-deletion">support </span>oppose it.</p>',
        "We oppose it.",
        DELETED,
    ),
    "an ARIA deletion": ('<p>We <span role="deletion">support </span>oppose it.</p>', "We oppose it.", DELETED),
    "a class that only sounds so": (
        '<p>We <span class="service-removed changelog">oppose</span> it.</p>',
        "We oppose it.",
        "",
    ),
    "Google Docs, suggestion": (
        '<b style="font-weight:normal" id="docs-internal-guid-1"><p><span>We </span>'
        '<span style="color:#0f9d58;text-decoration:line-through;">support </span><span>oppose it.</span></p></b>',
        "We oppose it.",
        STRUCK,
    ),
    "struck by hand": ("<p>We <strike>support </strike>oppose it.</p>", "We oppose it.", STRUCK),
    "underlined": ('<p>We <u style="text-decoration:underline">oppose</u> <ins>it</ins>.</p>', "We oppose it.", ""),
    "hidden": (
        '<p>We oppose it.<span style="display:none;mso-hide:all"> For now.</span></p>',
        "We oppose it.",
        "Left out: 1 hidden passage.",
    ),
    # comments
    "Word, commented words": (
        WORD.format(
            "<p>We oppose <a style='mso-comment-reference:DR_1;mso-comment-date:20261120T1000'>the mandate</a>"
            "<span class=MsoCommentReference><a class=msocomanchor href='#_msocom_1'>[DR1]</a>"
            "<span style='mso-special-character:comment'>&nbsp;</span></span>.</p>"
            "<div style='mso-element:comment-list'><div style='mso-element:comment'><div id='_com_1' class=msocomtxt>"
            "<p class=MsoCommentText>Not <a href='mailto:ada@union.example'>@Ada Okoro</a>.</p></div></div></div>"
        ),
        "We oppose the mandate.",
        COMMENT,
    ),
    "Google Docs, comments": (
        '<div><p>We oppose it<sup><a href="#cmnt1" id="cmnt_ref1">[a]</a></sup> now<sup>'
        '<a href="#cmnt2">[b]</a></sup>.</p>'
        '<div style="border:1px solid black"><p><a href="#cmnt_ref1" id="cmnt1">[a]</a><span>Do we?</span></p></div>'
        '<div style="border:1px solid black"><p><a href="#cmnt_ref2">[b]</a><span>Yes.</span></p></div></div>',
        "We oppose it now.",
        "Left out: 2 comments.",
    ),
    "LibreOffice, comments": (
        '<html><head><meta name="generator" content="LibreOffice 24.8"></head><body>'
        "<p>We oppose<!-- Do we? --> it<!-- Yes. -->.</p></body></html>",
        "We oppose it.",
        "Left out: 2 comments.",
    ),
    "file formats": (
        "<p>We <w:del><w:delText>support </w:delText></w:del><w:ins>oppose </w:ins>it.</p>"
        "<office:annotation><dc:creator>Ada</dc:creator><p>Do we?</p></office:annotation>",
        "We oppose it.",
        "Left out: 1 deleted passage of tracked changes and 1 comment.",
    ),
    "rules of a style sheet": (
        "<style>@media (max-width:9px){.c3{display:none}} p.c1{margin:0} .c3{text-decoration:line-through}"
        ".c4{vertical-align:super;font-size:60%}</style>"
        '<p class="c1">We <span class="c3">support </span>oppose 3<span class="c4">1</span> million.</p>',
        "We oppose 3¹ million.",
        f"{STRUCK} {SUPERSCRIPT}",
    ),
    "a declaration that wins over a style sheet": (
        "<style>.c3{text-decoration:line-through}</style>"
        '<p>We <span class="c3" style="text-decoration:none">oppose</span> it.</p>',
        "We oppose it.",
        "",
    ),
    "the later of two rules": (
        "<style>.c3{text-decoration:line-through} .c3{text-decoration:none}</style>"
        '<p>We <span class="c3">oppose</span> it.</p>',
        "We oppose it.",
        "",
    ),
    "the more specific of two rules": (
        "<style>p .c3{text-decoration:none} .c3{text-decoration:line-through}</style>"
        '<p>We <span class="c3">oppose</span> it.</p>',
        "We oppose it.",
        "",
    ),
    "a declaration that is important": (
        "<style>.c3{text-decoration:line-through!important}</style>"
        '<p>We <span class="c3" style="text-decoration:none">support </span>oppose it.</p>',
        "We oppose it.",
        STRUCK,
    ),
    "a Roman number": (
        "<p>We paid 12<sup>iv</sup> million and 3<sup>xii</sup>, the 21<sup>st</sup> time.</p>",
        "We paid 12[iv] million and 3[xii], the 21st time.",
        "Changed: 2 footnote marks (now text such as [1]).",
    ),
    "no size": (
        '<p>We oppose it.<span style="font-size:0px"> For now.</span></p>',
        "We oppose it.",
        "Left out: 1 hidden passage.",
    ),
    "no size around sizes": (
        '<div style="font-size:0"><p style="font-size:13px">We oppose it.</p></div>',
        "We oppose it.",
        "",
    ),
    "white on white": (
        '<p>We oppose it.<span style="color: #ffffff"> For now.</span></p>',
        "We oppose it.",
        "Left out: 1 hidden passage.",
    ),
    "white on blue": ('<p style="background:#003366;color:white">We oppose it.</p>', "We oppose it.", ""),
    "an ARIA comment": ('<p>We oppose it.</p><div role="comment"><p>Not yet.</p></div>', "We oppose it.", COMMENT),
    # notes and superscripts
    "Word, footnote": (file("word-footnotes"), "Trade grew by 3[1] per cent.\n[1] A source, page 4.", FOOTNOTE),
    "Word, footnote whose number Word draws": (
        "<p>3<a style='mso-footnote-id:ftn2' href='#_ftn2'><span class=MsoFootnoteReference></span></a> per cent.</p>"
        "<div style='mso-element:footnote-list'><br clear=all><hr><div id=ftn2><p><a style='mso-footnote-id:ftn2' "
        "href='#_ftnref2'></a> A source.</p></div></div>",
        "3[2] per cent.\n[2] A source.",
        FOOTNOTE,
    ),
    "LibreOffice, footnote": (
        '<p>3<a class="sdfootnoteanc" href="#sdfootnote1sym"><sup>1</sup></a> million</p><div id="sdfootnote1">'
        '<p><a class="sdfootnotesym" href="#sdfootnote1anc">1</a>A source.</p></div>',
        "3[1] million\n[1] A source.",
        FOOTNOTE,
    ),
    "Google Docs, footnote": (
        '<p>3<sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup> million</p><hr><div>'
        '<p><a href="#ftnt_ref1">[1]</a> A source.</p></div>',
        "3[1] million\n[1] A source.",
        FOOTNOTE,
    ),
    "superscripts": (
        file("superscripts"),
        "Traffic of 10⁹ bytes in 164 members² cost US$ 3¹ million; CO₂.",
        SUPERSCRIPTS.format(4),
    ),
    "a superscript by style": (
        '<p>3<span style="font-size:0.6em;vertical-align:super;">12</span> million</p>',
        "3¹² million",
        SUPERSCRIPT,
    ),
    "a superscript of Word's": (
        '<p>3<span style="position:relative;top:-4.0pt;mso-text-raise:4.0pt">1</span> million</p>',
        "3¹ million",
        SUPERSCRIPT,
    ),
    "a superscript of Word's on the web": (
        '<p>3<span class="TextRun Superscript SCXW1">1</span> million</p>',
        "3¹ million",
        SUPERSCRIPT,
    ),
    "a superscript by position": (
        '<p>3<span style="position:relative;top:-3pt">1</span> million</p>',
        "3¹ million",
        SUPERSCRIPT,
    ),
    "a superscript with spaces": ("<p>3<sup> 1 </sup>million</p>", "3 ¹ million", SUPERSCRIPT),
    "a formula": (
        "<p>Traffic of <math><msup><mn>10</mn><mn>9</mn></msup></math> bytes, "
        "<math><mfrac><mn>1</mn><mrow><mi>n</mi><mo>+</mo><mn>1</mn></mrow></mfrac></math> of it.</p>",
        "Traffic of 10⁹ bytes, 1/(n+1) of it.",
        SUPERSCRIPT,
    ),
    "exponents": ("<p>10<sup>−6</sup> m<sup>2</sup>, 2<sup>n+1</sup></p>", "10⁻⁶ m², 2ⁿ⁺¹", SUPERSCRIPTS.format(3)),
    "an exponent without characters": ("<p>2<sup>1/2</sup></p>", "2^(1/2)", SUPERSCRIPT),
    "marks of notes": (
        "<p>3<sup>1,2</sup> and 4<sup>b</sup> and 5<sup>*</sup></p>",
        "3¹,² and 4ᵇ and 5*",
        SUPERSCRIPTS.format(2),
    ),
    "ordinals": (
        "<p>1<sup>er</sup> mars, 21<sup>st</sup>, n<sup>o</sup> 5, H<sub>2</sub>O</p>",
        "1er mars, 21st, nº 5, H₂O",
        SUPERSCRIPTS.format(2),
    ),
    "Unicode's superscripts": ("<p>US$ 3¹ million, 10⁹</p>", "US$ 3¹ million, 10⁹", ""),
    # images and characters
    "an image": (file("outlook-mail-with-image"), "Text before text after", "Left out: 1 image."),
    "an emoji": ('<p>Thanks <img alt="🙏" src="x.png"></p>', "Thanks 🙏", ""),
    "direction marks": (file("rtl-marks"), "نرفض الولاية (2017) الجديدة", DIRECTION.format(3)),
    "isolates": ("<p>rev\u202eersed \u2066a\u2069\u061c</p>", "reversed a", DIRECTION.format(4)),
    "what is only carried along": ("<p>\ufeffSoft\u00ad hy\u200bphen</p>", "Soft hyphen", ""),
    "joiners of scripts that need them": (
        "<p>می\u200cخواهم ශ්\u200dරී Farm\u200ders</p>",
        "می\u200cخواهم ශ්\u200dරී Farmers",
        "",
    ),
    # tables
    "a table": (
        "<table><tr><th>Country</th><th>Value</th></tr><tr><td>Kenya</td><td>3<sup>1</sup></td></tr></table>",
        "Country | Value\nKenya | 3¹",
        f"{SUPERSCRIPT[:-1]} and 1 table (now a paragraph for each row).",
    ),
    "cells with paragraphs": (
        "<table><tr><td><p>3</p></td><td>\n <p>1 million</p>\n</td></tr></table>",
        "3 | 1 million",
        "Changed: 1 table (now a paragraph for each row).",
    ),
    "a table that only frames a mail": (
        "<table><tr><td><table><tr><td><div>We oppose it.</div><div>We ask for time.</div></td></tr></table></td></tr>"
        "</table>",
        "We oppose it.\nWe ask for time.",
        "",
    ),
    "empty lines": ("<div>One.</div><div><br></div><p>&nbsp;</p><br><div>Two.</div>", "One.\nTwo.", ""),
}


def test_only_what_a_reader_of_the_source_sees_gets_into_the_letter(
    open_editor: Callable[..., Page], letter: Letter
) -> None:
    page = cleared(open_editor())
    wrong = {}
    for name, (html, expected, told) in WORDS.items():
        paste(page, html)
        found = (text(page), notice(page))
        if found != (expected, told):
            wrong[name] = found
        move(page, "Control+z")
        assert text(page) == "", f"{name}: one undo takes it back"
    assert wrong == {}


SAFELINK = (
    "https://nam12.safelinks.protection.outlook.com/ap/b-1/?url=https%3A%2F%2Fexample.org%2Fpaper%3Fpage%3D2"
    "&data=05%7C02%7Cdrafter%40union.example%7C0&reserved=0"
)
V3 = "https://urldefense.com/v3/__https://example.org/a*b__;Kys!!x$"
#: an address as it is pasted, and as it should be; None where nothing can say where it leads
LINKS = {
    SAFELINK: "https://example.org/paper?page=2",
    "https://statics.teams.cdn.office.net/evergreen-assets/safelinks/1/?url=https%3A%2F%2Fexample.org%2F": "https://example.org/",
    "https://urldefense.proofpoint.com/v1/url?u=https://example.org/a&k=x": "https://example.org/a",
    "https://urldefense.proofpoint.com/v2/url?u=https-3A__example.org_a-5Fb-3Fc-3D1&d=DwMF&r=drafter": "https://example.org/a_b?c=1",
    "https://urldefense.com/v3/__https://example.org/paper__;!!AbC!xyz$": "https://example.org/paper",
    V3: "https://example.org/a+b",
    "https://www.google.com/url?q=https://example.org/a%3Fb%3D1&sa=D&ust=1": "https://example.org/a?b=1",
    "https://www.google.co.uk/url?sa=t&url=https%3A%2F%2Fexample.org%2Fa": "https://example.org/a",
    "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Fa%3Ffbclid%3Dx&h=AT0": "https://example.org/a",
    "https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fexample.org%2fa&c=E,1,x&typo=1": "https://example.org/a",
    "https://secure-web.cisco.com/1aB-c/https%3A%2F%2Fexample.org%2Fa": "https://example.org/a",
    "https://eu-central-1.protection.sophos.com/?d=example.org&u=aHR0cHM6Ly9leGFtcGxlLm9yZy9h&i=x": "https://example.org/a",
    "https://protect.checkpoint.com/v2/___https://example.org/a___.YzJl": "https://example.org/a",
    "https://protect2.fireeye.com/v1/url?k=x&q=1&e=2&u=https%3A%2F%2Fexample.org%2Fa": "https://example.org/a",
    "https://mail.union.example/owa/redir.aspx?C=x&URL=https%3a%2f%2fexample.org%2fa": "https://example.org/a",
    "https://x.safelinks.example/?url=https%3A%2F%2Furldefense.com%2Fv3%2F__https%3A%2F%2Fexample.org%2Fa__%3B!!x%24": "https://example.org/a",
    "https://protect-eu.mimecast.com/s/AbC1?domain=example.org": None,
    "https://example.org/a?utm_source=letter&page=2&utm_medium=mail#b": "https://example.org/a?page=2#b",
    "https://example.org/a?member=drafter%40union.example&page=2": "https://example.org/a?page=2",
    "https://web.archive.org/web/2017/https://example.org/a": "https://web.archive.org/web/2017/https://example.org/a",
    "https://protect.example.org/a?b=1": "https://protect.example.org/a?b=1",
    "https://www.google.com/search?q=https://example.org/a": "https://www.google.com/search?q=https://example.org/a",
    "mailto:ada.okoro@union.example": None,
    "mailto:info@coalition.example?cc=ada@union.example&subject=x": None,
}


def test_links_lead_where_their_author_meant(open_editor: Callable[..., Page], letter: Letter) -> None:
    page = cleared(open_editor())
    link = page.locator("#ws-text a")
    wrong = {}
    for href, expected in LINKS.items():
        escaped = href.replace("&", "&amp;")
        paste(page, f'<p>See <a href="{escaped}">our paper</a>.</p>')
        found = link.get_attribute("href") if link.count() else None
        told = notice(page)
        if found != expected or bool(told) != (href != expected) or text(page) != "See our paper.":
            wrong[href] = (found, told)
        move(page, "Control+z")
    assert wrong == {}


PRIVATE = {
    "https://docs.google.com/document/d/1AbC/edit": "Check: 1 link to a file that readers may not be able to open.",
    "https://union.sharepoint.com/:w:/s/trade/EaBc": "Check: 1 link to a file that readers may not be able to open.",
    "https://docs.google.com/document/d/e/2PACX-1v/pub": "",
    "https://example.org/d/1/edit": "",
}
COLLEAGUE = "https://union-my.sharepoint.com/:w:/r/personal/drafter_union_example/_layouts/15/Doc.aspx"


def test_links_to_private_files_are_named_and_those_with_a_mailbox_left_out(
    open_editor: Callable[..., Page], letter: Letter
) -> None:
    page = cleared(open_editor())
    link = page.locator("#ws-text a")
    for href, told in PRIVATE.items():
        paste(page, f'<p>See <a href="{href}">our paper</a>.</p>')
        assert (link.get_attribute("href"), notice(page)) == (href, told)
        move(page, "Control+z")
    for href in (COLLEAGUE, "https://example.org/a?email=ZHJhZnRlckB1bmlvbi5leGFtcGxl&page=2"):
        paste(page, f'<p>See <a href="{href}">our paper</a>.</p>')
        found = link.get_attribute("href") if link.count() else None
        assert found == ("https://example.org/a?page=2" if "page=2" in href else None)
        assert notice(page)
        move(page, "Control+z")


def test_a_wrapped_address_in_the_words_is_unwrapped_too(open_editor: Callable[..., Page], letter: Letter) -> None:
    page = cleared(open_editor())
    with saving(page):
        paste(page, "", f"See our paper <{SAFELINK}>, or write to info@coalition.example.")
    assert text(page) == "See our paper <https://example.org/paper?page=2>, or write to info@coalition.example."
    assert notice(page) == LINK
    paste(page, '<p><a href="mailto:info@coalition.example?cc=x@union.example">info@coalition.example</a></p>')
    expect(page.locator("#ws-text a")).to_have_attribute("href", "mailto:info@coalition.example")
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+k")
    page.get_by_label("Address, as").fill(SAFELINK)
    with saving(page):
        page.keyboard.press("Enter")
    page.get_by_label("Subject").fill(f"Read {SAFELINK}\u202e")
    with saving(page):
        page.keyboard.type(" now")
    assert "union.example" not in str(stored(letter).body)
    assert stored(letter).subject == "Read https://example.org/paper?page=2 now"


def list_items(page: Page) -> list[list[list[str]]]:
    """For each list its items, for each item its paragraphs."""
    found: list[list[list[str]]] = page.evaluate(
        """() => [...document.querySelectorAll('#ws-text :is(ol, ul)')].map((list) =>
            [...list.children].map((item) => [...item.children].map((block) => block.textContent)))"""
    )
    return found


def word_item(marker: str, words: str, level: int = 1) -> str:
    return (
        f"<p class=MsoListParagraph style='mso-list:l0 level{level} lfo1'><![if !supportLists]><span "
        f"style='mso-list:Ignore'>{marker}<span>&nbsp;</span></span><![endif]>{words}</p>"
    )


LISTS = {
    "Google Docs, nested": (
        file("gdocs-nested-list"),
        [[["First demand", "(i) detail one", "(ii) detail two"], ["Second demand"]]],
    ),
    "Word on the web": (file("word-online-numbered"), [[["no mandate"], ["no payment"], ["more time"]]]),
    "Word": (
        word_item("1.", "one") + word_item("a)", "detail", 2) + word_item("2.", "two"),
        [[["one", "(a) detail"], ["two"]]],
    ),
    "interrupted": (
        "<ol><li>one</li></ol><p>Between.</p><ol start='2'><li>two</li></ol>",
        [[["one", "Between."], ["two"]]],
    ),
    "two lists": ("<ol><li>one</li></ol><ol><li>again one</li></ol>", [[["one"]], [["again one"]]]),
    "Word, interrupted": (
        word_item("1.", "one") + "<p class=MsoListContinue>goes on</p>" + word_item("2.", "two"),
        [[["one", "goes on"], ["two"]]],
    ),
    "Word on the web, nested": (
        '<div class="ListContainerWrapper"><ol start="1"><li data-aria-level="1">one</li></ol></div>'
        '<div class="ListContainerWrapper"><ol start="1"><li data-aria-level="2">i</li></ol></div>'
        '<div class="ListContainerWrapper"><ol start="2"><li data-aria-level="1">two</li></ol></div>',
        [[["one", "(i) i"], ["two"]]],
    ),
    "an item that was deleted": ("<ul><li><del>one</del></li><li><h3>two</h3></li></ul>", [[["two"]]]),
    "after a heading": ("<ol><li>one</li></ol><h2>Head</h2><ol start='2'><li>two</li></ol>", [[["one"]]]),
    "Word, begun at (c)": (word_item("(c)", "three") + word_item("(d)", "four"), []),
    "begun in the middle": ("<ol start='4'><li>four</li><li>five</li></ol>", []),
    "nested in HTML": (
        "<ol><li>one<ul><li>dash</li></ul></li><li>two</li></ol>",
        [[["one", "– dash"], ["two"]]],
    ),
}


def test_numbering_goes_on_where_the_source_does(open_editor: Callable[..., Page], letter: Letter) -> None:
    page = cleared(open_editor())
    wrong = {}
    for name, (html, expected) in LISTS.items():
        paste(page, html)
        if list_items(page) != expected:
            wrong[name] = list_items(page)
        if name == "Word, begun at (c)":
            assert text(page) == "(c) three\n(d) four"
        if name == "begun in the middle":
            assert text(page) == "4. four\n5. five"
            assert notice(page) == "Changed: 1 numbered list (now numbered paragraphs)."
        move(page, "Control+z")
    assert wrong == {}


def test_the_notice_stays_until_it_is_closed_and_is_read_aloud(
    open_editor: Callable[..., Page], letter: Letter, findings: Callable[[Page], list[str]], shoot: Callable[..., None]
) -> None:
    page = open_editor(width=360)
    caret_after(page, LAST)
    page.keyboard.type(" Typed before.")
    paste(page, file("word-tracked-changes-and-comment"))
    page.keyboard.type(" Typed after.")
    notices = page.locator("#ws-pasted .notice")
    expect(notices).to_be_in_viewport()
    expect(page.locator("#ws-aloud")).to_have_text(re.compile("Check what you pasted. Left out: 1 deleted passage"))
    paste(page, "<p>Nothing to tell.</p>")
    paste(page, "<p>2<sup>3</sup></p>")
    expect(notices).to_have_count(2)
    notices.last.get_by_text("Show the words that were left out").click()
    expect(notices.last.locator("li")).to_have_text(["Do not tell the ministry that we split on this.", "support "])
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    shoot(page, "workspace-360-pasted")
    for _notice in range(2):
        notices.first.get_by_role("button", name="Close").click()
    expect(page.locator("#ws-text")).to_be_focused()
    for _step in range(4):
        move(page, "Control+z")  # two pastes, what was typed after the first, and the first
    with saving(page):
        page.keyboard.type("!")
    assert "Typed before.!" in plain_text(stored(letter).body)
    assert "mandate" not in plain_text(stored(letter).body).split("Typed before")[1]


def test_invisible_characters_cannot_be_typed(open_editor: Callable[..., Page], letter: Letter) -> None:
    page = cleared(open_editor())
    page.keyboard.insert_text("سهជីព ends")
    for _step in range(5):
        move(page, "ArrowLeft")
    with saving(page):
        for typed in ("\u200b", "\u202e", "\u2066", "\u200f", "x"):
            page.keyboard.insert_text(typed)
    assert text(page) == "سهជីពx ends"
    assert plain_text(stored(letter).body) == "سهជីពx ends"


COPY = """() => {
    const clipboardData = new DataTransfer()
    const event = new ClipboardEvent('copy', {clipboardData, bubbles: true, cancelable: true})
    document.querySelector('#ws-text').dispatchEvent(event)
    return ['text/html', 'text/plain'].map((type) => clipboardData.getData(type))
}"""
SHAPE = "() => [...document.querySelectorAll('#ws-text *')].map((element) => element.localName + element.className)"


def test_what_is_copied_from_a_letter_comes_back_whole(open_editor: Callable[..., Page], letter: Letter) -> None:
    page = open_editor()
    page.locator("#ws-text p").first.click()
    move(page, "Control+a")
    before = (text(page), page.evaluate(SHAPE))
    html, plain = page.evaluate(COPY)
    paste(page, html, plain)
    assert (text(page), page.evaluate(SHAPE)) == before
    assert notice(page) == ""
