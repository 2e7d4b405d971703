"""Which letters the shipped fonts can print, so that no PDF has empty boxes where letters should be."""

import unicodedata
from bisect import bisect_right
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
#: the replacement character, which our text face has
REPLACEMENT = "\ufffd"


@cache
def _ranges() -> tuple[list[int], list[int]]:
    """Sorted starts and ends (inclusive) of the covered code points."""
    pairs = [line.split("-") for line in (FONTS / "coverage.txt").read_text(encoding="ascii").split()]
    return [int(first, 16) for first, _last in pairs], [int(last, 16) for _first, last in pairs]


def covered(char: str) -> bool:
    """Whether some font prints it, or it is invisible (joiners, direction marks, variation selectors, spaces)."""
    if char.isspace() or unicodedata.category(char) == "Cf" or "\ufe00" <= char <= "\ufe0f":
        return True
    starts, ends = _ranges()
    place = bisect_right(starts, ord(char)) - 1
    return place >= 0 and ord(char) <= ends[place]


def uncovered(text: str) -> set[str]:
    """The characters of the text that the PDF cannot print."""
    return {char for char in set(unicodedata.normalize("NFC", text)) if not covered(char)}


def printable(text: str) -> str:
    """The text in composed form (NFC), with what no font has as U+FFFD."""
    text = unicodedata.normalize("NFC", text)
    missing = {char for char in set(text) if not covered(char)}
    return "".join(REPLACEMENT if char in missing else char for char in text) if missing else text
