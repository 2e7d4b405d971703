"""One frozen body, four forms: for a page, a mail, a text and on paper."""

import struct
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import typst
from pypdf import PdfReader

from apps.core.languages import language_for
from apps.letters.document.resolution import Frozen, resolve
from apps.letters.merge_fields import envelope_keys
from apps.letters.rendering import (
    AnnexData,
    AnnexSection,
    Letterhead,
    MissingValue,
    render_draft_html,
    render_html,
    render_mail_html,
    render_pdf,
    render_text,
)
from apps.letters.rendering import pdf as pdf_module
from apps.letters.rendering.font_coverage import FONTS, covered, printable, printable_name, uncovered
from tests.factories import documents as d

NAMES = {
    "latin": "Kisumu Data Rights Forum",
    "latin-ext": "Spolek za veřejné služby Říčany, Łączność",
    "vietnamese": "Hội Nông dân Sông Hồng",
    "greek": "Ένωση Καταναλωτών",
    "cyrillic": "Союз крестьян України",
    "arabic": "جمعية المستهلك الأطلسي",
    "devanagari": "किसान डेटा मंच",
    "bengali": "গ্রামীণ কৃষক মঞ্চ",
    "ethiopic": "የገበሬዎች ማኅበር",
    "thai": "สหพันธ์ชาวนา",
    "khmer": "សហគមន៍កសិករ",
    "myanmar": "လယ်သမားအသင်း",
    "sinhala": "ගොවි සංගමය",
    "tamil": "விவசாயிகள் சங்கம்",
    "hebrew": "ארגון הצרכנים",
    "armenian": "Սպառողների միություն",
    "georgian": "მომხმარებელთა კავშირი",
    "chinese": "數位權利聯盟 数字权利联盟",
    "japanese": "消費者の権利ネットワーク",
    "korean": "농민회 총연맹",
    "tifinagh": "ⵜⴰⵎⵙⵎⵓⵏⵜ",
    "emoji": "Farmers 🌾",
}
HEAD = Letterhead("Fair Digital Trade", ("Rue de l’Exemple 1, Geneva", "contact@fairdigital.example"))
ENVELOPE = {
    "recipient.salutation": "Excellency",
    "recipient.name": "Amina Wanjiru",
    "recipient.post": "Permanent Representative",
    "office.name": "Permanent Mission of Kenya",
    "date": "4 December 2017",
    "signatories.organisations": "287",
    "signatories.countries": "68",
}
EVIL = '#panic() *x* $y$ @z \\ `raw` <b>bold</b> <script>alert(1)</script> & "quoted" {{ settings }} ]['


def body(*blocks: d.Node, language: str = "en", subject: str = "No new rules", notes: Any = ()) -> dict[str, Any]:
    """A frozen body; citations are numbered as the freezing does it."""
    frozen = Frozen({"member.delegation": "the delegation of Kenya"}, envelope_keys(), matches=lambda entries: True)
    done = resolve(d.doc(*blocks), frozen)
    listed = notes or [
        {"n": number, "fact": key, "text": f"Source of {key}, 2016.", "url": "https://source.example/a?b=1"}
        for number, key in enumerate(done.facts, start=1)
    ]
    return {"subject": subject, "language": language, "member": "KE", "blocks": done.blocks, "notes": listed}


def annex(*sections: AnnexSection, **counts: int) -> AnnexData:
    numbers = {"organisations": 287, "people": 12, "countries": 68, "unnamed": 4, **counts}
    return AnnexData(datetime(2017, 12, 1, 22, 59, tzinfo=UTC), "9f2c" * 16, sections=tuple(sections), **numbers)


def letter() -> dict[str, Any]:
    return body(
        d.par(d.merge("recipient.salutation"), ","),
        d.par("From 10 December ", d.merge("member.delegation"), " will meet.", d.cite("f1")),
        d.heading("It is too early"),
        d.par("Again", d.cite("f1"), " and new", d.cite("f2"), " ", d.text("bold", "bold"), d.text(" lean", "italic")),
        d.quote("A quotation."),
        d.par("We ask you to:"),
        d.asks("oppose any mandate;", "publish your position."),
        d.dashes("one thing", "another"),
        d.par("See ", d.text("our page", href="https://a.example/x?y=1&z=2"), ".", {"type": "hardBreak"}, "New line"),
        d.signatories(),
        d.par("For the coalition"),
    )


