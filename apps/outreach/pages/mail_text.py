"""The text of an incoming mail, with our own text that it quotes set apart."""

import re
from dataclasses import dataclass
from itertools import groupby, pairwise
from unicodedata import east_asian_width

#: signs from which a line that stands in our letter is surely ours
SURE = 20
#: programs break lines somewhere between; longer ones they left whole
NARROWEST, WIDEST = 50, 120
_NEW_LINE = re.compile(r"[\s>*•–-]|\(?\w{1,3}[.)]\s")


@dataclass(frozen=True)
class TextPart:
    """`ours`: lines that they quote, which the page folds."""

    text: str
    ours: bool


def text_parts(text: str, original: str) -> list[TextPart]:
    """The whole text in order, nothing left out. Only lines that stand in `original`, our letter, are `ours`: what they
    wrote between or marked with ">" stays open, and so do short words of theirs that our letter has too."""
    known = {_plain(line) for line in original.splitlines()} - {""}
    whole = " ".join(_plain(line) for line in original.splitlines())
    lines = text.splitlines()
    marks = _decided([_is_ours(line, known, whole) for line in lines])
    parts: list[TextPart] = []
    for ours, group in groupby(zip(marks, lines, strict=True), key=lambda pair: pair[0]):
        block = "\n".join(line for _mark, line in group).strip("\n")
        if block.strip():
            parts.append(TextPart(unwrapped(block), ours))
    return parts


def unwrapped(block: str) -> str:
    """With those lines joined again that a mail program broke, since the next word did not fit: on a phone each would
    leave half a line."""
    lines = block.split("\n")
    width = max(map(len, lines))
    if not NARROWEST <= width <= WIDEST:
        return block
    joined = lines[:1]
    for before, line in pairwise(lines):
        room = width - len(before.rstrip()) - 1
        fits = len(before) < NARROWEST or len(line.split(" ")[0]) <= room
        if not line or fits or before.startswith(">") or _NEW_LINE.match(line) or east_asian_width(line[0]) in "WF":
            joined.append(line)
        else:
            joined[-1] = f"{joined[-1].rstrip()} {line}"
    return "\n".join(joined)


def _plain(line: str) -> str:
    return " ".join(line.lstrip("> \t").split())


def _is_ours(line: str, known: set[str], whole: str) -> bool | None:
    """None where the line alone does not tell: it is blank, or short, known and not marked as quoted."""
    words = _plain(line)
    if not words:
        return None
    if len(words) > SURE:
        return words in known or words in whole
    if words not in known:
        return False
    return True if line.lstrip().startswith(">") else None


def _decided(marks: list[bool | None]) -> list[bool]:
    """What does not tell alone is ours between lines of ours, and theirs everywhere else."""
    after: list[bool] = []
    for mark in reversed(marks):
        after.append(mark if mark is not None else bool(after and after[-1]))
    decided: list[bool] = []
    for mark, later in zip(marks, reversed(after), strict=True):
        decided.append(mark if mark is not None else bool(decided and decided[-1]) and later)
    return decided
