"""Which characters our fonts can print."""

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
    """Sorted starts and (inclusive) ends."""
    pairs = [line.split("-") for line in (FONTS / "coverage.txt").read_text(encoding="ascii").split()]
    return [int(first, 16) for first, _last in pairs], [int(last, 16) for _first, last in pairs]


def covered(char: str) -> bool:
    """Whether a font prints it, or it is invisible."""
    if char.isspace() or unicodedata.category(char) == "Cf" or "\ufe00" <= char <= "\ufe0f":
        return True
    starts, ends = _ranges()
    index = bisect_right(starts, ord(char)) - 1
    return index >= 0 and ord(char) <= ends[index]


def uncovered(text: str) -> set[str]:
    return {char for char in set(unicodedata.normalize("NFC", text)) if not covered(char)}


def printable(text: str) -> str:
    """In NFC, with "[…]" for characters that no font has."""
    text = unicodedata.normalize("NFC", text)
    missing = {char for char in set(text) if not covered(char)}
    if not missing:
        return text
    return "".join(OMITTED if gone else "".join(run) for gone, run in groupby(text, missing.__contains__))


def printable_name(name: str) -> str:
    """Of "own name (English name)", the English name alone if no font has the own one."""
    own, english = _split_english(name)
    return english if uncovered(own) and english and not uncovered(english) else printable(name)


def _split_english(name: str) -> tuple[str, str]:
    """The name, and the content of brackets at its end, which may contain brackets."""
    depth = 0
    for index in range(len(name) - 1 if name.endswith(")") else 0, 0, -1):
        depth += {")": 1, "(": -1}.get(name[index], 0)
        if not depth:
            return name[:index].rstrip(), name[index + 1 : -1]
    return name, ""
