"""The letter on paper: what a reader, a screen reader and a printer get."""

from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import typst
from pypdf import PdfReader

from apps.core.languages import language_for
from apps.letters.rendering import AnnexSection, Letterhead, render_html, render_pdf, render_text
from apps.letters.rendering import pdf as pdf_module
from apps.letters.rendering.font_coverage import FONTS, covered, printable, printable_name, uncovered
from tests.factories import documents as d
from tests.factories.paper import blank_beside_the_text, fonts_of, glyphs_of, pages_of, pixels, printed_pages
from tests.factories.rendering import ENVELOPE, HEAD, NAMES, annex, body, letter


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
        ("\U00016d43\U00016d44", "[name in Kirat Rai script]"),
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


def blank_between_columns(png: bytes) -> bool:
    """Whether nothing is printed between the two columns of names, on a page that holds nothing else."""
    width, height, rows = pixels(png)
    start, end = (int(width * millimetres / 210) for millimetres in (105 - 3, 105 + 3))
    return all(set(row[start * 4 : end * 4]) == {255} for row in rows[height // 8 : -height // 8])


@pytest.mark.parametrize("language", ["en", "ar"])
def test_long_words_stay_between_the_margins(language: str) -> None:
    frozen = body(
        *(d.par(f"A {word} ", d.text(word, "bold"), d.cite("f")) for word in LONG), d.asks(*LONG), d.signatories(),
        language=language, subject=LONG[0] * 2,
        notes=[{"n": 1, "fact": "f", "text": "q" * 200, "url": "https://a.example/" + "h" * 300}],
    )  # fmt: skip
    envelope = {**ENVELOPE, "office.name": "Ministerium" * 15}
    names = annex(AnnexSection("L" * 60, LONG), AnnexSection("KE", LONG))
    printed = printed_pages(frozen, envelope, names, Letterhead("H" * 120, ("w" * 90,)))
    assert len(printed) >= 3
    assert all(blank_beside_the_text(page) for page in printed)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_long_names_stay_in_their_column(language: str) -> None:
    names = annex(AnnexSection("KE", ("Union", *LONG) * 8))
    frozen = body(d.signatories(), language=language)
    _letter, _heading, *columns = printed_pages(frozen, ENVELOPE, names, HEAD)
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
