"""Names as people type them: kept in their own script, cleaned of what would deceive or break, folded to compare."""

import hashlib
import unicodedata

from django.utils.translation import gettext as _

#: of SignOn and Organisation
MAX_NAME = 200
#: formatting characters that words need: joiners of Persian and Indic scripts, direction marks
NEEDED_MARKS = {"\u200c", "\u200d", "\u200e", "\u200f", "\u061c"}
#: more marks on one letter than any language writes
MAX_MARKS = 5
#: the block of accents that Latin, Greek and Cyrillic share; other scripts' marks are vowels and stay
ACCENTS = range(0x0300, 0x0370)
#: vowel signs and the stretching stroke, which Arabic writes or leaves out
ARABIC_OPTIONAL = {0x0640, *range(0x064B, 0x0653)}

#: Latin letters that Unicode does not take apart
UNDIVIDED = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "þ": "th", "ŋ": "n"}
)
SCRIPTS = {
    "ARABIC": "Arab", "ARMENIAN": "Armn", "BENGALI": "Beng", "CJK": "Hani", "CYRILLIC": "Cyrl", "DEVANAGARI": "Deva",
    "ETHIOPIC": "Ethi", "GEORGIAN": "Geor", "GREEK": "Grek", "GUJARATI": "Gujr", "GURMUKHI": "Guru", "HANGUL": "Kore",
    "HEBREW": "Hebr", "HIRAGANA": "Jpan", "KANNADA": "Knda", "KATAKANA": "Jpan", "KHMER": "Khmr", "LAO": "Laoo",
    "MALAYALAM": "Mlym", "MONGOLIAN": "Mong", "MYANMAR": "Mymr", "ORIYA": "Orya", "SINHALA": "Sinh", "TAMIL": "Taml",
    "TELUGU": "Telu", "THAANA": "Thaa", "THAI": "Thai", "TIBETAN": "Tibt", "TIFINAGH": "Tfng",
}  # fmt: skip


def name_clean(text: str) -> str:
    """The name in Unicode's composed form (NFC), white space of any kind as single spaces, soft hyphens dropped."""
    return " ".join(unicodedata.normalize("NFC", text).replace("\u00ad", "").split())


def name_objection(name: str) -> str:
    """Why a cleaned name cannot stand, as a sentence with the cure; "" where it can."""
    if any(_deceives(char) for char in name):
        return _("It holds invisible or control characters. Type the name instead of pasting it.")
    if not any(unicodedata.category(char)[0] in "LN" for char in name):
        return _("Write it with letters.")
    if "://" in name or "www." in name.casefold():
        return _("Write the name without an address; the website has a field of its own.")
    if _most_marks(name) > MAX_MARKS:
        return _("One letter carries more accents than any language writes. Type the name again.")
    return ""


def name_fold(name: str) -> str:
    """The form in which two spellings are equal, at most MAX_NAME characters: compatible forms, case, accents and
    punctuation aside. Marks of scripts in which they are vowels count."""
    plain = "".join(_folded(char) for char in unicodedata.normalize("NFKD", name.casefold()))
    plain = " ".join(plain.translate(UNDIVIDED).split())
    folded = unicodedata.normalize("NFC", plain) or name.casefold()
    if len(folded) <= MAX_NAME:
        return folded
    # one character may unfold to eighteen
    return folded[: MAX_NAME - 65] + " " + hashlib.sha256(folded.encode()).hexdigest()


def script_tag(name: str) -> str:
    """A language tag for the script of the first letter ("und-Deva", BCP 47), "" where it is Latin or unknown."""
    for char in name:
        if char.isalpha():
            script = SCRIPTS.get(unicodedata.name(char, "").split(" ")[0].split("-")[0], "")
            return f"und-{script}" if script else ""
    return ""


def _deceives(char: str) -> bool:
    """Control, bidi override and isolate, private, unassigned and other invisible characters."""
    category = unicodedata.category(char)
    return category in {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"} or (category == "Cf" and char not in NEEDED_MARKS)


def _folded(char: str) -> str:
    point, category = ord(char), unicodedata.category(char)
    if point in ACCENTS or point in ARABIC_OPTIONAL or category == "Cf" or char in "'’ʼ":
        return ""
    return " " if category[0] in "PSZ" else char.casefold()


def _most_marks(name: str) -> int:
    most = run = 0
    for char in name:
        run = run + 1 if unicodedata.category(char) == "Mn" else 0
        most = max(most, run)
    return most
