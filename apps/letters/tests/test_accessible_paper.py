"""The letter on paper: as PDF/UA-1 and PDF/A-2a want it, page by page, in every script, the same bytes everywhere."""

import os
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import segno
from django.conf import settings
from pypdf import PdfReader

from apps.core.languages import language_for
from apps.letters.rendering import AnnexData, AnnexSection, Letterhead, render_pdf
from tests.factories import documents as d
from tests.factories.paper import (
    blank_beside_the_text,
    glyphs_of,
    pages_of,
    pixels,
    printed_pages,
    said_in,
    tags_of,
)
from tests.factories.rendering import ENVELOPE, HEAD, PROOF, annex, body, letter

EVIL = '#panic() *x* $y$ @z \\ `raw` <b>bold</b> <script>alert(1)</script> & "quoted" {{ settings }} ]['
# ---- for screen readers and archives ----------------------------------------------------------

SENTENCE = "Rules on electronic commerce would take from governments the means to develop their economies. "


def headings_of(content: bytes) -> list[int]:
    return [int(name[2:]) for name, _element in tags_of(content) if name[1:2] == "H" and name[2:].isdecimal()]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_screen_readers_get_language_title_tags_and_other_words_for_the_code(language: str) -> None:
    """PDF/UA-1 (ISO 14289-1), and PDF/A-2a, as typst checks them, and what a machine can check of it again."""
    written = {**letter(), "language": language}
    content = render_pdf(written, ENVELOPE, annex(AnnexSection("KE", ("Forum",))), HEAD, proof=PROOF)
    root = PdfReader(BytesIO(content)).trailer["/Root"]
    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    metadata = root["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in metadata
    tags = tags_of(content)
    assert [element["/Alt"] for name, element in tags if name == "/Figure"] == [
        language_for(language).checking.code.format(url=PROOF.url)
    ]
    names = [name for name, _element in tags]
    assert names.count("/Note") == 2
    assert names.count("/L") == 2
    assert headings_of(content) == [1, 2, 2, 3]
    for page in PdfReader(BytesIO(content)).pages:
        assert page["/Tabs"] == "/S"
        for link in page.get("/Annots", ()):
            assert "/StructParent" in link.get_object()


def test_headings_skip_no_level_and_are_never_empty() -> None:
    blocks = [d.heading("Third level", 3), d.heading("Second"), d.heading("Third", 3), d.heading("\u200b"), d.par("x")]
    assert headings_of(render_pdf(body(*blocks, d.heading("W" * 9000)), {})) == [1, 2, 2, 3]
    assert render_pdf(body(d.par("A draft has no title yet."), subject=" "), {})


HOSTILE = (
    EVIL, "", "\u200b", "\u00ad", "\ue000 \U000f0000 \uffff \u0378 𒀀", "\x07bell", "\u202e reversed", "\ufdfd" * 9,
    "a\u0301" * 90, "👨‍👩‍👧‍👦 🇰🇪", "\u2028a\u2029b\x85c\td", '" // /* */ #{ <note-1> @note-1', "W" * 900, "-" * 400,
)  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("language", ["en", "ar"])
def test_whatever_is_typed_anywhere_is_printed_as_text(words: str, language: str) -> None:
    some = words or "x"
    url = f"https://a.example/{words}"
    frozen = body(
        d.par(some, d.merge("recipient.name", some)), d.heading(some, 3), d.asks(some), d.quote(some), d.signatories(),
        d.par("t", d.cite("f1"), d.text(some, "bold", "italic", href=url)), language=language, subject=words,
        notes=[{"n": 1, "fact": "f1", "text": words, "url": url}],
    )  # fmt: skip
    names = annex(AnnexSection("KE", (words, "x")), AnnexSection(words, (words,)))
    content = render_pdf(frozen, {"recipient.name": words, "date": words}, names, Letterhead(words, (words,)))
    assert 0 not in glyphs_of(content)
    if words == EVIL and language == "en":
        assert EVIL in " ".join(pages_of(content)[0].split())


# ---- pages -------------------------------------------------------------------------------------


def long_letter(paragraphs: int) -> dict[str, Any]:
    """Each paragraph has a note of its own, and cites the first one's."""
    blocks = [
        d.par(SENTENCE * 3, f"Mark{n}.", d.cite(f"f{n}"), " again", d.cite("f1")) for n in range(1, paragraphs + 1)
    ]
    return body(*blocks, d.par("Accept, Excellency, our consideration."), d.signatories(), d.par("For the coalition"))


def test_notes_stand_once_at_the_foot_of_the_page_that_cites_them_first() -> None:
    pages = pages_of(render_pdf(long_letter(24), ENVELOPE, None, HEAD))
    assert len(pages) > 2
    for number in range(1, 25):
        [cited] = [index for index, page in enumerate(pages) if re.search(rf"Mark{number}\.", page)]
        assert [index for index, page in enumerate(pages) if f"Source of f{number}, 2016." in page] == [cited]
    assert pages[0].index("Source of f1") > pages[0].index("Mark2.")


def test_marks_that_meet_are_no_other_number() -> None:
    page = pages_of(render_pdf(body(d.par("Two", d.cite("f1"), d.cite("f2"), ".")), {}))[0]
    assert "12" not in page.partition("Source")[0].replace("2012", "")


def test_no_last_page_holds_only_a_line_the_signatures_or_the_code() -> None:
    """Letters that end a line later and a line later again, over more than a page."""
    for lines in range(24, 32):
        blocks = [d.par(f"Line {number} of all these short ones.") for number in range(1, lines + 1)]
        frozen = body(*blocks, d.par("Accept our consideration."), d.signatories(), d.par("For the coalition"))
        *_pages, last = pages_of(render_pdf(frozen, ENVELOPE, None, HEAD, proof=PROOF))
        for words in (
            "Accept our",
            "have signed",
            "For the coalition",
            PROOF.url,
            f"Line {lines} ",
            f"Line {lines - 7} ",
        ):
            assert words in last


def test_cameras_read_the_address_from_the_code() -> None:
    """Every module of the code is dark or light as the drawing of the standard has it."""
    matrix = segno.make(PROOF.url, error="m", micro=False).matrix
    [page] = printed_pages(body(d.par("A line.")), {}, proof=PROOF, ppi=100)
    width, _height, rows = pixels(page)
    left, right = (width * millimetres // 210 for millimetres in (20, 42))
    dark = [[row[4 * x] < 128 for x in range(left, right)] for row in rows]
    bottom = 1 + max(y for y, row in enumerate(dark) if any(row))
    side = (right - left) / len(matrix)
    seen = [
        [dark[int(bottom - (len(matrix) - y - 0.5) * side)][int((x + 0.5) * side)] for x in range(len(matrix))]
        for y in range(len(matrix))
    ]
    assert seen == [[bool(module) for module in row] for row in matrix]


# ---- scripts -----------------------------------------------------------------------------------

SCRIPTS = {
    "en": "Rules on electronic commerce would bind governments for good.",
    "ar": "من شأن قواعد التجارة الإلكترونية أن تقيد الحكومات إلى الأبد.",
    "zh": "电子商务规则将永久约束各国政府，使其无法发展本国的数字经济。",
    "hi": "इलेक्ट्रॉनिक वाणिज्य के नियम सरकारों को हमेशा के लिए बाँध देंगे।",
    "km": "វិធានស្តីពីពាណិជ្ជកម្មអេឡិចត្រូនិចនឹងចងដៃរដ្ឋាភិបាលជារៀងរហូត។",
    "am": "የኤሌክትሮኒክ ንግድ ደንቦች መንግሥታትን ለዘለዓለም ያስራሉ።",
    "uk": "Правила електронної торгівлі назавжди зв’яжуть уряди.",
}


def letter_in(language: str) -> tuple[dict[str, Any], AnnexData, Letterhead]:
    """Its sentence as a title, in paragraphs, bold, in lists, quoted, in a note, as a name and a letterhead."""
    words = SCRIPTS[language]
    frozen = body(
        *(d.par(" ".join([words] * 6), " ", d.text(words, "bold"), d.cite("f")) for _ in range(3)),
        d.heading(words), d.asks(words, words), d.quote(words), d.signatories(), language=language, subject=words,
        notes=[{"n": 1, "fact": "f", "text": words, "url": ""}],
    )  # fmt: skip
    return frozen, annex(AnnexSection("KE", (words, words))), Letterhead(words, (words,))


@pytest.mark.parametrize("language", SCRIPTS)
def test_letters_in_every_script_are_whole_and_can_be_read_out(language: str) -> None:
    """What a reader copies or a screen reader says is what was written, and nothing is a box."""
    frozen, names, head = letter_in(language)
    content = render_pdf(frozen, ENVELOPE, names, head, proof=PROOF)
    assert 0 not in glyphs_of(content)
    words = SCRIPTS[language]
    assert PdfReader(BytesIO(content)).metadata.title == words  # type: ignore[union-attr]
    said, places = said_in(content), 31  # title, letterhead twice, 3 × 7, heading, list, quotation, note, two names
    if language == "ar":
        assert {said.count(word) for word in words.split() if len(word) > 6} == {places}
    else:
        assert "".join(said.split()).count("".join(words.split())) == places


@pytest.mark.parametrize("language", SCRIPTS)
def test_no_script_runs_over_the_margins(language: str) -> None:
    frozen, names, head = letter_in(language)
    assert all(blank_beside_the_text(page) for page in printed_pages(frozen, ENVELOPE, names, head))


# ---- the same bytes ----------------------------------------------------------------------------

RENDER_ALL = """
import hashlib, sys
import django
django.setup()
from apps.letters.rendering import AnnexSection, render_html, render_mail_html, render_pdf, render_text
from tests.factories.rendering import ENVELOPE, HEAD, NAMES, PROOF, annex, letter
names = annex(AnnexSection("KE", tuple(NAMES.values())))
made = [render(letter(), ENVELOPE, names).encode() for render in (render_html, render_mail_html, render_text)]
made += [render_pdf(letter(), ENVELOPE, each, HEAD, proof=PROOF) for each in (names, None)]
print([hashlib.sha256(content).hexdigest() for content in made])
"""


def test_another_process_on_another_machine_makes_the_same_bytes(tmp_path: Path) -> None:
    """With other time zone, locale, hash seed, home, working folder and user's fonts."""
    worlds = [
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1", "HOME": "/nonexistent"},
        {"TZ": "America/Los_Angeles", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2", "HOME": str(tmp_path),
         "SOURCE_DATE_EPOCH": "1", "TYPST_FONT_PATHS": "/usr/share/fonts", "LANGUAGE": "ar"},
    ]  # fmt: skip
    kept = {key: value for key, value in os.environ.items() if key not in {"SOURCE_DATE_EPOCH"}}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", RENDER_ALL], env={**kept, **world, "PYTHONPATH": str(settings.BASE_DIR)},
            cwd=folder, stdout=subprocess.PIPE, text=True,
        )
        for world, folder in zip(worlds, (settings.BASE_DIR, tmp_path), strict=True)
    ]  # fmt: skip
    made = [process.communicate(timeout=120)[0] for process in started]
    assert made[0] == made[1]
    assert made[0].count("'") == 10
