"""What a PDF says to readers, screen readers and printers."""

import re
import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import typst
from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream

from apps.letters.rendering import pdf as pdf_module


def pages_of(content: bytes) -> list[str]:
    """The words of each page."""
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


def glyphs_of(content: bytes) -> set[int]:
    """Every glyph id that the text of the PDF uses; 0 is the box of a missing character."""
    found: set[int] = set()
    for page in PdfReader(BytesIO(content)).pages:
        stream = page.get_contents()
        for operands, operator in stream.operations if stream is not None else ():
            found |= set(_glyphs(operands[0] if operator == b"TJ" else operands if operator == b"Tj" else ()))
    return found


def _glyphs(shown: Any) -> list[int]:
    strings = [getattr(piece, "original_bytes", b"") for piece in shown]
    return [int.from_bytes(raw[at : at + 2]) for raw in strings for at in range(0, len(raw), 2)]


def tags_of(content: bytes) -> list[tuple[str, Any]]:
    """(name, its dictionary) of every element of the structure, in reading order."""
    found: list[tuple[str, Any]] = []

    def walk(element: Any) -> None:
        element = _resolved(element)
        for inner in element if isinstance(element, list) else ():
            walk(inner)
        if isinstance(element, dict):
            if "/S" in element:
                found.append((str(element["/S"]), element))
            walk(element.get("/K"))

    walk(_structure(content))
    return found


def said_in(content: bytes) -> str:
    """What a screen reader says and a reader copies: marked content in the order of the structure, where a text that
    stands for glyphs counts instead of them. Words of lines from right to left come in the order of the glyphs."""
    reader = PdfReader(BytesIO(content))
    marked = {page.indirect_reference.idnum: _marked_content(page) for page in reader.pages}  # type: ignore[union-attr]
    said: list[str] = []

    def walk(element: Any, page: int) -> None:
        element = _resolved(element)
        if isinstance(element, int):
            said.append(marked[page].get(element, ""))
        for inner in element if isinstance(element, list) else ():
            walk(inner, page)
        if isinstance(element, dict):
            page = element.raw_get("/Pg").idnum if "/Pg" in element else page
            walk(element["/MCID"] if element.get("/Type") == "/MCR" else element.get("/K"), page)

    walk(_structure(content), 0)
    return "".join(said)


def _structure(content: bytes) -> Any:
    return PdfReader(BytesIO(content)).trailer["/Root"]["/StructTreeRoot"]["/K"]  # type: ignore[index]


def _resolved(element: Any) -> Any:
    return element.get_object() if hasattr(element, "get_object") else element


@dataclass
class _Mark:
    kind: str
    number: int | None
    stands_for: str | None
    text: str = ""


def _marked_content(page: PageObject) -> dict[int, str]:
    """{number: its words}."""
    maps = {name: _unicode_map(font.get_object()) for name, font in page["/Resources"].get("/Font", {}).items()}
    said: dict[int, str] = {}
    marks: list[_Mark] = []
    font: dict[int, str] = {}
    stream = page.get_contents()
    assert isinstance(stream, ContentStream)
    for operands, operator in stream.operations:
        if operator in {b"BDC", b"BMC"}:
            attrs = operands[1] if operator == b"BDC" and isinstance(operands[1], dict) else {}
            marks.append(_Mark(operands[0], attrs.get("/MCID"), attrs.get("/ActualText")))
        elif operator == b"EMC":
            done = marks.pop()
            text = done.text if done.stands_for is None else done.stands_for
            text = text[::-1] if done.kind == "/ReversedChars" else text
            if done.number is not None:
                said[done.number] = text
            elif marks:
                marks[-1].text += text
        elif operator == b"Tf":
            font = maps[operands[0]]
        elif operator in {b"Tj", b"TJ"} and marks:
            shown = operands[0] if operator == b"TJ" else operands
            marks[-1].text += "".join(font.get(glyph, "\ufffd") for glyph in _glyphs(shown))
    return said


def _unicode_map(font: Any) -> dict[int, str]:
    """{glyph: what it stands for}, of the font's ToUnicode."""
    found: dict[int, str] = {}
    source = font["/ToUnicode"].get_data().decode("latin-1")
    for block in re.findall(r"beginbfchar(.*?)endbfchar", source, re.DOTALL):
        for code, text in re.findall(r"<(\w+)>\s*<(\w+)>", block):
            found[int(code, 16)] = bytes.fromhex(text).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", source, re.DOTALL):
        for first, last, text in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            start = bytes.fromhex(text).decode("utf-16-be")
            for code in range(int(first, 16), int(last, 16) + 1):
                found[code] = start[:-1] + chr(ord(start[-1]) + code - int(first, 16))
    return found


def printed_pages(*letter: Any, ppi: int = 36, **options: Any) -> list[bytes]:
    """The pages that `render_pdf` makes of it, as PNG."""
    pages: list[bytes] = []

    def as_pixels(*args: Any, **options: Any) -> bytes:
        kept = {name: value for name, value in options.items() if name not in {"pdf_standards", "timestamp"}}
        made = typst.compile(*args, **kept, format="png", ppi=ppi)
        pages.extend(made if isinstance(made, list) else [made])
        return b""

    with patch.object(pdf_module, "typst", SimpleNamespace(**{**vars(typst), "compile": as_pixels})):
        pdf_module.render_pdf(*letter, **options)
    return pages


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
    if kind == 2 and not any(row):  # as most rows of a page
        row[:] = above
        return
    for at in range(len(row) if kind else 0):
        left, up, corner = (row[at - 4], above[at], above[at - 4]) if at > 3 else (0, above[at], 0)
        if kind == 4:
            guess = min((left, up, corner), key=lambda value: abs(left + up - corner - value))
        else:
            guess = (0, left, up, (left + up) // 2)[kind]
        row[at] = (row[at] + guess) & 255


def blank_beside_the_text(png: bytes) -> bool:
    """Whether nothing is printed left and right of an A4 page's margins of 20 mm."""
    width, height, rows = pixels(png)
    margin = int(width * 19.5 / 210)
    return all(set(row[: margin * 4] + row[-margin * 4 :]) <= {255} for row in rows) and height > width
