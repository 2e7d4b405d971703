"""One frozen body, four forms: for a page, a mail, a text and on paper (test_paper.py)."""

from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import docx
import pytest

from apps.letters.rendering import (
    AnnexSection,
    Letterhead,
    MissingValue,
    render_docx,
    render_draft_html,
    render_html,
    render_mail_html,
    render_pdf,
    render_text,
)
from tests.factories import documents as d
from tests.factories.paper import pages_of
from tests.factories.rendering import ENVELOPE, HEAD, NAMES, annex, body, letter

EVIL = '#panic() *x* $y$ @z \\ `raw` <b>bold</b> <script>alert(1)</script> & "quoted" {{ settings }} ]['


class Tags(HTMLParser):
    """Checks that every tag that opens is closed, in order, and collects them."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in {"br", "hr", "meta"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed(html: str) -> Tags:
    tags = Tags()
    tags.feed(html)
    assert tags.open == []
    return tags


def test_the_page_has_the_marks_of_the_look() -> None:
    html = render_html(letter(), ENVELOPE)
    assert html.startswith('<article class="letter" lang="en" dir="ltr"><p>Excellency,</p><p class="numbered">From 10')
    assert '<a class="footnote" href="#n1" id="r1" aria-label="Note 1">1</a>' in html
    assert html.count('id="r1"') == 1, "the second mention has no id of its own"
    assert '<ol class="asks"><li>oppose any mandate;</li>' in html
    assert "<strong>bold</strong><em> lean</em>" in html
    assert '<a href="https://a.example/x?y=1&amp;z=2" rel="noreferrer">our page</a>' in html
    assert "287 organisations from 68 countries have signed this letter." in html
    assert "<p>For the coalition</p>" in html, "what follows the signatures has no number"
    assert '<section class="notes" aria-label="Notes"><ol><li id="n1"><bdi dir="ltr">Source of f1, 2016.</bdi>' in html
    parsed(html)


def test_lists_and_notes_of_an_arabic_letter_read_from_the_right_alike_in_every_form() -> None:
    asks = d.numbered((d.par("نطلب", d.note("James، Twelve Reasons، الهامش 1 أعلاه")),), start=3)
    frozen = body(asks, language="ar", notes=[{"n": 1, "text": "James، Twelve Reasons، الهامش 1 أعلاه"}])
    html = render_html(frozen, {})
    assert '<ol class="asks" type="1" start="3">' in html
    assert '<bdi dir="rtl">James، Twelve Reasons، الهامش 1 أعلاه</bdi>' in html, (
        "not in the direction of its first word"
    )
    assert '<ol type="1" start="3">' in render_mail_html(frozen, {})
    assert "(3) نطلب" in render_text(frozen, {})


def test_a_field_is_bold_raised_or_a_link_in_every_form() -> None:
    """One that freezing fills, and one of the recipient's."""
    frozen = d.merge("member.delegation", "", "bold", href="https://a.example/x")
    marked = body(d.par("To ", frozen, " and ", d.merge("recipient.post", "", "italic"), "."))
    bold = '<a href="https://a.example/x" rel="noreferrer"><strong>the delegation of Kenya</strong></a>'
    for rendered in (render_html(marked, ENVELOPE), render_mail_html(marked, ENVELOPE)):
        assert "<em>Permanent Representative</em>" in rendered
        assert bold in rendered or bold.replace(' rel="noreferrer"', "") in rendered
    assert "the delegation of Kenya" in render_text(marked, ENVELOPE)
    runs = {run.text: run for run in docx.Document(BytesIO(render_docx(marked, ENVELOPE, HEAD))).paragraphs[-1].runs}
    assert runs["Permanent Representative"].italic
    assert render_pdf(marked, ENVELOPE, None, HEAD) != render_pdf(
        body(d.par("To ", d.merge("member.delegation"), " and ", d.merge("recipient.post"), ".")), ENVELOPE, None, HEAD
    )


def test_a_mail_has_plain_elements_and_no_classes() -> None:
    html = render_mail_html(letter(), ENVELOPE)
    tags = parsed(html)
    assert all("class" not in attrs and "style" not in attrs for _tag, attrs in tags.seen)
    assert not {"script", "img", "link", "style"} & {tag for tag, _attrs in tags.seen}
    assert '<ol type="a">' in html
    assert "<sup>[1]</sup>" in html
    assert "<p>1. From 10 December the delegation of Kenya will meet." in html