def pixels(png: bytes) -> tuple[int, int, list[bytes]]:
    """Width, height and the rows (RGBA, 8 bits) of a PNG that is not interlaced."""
    chunks: dict[bytes, bytes] = {}
    at = 8
    while at < len(png):
        size, kind = int.from_bytes(png[at : at + 4]), png[at + 4 : at + 8]
        chunks[kind] = chunks.get(kind, b"") + png[at + 8 : at + 8 + size]
        at += size + 12
    width, height, depth, colours = *struct.unpack(">II", chunks[b"IHDR"][:8]), *chunks[b"IHDR"][8:10]
    assert (depth, colours) == (8, 6)
    data, stride, rows = zlib.decompress(chunks[b"IDAT"]), width * 4, []
    before = bytearray(stride)
    for start in range(0, len(data), stride + 1):
        row = bytearray(data[start + 1 : start + 1 + stride])
        _unfilter(data[start], row, before)
        rows.append(bytes(row))
        before = row
    return width, height, rows


def _unfilter(kind: int, row: bytearray, above: bytearray) -> None:
    """Undo a row's filter in place (PNG specification, section 9)."""
    for at in range(len(row) if kind else 0):
        left, up, corner = (row[at - 4], above[at], above[at - 4]) if at > 3 else (0, above[at], 0)
        if kind == 4:
            guess = min((left, up, corner), key=lambda value: abs(left + up - corner - value))
        else:
            guess = (0, left, up, (left + up) // 2)[kind]
        row[at] = (row[at] + guess) & 255


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
    assert '<section class="notes" aria-label="Notes"><ol><li id="n1"><bdi>Source of f1, 2016.</bdi>' in html
    parsed(html)


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


# ---- PDF --------------------------------------------------------------------------------------


def pages_of(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]


def fonts_of(content: bytes) -> set[str]:
    """Names of embedded fonts, without the subset's tag. Every font must be embedded."""
    found = set()
    for page in PdfReader(BytesIO(content)).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = inner["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)
            found.add(str(inner["/BaseFont"]).partition("+")[2])
    return found


def test_the_paper_has_head_letter_notes_and_on_a_new_page_the_names() -> None:
    names = annex(AnnexSection("KE", ("Kisumu Data Rights Forum",)), AnnexSection("TN", (NAMES["arabic"],)))
    content = render_pdf(letter(), ENVELOPE, names, HEAD)
    first, last = pages_of(content)
    for words in (
        "No new rules", "Fair Digital Trade", "4 December 2017", "Permanent Mission of Kenya", "Excellency,", "1. From",
        "It is too early", "(a) oppose", "(b) publish", "287 organisations", "For the coalition", "Source of f2, 2016.",
        "https://source.example/a?b=1", "Page 1 of 2",
    ):  # fmt: skip
        assert words in first
    assert first.index("Source of f1") > first.index("For the coalition")
    assert "Kisumu" not in first
    for words in (
        "Signatories", "As of 1 December 2017, 22:59 UTC.", "Kisumu Data Rights Forum",
        "Fingerprint (SHA-256): " + "9f2c" * 16,
    ):  # fmt: skip
        assert words in last
    information = PdfReader(BytesIO(content)).metadata
    assert information is not None
    assert information.title == "No new rules"


@pytest.mark.parametrize(
    ("language", "as_of"),
    [
        ("en", "As of 2 December 2017, 07:59 in Tokyo (22:59 UTC)."),
        ("fr", "État au 2 décembre 2017, 07:59 à Tokyo (22:59 UTC)."),
        ("es", "A fecha de 2 de diciembre de 2017, 07:59 en Tokyo (22:59 UTC)."),
    ],
)
def test_the_list_is_dated_in_the_campaigns_zone(language: str, as_of: str) -> None:
    names = annex(AnnexSection("KE", ("Kisumu Data Rights Forum",)))
    names = replace(names, frozen_at=names.frozen_at.astimezone(ZoneInfo("Asia/Tokyo")), place="Tokyo")
    frozen = body(d.signatories(), language=language)
    assert as_of in render_text(frozen, ENVELOPE, names)
    assert as_of in render_html(frozen, ENVELOPE, names)
    assert as_of in " ".join(pages_of(render_pdf(frozen, ENVELOPE, names, HEAD))[1].split())


def test_a_preview_says_on_the_page_of_the_list_when_its_fingerprint_comes() -> None:
    names = replace(annex(AnnexSection("KE", ("Kisumu Data Rights Forum",))), sha256="")
    _letter, last = pages_of(render_pdf(letter(), ENVELOPE, names, HEAD))
    later = "Fingerprint: added when the letter is authorised"
    for text in (last, render_text(letter(), ENVELOPE, names), render_html(letter(), ENVELOPE, names)):
        assert later in text
        assert "sha256" not in text.casefold()


def test_the_same_letter_is_the_same_bytes() -> None:
    names = annex(AnnexSection("Kenya", tuple(NAMES.values())))
    assert render_pdf(letter(), ENVELOPE, names, HEAD) == render_pdf(letter(), ENVELOPE, names, HEAD)
    assert render_pdf(letter(), ENVELOPE, None, HEAD) == render_pdf(letter(), ENVELOPE, None, HEAD)
    assert render_pdf(letter(), ENVELOPE, None, HEAD) != render_pdf(letter(), {**ENVELOPE, "date": "5"}, None, HEAD)


@pytest.mark.parametrize("script", NAMES)
def test_every_script_is_printed_with_a_font_that_has_it(script: str) -> None:
    """The annex is PDF/A-2u: typst refuses to write it where a letter has no glyph."""
    name = NAMES[script]
    assert uncovered(name) == set()
    content = render_pdf(letter(), ENVELOPE, annex(AnnexSection("Land", (name,))), HEAD)
    assert fonts_of(content)
    pages = PdfReader(BytesIO(content)).pages
    assert len(pages) == 2


def test_scripts_come_with_their_fonts() -> None:
    fonts = fonts_of(render_pdf(letter(), ENVELOPE, annex(AnnexSection("All", tuple(NAMES.values()))), HEAD))
    for family in (
        "STIXTwoText",
        "NotoNaskhArabic",
        "NotoSerifDevanagari",
        "NotoSerifBengali",
        "NotoSerifCJK",
        "NotoEmoji",
    ):
        assert any(font.startswith(family) for font in fonts), (family, fonts)


def thickness(png: bytes) -> float:
    """The average width of the strokes, in pixels: twice the area over the length of the edges."""
    width, _height, rows = pixels(png)
    dark = [[row[4 * x] < 128 for x in range(width)] for row in rows]
    edges = sum(row[x] != row[x + 1] for row in dark for x in range(width - 1))
    edges += sum(above != below for pair in pairwise(dark) for above, below in zip(*pair, strict=True))
    return 2 * sum(map(sum, dark)) / edges


@pytest.mark.parametrize("script", ["arabic", "devanagari", "khmer", "myanmar", "tamil", "thai", "chinese"])
def test_no_script_is_printed_bold_among_others(script: str, tmp_path: Path) -> None:
    source = tmp_path / "name.typ"

    def printed(words: str) -> float:
        families = tuple(pdf_module.FAMILIES)
        look = f"#set page(width: auto, height: auto)\n#set text(font: {families}, size: 30pt)\n".replace("'", '"')
        source.write_text(look + words, encoding="utf-8")
        png = typst.compile(
            source, font_paths=pdf_module.shipped_fonts(), ignore_system_fonts=True, format="png", ppi=72
        )
        assert isinstance(png, bytes)
        return thickness(png)

    assert printed(NAMES[script]) < printed("*Farmers Union*") * 0.8


@pytest.mark.parametrize("script", ["latin", "latin-ext", "vietnamese", "cyrillic", "chinese"])
def test_names_can_be_copied_out_of_the_paper(script: str) -> None:
    content = render_pdf(letter(), ENVELOPE, annex(AnnexSection("Land", (NAMES[script],))), HEAD)
    assert NAMES[script] in pages_of(content)[1].replace("\n", " ").replace("  ", " ")


#: names in scripts that governments read seldom; all of them became boxes once
SELDOM = (
    "ଓଡ଼ିଶା ଚାଷୀ ସଂଗଠନ", "བོད་ཀྱི་ཞིང་པའི་ཚོགས་པ",
    "𞤆𞤵𞤤𞤢𞤪 𞤊𞤫𞤯𞤣𞤫", "ߒߞߏ ߕߐ߲", "ᐃᓄᐃᑦ ᑲᑐᔾᔨᖃᑎᒌᑦ", "ᱥᱟᱱᱛᱟᱲ ᱥᱟᱶᱛᱟ", "ꦥꦼꦤꦼꦤꦸꦤ꧀ꦗꦮ",
    "ܚܘܝܕܐ ܣܘܪܝܝܐ", "ᠮᠣᠩᠭᠣᠯ", "ᏣᎳᎩ", "𠮷田組合", "ꕙꔤ", "ᮘᮞ ᮞᮥᮔ᮪ᮓ", "ꦧꦱꦗꦮ", "ᜊᜌ᜔ᜊᜌᜒᜈ᜔", "ꯃꯤꯇꯩ", "𐓏𐓘𐓻𐓘𐓻𐓟", "ꆈꌠ", "𠮟る会",
    "བོད་ཀྱི", "𞤀𞤣𞤤𞤢𞤥",
)  # fmt: skip


def glyphs_of(content: bytes) -> set[int]:
    """Every glyph id that the text of the PDF uses; 0 is the box of a missing character."""
    found: set[int] = set()
    for page in PdfReader(BytesIO(content)).pages:
        stream = page.get_contents()
        for operands, operator in stream.operations if stream is not None else ():
            shown = operands[0] if operator == b"TJ" else operands if operator == b"Tj" else ()
            for piece in shown:
                raw = getattr(piece, "original_bytes", b"")
                found |= {int.from_bytes(raw[at : at + 2]) for at in range(0, len(raw), 2)}
    return found


@pytest.mark.parametrize("name", SELDOM)
def test_names_in_seldom_scripts_are_printed(name: str) -> None:
    assert uncovered(name) == set()
    content = render_pdf(letter(), ENVELOPE, annex(AnnexSection("KE", (name,))), HEAD)
    assert glyphs_of(content)
    assert 0 not in glyphs_of(content)
    assert "\ufffd" not in pages_of(content)[1]


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("𒀀𒀁 (Union of Scribes)", "Union of Scribes [name in Cuneiform script]"),
        ("ꡀꡁ 𒀂 (Union of Scribes (UoS))", "Union of Scribes (UoS) [name in Phags-pa script]"),
        ("Union 𒀀𒀁 of Scribes", "Union […] of Scribes"),
        ("李𰻝 (Li and Sons)", "李[…] (Li and Sons)"),
        ("𒀀𒀁 (𒀂)", "[name in Cuneiform script]"),
        ("ꡀꡁ ꡂ", "[name in Phags-pa script]"),
        ("𐼀𐼁 2", "[name in Old Sogdian script]"),
        ("𰻝𰻝", "[name in Han script]"),
        ("𗀀", "[name in Tangut script]"),
        ("𐂀", "[name in Linear B script]"),
        ("𝐔𝐧𝐢𝐨𝐧 𝓕𝓪𝓻𝓶", "Union Farm"),
        ("किसान मंच (Farmers’ Forum)", "किसान मंच (Farmers’ Forum)"),
        ("Forum (KDRF)", "Forum (KDRF)"),
        (")", ")"),
        ("(𒀀)", "[name in Cuneiform script]"),
        ("350 🮕", "350 […]"),
    ],
)
def test_a_name_that_no_font_has_is_printed_in_english_or_with_its_script(name: str, printed: str) -> None:
    assert printable_name(name, language_for("en").signatures.no_font) == printed
    content = render_pdf(letter(), ENVELOPE, annex(AnnexSection("KE", (name,))), HEAD)
    assert 0 not in glyphs_of(content)
    if printed.isascii():
        assert printed in " ".join(pages_of(content)[1].split())


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "[nom en écriture Cuneiform]"), ("es", "[nombre en escritura Cuneiform]"), ("ar", "Cuneiform")],
)
def test_the_script_is_named_in_the_language_of_the_letter(language: str, words: str) -> None:
    frozen = body(d.signatories(), language=language)
    page = pages_of(render_pdf(frozen, ENVELOPE, annex(AnnexSection("KE", ("𒀀𒀁",))), HEAD))[1]
    assert words in " ".join(page.split())


