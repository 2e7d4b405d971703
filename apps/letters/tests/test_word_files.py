"""Letters from and to Word files."""

import io
import json
import re
import resource
import zipfile
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx.oxml.ns import nsdecls

from apps.letters.document.traversal import plain_text
from apps.letters.models import Letter
from apps.letters.rendering import render_docx
from apps.letters.services.approvals import letter_text_approve
from apps.letters.services.drafts import UnresolvedMarks, letter_create
from apps.letters.word_files import MAX_FILE, UnreadableWordFile, WordText, read_word_file
from tests.factories import documents as d
from tests.factories.rendering import ENVELOPE, HEAD, body, letter

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELS_OPEN, END = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">',
    "</Relationships>",
)
RELS = (
    f'{RELS_OPEN}<Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    f'officeDocument" Target="word/document.xml"/>{END}'
)


def word_file(content: str, **parts: str) -> bytes:
    """A file with this body, and further parts by name: numbering, comments, styles."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", RELS)
        archive.writestr("word/document.xml", f"<w:document {NAMESPACES}><w:body>{content}</w:body></w:document>")
        for name, inner in parts.items():
            archive.writestr(f"word/{name}.xml", f"<w:{name} {NAMESPACES}>{inner}</w:{name}>")
    return made.getvalue()


def run(words: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def par(inner: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner if inner.startswith('<') else run(inner)}</w:p>"


def read(content: str, **parts: str) -> WordText:
    return read_word_file(word_file(content, **parts))


def level(at: int, kind: str, start: int = 1) -> str:
    return f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/></w:lvl>'


NUMBERING = (
    f'<w:abstractNum w:abstractNumId="1">{level(0, "decimal", 3)}{level(1, "lowerLetter")}{level(2, "lowerRoman")}'
    f'</w:abstractNum><w:abstractNum w:abstractNumId="2">{level(0, "bullet")}</w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
    "</w:lvlOverride></w:num>"
)


def item(words: str, at: int = 0, num: int = 1) -> str:
    return par(words, f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{num}"/></w:numPr>')


def signs(html: str) -> list[str]:
    found = re.findall(r'level(\d)[^>]*><span style="mso-list:Ignore">([^<]*)</span>([^<]*)', html)
    return [f"{'  ' * (int(depth) - 1)}{sign} {words}" for depth, sign, words in found]


def test_lists_have_the_numbers_that_word_prints() -> None:
    found = read(
        item("three") + item("a", 1) + item("i", 2) + item("b", 1) + par("between") + item("four") + item("a again", 1)
        + item("dash", 0, 2) + item("one", 0, 3) + item("two", 0, 3) + par(""),
        numbering=NUMBERING,
    )  # fmt: skip
    assert signs(found.html) == [
        "3. three", "  a. a", "    i. i", "  b. b", "4. four", "  a. a again", "• dash", "1. one", "2. two",
    ]  # fmt: skip
    assert "<p>between</p>" in found.html


@pytest.mark.parametrize("gone", ["del", "moveFrom", "vanish"])
def test_items_that_are_gone_are_not_counted(gone: str) -> None:
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr>'
    words = run("x", "<w:vanish/>") if gone == "vanish" else f"<w:{gone}>{run('x')}</w:{gone}>"
    removed = par(words, f"{numbered}<w:rPr><w:{gone}/></w:rPr>")
    found = read(item("one", 0, 3) + removed + item("two", 0, 3), numbering=NUMBERING)
    assert signs(found.html) == ["1. one", "2. two"]


def test_lists_of_styles_are_lists_and_headings_keep_their_numbers() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="H"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="3"/>'
        '</w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="S"><w:name w:val="S"/>'
        '<w:basedOn w:val="S"/></w:style>'
    )
    content = par("We ask", '<w:pStyle w:val="H"/>') + par("circle", '<w:pStyle w:val="S"/>')
    # mammoth finds styles by a relationship, Word's usual names do as well
    found = read(content, styles=styles, numbering=NUMBERING)
    assert signs(found.html) == ["1. We ask"]
    written: Any = docx.Document()
    written.add_paragraph("by its style", style="List Number")
    made = io.BytesIO()
    written.save(made)
    assert signs(read_word_file(made.getvalue()).html) == ["1. by its style"]
    assert "<p>circle</p>" in found.html


def test_what_colleagues_wrote_for_each_other_stays_out_and_is_told() -> None:
    deleted = '<w:del w:id="1" w:author="A"><w:r><w:delText>support</w:delText></w:r></w:del>'
    inserted = f'<w:ins w:id="2" w:author="A">{run("oppose")}</w:ins>'
    moved = f'<w:moveFrom w:id="3">{run("gone away")}</w:moveFrom><w:moveTo w:id="4">{run(" moved")}</w:moveTo>'
    hidden = run("for now", "<w:vanish/>")
    shown = run(" it", '<w:vanish w:val="0"/>')
    comments = f'<w:comment w:id="0">{par("Do not tell the ministry.")}</w:comment>'
    comment = '<w:r><w:commentReference w:id="0"/></w:r>'
    found = read(par(run("We ") + deleted + inserted + moved + hidden + shown + comment), comments=comments)
    assert found.html == "<p>We oppose moved it</p>"
    assert found.left_out == {"deletions": 2, "hidden": 1, "comments": 1}
    assert sorted(found.excerpts) == ["Do not tell the ministry.", "for now", "gone away", "support"]


def test_what_cannot_be_read_leaves_a_mark_where_it_stood() -> None:
    drawing = "<w:r><w:drawing/></w:r>"
    script = "<m:sSup><m:e><m:r><m:t>10</m:t></m:r></m:e><m:sup><m:r><m:t>9</m:t></m:r></m:sup></m:sSup>"
    power = f"<m:oMath>{script}</m:oMath>"
    root = "<m:oMath><m:rad><m:e><m:r><m:t>2</m:t></m:r></m:e></m:rad></m:oMath>"
    symbol = '<w:r><w:sym w:font="Nobody" w:char="F0AA"/></w:r>'
    control = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('Click here')}</w:sdtContent></w:sdt>"
    found = read(par(run("a") + drawing + run("b") + power + root + symbol + control))
    mark = '<span data-lost="{}"></span>'.format
    assert found.html == (f"<p>a{mark('object')}b10<sup>9</sup>{mark('formula')}2{mark('symbol')}{mark('form')}</p>")


def test_formulas_of_one_display_stand_on_lines_of_their_own() -> None:
    formula = "<m:oMath><m:r><m:t>{}</m:t></m:r></m:oMath>".format
    display = f"<m:oMathPara><m:oMathParaPr/>{formula('a=b')}{formula('c=d')}</m:oMathPara>"
    assert read(par(run("As ") + display + run(" says"))).html == "<p>As a=b<br />c=d says</p>"


def test_a_letter_comes_back_as_it_left() -> None:
    content = render_docx(letter(), ENVELOPE, HEAD)
    assert content == render_docx(letter(), ENVELOPE, HEAD), "the same letter gives the same file"
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert {part.date_time for part in file.infolist()} == {(2000, 1, 1, 0, 0, 0)}, "also tomorrow"
    html = read_word_file(content).html
    for expected in (
        "<strong>Fair Digital Trade</strong>", "<h1>No new rules</h1>", "<h2>It is too early</h2>",
        "<p>From 10 December the delegation of Kenya will meet.", "<blockquote><p>A quotation.</p></blockquote>",
        '<a href="https://a.example/x?y=1&amp;z=2">our page</a>', "<em> lean</em>", 'href="#footnote-1"',
        '<li id="footnote-2"><p> Source of f2, 2016. https://source.example/a?b=1',
    ):  # fmt: skip
        assert expected in html
    assert signs(html) == ["a. oppose any mandate;", "b. publish your position.", "• one thing", "• another"]


def test_open_fields_are_marked_and_arabic_reads_from_the_right() -> None:
    inner = d.numbered((d.par("جزئي"),), numbering="roman")
    asks = d.numbered((d.par("نطلب", d.note("مصدر"), d.cite("gone")), inner), start=3)
    notes = [{"n": 1, "text": "مصدر"}]
    frozen = body(d.par(d.merge("recipient.name"), ","), asks, language="ar", notes=notes)
    content = render_docx(frozen, {}, HEAD, gaps=True)
    file: Any = docx.Document(io.BytesIO(content))
    marked = next(run for paragraph in file.paragraphs for run in paragraph.runs if run.font.highlight_color)
    assert re.fullmatch(r"\[.+\]", marked.text)
    assert all(paragraph._element.pPr.findall(".//{*}bidi") for paragraph in file.paragraphs)
    assert signs(read_word_file(content).html) == ["3. نطلب", "  i. جزئي"], "no Latin letters"


def bomb() -> bytes:
    """600 MB of text, never in memory at once."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", RELS)
        with archive.open("word/document.xml", "w") as document:
            document.write(f"<w:document {NAMESPACES}><w:body>".encode())
            for _part in range(600):
                document.write(par("x" * 1_000_000).encode())
            document.write(b"</w:body></w:document>")
    return made.getvalue()