def test_plain_text_wraps_numbers_and_lists() -> None:
    text = render_text(letter(), ENVELOPE)
    assert max(map(len, text.splitlines())) <= 72
    for line in (
        "4 December 2017\nAmina Wanjiru\nPermanent Representative\nPermanent Mission of Kenya",
        "Excellency,\n\n1. From 10 December the delegation of Kenya will meet. [1]",
        "2. Again [1] and new [2] bold lean",
        "> A quotation.",
        "(a) oppose any mandate;\n(b) publish your position.",
        "- one thing\n- another",
        "4. See our page <https://a.example/x?y=1&z=2>.\n   New line",
        "[1] Source of f1, 2016. https://source.example/a?b=1\n[2] Source of f2",
    ):
        assert line in text
    assert text.endswith("\n")


def test_text_of_wide_letters_and_endless_words_wraps_too() -> None:
    text = render_text(body(d.par("数字权利 " * 30), d.par("x" * 200)), {})
    assert "x" * 200 in text
    assert all(
        sum(2 if ord(char) > 0x2E80 else 1 for char in line) <= 72 for line in text.splitlines() if "x" not in line
    )


def kept_from_a_paste() -> dict[str, Any]:
    """Lists that go on and lists in lists, a note of the writer's own, raised and lowered text."""
    inner = d.numbered((d.par("in part"),), (d.par("in full"),), numbering="roman")
    return body(
        d.numbered(
            (d.par("ratify", d.cite("f1")), inner), (d.par("publish"), d.par("soon")), start=3, numbering="decimal"
        ),
        d.numbered((d.par("last"), d.dashes("one")), start=27),
        d.par("10", d.text("9", "superscript"), " bytes, CO", d.text("2", "subscript"), d.note("EVIL <b> & #x")),
        notes=[
            {"n": 1, "fact": "f1", "text": "Source.", "url": ""},
            {"n": 2, "text": "By <b>March</b> & #sym.star."},
        ],
    )


def test_lists_go_on_where_they_did_in_every_form() -> None:
    frozen = kept_from_a_paste()
    text = render_text(frozen, {})
    assert "(3) ratify [1]\n    (i) in part\n    (ii) in full\n(4) publish\n    soon\n\n(aa) last\n     - one\n" in text
    assert "10⁹ bytes, CO₂ [2]" in text
    assert "[2] By <b>March</b> & #sym.star." in text
    html = render_html(frozen, {})
    assert '<ol class="asks" type="1" start="3"><li>ratify<a' in html
    assert '</a><ol class="asks" type="i"><li>in part</li>' in html
    assert "<li><p>publish</p><p>soon</p></li>" in html
    assert '<ol class="asks" start="27"><li>last<ul class="dashes"><li>one</li></ul></li></ol>' in html
    assert "10<sup>9</sup> bytes, CO<sub>2</sub>" in html
    assert "By &lt;b&gt;March&lt;/b&gt; &amp; #sym.star." in html
    mail = render_mail_html(frozen, {})
    assert '<ol type="1" start="3">' in mail
    assert '<ol type="a" start="27">' in mail
    parsed(html)
    parsed(mail)
    page = "\n".join(pages_of(render_pdf(frozen, {})))
    for words in ("(3)", "(4)", "(i)", "(ii)", "(aa)", "10⁹", "CO₂", "By <b>March</b> & #sym.star."):
        assert words in page.replace("\u2060", "")
    assert render_pdf(frozen, {}) == render_pdf(frozen, {})


def test_more_asks_than_letters() -> None:
    text = render_text(body(d.asks(*[f"ask {number}" for number in range(30)])), {})
    assert "(z) ask 25" in text
    assert "(ab) ask 27" in text


def test_whatever_is_typed_is_text_and_never_markup() -> None:
    evil = body(d.par(EVIL, d.merge("recipient.name", EVIL)), d.heading(EVIL), subject=EVIL, notes=[
        {"n": 1, "fact": "f", "text": EVIL, "url": 'https://a.example/"><script>'},
    ])  # fmt: skip
    envelope = {"recipient.name": EVIL, "date": EVIL, "office.name": EVIL}
    names = annex(AnnexSection(EVIL, (EVIL, "</ul>")))
    for html in (render_html(evil, envelope, names), render_mail_html(evil, envelope, names)):
        assert "<script" not in html
        assert "<b>" not in html
        parsed(html)
    assert EVIL.split()[0] in render_text(evil, envelope, names)
    pages = pages_of(render_pdf(evil, envelope, names, Letterhead(EVIL, (EVIL,))))
    assert "#panic()" in pages[0]
    assert "<script>" in pages[0]


