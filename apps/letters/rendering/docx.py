"""The letter as a Word file, to go on with it elsewhere: with headings, lists, quotations, links and footnotes of Word.

What is still open is marked: a field without a value stands in brackets, on yellow.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from apps.core.types import JsonObject

from .composition import Block, Composition, Span, compose
from .types import Letterhead

FORMATS = {"letters": "lowerLetter", "decimal": "decimal", "roman": "lowerRoman"}
#: of our numbered paragraphs: what comes back with it is no list
PARAGRAPH = "Letter Paragraph"
STYLES = {
    "h2": "Heading 2",
    "h3": "Heading 3",
    "quote": "Quote",
    "par": PARAGRAPH,
    "plain": "Normal",
    "signed": "Normal",
}
#: the same letter gives the same file
MADE = datetime(2000, 1, 1, tzinfo=UTC)
FONT = "Times New Roman"
INDENT = 567  # twentieths of a point: 1 cm


def render_docx(body: JsonObject, envelope: Mapping[str, str], letterhead: Letterhead, *, gaps: bool = False) -> bytes:
    """Without the annex. Raises MissingValue unless `gaps`."""
    return _Writer(compose(body, envelope, gaps=gaps), letterhead).write()


def _undated(made: io.BytesIO) -> bytes:
    """The same parts with one date: the same letter gives the same bytes."""
    undated = io.BytesIO()
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(undated, "w", zipfile.ZIP_DEFLATED) as file:
        for part in parts.infolist():
            part.date_time = MADE.timetuple()[:6]
            file.writestr(part, parts.read(part.filename))
    return undated.getvalue()


class _Writer:
    def __init__(self, letter: Composition, letterhead: Letterhead) -> None:
        self.letter, self.letterhead = letter, letterhead
        self.rtl = letter.language.direction == "rtl"
        self.file: Any = docx.Document()
        self.numbering: Any = self.file.part.numbering_part.element
        self.lists = 100  # beyond those of the default template

    def write(self) -> bytes:
        self._set_up()
        letter = self.letter
        head = [line for line in (self.letterhead.name, *self.letterhead.lines) if line]
        for lines in (head, [letter.date] if letter.date else [], list(letter.addressee)):
            if lines:
                paragraph = self._paragraph("Normal")
                for index, line in enumerate(lines):
                    self._run(paragraph, Span(line, bold=lines is head and not index))
                    if index < len(lines) - 1:
                        paragraph.add_run().add_break()
        self._text(self._paragraph("Heading 1"), [Span(letter.title)])
        numbers = self._list("decimal", 1, 0, "%1.")
        for block in letter.blocks:
            self._block(block, numbers)
        if letter.notes:
            self._footnotes()
        made = io.BytesIO()
        self.file.save(made)
        return _undated(made)

    def _set_up(self) -> None:
        properties = self.file.core_properties
        properties.title, properties.author = self.letter.title, self.letterhead.name
        properties.language, properties.comments = self.letter.lang, ""
        properties.created = properties.modified = MADE
        for name in ("Normal", "Heading 1", "Heading 2", "Heading 3", "Quote"):
            font = self.file.styles[name].font
            font.name, font.size = FONT, Pt(16 if name == "Heading 1" else 11.5)
            font.color.rgb = None
            font._element.rPr.rFonts.set(qn("w:cs"), FONT)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), self.letter.lang)
        language.set(qn("w:bidi"), self.letter.lang)
        self.file.styles["Normal"].element.get_or_add_rPr().append(language)
        for name, kind in (("Footnote Text", WD_STYLE_TYPE.PARAGRAPH), ("Footnote Reference", WD_STYLE_TYPE.CHARACTER)):
            self.file.styles.add_style(name, kind)
        self.file.styles.add_style(PARAGRAPH, WD_STYLE_TYPE.PARAGRAPH).base_style = self.file.styles["Normal"]
        self.file.styles["Footnote Text"].font.size = Pt(9)
        self.file.styles["Footnote Reference"].font.superscript = True
        section = self.file.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(25)

    def _block(self, block: Block, numbers: int) -> None:
        if block.kind in {"asks", "dashes"}:
            self._items(block, 0)
        elif block.kind == "quote":
            for line in block.items[0]:
                self._text(self._paragraph("Quote"), line if isinstance(line, tuple) else ())
        else:
            paragraph = self._paragraph(STYLES[block.kind])
            if block.kind == "par":
                _number(paragraph, numbers, 0)
            self._text(paragraph, block.spans)

    def _items(self, block: Block, level: int) -> None:
        numbers = self._list(block.numbering if block.kind == "asks" else "", block.start, level)
        for item in block.items:
            for index, piece in enumerate(item):
                if isinstance(piece, Block):
                    self._items(piece, level + 1)
                    continue
                paragraph = self._paragraph("Normal")
                if index:
                    paragraph.paragraph_format.left_indent = Pt(INDENT * (level + 2) / 20)
                else:
                    _number(paragraph, numbers, level)
                self._text(paragraph, piece)

    def _list(self, numbering: str, start: int, level: int, pattern: str = "") -> int:
        """A list of its own, so that no other goes on with its numbers. Returns its id."""
        self.lists += 1
        sign = pattern or (f"(%{level + 1})" if numbering else "–")
        kind = FORMATS.get(numbering, "bullet")
        left = INDENT * (level + (1 if pattern else 2))
        levels = f"""<w:lvl w:ilvl="{level}"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/>
          <w:lvlText w:val="{sign}"/><w:lvlJc w:val="start"/>
          <w:pPr><w:ind w:start="{left}" w:left="{left}" w:hanging="{INDENT}"/></w:pPr></w:lvl>"""
        abstract = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{self.lists}">{levels}</w:abstractNum>')
        first = self.numbering.find(qn("w:num"))
        self.numbering.insert(self.numbering.index(first) if first is not None else len(self.numbering), abstract)
        num = f'<w:num {nsdecls("w")} w:numId="{self.lists}"><w:abstractNumId w:val="{self.lists}"/></w:num>'
        self.numbering.append(parse_xml(num))
        return self.lists

    def _paragraph(self, style: str) -> Any:
        paragraph = self.file.add_paragraph(style=style)
        if self.rtl:
            paragraph.paragraph_format._element.get_or_add_pPr().append(OxmlElement("w:bidi"))
        return paragraph

    def _text(self, paragraph: Any, spans: Iterable[Span]) -> None:
        for span in spans:
            if span.line_break:
                paragraph.add_run().add_break()
            elif span.note:
                self._reference(paragraph, span)
            else:
                self._run(paragraph, span)

    def _run(self, paragraph: Any, span: Span) -> None:
        run = paragraph.add_run(f"[{span.text}]" if span.gap else span.text)
        run.bold, run.italic = span.bold or None, span.italic or None
        if span.script:
            setattr(run.font, {"sup": "superscript", "sub": "subscript"}[span.script], True)
        if span.gap:
            run.font.highlight_color = 7  # yellow
        if self.rtl:
            run.font.rtl = True
        if span.href:
            link = OxmlElement("w:hyperlink")
            link.set(qn("r:id"), self.file.part.relate_to(span.href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
            run.font.underline = True
            run._element.addprevious(link)
            link.append(run._element)

    def _reference(self, paragraph: Any, span: Span) -> None:
        """A footnote where its number stands first, later the number alone."""
        begins = span.first and any(note.n == span.note for note in self.letter.notes)
        run = paragraph.add_run("" if begins else str(span.note), style="Footnote Reference")
        run.font.superscript = True
        if begins:
            reference = OxmlElement("w:footnoteReference")
            reference.set(qn("w:id"), str(span.note))
            run._element.append(reference)

    def _footnotes(self) -> None:
        """The part that python-docx does not know (ECMA-376, part 1, 17.11)."""
        notes = parse_xml(f"""<w:footnotes {nsdecls("w")}>
          <w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>
          <w:footnote w:type="continuationSeparator" w:id="0">
            <w:p><w:r><w:continuationSeparator/></w:r></w:p>
          </w:footnote>
        </w:footnotes>""")
        for note in self.letter.notes:
            made = parse_xml(f"""<w:footnote {nsdecls("w")} w:id="{note.n}"><w:p>
              <w:pPr><w:pStyle w:val="FootnoteText"/>{"<w:bidi/>" if self.rtl else ""}</w:pPr>
              <w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>
              <w:r><w:t xml:space="preserve"/></w:r></w:p></w:footnote>""")
            made.findall(f".//{qn('w:t')}")[0].text = f" {note.text} {note.url}".rstrip()
            notes.append(made)
        blob = serialize_part_xml(notes)
        part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, blob, self.file.part.package)
        self.file.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _number(paragraph: Any, numbers: int, level: int) -> None:
    properties = paragraph.paragraph_format._element.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = level
    properties.get_or_add_numId().val = numbers
