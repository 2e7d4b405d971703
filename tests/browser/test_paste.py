"""What the clipboards of other programs bring into a letter, pasted in Chromium."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from playwright.sync_api import Page, expect

from apps.letters.document.traversal import plain_text
from apps.letters.models import Letter

from .letter_page import EDITOR, LAST, caret_after, cleared, move, nodes, paste, saving, stored, words_of

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
    "hidden in other ways": (
        '<p>We <span style="color:transparent">do not </span><span style="opacity:0">now </span>oppose it.</p>'
        '<div style="max-height:0;overflow:hidden">Read this.</div>',
        "We oppose it.",
        "Left out: 3 hidden passages.",
    ),
    "Word, struck around its deletions": (
        WORD.format("<p>We <s><span><del cite='mailto:Ada'>support </del></span></s><ins>oppose </ins>it.</p>"),
        "We oppose it.",
        DELETED,
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
    "Word, footnote": (file("word-footnotes"), "Trade grew by 3[1] per cent.", ""),
    "Word, footnote whose number Word draws": (
        "<p>3<a style='mso-footnote-id:ftn2' href='#_ftn2'><span class=MsoFootnoteReference></span></a> per cent.</p>"
        "<div style='mso-element:footnote-list'><br clear=all><hr><div id=ftn2><p><a style='mso-footnote-id:ftn2' "
        "href='#_ftnref2'></a> A source.</p></div></div>",
        "3[1] per cent.",
        "",
    ),
    "LibreOffice, footnote": (
        '<p>3<a class="sdfootnoteanc" href="#sdfootnote1sym"><sup>1</sup></a> million</p><div id="sdfootnote1">'
        '<p><a class="sdfootnotesym" href="#sdfootnote1anc">1</a>A source.</p></div>',
        "3[1] million",
        "",
    ),
    "Google Docs, footnote": (
        '<p>3<sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup> million</p><hr><div>'
        '<p><a href="#ftnt_ref1">[1]</a> A source.</p></div>',
        "3[1] million",
        "",
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
    "a superscript by size and height": (
        '<p>3<span style="vertical-align:top;font-size:x-small">1</span> million, 4<span style="font-size:65%;'
        'vertical-align:text-top">2</span>, m<span style="font-variant-position:super">2</span></p>',
        "3¹ million, 4², m²",
        SUPERSCRIPTS.format(3),
    ),
    "superscripts in a viewer of PDFs": (
        "".join(
            f'<span style="left: 9%; top: {top}%; font-size: calc(var(--scale-factor)*{size}px);" role="presentation">'
            f"{words}</span>"
            for words, top, size in (("US$ 3", 20, 11), ("1", 19.8, 7), (" million of CO", 20, 11), ("2", 20.6, 7))
        ),
        "US$ 3¹ million of CO₂",
        SUPERSCRIPTS.format(2),
    ),
    "a superscript with spaces": ("<p>3<sup> 1 </sup>million</p>", "3 ¹ million", SUPERSCRIPT),
    "a formula": (
        "<p>Traffic of <math><msup><mn>10</mn><mn>9</mn></msup></math> bytes, "
        "<math><mfrac><mn>1</mn><mrow><mi>n</mi><mo>+</mo><mn>1</mn></mrow></mfrac></math> of it.</p>",
        "Traffic of 10⁹ bytes, 1/(n+1) of it.",
        SUPERSCRIPT,
    ),
    "exponents": ("<p>10<sup>−6</sup> m<sup>2</sup>, 2<sup>n+1</sup></p>", "10⁻⁶ m², 2ⁿ⁺¹", SUPERSCRIPTS.format(3)),
    "a note that was not copied": (
        "<p>3<a style='mso-footnote-id:ftn1' href='#_ftn1'>[4]</a> per cent.</p>",
        "3[4] per cent.",
        FOOTNOTE,
    ),
    "an exponent without characters": ("<p>2 m<sup>1/2</sup></p>", "2 m1/2", ""),
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
    "a flag": ('<p>Go <img alt="🇰🇪" src="x.png"></p>', "Go 🇰🇪", ""),
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
    "a cell beside two rows": (
        "<table><tr><td rowspan=2>Kenya</td><td>3</td></tr><tr><td>4</td></tr></table>",
        "Kenya | 3\nKenya | 4",
        "Changed: 1 table (now a paragraph for each row).",
    ),
    "an empty cell": (
        "<table><tr><td>Kenya</td><td>3</td></tr><tr><td></td><td>4</td><td></td></tr></table>",
        "Kenya | 3\n| 4",
        "Changed: 1 table (now a paragraph for each row).",
    ),
    "a page of Word's that ends": (
        WORD.format("<p>One.</p><span><br clear=all style='page-break-before:always'></span><p>Two.</p>"),
        "One.\nTwo.",
        "",
    ),
    "a table that only frames a mail": (
        "<table><tr><td><table><tr><td><div>We oppose it.</div><div>We ask for time.</div></td></tr></table></td></tr>"
        "</table>",
        "We oppose it.\nWe ask for time.",
        "",
    ),
    "Word, the end of a paragraph that was deleted": (
        WORD.format(
            "<p>We oppose<del cite='mailto:Ada'><o:p></o:p></del></p><p><ins cite='mailto:Ada'> </ins>the mandate.</p>"
        ),
        "We oppose the mandate.",
        "",
    ),
    "Word, a note that was deleted with its mark": (
        WORD.format(
            "<p>It grew<del>, they say<a style='mso-footnote-id:ftn1' href='#_ftn1' name='_ftnref1'>[1]</a></del>.</p>"
            "<div style='mso-element:footnote-list'><div style='mso-element:footnote' id=ftn1><p><a style='mso-"
            "footnote-id:ftn1' href='#_ftnref1' name='_ftn1'><del>[1]</del></a><del> Nobody.</del></p></div></div>"
        ),
        "It grew.",
        "Left out: 3 deleted passages of tracked changes.",
    ),
    "Word, a line of a table of contents": (
        WORD.format(
            "<p><a href='#_Toc1'>1. Mandate<span style='display:none;mso-hide:screen'><span style='mso-tab-count:1 "
            "dotted'>. </span></span>3</a></p>"
        ),
        "1. Mandate 3",
        "Left out: 1 hidden passage.",
    ),
    "Word, a formula": (
        WORD.format(
            "<p>It is <!--[if gte msEquation 12]><m:oMath><m:f><m:fPr><m:ctrlPr/></m:fPr><m:num><m:r><i>a</i></m:r>"
            "</m:num><m:den><m:r>b</m:r></m:den></m:f></m:oMath><![endif]--><![if !msEquation]><span><![if !vml]>"
            "<img width=15 src='file:///C:/clip.png'><![endif]></span><![endif]> a year.</p>"
        ),
        "It is a/b a year.",
        "",
    ),
    "Word on the web, the number of a note": (
        '<p class="Paragraph"><span class="TextRun">It grew</span><span class="TextRun FootnoteReference" style='
        '"vertical-align:super"><span>1</span></span><span> fast.</span><span class="EOP">&nbsp;</span></p>',
        "It grew[1] fast.",
        FOOTNOTE,
    ),
    "Word on the web, a table": (
        "<table><tr><td><div><div><p>Kenya<span class=EOP>&nbsp;</span></p></div></div></td><td><div>1.5</div></td>"
        "</tr></table>",
        "Kenya | 1.5",
        "Changed: 1 table (now a paragraph for each row).",
    ),
    "hidden beside the screen": (
        '<p>We oppose it.<span style="font-size:1px;color:#fefefe"> For</span><span style="position:absolute;'
        'left:-9999px"> now</span><span style="position:absolute;clip:rect(0, 0, 0, 0)"> only</span></p>',
        "We oppose it.",
        "Left out: 3 hidden passages.",
    ),
    "empty lines within a paragraph": (
        "<div>We <b>oppose<br><br>it.<br>\n<br></b><br>Soon.</div>",
        "We oppose\nit.\nSoon.",
        "",
    ),
    "Apple Mail, a quotation": (
        '<div>We agree.<br><blockquote type="cite"><div>Ada wrote:</div><br class="Apple-interchange-newline"><div>'
        "Do we?</div></blockquote></div>",
        "We agree.\nAda wrote:\nDo we?",
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
    "\u200ehttps://example.org/a\u200f": "https://example.org/a",
    "https://example.org/a#to=drafter@union.example": "https://example.org/a",
    "https://example.org/drafter@union.example/a": None,
    "https://social.example/@ada@union.example": "https://social.example/@ada@union.example",
    "file:///C:/Users/drafter/a.docx": None,
    "https://www.bing.com/ck/a?!&&p=x&u=a1aHR0cHM6Ly9leGFtcGxlLm9yZy9h&ntb=1": "https://example.org/a",
    "https://duckduckgo.com/l/?uddg=https%3A%2F%2Fexample.org%2Fa&rut=x": "https://example.org/a",
    "https://r.search.yahoo.com/_ylt=A0/RV=2/RU=https%3a%2f%2fexample.org%2fa/RK=2/RS=x-": "https://example.org/a",
    "https://outlook.office.com/mail/safelink.html?url=https%3A%2F%2Fexample.org%2Fa&corid=x": "https://example.org/a",
    "https://x.r.eu-west-1.awstrack.me/L0/https:%2F%2Fexample.org%2Fa/1/0102-x/y=1": "https://example.org/a",
    "https://click.pstmrk.it/3s/example.org%2Fa/x/y": "https://example.org/a",
    "https://union.us1.list-manage.com/track/click?u=x&id=y&e=z": None,
    "https://u1.ct.sendgrid.net/ls/click?upn=x": None,
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
        unseen = bool(expected) and expected == href.strip("\u200e\u200f")  # characters that nobody misses
        if found != expected or bool(told) == (unseen or href == expected) or text(page) != "See our paper.":
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
    paste(page, "", "Ada<mailto:ada@union.example> has https://protect-eu.mimecast.com/s/A?domain=example.org")
    assert "union.example" not in text(page)
    assert marks(page) == ["link"]
    assert "1 email address behind a link and 1 link that does not say where" in notice(page)
    move(page, "Control+z")
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


OUTLINE = """() => {
    const roman = ['', 'i', 'ii', 'iii', 'iv', 'v', 'vi']
    const signs = {a: (n) => String.fromCharCode(96 + n), i: (n) => roman[n], 1: String}
    const lines = []
    const read = (block, indent) => {
        if (!block.matches('ol, ul')) return lines.push(indent + block.textContent)
        let n = Number(block.getAttribute('start') ?? 1)
        for (const item of block.children) {
            const sign = block.matches('ul') ? '–' : `(${signs[block.getAttribute('type')](n)})`
            const [first, ...rest] = item.children
            lines.push(`${indent}${sign} ${first.textContent}`)
            for (const inner of rest) read(inner, indent + '  ')
            n += 1
        }
    }
    for (const block of document.querySelector('#ws-text').children) read(block, '')
    return lines
}"""


def outline(page: Page) -> list[str]:
    """The blocks of the text with the signs of lists as the style sheet draws them, lists in lists indented."""
    lines: list[str] = page.evaluate(OUTLINE)
    return lines


def word_item(marker: str, words: str, level: int = 1) -> str:
    return (
        f"<p class=MsoListParagraph style='mso-list:l0 level{level} lfo1'><![if !supportLists]><span "
        f"style='mso-list:Ignore'>{marker}<span>&nbsp;</span></span><![endif]>{words}</p>"
    )


GONE = "<del>gone</del>"
LISTS = {
    "Google Docs, nested": (
        file("gdocs-nested-list"),
        ["(1) First demand", "  (a) detail one", "  (b) detail two", "(2) Second demand"],
    ),
    "Word on the web": (file("word-online-numbered"), ["We ask:", "(1) no mandate", "(2) no payment", "(3) more time"]),
    "Word": (
        word_item("1.", "one") + word_item("a)", "detail", 2) + word_item("2.", "two"),
        ["(1) one", "  (a) detail", "(2) two"],
    ),
    "Word, up and down": (
        word_item("(a)", "a")
        + word_item("i.", "i", 2)
        + word_item("1)", "deep", 3)
        + word_item("ii.", "ii", 2)
        + word_item("(b)", "b")
        + word_item("i.", "again", 2),
        ["(a) a", "  (i) i", "    (1) deep", "  (ii) ii", "(b) b", "  (i) again"],
    ),
    "Word, numbered by sections": (
        word_item("2.1.", "one", 2) + word_item("2.2.", "two", 2),
        ["(1) one", "(2) two"],
    ),
    "Word, a numbered heading": (
        "<h2 style='mso-list:l0 level1 lfo1'><![if !supportLists]><span>3.<span> </span></span><![endif]>We ask</h2>",
        ["3. We ask"],
    ),
    "Word, a letter that is also Roman": (
        "".join(word_item(f"{letter})", letter) for letter in "ghij"),
        ["(g) g", "(h) h", "(i) i", "(j) j"],
    ),
    "Word, Roman numbers": (
        "".join(word_item(f"{sign}.", sign) for sign in ("i", "ii", "iii", "iv", "v")),
        ["(i) i", "(ii) ii", "(iii) iii", "(iv) iv", "(v) v"],
    ),
    "Word, signs that are words": (
        word_item("Article 1.", "one") + word_item("Article 2.", "two"),
        ["Article 1. one", "Article 2. two"],
    ),
    "Word, Chinese numbers": (
        word_item("一、", "一") + word_item("（1）", "1", 2) + word_item("（2）", "2", 2),
        ["一、 一", "(1) 1", "(2) 2"],
    ),
    "Outlook on the web": (
        "".join(
            f'<p class="x_MsoListParagraph" style="margin-left:{margin}pt"><span><span>{sign}<span style="'
            f'font:7.0pt &quot;Times New Roman&quot;">&nbsp; </span></span></span>{words}</p>'
            for margin, sign, words in ((36, "1.", "one"), (72, "a)", "detail"), (36, "2.", "two"))
        ),
        ["(1) one", "  (a) detail", "(2) two"],
    ),
    "Word, bullets": (word_item("·", "one") + word_item("o", "two", 2), ["– one", "  – two"]),
    "Word, begun again": (
        word_item("1.", "one") + word_item("2.", "two") + word_item("1.", "again"),
        ["(1) one", "(2) two", "(1) again"],
    ),
    "Arabic numbers": (word_item("٣.", "ثلاثة") + word_item("٤.", "أربعة"), ["(3) ثلاثة", "(4) أربعة"]),
    "Word, an item that was deleted": (
        word_item("1.", "one")
        + word_item("2.", GONE)
        + word_item("a)", GONE, 2)
        + word_item("3.", "three")
        + "<p class=MsoNormal>Between.</p>"
        + word_item("4.", "four")
        + word_item("1.", "again"),
        ["(1) one", "(2) three", "Between.", "(3) four", "(1) again"],
    ),
    "Word on the web, an item that was deleted": (
        "".join(
            f'<div class="ListContainerWrapper"><ol start="{n}"><li data-listid="2"><p>{words}</p></li></ol></div>'
            for n, words in enumerate(("one", '<span class="TrackChangeTextDeletion">x</span>', "three"), start=1)
        ),
        ["(1) one", "(2) three"],
    ),
    "Google Docs, begun in the middle": (
        '<ol><ol start="2"><li style="list-style-type:lower-alpha" aria-level="2">b</li></ol>'
        '<li aria-level="1">one</li></ol><p>Between.</p><ol start="2"><li aria-level="1">two</li></ol>',
        ["(b) b", "(1) one", "Between.", "(2) two"],
    ),
    "a file of Google Docs": (
        '<ol class="lst-kix_x-0 start"><li>one</li></ol><ol class="lst-kix_x-1 start"><li>a</li><li>b</li></ol>'
        '<ol class="lst-kix_x-0" start="2"><li>two</li></ol>',
        ["(1) one", "  (a) a", "  (b) b", "(2) two"],
    ),
    "Google Docs, a checklist": (
        '<ul><li role="checkbox" aria-level="1"><img src="x" alt="unchecked" aria-roledescription="checkbox"><p>do</p>'
        "</li></ul>",
        ["– do"],
    ),
    "Outlook": (
        "<ol start='2'><li style='list-style-type: &quot;b) &quot;;'><div>two</div></li></ol>",
        ["(b) two"],
    ),
    "two kinds": (
        "<ol type='a'><li>a</li></ol><ol type='1' start='2'><li>two</li></ol>",
        ["(a) a", "(2) two"],
    ),
    "interrupted": (
        "<ol><li>one</li></ol><p>Between.</p><ol start='2'><li>two</li></ol>",
        ["(1) one", "Between.", "(2) two"],
    ),
    "interrupted by a heading": (
        "<ol><li>one</li></ol><h2>Head</h2><ol start='2'><li>two</li></ol>",
        ["(1) one", "Head", "(2) two"],
    ),
    "two lists": ("<ol><li>one</li></ol><ol><li>again one</li></ol>", ["(1) one", "(1) again one"]),
    "Word, continued": (
        word_item("1.", "one") + "<p class=MsoListContinue>goes on</p>" + word_item("2.", "two"),
        ["(1) one", "  goes on", "(2) two"],
    ),
    "Word, interrupted": (
        word_item("1.", "one") + "<p class=MsoNormal>Between.</p>" + word_item("2.", "two") + word_item("3.", "three"),
        ["(1) one", "Between.", "(2) two", "(3) three"],
    ),
    "Word on the web, nested": (
        '<div class="ListContainerWrapper"><ol start="1"><li data-aria-level="1">one</li></ol></div>'
        '<div class="ListContainerWrapper"><ol start="1"><li data-aria-level="2">i</li></ol></div>'
        '<div class="ListContainerWrapper"><ol start="2"><li data-aria-level="2">ii</li></ol></div>'
        '<div class="ListContainerWrapper"><ol start="2"><li data-aria-level="1">two</li></ol></div>',
        ["(1) one", "  (a) i", "  (b) ii", "(2) two"],
    ),
    "an item that was deleted": ("<ul><li><del>one</del></li><li><h3>two</h3></li></ul>", ["– two"]),
    "Word, begun at (c)": (word_item("(c)", "three") + word_item("(d)", "four"), ["(c) three", "(d) four"]),
    "begun in the middle": ("<ol start='4'><li>four</li><li>five</li></ol>", ["(4) four", "(5) five"]),
    "an item with a number of its own": (
        "<ol><li>one</li><li value='7'>seven</li><li>eight</li></ol>",
        ["(1) one", "(7) seven", "(8) eight"],
    ),
    "kinds of HTML": (
        "<ol type=i><li>one<ol style='list-style-type:upper-alpha'><li>a</li></ol></li></ol>",
        ["(i) one", "  (a) a"],
    ),
    "nested in HTML": (
        "<ol><li>one<ul><li>dash</li></ul></li><li><div>two</div><div>goes on</div></li></ol>",
        ["(1) one", "  – dash", "(2) two", "  goes on"],
    ),
    "a list in an empty item": ("<ol><li>one</li><li><ol><li>in it</li></ol></li></ol>", ["(1) one", "  (a) in it"]),
    "Word, bullets that are only drawn": (
        "<p class=MsoNormal><span style='font-family:Symbol'>·</span><span>&nbsp;&nbsp; </span>one</p>"
        "<p>\uf0b7 <b>two</b></p>",
        ["– one", "– two"],
    ),
    "five levels": (
        "<ul><li>1<ul><li>2<ul><li>3<ul><li>4<ol start=3><li>5</li></ol></li></ul></li></ul></li></ul></li></ul>",
        ["– 1", "  – 2", "    – 3", "      – 4", "        (3) 5"],
    ),
    "in a quotation": (
        "<blockquote><h3>Art. 1</h3><ol start=2><li>two</li></ol></blockquote><p class=MsoQuote>said</p>",
        ["Art. 1(2) two", "said"],
    ),
}


def test_numbering_goes_on_where_the_source_does(open_editor: Callable[..., Page], letter: Letter) -> None:
    page = cleared(open_editor())
    wrong = {}
    for name, (html, expected) in LISTS.items():
        paste(page, html)
        found = (outline(page), notice(page))
        if found[0] != expected or ("deleted passage" in found[1]) != ("deleted" in name):
            wrong[name] = found
        move(page, "Control+z")
    assert wrong == {}
    with saving(page):
        paste(page, LISTS["Word, up and down"][0] + LISTS["begun in the middle"][0])
    lists = nodes(stored(letter), "orderedList")
    assert [(one.get("numbering"), one.get("start")) for one in lists] == [
        (None, None), ("roman", None), ("decimal", None), ("roman", None), ("decimal", 4),
    ]  # fmt: skip


def test_lists_are_put_into_lists_by_keys(open_editor: Callable[..., Page], letter: Letter) -> None:
    page = cleared(open_editor())
    page.keyboard.type("1. one")
    page.keyboard.press("Enter")
    page.keyboard.type("two")
    move(page, "Control+]")
    assert outline(page) == ["(a) one", "  (i) two"]
    page.keyboard.press("Enter")
    page.keyboard.type("three")
    move(page, "Control+[")
    assert outline(page) == ["(a) one", "  (i) two", "(b) three"]
    page.keyboard.press("Tab")
    expect(page.locator("#ws-text")).not_to_be_focused()


NOTES = {
    "Word": (file("word-footnotes"), ["A source, page 4."]),
    "LibreOffice": (
        '<p>a<a class="sdfootnoteanc" href="#sdfootnote1sym"><sup>1</sup></a> b<a class="sdfootnoteanc" '
        'href="#sdfootnote2sym"><sup>2</sup></a></p><div id="sdfootnote1"><p><a class="sdfootnotesym" '
        'href="#sdfootnote1anc">1</a>A source.</p></div><div id="sdfootnote2"><p><a class="sdfootnotesym" '
        'href="#sdfootnote2anc">2</a>10<sup>9</sup> bytes.</p></div>',
        ["A source.", "10⁹ bytes."],
    ),
    "LibreOffice, names of links": (
        '<p>a<a class="sdendnoteanc" name="sdendnote1anc" href="#sdendnote1sym"><sup>i</sup></a></p><div '
        'id="sdendnote1"><p><a class="sdendnotesym" name="sdendnote1sym" href="#sdendnote1anc">i</a>Last.</p></div>',
        ["Last."],
    ),
    "Google Docs": (
        '<p>a<sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup> b<sup><a href="#ftnt2" id="ftnt_ref2">[2]</a></sup></p>'
        '<hr><div><p><a href="#ftnt_ref1" id="ftnt1">[1]</a><span> One, see </span><a href="https://www.google.com/'
        'url?q=https://example.org/a&amp;sa=D">this</a>.</p></div><div><p><a href="#ftnt_ref2" id="ftnt2">'
        "[2]</a> Two.</p></div>",
        ["One, see this (https://example.org/a).", "Two."],
    ),
    "pandoc": (
        '<p>a<a href="#fn1" class="footnote-ref" id="fnref1" role="doc-noteref"><sup>1</sup></a></p><section class='
        '"footnotes" role="doc-endnotes"><hr><ol><li id="fn1"><p>A source.<a href="#fnref1" role="doc-backlink">↩︎</a>'
        "</p></li></ol></section>",
        ["A source."],
    ),
    "a file of Word's": (
        '<p>a<sup><a href="#footnote-2" id="footnote-ref-2">[1]</a></sup> b<sup><a href="#endnote-2" '
        'id="endnote-ref-2">[2]</a></sup></p><ol><li id="footnote-2"><p> One. <a href="#footnote-ref-2">↑</a></p></li>'
        '<li id="endnote-2"><p>Two,</p><p>more. <a href="#endnote-ref-2">↑</a></p></li></ol>',
        ["One.", "Two, more."],
    ),
    "Word, two and an endnote": (
        "<p>a<a style='mso-footnote-id:ftn1' href='#_ftn1' name='_ftnref1'>[1]</a> b<a style='mso-endnote-id:edn1' "
        "href='#_edn1' name='_ednref1'>[i]</a></p><div style='mso-element:footnote-list'><br clear=all><hr><div "
        "style='mso-element:footnote' id=ftn1><p><a style='mso-footnote-id:ftn1' href='#_ftnref1' name='_ftn1'>[1]</a> "
        "See <a href='https://example.org/paper'>example.org/paper</a>.</p><p>More.</p></div></div><div "
        "style='mso-element:endnote-list'><hr><div style='mso-element:endnote' id=edn1><p><a "
        "style='mso-endnote-id:edn1' href='#_ednref1' name='_edn1'>[i]</a> Last.</p></div></div>",
        ["See example.org/paper. More.", "Last."],
    ),
}


def test_footnotes_become_notes_of_the_letter(open_editor: Callable[..., Page], letter: Letter) -> None:
    page = cleared(open_editor())
    wrong = {}
    for name, (html, expected) in NOTES.items():
        paste(page, html)
        found = page.locator("#ws-notes-list bdi").all_inner_texts()
        if found != expected or page.locator("#ws-text .citation").count() != len(expected) or "source" in text(page):
            wrong[name] = (found, text(page))
        move(page, "Control+z")
    assert wrong == {}
    page.keyboard.type("Own")
    page.keyboard.press("Control+Alt+f")
    page.get_by_label("Text of the note").fill("By March.\u202e")
    with saving(page):
        page.get_by_role("button", name="Keep the note").click()
    assert nodes(stored(letter), "note") == [{"text": "By March."}]
    page.get_by_role("button", name="Change note 1").click()
    page.get_by_label("Text of the note").fill("By April.")
    with saving(page):
        page.get_by_role("button", name="Keep the note").click()
    assert nodes(stored(letter), "note") == [{"text": "By April."}]


#: what is pasted, and the marks where something stood: before which words, and of what
MARKS = {
    "an image": (file("outlook-mail-with-image"), ["image (chart of levies)"]),
    "an image's path": ('<p>a<img src="x" alt="C:\\Users\\ada\\chart.png">b</p>', ["image"]),
    "a spacer": ('<p>a<img src="x" width="1" height="1">b</p>', []),
    "a film": ("<p>a</p><video title='Our film'>no</video><iframe src='x'></iframe>", ["object (Our film)", "object"]),
    "a table": ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", ["table"]),
    "a table with lists": ("<table><tr><td><ul><li>a</li></ul></td><td>b</td></tr></table>", ["table"]),
    "a frame": ("<table><tr><td>a</td></tr></table>", []),
    "struck words": ("<p>a <s>b</s><s> c</s> d</p>", ["struck"]),
    "a link nobody can follow": ('<p><a href="https://protect-eu.mimecast.com/s/A?domain=x">a</a></p>', ["link"]),
    "a note that was not copied": ("<p>a<a href='#_ftn1' style='mso-footnote-id:ftn1'>[1]</a></p>", ["note"]),
    "a form": ("<p>Name: <input value='Ada'> <select><option>x<option selected>y</select></p>", ["form", "form"]),
    "a root": ("<p><math><msqrt><mn>2</mn></msqrt></math></p>", ["formula"]),
    "a sign of another font": ("<p>a <span style='font-family:Wingdings'>Q</span> \uf0e0</p>", ["symbol"]),
    "a link of a note": (
        "<p>a<a href='#_ftn1' style='mso-footnote-id:ftn1'>[1]</a></p><div id=ftn1><p><a href='#_ftnref1' "
        "name='_ftn1'>[1]</a> <a href='https://protect-eu.mimecast.com/s/A?domain=x'>One</a>.</p></div>",
        ["link"],
    ),
    "deleted words": ("<p>a <del>b</del> <span style='display:none'>c</span></p>", []),
}


def marks(page: Page) -> list[str]:
    found = page.locator("#ws-text .lost").evaluate_all(
        "marks => marks.map((mark) => [mark.pmViewDesc.node.attrs.what, mark.pmViewDesc.node.attrs.words])"
    )
    return [f"{what} ({words})" if words else what for what, words in found]


def test_what_could_not_be_kept_is_said_where_it_stood(
    open_editor: Callable[..., Page], letter: Letter, findings: Callable[[Page], list[str]], shoot: Callable[..., None]
) -> None:
    page = cleared(open_editor())
    wrong = {}
    for name, (html, expected) in MARKS.items():
        paste(page, html)
        if marks(page) != expected:
            wrong[name] = marks(page)
        notice(page)
        move(page, "Control+z")
    assert wrong == {}
    with saving(page):
        paste(page, file("outlook-mail-with-image"))
    assert nodes(stored(letter), "lost") == [{"what": "image", "words": "chart of levies"}]
    flag = page.locator("#ws-flags li", has_text="An image was left out here. (chart of levies)")
    expect(flag).to_contain_text("Blocks freezing.")
    shoot(page, "workspace-1280-lost")
    assert findings(page) == []
    page.keyboard.press("Control+Home")
    for _character in range(len("Text before")):
        move(page, "ArrowRight")
    move(page, "ArrowRight")  # onto the mark
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    flag.get_by_role("button", name="See what it was").click()
    with saving(page):
        page.get_by_role("button", name="I have looked, remove the mark").click()
    assert nodes(stored(letter), "lost") == []
    expect(flag).to_have_count(0)
    assert words_of(stored(letter)) == "Text before text after"


PLAIN = {
    "a PDF": (
        "We, the undersigned organisations of farmers and con-\nsumers, ask that members oppose new rules on e-\n"
        "commerce. The ﬁrst draft would bind all the govern-\nments for good, and its con\u00ad\nsequences are many.\n"
        "It is too early.\nYours,\nThe coalition",
        [
            "We, the undersigned organisations of farmers and consumers, ask that members oppose new rules on "
            "e-commerce. The first draft would bind all the governments for good, and its consequences are many.",
            "It is too early.",
            "Yours,",
            "The coalition",
        ],
    ),
    "signs of viewers for a divided word": (
        "We, the undersigned organisations of farmers and con\ufffe\nsumers, ask that all mem\x02\r\nbers hear the "
        "least de¬\nveloped countries, in every decision-\nmaking body and in rights-\nbased talks, for "
        "inter-\nnational pro-\ntection.",
        [
            "We, the undersigned organisations of farmers and consumers, ask that all members hear the least developed "
            "countries, in every decision-making body and in rights-based talks, for international protection."
        ],
    ),
    "an address over two lines, and the number of a page": (
        "We refer to the paper of the agency at https://example.org/digital-\ntrade.pdf, and we oppose the new rules "
        "which would\n12\nbind us.",
        [
            "We refer to the paper of the agency at https://example.org/digital-trade.pdf, and we oppose the new rules "
            "which would",
            "12",
            "bind us.",
        ],
    ),
    "Chinese, which has no spaces": (
        "我们反对在第十一届部长级会议上就电子商务谈判新的具有约束力的全球规则，因为\n大多数成员还无法判断其后果。",
        ["我们反对在第十一届部长级会议上就电子商务谈判新的具有约束力的全球规则，因为大多数成员还无法判断其后果。"],
    ),
    "Thai, which has none between words": (
        "เราคัดค้านการเจรจากฎใหม่ว่าด้วยพาณิชย์อิเล็กทรอนิกส์ใน\nการประชุมรัฐมนตรี",
        ["เราคัดค้านการเจรจากฎใหม่ว่าด้วยพาณิชย์อิเล็กทรอนิกส์ในการประชุมรัฐมนตรี"],
    ),
    "paragraphs": ("One.\n\nTwo,\r\nthree", ["One.", "Two,", "three"]),
    "long paragraphs": ("x " * 100 + "\n" + "y " * 100, [("x " * 100).strip(), ("y " * 100).strip()]),
    "bullets": (
        "We ask:\n• no mandate\n\uf0b7 no payment\n- time",
        ["We ask:", "– no mandate", "– no payment", "– time"],
    ),
    "shapes of Arabic letters": ("\ufedf\ufe8e \ufee7\ufeee\ufea7\ufe8e\ufed3", ["لا نوخاف"]),
    "spaces": ("« 5 » and\u00a0more,\u00a0 so\u00a0: 1\u00a0000", ["« 5 » and more, so\u00a0: 1\u00a0000"]),
}
LINES = [
    "We, the undersigned organisations of farmers and con-",
    "sumers, ask that members oppose new rules on e-",
    "commerce, which would bind our governments for good,",
    "whatever they decide later.",
    "It is too early.",
]
JOINED = [
    "We, the undersigned organisations of farmers and consumers, ask that members oppose new rules on e-commerce, "
    "which would bind our governments for good, whatever they decide later.",
    "It is too early.",
]
FORMS = {
    "Word's bold": ("<p><b style='mso-bidi-font-weight:normal'>We</b> ask</p>", ["strong We"]),
    "bold paragraphs": (
        "<p style='font-weight:700'>We <span style='font-weight:normal'>ask</span></p>",
        ["strong We "],
    ),
    "Google Docs": (
        "<b style='font-weight:normal' id='docs-internal-guid-1'><p><span style='font-weight:400;font-style:italic'>We"
        "</span><span style='font-weight:700'>ask</span></p></b>",
        ["em We", "strong ask"],
    ),
    "bold headings": ("<h2><b>We ask</b></h2>", ["h2 We ask"]),
    "endings": ("<p>the 21<sup>st</sup> 1<span style='vertical-align:super'>er</span></p>", ["sup st", "sup er"]),
    "exponents": ("<p>2<sup>1/2</sup> x<sub>min</sub></p>", ["sup 1/2"]),
    "quotations": ("<p class=MsoQuote>One</p><p class=MsoIntenseQuote>Two</p><p>no</p>", ["blockquote OneTwo"]),
    "arrows of another font": ("<p>a <span style='font-family:Wingdings'>à</span> b</p>", []),
}


def test_plain_text_and_forms_read_as_in_their_source(open_editor: Callable[..., Page], letter: Letter) -> None:
    page = cleared(open_editor())
    wrong: dict[str, object] = {}
    for name, (plain, expected) in PLAIN.items():
        paste(page, "", plain)
        if outline(page) != expected:
            wrong[name] = outline(page)
        notice(page)
        move(page, "Control+z")
    for name, html in {
        "a PDF in a browser": "".join(f'<span role="presentation" dir="ltr">{line}</span><br>\n' for line in LINES),
        "a paragraph for each line": "".join(f"<p>\n{line}</p>\n" for line in LINES),
        "frames without white space": "".join(f"<div>{line}</div>" for line in LINES),
    }.items():
        paste(page, html)
        if text(page).replace("later.It", "later.\nIt").split("\n") != JOINED:
            wrong[name] = text(page)
        notice(page)
        move(page, "Control+z")
    paste(page, "<p>The Minister<br>Ministry of Trade<br>Harambee Avenue, Nairobi<br>Kenya</p>")
    assert page.locator("#ws-text br:not([class])").count() == 3, "an address keeps its lines"
    move(page, "Control+z")
    for name, (html, expected) in FORMS.items():
        paste(page, html)
        found = page.locator("#ws-text :is(strong, em, sup, sub, h2, blockquote)").evaluate_all(
            "found => found.map((one) => `${one.localName} ${one.textContent}`)"
        )
        if found != expected:
            wrong[name] = found
        if "arrows" in name and text(page) != "a → b":
            wrong[name] = text(page)
        notice(page)
        move(page, "Control+z")
    assert wrong == {}
    with saving(page):
        paste(page, FORMS["exponents"][0])
    assert words_of(stored(letter)) == "2^(1/2) xₘᵢₙ", "as plain text nothing joins the number before it"


def test_the_notice_stays_until_it_is_closed_and_is_read_aloud(
    open_editor: Callable[..., Page], letter: Letter, findings: Callable[[Page], list[str]], shoot: Callable[..., None]
) -> None:
    page = open_editor(width=360)
    caret_after(page, LAST)
    page.keyboard.type(" Typed before.")
    paste(page, file("word-tracked-changes-and-comment"))
    page.keyboard.insert_text(" Typed after.")  # in one go: it is one step to undo
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


def test_a_word_file_is_inserted_at_the_caret_as_a_paste_is(
    open_editor: Callable[..., Page], letter: Letter, tmp_path: Path, shoot: Callable[..., None]
) -> None:
    page = cleared(open_editor())
    with saving(page):
        page.keyboard.type("Before.")
    file: Any = docx.Document()
    file.add_heading("We ask", 2)
    for words in ("no mandate", "no payment"):
        file.add_paragraph(words, style="List Number")
    raised = file.add_paragraph("3").add_run("1")
    raised.font.superscript = True
    struck = file.paragraphs[-1].add_run(" for now")
    struck.font.strike = True
    table = file.add_table(rows=1, cols=2)
    for cell, words in zip(table.rows[0].cells, ("Kenya", "3"), strict=True):
        cell.text = words
    file.save(str(tmp_path / "letter.docx"))
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Insert a Word file").click()
    with saving(page):
        chooser.value.set_files(tmp_path / "letter.docx")
        expect(page.locator("#ws-text h2")).to_have_text("We ask", timeout=20_000)
    assert outline(page) == ["Before.", "We ask", "(1) no mandate", "(2) no payment", "3¹", "Kenya | 3"]
    assert marks(page) == ["struck", "table"]
    assert "Left out: 1 struck-out passage." in notice(page)
    shoot(page, "workspace-1280-word")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Insert a Word file").click()
    (tmp_path / "letter.docx").write_bytes(b"no")
    chooser.value.set_files(tmp_path / "letter.docx")
    expect(page.get_by_role("alert")).to_contain_text("Open it in your word processor", timeout=20_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="Word file").click()
    assert "no mandate" in [paragraph.text for paragraph in docx.Document(str(download.value.path())).paragraphs]
    begin_from_a_word_file(page, tmp_path, file)
    shoot(page, "create-1280-word")
    page.get_by_role("button", name="Start the letter").click()
    page.wait_for_selector(EDITOR)
    expect(page.locator("#ws-subject")).to_have_value("We ask")
    assert outline(page) == ["(1) no mandate", "(2) no payment", "3¹", "Kenya | 3"]
    assert marks(page) == ["struck", "table"]


def begin_from_a_word_file(page: Page, folder: Path, file: Any) -> None:
    """On the page that begins a letter, after a file that cannot be read."""
    page.goto(page.url.partition("/letters/")[0] + "/letters/new/")
    page.get_by_label("Working title").fill("From Word")
    page.locator("#id_members").fill("Kenya")
    expect(page.locator("#id_file")).to_be_hidden()
    page.get_by_role("radio", name="A Word file").check()
    page.locator("#id_file").set_input_files(folder / "letter.docx")
    outcome = page.locator("#word-outcome")
    expect(outcome).to_contain_text("Open it in your word processor", timeout=20_000)
    file.save(str(folder / "letter.docx"))
    page.locator("#id_file").set_input_files(folder / "letter.docx")
    expect(outcome).to_contain_text("10 words", timeout=20_000)
    expect(outcome).to_contain_text("Left out: 1 struck-out passage.")


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
