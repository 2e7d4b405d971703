"""The letter as plain text, in lines of 72 characters."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from apps.core.types import JsonObject

from ..document.scripts import scripted
from .composition import Block, Composition, Span, compose
from .types import AnnexData

WIDTH = 72
ROMAN = {
    1000: "m", 900: "cm", 500: "d", 400: "cd", 100: "c", 90: "xc", 50: "l", 40: "xl", 10: "x", 9: "ix", 5: "v", 4: "iv",
    1: "i",
}  # fmt: skip
LETTERS = "abcdefghijklmnopqrstuvwxyz"
WIDE = frozenset({"W", "F"})


def render_text(
    body: JsonObject, envelope: Mapping[str, str], annex: AnnexData | None = None, *, gaps: bool = False
) -> str:
    letter = compose(body, envelope, annex, gaps=gaps)
    head = "\n".join(_wrapped(line) for line in (letter.date, *letter.addressee) if line)
    pieces = [_wrapped(letter.title), head, *map(_block, letter.blocks), *_notes(letter), *_annex(letter)]
    return "\n\n".join(piece for piece in pieces if piece) + "\n"


def _block(block: Block) -> str:
    text = _plain(block.spans)
    if block.kind == "par":
        return _wrapped(text, f"{block.number}. ")
    if block.kind in {"h2", "h3"}:
        return _wrapped(text)
    if block.kind == "quote":
        quoted = (line for line in block.items[0] if not isinstance(line, Block))
        return "\n>\n".join(_wrapped(_plain(spans), "> ", "> ") for spans in quoted)
    if block.kind in {"asks", "dashes"}:
        return "\n".join(_list_lines(block, ""))
    return _wrapped(text)


def _list_lines(block: Block, indent: str) -> Iterator[str]:
    for number, item in enumerate(block.items, start=block.start):
        mark = f"{indent}{list_mark(block.numbering, number)} " if block.kind == "asks" else f"{indent}- "
        further = " " * len(mark)
        for index, piece in enumerate(item):
            if isinstance(piece, Block):
                yield from [] if index else [mark.rstrip()]
                yield from _list_lines(piece, further)
            else:
                yield _wrapped(_plain(piece), further if index else mark, further)


def list_mark(numbering: str, number: int) -> str:
    """(c), (3) or (iii)."""
    if numbering == "letters":
        return f"({_letter(number)})"
    return f"({_roman(number) if numbering == 'roman' else number})"


def _letter(number: int) -> str:
    """1 → a, 26 → z, 27 → aa."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, len(LETTERS))
        letters = LETTERS[rest] + letters
    return letters


def _roman(number: int) -> str:
    roman = ""
    for value, sign in ROMAN.items():
        count, number = divmod(number, value)
        roman += sign * count
    return roman


def _plain(spans: Iterable[Span]) -> str:
    return "".join(_span(span) for span in spans)


def _span(span: Span) -> str:
    if span.line_break:
        return "\n"
    if span.note:
        return f" [{span.note}]"
    text = f"[{span.text}?]" if span.gap else scripted(span.text, span.script)
    address = span.href.removeprefix("mailto:")
    return f"{text} <{address}>" if span.href and address not in text else text


def _notes(letter: Composition) -> list[str]:
    if not letter.notes:
        return []
    rows = [_wrapped(f"{note.text} {note.url}".strip(), f"[{note.n}] ") for note in letter.notes]
    return ["-" * 20, letter.language.notes.heading, "\n".join(rows)]


def _annex(letter: Composition) -> list[str]:
    if letter.annex is None:
        return []
    pieces = ["-" * 20, letter.language.signatures.heading, "\n".join(_wrapped(line) for line in letter.annex_lines)]
    for section in letter.annex_sections:
        names = [_wrapped(name, "  ", "    ") for name in section.names]
        pieces.append("\n".join([f"{section.country} ({len(section.names)})", *names]))
    return [*pieces, " ".join(letter.fingerprint).rstrip()]


def _wrapped(text: str, first: str = "", further: str | None = None) -> str:
    """Keeps line breaks and long words; wide characters count as two."""
    further = " " * len(first) if further is None else further
    lines: list[str] = []
    for typed in text.split("\n"):
        line, width = "", 0
        indent = first if not lines else further
        for word in typed.split():
            columns = _columns(word)
            if line and width + 1 + columns > WIDTH - len(indent):
                lines.append(indent + line)
                line, width, indent = word, columns, further
            else:
                line, width = (f"{line} {word}", width + 1 + columns) if line else (word, columns)
        lines.append((indent + line).rstrip() if not line else indent + line)
    return "\n".join(lines)


def _columns(word: str) -> int:
    if word.isascii():
        return len(word)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in WIDE else 1 for char in word
    )
