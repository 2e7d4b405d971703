"""The text of an incoming mail, with our own text that it quotes set apart."""

from dataclasses import dataclass
from itertools import groupby

from apps.postbox.inbound.quoted_text import without_quotes


@dataclass(frozen=True)
class TextPart:
    """`ours`: lines that they quote, which the page folds."""

    text: str
    ours: bool


def text_parts(text: str, original: str) -> list[TextPart]:
    """The whole text in order, nothing left out. Only lines that stand in `original`, our letter, are `ours`: what they
    wrote between or marked with ">" stays open."""
    known = {_plain(line) for line in original.splitlines()} - {""}
    whole = " ".join(_plain(line) for line in original.splitlines())
    own = {_plain(line) for line in without_quotes(text, original)}
    lines = text.splitlines()
    marks = [_is_ours(line, known, whole, own) for line in lines]
    parts: list[TextPart] = []
    for ours, group in groupby(zip(_carried(lines, marks), lines, strict=True), key=lambda pair: pair[0]):
        block = "\n".join(line for _mark, line in group).strip("\n")
        if block.strip():
            parts.append(TextPart(block, ours))
    return parts


def _plain(line: str) -> str:
    return " ".join(line.lstrip("> \t").split())


def _is_ours(line: str, known: set[str], whole: str, own: set[str]) -> bool:
    words = _plain(line)
    if not words or (words in own and words not in known):
        return False
    return words in known or (len(words) > 20 and words in whole)


def _carried(lines: list[str], marks: list[bool]) -> list[bool]:
    """Blank lines, and those with only the mark of a quotation, belong to what stands before them."""
    carried, last = [], False
    for line, mark in zip(lines, marks, strict=True):
        last = mark if _plain(line) else last
        carried.append(last)
    return carried