def test_a_missing_value_stops_every_form_by_name_and_shows_in_previews() -> None:
    gap = body(d.par("To ", d.merge("recipient.name"), "."))
    for render in (render_html, render_text, render_mail_html, render_pdf):
        with pytest.raises(MissingValue, match="Recipient’s name") as caught:
            render(gap, {"recipient.name": ""})  # type: ignore[operator]
        assert caught.value.keys == ["recipient.name"]
        assert render(gap, {}, gaps=True)  # type: ignore[operator]
    assert '<span class="merge-field gap">Recipient’s name ?</span>' in render_html(gap, {}, gaps=True)
    filled = body(d.par("To ", d.merge("recipient.name", "the minister"), "."))
    assert "To the minister." in render_text(filled, {})


def test_before_anybody_signed_no_number_is_printed() -> None:
    assert "We, the organisations named below, have signed this text." in render_text(body(d.signatories()), {})
    one = render_text(body(d.signatories()), {}, annex(organisations=1, people=0, countries=1))
    assert "1 organisation from 1 country has signed this letter." in one
    international = render_text(body(d.signatories()), {}, annex(organisations=2, people=0, countries=0))
    assert "2 organisations have signed this letter." in international


def test_names_stand_by_country_under_their_time_and_hash() -> None:
    names = annex(
        AnnexSection("KE", ("Kisumu Data Rights Forum", "")),
        AnnexSection("TN", (NAMES["arabic"],)),
    )
    html, text = render_html(letter(), ENVELOPE, names), render_text(letter(), ENVELOPE, names)
    assert f'<span dir="auto">{NAMES["arabic"]}</span>' in html
    assert "287 organisations and 12 people from 68 countries have signed this" in text
    assert "4 of them are counted and not named here." in text
    assert "As of 1 December 2017, 22:59 UTC." in text
    assert "Kenya (2)\n  Kisumu Data Rights Forum\n  removed on request" in text
    assert text.rstrip().endswith("9f2c" * 16)
    parsed(html)


@pytest.mark.parametrize(
    ("language", "headings", "removed"),
    [
        ("fr", ["Allemagne (1)", "Taipei chinois (1)"], "retiré sur demande"),
        ("es", ["Alemania (1)", "Taipei Chino (1)"], "retirado a petición"),
        ("ar", ["ألمانيا (1)", "تايبيه الصينية (1)"], "حُذف بناءً على طلب"),
    ],
)
def test_countries_are_headed_in_the_language_of_the_letter(language: str, headings: list[str], removed: str) -> None:
    names = annex(AnnexSection("DE", ("Netzwerk",)), AnnexSection("TW", ("",)))
    frozen = body(d.signatories(), language=language)
    text = render_text(frozen, {}, names)
    assert [line for line in text.splitlines() if line in headings] == headings
    assert f"  {removed}\n" in text
    html = render_html(frozen, {}, names)
    assert all(heading.removesuffix(" (1)") in html for heading in headings)
    assert "Germany" not in html


def test_an_arabic_letter_runs_from_right_to_left_and_speaks_arabic() -> None:
    arabic = body(d.par("نكتب إليكم", d.cite("f1")), d.signatories(), language="ar", subject="لا لقواعد جديدة")
    html = render_html(arabic, {})
    assert '<article class="letter" lang="ar" dir="rtl">' in html
    assert 'aria-label="الهوامش"' in html
    pages = pages_of(render_pdf(arabic, {}, None, HEAD))
    assert "نكتب" in pages[0] or "ﻧﻜﺘﺐ" in pages[0]


def test_a_draft_shows_every_passage_under_whom_it_is_for() -> None:
    blocks = [d.par("for all", id="baaaaaaaa"), d.par("for some", id="bbbbbbbbb"), d.par("too", id="bcccccccc")]
    html = render_draft_html(
        body(*blocks),
        {},
        {"bbbbbbbbb": ("audience", "Only to <Africa>: 2"), "bcccccccc": ("audience", "Only to <Africa>: 2")},
    )
    assert html.count('<div class="audience"><p class="who">Only to &lt;Africa&gt;: 2</p>') == 1
    assert html.count('class="numbered"') == 3
    parsed(html)
