"""Names: in which languages members have one, and keys for sorting them (C.UTF-8 puts Égypte after Zambie)."""

import re
import unicodedata

#: languages in which members have names, with what each is called in itself
NAMED_IN = {"en": "English", "fr": "Français", "es": "Español"}
#: Spanish sorts ñ as a letter of its own, after n
AFTER_N = "n\uffff"


def named_in(language: str) -> str:
    """The language in which who reads `language` ("fr-CA") finds names; English where members have none in it."""
    return language[:2] if language[:2] in NAMED_IN else "en"


def place_of(name: str, language: str) -> str:
    """Where a name stands in a list in that language, without the English article: "The Gambia" among the G."""
    if language == "es":
        name = unicodedata.normalize("NFC", name.casefold()).replace("ñ", AFTER_N)
    return sort_key(name).removeprefix("the ")


def sort_key(name: str) -> str:
    """Lower case, without accents and superfluous spaces: "Égypte" → "egypte", "Côte d’Ivoire" → "cote d'ivoire"."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
    return " ".join(plain.replace("’", "'").casefold().split())


def bare_key(name: str) -> str:
    """The sort key without signs and spaces, to tell whether two spellings are one name: "N’Gûgi" → "ngugi"."""
    return re.sub(r"[\W_]+", "", sort_key(name))
