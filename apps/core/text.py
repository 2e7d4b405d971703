"""Text in any script: cleaned for storing, with sort keys, and folded for comparing."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Container, Iterable
from itertools import count

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from .languages import language_for

#: maximum length of a name key: that of a signatory's name
MAX_NAME_KEY = 200
#: no language writes more combining marks on one letter; Tibetan stacks letters, the tallest known has eight below
MAX_MARKS, MAX_TIBETAN_MARKS = 5, 8
#: scripts, ideographs and letters of Unicode 16 and 17, which Python does not know yet
NEWER_SCRIPTS = {
    range(0x1C89, 0x1C8B): "Cyrillic", range(0xA7CB, 0xA7D0): "Latin", range(0xA7D2, 0xA7D5): "Latin",
    range(0xA7DA, 0xA7DD): "Latin", range(0x105C0, 0x10600): "Todhri", range(0x10940, 0x10960): "Sidetic",
    range(0x10D40, 0x10D90): "Garay", range(0x11380, 0x11400): "Tulu-Tigalari", range(0x116D0, 0x11700): "Myanmar",
    range(0x11B60, 0x11B80): "Sharada", range(0x11BC0, 0x11C00): "Sunuwar", range(0x11DB0, 0x11DF0): "Tolong Siki",
    range(0x16100, 0x16140): "Gurung Khema", range(0x16D40, 0x16D80): "Kirat Rai",
    range(0x16EA0, 0x16EE0): "Beria Erfe", range(0x1E5D0, 0x1E600): "Ol Onal", range(0x1E6C0, 0x1E700): "Tai Yo",
    range(0x323B0, 0x33480): "CJK",
}  # fmt: skip
#: invisible characters, outside categories Cc and Cf: combining grapheme joiner, Hangul fillers, Khmer inherent vowels,
#: the blank Braille pattern, a filler of Khitan, a note without a head, the first variation selectors
INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\U00016fe4\U0001d159") | {
    chr(c) for c in range(0xFE00, 0xFE10)
}
#: ZERO WIDTH NON-JOINER and JOINER: part of the spelling in some scripts, a stray of the clipboard in others. A joiner
#: between two emoji makes them one
JOINERS = frozenset("\u200c\u200d")
JOINING_SCRIPTS = frozenset({
    "ARABIC", "BENGALI", "DEVANAGARI", "GUJARATI", "GURMUKHI", "KANNADA", "KHMER", "MALAYALAM", "MONGOLIAN", "MYANMAR",
    "NKO", "ORIYA", "SINHALA", "SYRIAC", "TAMIL", "TELUGU", "THAANA", "TIBETAN",
})  # fmt: skip
#: MONGOLIAN free variation selectors and vowel separator, which follow a Mongolian letter
MONGOLIAN_MARKS = frozenset("\u180b\u180c\u180d\u180e\u180f")
#: what programs put in place of a character or an object that they could not read
UNREADABLE = frozenset("\ufffc\ufffd")
#: they choose a glyph of the ideograph before them
IDEOGRAPH_VARIATIONS = frozenset(map(chr, range(0xE0100, 0xE01F0)))
MAX_NUMBER_DIGITS = 20
#: the ends of lines: also Word's (vertical tab), a page's, and Unicode's
LINE_BREAKS = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
#: what mail programs make a link of, in NFKC. A bare domain may be a name: "350.org"
ADDRESS = re.compile(
    r"""
    :// | //[^\s/]+\.\w | \bhttps?: | \bwww\.
    | \b(?:ftps?|sftp|ssh|telnet|file|mailto|tel|sms|callto|skype|sips?|xmpp|ircs?|magnet|javascript|vbscript):\S
    | \bdata:\w+/
    | \S@[\w-]+\.\w                                      # an email address
    | \w\.(?:[^\W\d_][\w-]+)(?:[/\\]|[?#]\w|:\d)           # a domain with a path, query, fragment or port
    | \b\d{1,3}(?:\.\d{1,3}){3}\b                         # an IPv4 address
    """,
    re.IGNORECASE | re.VERBOSE,
)
#: a domain with a character that browsers read as a dot: "evil。example"
DISGUISED_DOMAIN = re.compile(r"[^\W_][․﹒．。｡][A-Za-z]{2}")
#: accents that Latin, Greek and Cyrillic share; Hebrew and Arabic vowel signs; the Arabic stretching stroke
OPTIONAL_MARKS = frozenset([*range(0x0300, 0x0370), *range(0x0591, 0x05C8), 0x0640, *range(0x064B, 0x0653)])
#: letters that Unicode does not decompose, and Arabic letters with two spellings
EQUIVALENTS = {
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "þ": "th", "ŋ": "n", "ى": "ي",
    "ة": "ه",
}  # fmt: skip
SCRIPTS = {
    "ARABIC": "Arab", "ARMENIAN": "Armn", "BENGALI": "Beng", "CJK": "Hani", "CYRILLIC": "Cyrl", "DEVANAGARI": "Deva",
    "ETHIOPIC": "Ethi", "GEORGIAN": "Geor", "GREEK": "Grek", "GUJARATI": "Gujr", "GURMUKHI": "Guru", "HANGUL": "Kore",
    "HEBREW": "Hebr", "HIRAGANA": "Jpan", "KANNADA": "Knda", "KATAKANA": "Jpan", "KHMER": "Khmr", "LAO": "Laoo",
    "MALAYALAM": "Mlym", "MONGOLIAN": "Mong", "MYANMAR": "Mymr", "NKO": "Nkoo", "ORIYA": "Orya", "SINHALA": "Sinh",
    "SYRIAC": "Syrc", "TAMIL": "Taml", "TELUGU": "Telu", "THAANA": "Thaa", "THAI": "Thai", "TIBETAN": "Tibt",
    "TIFINAGH": "Tfng",
}  # fmt: skip


def clean_line(text: str) -> str:
    """One line in NFC, without invisible characters, white space as single spaces.

    Drops strays of the clipboard (zero width spaces, byte order marks, soft hyphens), and direction controls, which can
    deceive readers (UTR 36).
    """
    return " ".join(_visible(text, _is_kept_in_line).split())


def clean_lines(text: str) -> str:
    """Like `clean_line`, but keeps line breaks and indentation; a tab becomes a space."""
    text = LINE_BREAKS.sub("\n", text).replace("\t", " ")
    return _visible(text, _is_kept_in_lines).strip()


def clean_span(text: str) -> str:
    """Like `clean_line` for part of a line: keeps its spaces; a tab or line break becomes a space."""
    return _visible(LINE_BREAKS.sub(" ", text).replace("\t", " "), _is_kept_in_lines)


def _visible(text: str, is_kept: Callable[[str], bool]) -> str:
    if text.isascii() and text.isprintable():  # nearly always; a file may have half a million cells
        return text
    kept: list[str] = []
    text = unicodedata.normalize("NFC", text)
    for index, char in enumerate(text):
        if char in IDEOGRAPH_VARIATIONS:
            if kept and _script(kept[-1]) == "CJK":
                kept.append(char)
        elif char in JOINERS or char in MONGOLIAN_MARKS:
            scripts = JOINING_SCRIPTS if char in JOINERS else {"MONGOLIAN"}
            if kept and (_script(kept[-1]) in scripts or _joins_emoji(char, kept[-1], text[index + 1 :][:1])):
                kept.append(char)
        elif is_kept(char):
            kept.append(char)
    return "".join(kept)


def _joins_emoji(char: str, before: str, after: str) -> bool:
    """Symbols above the arrows count as emoji, and tones of skin."""
    symbols = all(side >= "\u2190" and unicodedata.category(side)[0] == "S" for side in (before, after))
    return char == "\u200d" and symbols


def _is_kept_in_line(char: str) -> bool:
    return char.isspace() or _is_kept_in_lines(char)


def _is_kept_in_lines(char: str) -> bool:
    return char == "\n" or (char not in INVISIBLE and unicodedata.category(char) not in {"Cc", "Cf"})


def _script(char: str) -> str:
    """The script of a letter or mark: the first word of its Unicode name."""
    return unicodedata.name(char, newer_script(char)).split(" ")[0]


def name_error(name: str) -> str:
    """Why a cleaned line cannot be a name, and what to do; "" where it can."""
    categories = [char_category(char) for char in name]
    if not UNREADABLE.isdisjoint(name) or not {"Cs", "Co", "Cn"}.isdisjoint(categories):
        return _("It has characters that cannot be displayed. Type the name instead of pasting it.")
    # a mark without a letter of its own changes whatever stands before the name in a list
    if categories[:1] in (["Mn"], ["Mc"], ["Me"]) or not {"Lu", "Ll", "Lt", "Lo", "Nd", "Nl", "No"}.intersection(
        categories
    ):
        return _("Write the name with letters.")
    if ADDRESS.search(unicodedata.normalize("NFKC", name)) or DISGUISED_DOMAIN.search(name):
        return _("Write the name without a web or email address.")
    if _has_too_many_marks(name):
        return _("One letter has more accents than any language writes. Type the name again.")
    return ""


def newer_script(char: str) -> str:
    """The script of a character that is newer than Python's Unicode; "" for others."""
    return next((script for points, script in NEWER_SCRIPTS.items() if ord(char) in points), "")


def char_category(char: str) -> str:
    """Unicode's general category, where Python does not know it yet that of a letter without case."""
    category = unicodedata.category(char)
    return "Lo" if category == "Cn" and newer_script(char) else category


def _has_too_many_marks(name: str) -> bool:
    run = 0
    for char in name:
        run = run + 1 if unicodedata.category(char) in {"Mn", "Me"} else 0
        if run > (MAX_TIBETAN_MARKS if _script(char) == "TIBETAN" else MAX_MARKS):
            return True
    return False


def script_tag(text: str) -> str:
    """Language tag for the script of the first letter ("und-Deva", BCP 47); "" for Latin and unknown scripts."""
    for char in text:
        if char.isalpha():
            script = SCRIPTS.get(_script(char).split("-")[0], "")
            return f"und-{script}" if script else ""
    return ""


class _Table(dict[int, str]):
    """A table for str.translate that computes each character once."""

    def __init__(self, replacement: Callable[[str], str]) -> None:
        super().__init__()
        self.replacement = replacement

    def __missing__(self, point: int) -> str:
        self[point] = value = self.replacement(chr(point))
        return value


def _sorted_as(char: str) -> str:
    if unicodedata.combining(char):
        return ""
    return "'" if char in "’ʼ" else EQUIVALENTS.get(char, char)


def _folded(char: str) -> str:
    category = char_category(char)
    if ord(char) in OPTIONAL_MARKS or category == "Cf" or char in IDEOGRAPH_VARIATIONS:
        return ""
    return " " if category[0] in "PSZC" else EQUIVALENTS.get(char, char)


_SORTED, _FOLDED = _Table(_sorted_as), _Table(_folded)


def sort_key(text: str, language: str = "en") -> str:
    """Lower case, without accents, leading quotation marks and extra spaces: "Égypte" → "egypte".

    The database, in C.UTF-8, would sort Égypte after Zambie. In Spanish ñ is a letter of its own, after n.
    """
    key = language_for(language).collated(text)
    if not key.isascii():
        key = unicodedata.normalize("NFKD", key).translate(_SORTED)
    return " ".join(key.lstrip("«“\"'([¿¡ ").split())


def whole_number(text: str, max_digits: int = 9) -> int | None:
    """A number from a URL or form, in ASCII digits; otherwise None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= max_digits else None


def number_value(plain: str) -> int | str:
    """How a figure is stored: a whole number as int, a decimal number without trailing zeros as text, since floats have
    no canonical form. More than 20 digits are text too: many JSON parsers would round them."""
    if "." in plain:
        plain = plain.rstrip("0").removesuffix(".")
    return int(plain) if "." not in plain and len(plain) <= MAX_NUMBER_DIGITS else plain


def unique_key(stem: str, taken: Container[str]) -> str:
    """The stem, numbered where it is taken: "src-report", "src-report-2"."""
    candidates = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    return next(key for key in candidates if key not in taken)


def name_sort_key(name: str, language: str = "en") -> str:
    """The sort key without the English article: "The Gambia" sorts under G."""
    return sort_key(name, language).removeprefix("the ")


def fold(text: str) -> str:
    """A form that is equal for two spellings: lower case, without accents and punctuation, in NFKD.

    "N° de téléphone" → "n de telephone". Marks that are vowels stay: किसान is not कसन.
    """
    key = text.casefold()
    if not key.isascii():
        key = unicodedata.normalize("NFKD", key).casefold()
    return unicodedata.normalize("NFC", " ".join(key.translate(_FOLDED).split()))


def fold_letters(text: str) -> str:
    """`fold` without spaces: "N’Gûgi" → "ngugi"."""
    return fold(text).replace(" ", "")


def name_key(name: str) -> str:
    """`fold` in at most MAX_NAME_KEY characters: a longer key ends with its hash, an empty one is the name itself."""
    folded = fold(name) or name.casefold()
    if len(folded) <= MAX_NAME_KEY:
        return folded
    return folded[: MAX_NAME_KEY - 65] + " " + hashlib.sha256(folded.encode()).hexdigest()


def joined(items: Iterable[object]) -> str:
    """ "Kenya, Togo": a list as the reader's language separates it. Arabic has a comma of its own."""
    return pgettext("between the items of a list", ", ").join(map(str, items))


def joined_clauses(items: Iterable[object]) -> str:
    """ "Kenya, 3 May; Togo": a list whose items may have commas."""
    return pgettext("between the clauses of a list", "; ").join(map(str, items))


def isolated(words: str) -> str:
    """Words of content within a sentence of the interface: on a page from right to left, in their own direction."""
    if not words or language_for(get_language() or "en").direction == "ltr":
        return words
    return f"\u2068{words}\u2069"


def first_names(names: Iterable[str], most: int, join: Callable[[Iterable[object]], str] = joined) -> str:
    """ "Kenya, Togo and 3 more": at most so many of the names, each once, and the number of the others."""
    unique = list(dict.fromkeys(names))
    shown, more = join(unique[:most]), len(unique) - most
    words = ngettext("%(names)s and %(more)d more", "%(names)s and %(more)d more", max(more, 0))
    return words % {"names": shown, "more": more} if more > 0 else shown
