"""Which characters our fonts can print."""

import re
import unicodedata
from bisect import bisect_right
from functools import cache
from itertools import groupby
from pathlib import Path

from apps.core.text import char_category, newer_script

FONTS = Path(__file__).parent / "fonts"
#: printed instead of characters that no font has
OMITTED = "[…]"
LETTERS = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Nl"})
#: the word after the script in the Unicode name of a letter
KINDS = re.compile(
    r"\b(?:CAPITAL|SMALL|LETTER|SIGN|SYLLAB|CHARACTER|IDEOGRA|HIEROGLYPH|NUM(?:ERAL|ERIC|BER)|COMPONENT|SYMBOL|MONOGRAM"
    r"|LIGATURE|AFFIX|CHOSEONG|JUNGSEONG|JONGSEONG)"
)


@cache
def _ranges() -> tuple[list[int], list[int]]:
    """Sorted starts and (inclusive) ends."""
    pairs = [line.split("-") for line in (FONTS / "coverage.txt").read_text(encoding="ascii").split()]
    return [int(first, 16) for first, _last in pairs], [int(last, 16) for _first, last in pairs]


@cache
def covered(char: str) -> bool:
    """Whether a font prints it, or it is invisible."""
    is_variation = "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
    if char.isspace() or unicodedata.category(char) == "Cf" or is_variation:
        return True
    starts, ends = _ranges()
    index = bisect_right(starts, ord(char)) - 1
    return index >= 0 and ord(char) <= ends[index]


def is_plain(text: str) -> bool:
    """Whether it needs no look: most names of a list."""
    return text.isascii() and text.isprintable()


def uncovered(text: str) -> set[str]:
    return {char for char in _composed(text) if not covered(char)}


def printable(text: str) -> str:
    """In NFC, with "[…]" for characters that no font has."""
    if is_plain(text):
        return text
    text = _composed(text)
    missing = {char for char in set(text) if not covered(char)}
    if not missing:
        return text
    return "".join(OMITTED if gone else "".join(run) for gone, run in groupby(text, missing.__contains__))


def printable_name(name: str, no_font: str) -> str:
    """The name, with "[…]" for characters that no font has. Of one whose letters are all such, says the script in the
    words of `no_font`, after the English name if it ends with one: "Union of Scribes [name in Cuneiform script]"."""
    if is_plain(name):
        return name
    if _all_covered(text := _composed(name)):
        return text
    own, english = _split_english(name)
    if has_printable_letters(own):
        return printable(name)
    script = f"[{no_font.format(script=script_name(own))}]"
    return f"{printable(english)} {script}" if english and has_printable_letters(english) else script


def has_printable_letters(name: str) -> bool:
    """Whether some letter is printed, or there are no letters."""
    letters = [char for char in _composed(name) if char_category(char) in LETTERS]
    return not letters or any(covered(char) for char in letters)


def script_name(text: str) -> str:
    """ "Phags-pa": the script of the first letter that no font has, from its Unicode name."""
    char = next((char for char in text if char_category(char) in LETTERS and not covered(char)), "")
    # Python has no names of Tangut, and of what is newer
    words = re.split(KINDS, unicodedata.name(char, newer_script(char) or "TANGUT"), maxsplit=1)[0].split()
    return "Han" if words[:1] == ["CJK"] else " ".join(word.capitalize() for word in words)


def _composed(text: str) -> str:
    """In NFC; characters without a font that stand for others ("𝐔") become those."""
    text = unicodedata.normalize("NFC", text)
    return text if _all_covered(text) else "".join(char if covered(char) else _equivalent(char) for char in text)


def _all_covered(text: str) -> bool:
    return all(map(covered, set(text)))


def _equivalent(char: str) -> str:
    plain = unicodedata.normalize("NFKC", char)
    return plain if all(map(covered, plain)) else char


def _split_english(name: str) -> tuple[str, str]:
    """The name, and the content of brackets at its end, which may contain brackets."""
    depth = 0
    for index in range(len(name) - 1 if name.endswith(")") else 0, 0, -1):
        depth += {")": 1, "(": -1}.get(name[index], 0)
        if not depth:
            return name[:index].rstrip(), name[index + 1 : -1]
    return name, ""
