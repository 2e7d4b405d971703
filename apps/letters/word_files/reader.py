"""What a Word file shows its reader, as HTML of the kind that Word copies. Without Django.

mammoth makes the HTML. Before that we write out what it does not know: numbers of lists, hidden words, formulas,
drawings; and count what stays out.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from html import escape
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import mammoth
from mammoth.docx.dingbats import dingbats

from .numbers import Numbers, W, value

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
V = "{urn:schemas-microsoft-com:vml}"
BODIES = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
#: parts that mammoth reads; images and fonts are not
PARTS = re.compile(r"\[Content_Types\]\.xml|_rels/\.rels|word/(_rels/)?[A-Za-z0-9]+\.xml(\.rels)?")
#: a numbered paragraph of a letter that left as a Word file
LETTER_PARAGRAPH = "LetterParagraph"
#: a paragraph whose end has one of these is counted by nobody who sees the letter without changes and hidden words
GONE = ("del", "moveFrom", "vanish")
MAX_PART = 64 * 1024 * 1024
MAX_EXCERPTS, MAX_EXCERPT = 20, 160
STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => h2:fresh
p[style-name='Quote'] => blockquote:fresh > p:fresh
p[style-name='Intense Quote'] => blockquote:fresh > p:fresh
p[style-name='Quotations'] => blockquote:fresh > p:fresh
"""
#: our notes to ourselves inside the text, which mammoth passes on
NOTE, END = "\ue000", "\ue001"
LIST = re.compile(f'<(p|h[1-6])>((?:<a id="[^"]*"></a>)*){NOTE}list;([^;]*);([^;]*);([^{END}]*){END}')
LOST = re.compile(f"{NOTE}lost;([a-z]+){END}")
#: parts of formulas that one line can hold
IN_LINE = {f"{M}{name}" for name in (
    "oMath", "oMathPara", "oMathParaPr", "r", "t", "sSup", "sSub", "f", "e", "sup", "sub", "num", "den", "ctrlPr",
    "rPr", "sSupPr", "sSubPr", "fPr", "sty", "type", "jc", "nor", "scr", "lit",
)}  # fmt: skip


class NotAWordFile(Exception):
    """The file is damaged or of another kind."""