def test_other_text_without_a_font_says_that_something_is_left_out() -> None:
    assert uncovered("Union 𒀀𒀁") == {"𒀀", "𒀁"}
    assert printable("a 𒀀𒀁 b 𒀂") == "a […] b […]"
    assert "[…]" in pages_of(render_pdf(body(d.par("Sign 𒀀𒀁")), {}, None, HEAD))[0]


LONG = (
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", "W" * 200, "im" * 90,
    f"Union of {'Verbraucherschutz' * 5} and others", "الاتحادالعامالتونسيللفلاحةوالصيدالبحريوالمنتجاتالزراعيةكلها",
    "กลุ่มเกษตรกรรายย่อยแห่งประเทศไทยเพื่อความยุติธรรมทางการค้า", "คน" * 60, "東" * 120, "한" * 120, "ཀ" * 150, "ꦗ" * 90,
)  # fmt: skip


def blank_beside_the_text(png: bytes) -> bool:
    """Whether nothing is printed left and right of an A4 page's margins of 20 mm."""
    width, height, rows = pixels(png)
    margin = int(width * 19.5 / 210)
    return all(set(row[: margin * 4] + row[-margin * 4 :]) <= {255} for row in rows) and height > width


def blank_between_columns(png: bytes) -> bool:
    """Whether nothing is printed between the three columns of names, on a page that holds nothing else."""
    width, height, rows = pixels(png)
    column, gutter = (170 - 2 * 6) / 3, 6
    for left in (20 + column, 20 + 2 * column + gutter):
        start, end = (int(width * millimetres / 210) for millimetres in (left + 1, left + gutter - 1))
        if any(set(row[start * 4 : end * 4]) != {255} for row in rows[height // 8 : -height // 8]):
            return False
    return True


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The pages that `render_pdf` makes, as PNG."""
    pages: list[bytes] = []

    def as_pixels(*args: Any, **options: Any) -> Any:
        kept = {name: value for name, value in options.items() if name not in {"pdf_standards", "timestamp"}}
        made = typst.compile(*args, **kept, format="png", ppi=36)
        pages.extend(made if isinstance(made, list) else [made])
        return b""

    monkeypatch.setattr(pdf_module, "typst", SimpleNamespace(**{**vars(typst), "compile": as_pixels}))
    return pages


@pytest.mark.parametrize("language", ["en", "ar"])
def test_long_words_stay_between_the_margins(language: str, printed: list[bytes]) -> None:
    frozen = body(
        *(d.par(f"A {word} ", d.text(word, "bold")) for word in LONG), d.asks(*LONG), d.signatories(),
        language=language, subject=LONG[0] * 2,
        notes=[{"n": 1, "fact": "f", "text": "q" * 200, "url": "https://a.example/" + "h" * 300}],
    )  # fmt: skip
    envelope = {**ENVELOPE, "office.name": "Ministerium" * 15}
    names = annex(AnnexSection("L" * 60, LONG), AnnexSection("KE", LONG))
    render_pdf(frozen, envelope, names, Letterhead("H" * 120, ("w" * 90,)))
    assert len(printed) >= 3
    assert all(blank_beside_the_text(page) for page in printed)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_long_names_stay_in_their_column(language: str, printed: list[bytes]) -> None:
    names = annex(AnnexSection("KE", ("Union", *LONG) * 8))
    render_pdf(body(d.signatories(), language=language), ENVELOPE, names, HEAD)
    _letter, _head, *columns = printed
    assert columns
    assert all(blank_between_columns(page) for page in columns)


def test_a_word_that_fits_is_never_cut() -> None:
    names = ("Verbraucherschutzzentralverband e.V.", "Bundesarbeitsgemeinschaft Kleinbauern")
    page = pages_of(render_pdf(letter(), ENVELOPE, annex(AnnexSection("DE", names)), HEAD))[1]
    assert all(word in page for name in names for word in name.split())


def test_accents_typed_apart_are_put_together() -> None:
    assert printable("R\u030ci\u0301c\u030cany") == "Říčany"
    assert covered("\u200f")
    assert not uncovered("Zażółć gęślą jaźń ŋ ɓ ɗ ẹ ọ ʼ ‘’“”–—…€")


def test_the_machines_own_fonts_are_not_used() -> None:
    families = set(pdf_module.shipped_fonts().families())
    assert families >= set(pdf_module.FAMILIES)
    assert not {family for family in families if family.startswith(("DejaVu", "Liberation", "Libertinus"))}
    assert (FONTS / "OFL.txt").exists()


def test_ten_thousand_signatories_are_printed() -> None:
    names = list(NAMES.values())
    sections = tuple(
        AnnexSection(f"Country {land}", tuple(f"{names[turn % len(names)]} {turn}" for turn in range(100)))
        for land in range(100)
    )
    content = render_pdf(letter(), ENVELOPE, annex(*sections, organisations=10_000), HEAD)
    reader = PdfReader(BytesIO(content))
    assert "10000 organisations" in reader.pages[1].extract_text()
    assert "9f2c" * 16 in reader.pages[1].extract_text()
    assert len(content) < 12_000_000


def test_a_fault_of_the_template_is_ours_and_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise typst.TypstError("unknown variable", "")

    monkeypatch.setattr(pdf_module.typst, "compile", broken)
    with pytest.raises(pdf_module.PdfFailed, match="unknown variable"):
        render_pdf(letter(), ENVELOPE)
