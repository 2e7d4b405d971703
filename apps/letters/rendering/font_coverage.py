"""Which characters the shipped fonts can print, so that no PDF has empty boxes."""

import unicodedata
from bisect import bisect_right
from functools import cache
from itertools import groupby
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
#: printed instead of characters that no font has
OMITTED = "[…]"


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
    index = bisect_right(starts, ord(char)) - 1
    return index >= 0 and ord(char) <= ends[index]


def uncovered(text: str) -> set[str]:
    """The characters of the text that the PDF cannot print."""
    return {char for char in set(unicodedata.normalize("NFC", text)) if not covered(char)}


def printable(text: str) -> str:
    """The text in composed form (NFC), with "[…]" for what no font has: an empty box would look like a fault."""
    text = unicodedata.normalize("NFC", text)
    missing = {char for char in set(text) if not covered(char)}
    if not missing:
        return text
    return "".join(OMITTED if gone else "".join(run) for gone, run in groupby(text, missing.__contains__))


def printable_name(name: str) -> str:
    """A signatory's name, "own name (English name)"; the English name alone where no font has the own one."""
    own, english = _split_english(name)
    return english if uncovered(own) and english and not uncovered(english) else printable(name)


def _split_english(name: str) -> tuple[str, str]:
    """The name and what is in the brackets at its end, which may have brackets itself; "" without any."""
    depth = 0
    for index in range(len(name) - 1 if name.endswith(")") else 0, 0, -1):
        depth += {")": 1, "(": -1}.get(name[index], 0)
        if not depth:
            return name[:index].rstrip(), name[index + 1 : -1]
    return name, ""
