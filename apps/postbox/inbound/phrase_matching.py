"""Compares words of mails without regard to case, accents and spaces."""

import re
import unicodedata


def fold(text: str) -> str:
    """Lower case without accents, on one line."""
    plain = unicodedata.normalize(
        "NFKD", text.replace("’", "'").replace("ı", "i").replace("ł", "l").replace("đ", "d")
    ).casefold()
    return " ".join("".join(sign for sign in plain if unicodedata.category(sign) != "Mn").split())


def any_of(*phrases: str) -> re.Pattern[str]:
    """Matches any phrase from the start of a word, in folded text; ".*" spans up to 40 characters."""
    folded = "|".join(fold(phrase).replace(".*", ".{0,40}?") for phrase in phrases)
    return re.compile(rf"(?<![a-zа-яα-ω])(?:{folded})")