def entities() -> bytes:
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    xml = f'<!DOCTYPE d [<!ENTITY e0 "lol">{lines}]><w:document {NAMESPACES}><w:body>&e9;</w:body></w:document>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", RELS)
        archive.writestr("word/document.xml", xml)
    return made.getvalue()


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: b"", "as a Word file"), (lambda: b"PK\x03\x04 not a zip", "as a Word file"),
        (lambda: b"{\\rtf1 }", "as a Word file"), (lambda: word_file("<w:p>"), "as a Word file"),
        (entities, "as a Word file"), (bomb, "memory or time"),
        (lambda: word_file(par("x" * 20_000) * 150), "longer than a letter"),
        (lambda: b"x" * (MAX_FILE + 1), "10 MB"),
    ],
    ids=["empty", "a broken archive", "RTF", "broken XML", "entities", "a bomb", "a book", "too large"],
)  # fmt: skip
def test_hostile_and_damaged_files_are_refused_in_little_memory(made: Callable[[], bytes], said: str) -> None:
    content = made()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(UnreadableWordFile, match=said):
        read_word_file(content)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


def test_an_image_is_named_and_never_fetched() -> None:
    outer = "http://127.0.0.1:9/spy.png"
    rel = '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"'
    drawing = (
        f'<w:drawing {nsdecls("wp", "a", "pic")}><wp:inline><wp:docPr id="1" name="x" descr="a chart"/><a:graphic>'
        '<a:graphicData uri="x"><pic:pic><pic:blipFill><a:blip r:link="rId1"/></pic:blipFill></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
    made = io.BytesIO(word_file(par(f"<w:r>{drawing}</w:r>")))
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr(
            "word/_rels/document.xml.rels", f"{RELS_OPEN}{rel} Target='{outer}' TargetMode='External'/>{END}"
        )
    assert read_word_file(made.getvalue()).html == '<p><img alt="a chart" src="" /></p>'


def test_drafters_get_the_words_of_a_file_and_readers_the_letter_as_one(
    world: SimpleNamespace, cast: SimpleNamespace, client: Client
) -> None:
    made = letter_create(
        campaign=world.campaign, actor=cast.drafter, template=world.template, title="L", members=[world.kenya]
    )
    args = ["mc11", made.number, "en"]
    client.force_login(cast.drafter)
    upload = reverse("letters:word_text", args=args)
    answer = client.post(upload, {"file": SimpleUploadedFile("a.docx", word_file(par("We ask.")))})
    assert answer.json() == {"html": "<p>We ask.</p>", "left_out": {}, "excerpts": []}
    refused = client.post(upload, {"file": SimpleUploadedFile("a.docx", b"no")})
    assert refused.status_code == 400
    assert "Open it in your word processor" in refused.json()["error"]
    assert client.post(upload).status_code == 400
    client.force_login(cast.observer)
    file = client.get(reverse("letters:preview_docx", args=args), {"member": "KE"})
    assert file["Content-Disposition"].endswith('filename="letter-1-draft.docx"')
    assert "Kenya" in read_word_file(file.content).html


def test_a_letter_begins_from_a_word_file_and_nothing_typed_is_lost(
    world: SimpleNamespace, cast: SimpleNamespace, client: Client
) -> None:
    client.force_login(cast.drafter)
    upload, page = reverse("letters:word_letter", args=["mc11"]), reverse("letters:create", args=["mc11"])
    found = client.post(upload, {"file": SimpleUploadedFile("a.docx", word_file(par("We ask.")))})
    assert found.json()["html"] == "<p>We ask.</p>"
    assert client.post(upload, {"file": SimpleUploadedFile("a.docx", b"no")}).status_code == 400
    document = d.doc(d.heading("No new rules"), d.par("We ask.", {"type": "lost", "attrs": {"what": "image"}}))
    typed = {
        "template": "",
        "document": json.dumps(document),
        "file_language": "fr",
        "to": "chosen",
        "members": "Kenya",
    }
    refused = client.post(page, typed)
    assert refused.status_code == 400
    assert all(kept in refused.text for kept in ('value="Kenya"', "No new rules", '<option value="fr" selected>'))
    for broken in ("", "{", "[" * 10_000, "5", '{"type": "doc", "content": [{"type": "script"}]}'):
        answer = client.post(page, {**typed, "title": "From Word", "document": broken})
        assert answer.status_code == 400, broken
        assert 'value="From Word"' in answer.text
        assert 'class="error-message"' in answer.text or 'class="notice error' in answer.text
    assert not Letter.objects.exists()
    assert client.post(page, {**typed, "title": "From Word"}).status_code == 302
    letter = Letter.objects.get()
    text = letter.texts.get()
    assert (letter.template, letter.template_text, text.language, text.subject) == (None, None, "fr", "No new rules")
    assert plain_text(text.body) == "We ask.", "the heading at the top is the title, and not printed twice"
    with pytest.raises(UnresolvedMarks):
        letter_text_approve(text=text, actor=cast.reviewer, sha256=text.fingerprint)
    for name in ("workspace", "origin", "settings"):
        assert client.get(reverse(f"letters:{name}", args=["mc11", letter.number])).status_code == 200
    world.template.delete()
    assert client.get(page).status_code == 200, "without any template too"