class Reading:
    """One file: its HTML, and how many passages of each kind stay out."""

    def __init__(self, content: bytes) -> None:
        self.left_out: dict[str, int] = {}
        self.excerpts: list[str] = []
        try:
            self.parts = dict(self._parts(zipfile.ZipFile(io.BytesIO(content))))
        except zipfile.BadZipFile as error:
            raise NotAWordFile from error
        if BODIES[0] not in self.parts:
            raise NotAWordFile

    def html(self) -> str:
        numbers = Numbers(self._xml("word/numbering.xml"), self._xml("word/styles.xml"))
        for name in BODIES:
            if (root := self._xml(name)) is not None:
                self._prepare(root, numbers)
                self.parts[name] = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
        self.parts.pop("word/numbering.xml", None)  # or mammoth would make lists of its own
        self._count_comments()
        made: Any = mammoth.convert_to_html(
            io.BytesIO(self._zipped()),
            style_map=STYLES,
            convert_image=mammoth.images.img_element(lambda _image: {"src": ""}),
        )
        return _with_lists(str(made.value))

    def _parts(self, archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
        for info in archive.infolist():
            if PARTS.fullmatch(info.filename):
                if info.file_size > MAX_PART:
                    raise MemoryError
                yield info.filename, archive.read(info)
            elif info.filename.startswith("word/media/"):
                yield info.filename, b""  # mammoth looks for them, and nobody opens them

    def _xml(self, name: str) -> Element | None:
        return ElementTree.fromstring(self.parts[name]) if name in self.parts else None  # noqa: S314  # a process with limits

    def _zipped(self) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            for name, content in self.parts.items():
                archive.writestr(name, content)
        return made.getvalue()

    def _leave_out(self, finding: str, words: str) -> None:
        if words.strip():
            self.left_out[finding] = self.left_out.get(finding, 0) + 1
            if len(self.excerpts) < MAX_EXCERPTS:
                self.excerpts.append(" ".join(words.split())[:MAX_EXCERPT])

    def _count_comments(self) -> None:
        comments = self._xml("word/comments.xml")
        for comment in () if comments is None else comments.iter(f"{W}comment"):
            self._leave_out("comments", _words(comment))

    def _prepare(self, root: Element, numbers: Numbers) -> None:
        """Change the body so that mammoth reads what a reader sees."""
        parents = {child: parent for parent in root.iter() for child in parent}
        for element in list(root.iter()):
            if element.tag in {f"{W}del", f"{W}moveFrom"} and element in parents and _words(element).strip():
                self._leave_out("deletions", _words(element))
                element.clear()
        for run in list(root.iter(f"{W}r")):
            self._prepare_run(run)
        for formula in list(root.iter(f"{M}oMath")):
            _write_formula(formula, parents)
        for control in root.iter(f"{W}sdt"):
            _write_control(control)
        for paragraph in root.iter(f"{W}p"):
            _write_number(paragraph, numbers)

    def _prepare_run(self, run: Element) -> None:
        properties = run.find(f"{W}rPr")
        if _is_on(properties, "vanish"):
            self._leave_out("hidden", _words(run))
            run.clear()
            return
        if properties is not None and _is_on(properties, "dstrike"):
            properties.append(Element(f"{W}strike"))
        for child in list(run):
            is_drawing = child.tag in {f"{W}drawing", f"{W}pict"}
            shows = [*child.iter(f"{A}blip"), *child.iter(f"{V}imagedata"), *child.iter(f"{W}txbxContent")]
            if child.tag == f"{W}object" or (is_drawing and not shows):
                _replace(run, child, _text(f"{NOTE}lost;object{END}"))
            elif child.tag == f"{W}sym" and not _is_known(child):
                _replace(run, child, _text(f"{NOTE}lost;symbol{END}"))


def _is_on(properties: Element | None, name: str) -> bool:
    found = None if properties is None else properties.find(f"{W}{name}")
    return found is not None and found.get(f"{W}val", "1") not in {"0", "false", "off"}


def _is_known(symbol: Element) -> bool:
    font, char = symbol.get(f"{W}font", ""), symbol.get(f"{W}char", "0")
    codes = {int(char, 16), int(char[2:] or "0", 16)} if re.fullmatch("[0-9A-Fa-f]{1,6}", char) else set()
    return any((font, code) in dingbats for code in codes)


def _words(element: Element) -> str:
    tags = {f"{W}t", f"{W}delText", f"{M}t"}
    return "".join(
        " " if one.tag == f"{W}p" else one.text or "" for one in element.iter() if one.tag in {*tags, f"{W}p"}
    )


def _text(words: str) -> Element:
    made = Element(f"{W}t")
    made.text = words
    return made


def _replace(parent: Element, child: Element, *others: Element) -> None:
    at = list(parent).index(child)
    parent.remove(child)
    for offset, other in enumerate(others):
        parent.insert(at + offset, other)


def _run(words: str, shift: str = "") -> Element:
    run = Element(f"{W}r")
    if shift:
        align = ElementTree.SubElement(ElementTree.SubElement(run, f"{W}rPr"), f"{W}vertAlign")
        align.set(f"{W}val", shift)
    run.append(_text(words))
    return run


def _write_formula(formula: Element, parents: dict[Element, Element]) -> None:
    """On the line, with raised exponents; a mark where more than that is lost."""
    parent = parents.get(formula)
    if parent is None:
        return
    runs = list(_formula_runs(formula))
    if any(part.tag.startswith(M) and part.tag not in IN_LINE for part in formula.iter()):
        runs.insert(0, _run(f"{NOTE}lost;formula{END}"))
    if parent.tag == f"{M}oMathPara" and (paragraph := parents.get(parent)) is not None:
        parent.remove(formula)
        if parent.find(f"{M}oMath") is not None:  # the next formula of the display stands on a line of its own
            runs.append(Element(f"{W}r"))
            ElementTree.SubElement(runs[-1], f"{W}br")
        _replace(paragraph, parent, *runs, parent)
    else:
        _replace(parent, formula, *runs)


def _formula_runs(part: Element) -> Iterator[Element]:
    kinds = {f"{M}sSup": ("sup", "superscript"), f"{M}sSub": ("sub", "subscript")}
    if part.tag == f"{M}t":
        yield _run(part.text or "")
    elif part.tag in kinds:
        inner, shift = kinds[part.tag]
        base, script = part.find(f"{M}e"), part.find(f"{M}{inner}")
        yield from () if base is None else _formula_runs(base)
        yield _run("" if script is None else _words(script), shift)
    elif part.tag == f"{M}f":
        over, under = (
            _words(side) if side is not None else "" for side in (part.find(f"{M}num"), part.find(f"{M}den"))
        )
        yield _run("/".join(words if words.isalnum() else f"({words})" for words in (over, under)))
    else:
        for child in part:
            yield from _formula_runs(child)


def _write_control(control: Element) -> None:
    """The words that ask to fill in a form are no words of the letter."""
    if control.find(f"{W}sdtPr/{W}showingPlcHdr") is None:
        return
    texts = list(control.iter(f"{W}t"))
    for text in texts:
        text.text = ""
    if texts:
        texts[0].text = f"{NOTE}lost;form{END}"


def _write_number(paragraph: Element, numbers: Numbers) -> None:
    properties = paragraph.find(f"{W}pPr")
    if properties is None or any(properties.find(f"{W}rPr/{W}{gone}") is not None for gone in GONE):
        return
    sign = numbers.sign(properties)
    if sign is None:
        return
    is_ours = value(properties, "w:pStyle") == LETTER_PARAGRAPH
    for old in properties.findall(f"{W}numPr"):
        properties.remove(old)
    off = ElementTree.SubElement(ElementTree.SubElement(properties, f"{W}numPr"), f"{W}numId")
    off.set(f"{W}val", "0")
    if _words(paragraph).strip() and not is_ours:
        paragraph.insert(list(paragraph).index(properties) + 1, _run(f"{NOTE}list;{sign[0]};{sign[1]};{sign[2]}{END}"))


def _with_lists(html: str) -> str:
    """In the form in which Word copies lists."""

    def item(found: re.Match[str]) -> str:
        tag, names, name, level, sign = found.groups()
        style = f"mso-list:l{escape(name)} level{escape(level)} lfo{escape(name)}"
        return f'<{tag} style="{style}">{names}<span style="mso-list:Ignore">{escape(sign)}</span>'

    return LOST.sub(r'<span data-lost="\1"></span>', LIST.sub(item, html)).replace(NOTE, "").replace(END, "")
