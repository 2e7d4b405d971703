"""Names as keys for sorting and comparing: PostgreSQL's C.UTF-8 puts Égypte after Zambie."""

import re
import unicodedata

_NO_WORD = re.compile(r"[\W_]+")


def sort_key(name: str) -> str:
    """Lower case, without accents and superfluous spaces: "Égypte" → "egypte", "Côte d’Ivoire" → "cote d'ivoire"."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
    return " ".join(plain.replace("’", "'").casefold().split())


def bare_key(name: str) -> str:
    """The sort key without signs and spaces, to tell whether two spellings are one name: "N’Gûgi" → "ngugi"."""
    return re.sub(r"[\W_]+", "", sort_key(name))


def fold(text: str) -> str:
    """Lower case, without accents, vowel signs, punctuation: "N° de téléphone" → "n de telephone"."""
    plain = text.casefold()
    if not plain.isascii():
        plain = "".join(char for char in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(char))
        plain = plain.replace("ى", "ي").replace("ة", "ه")
    return " ".join(_NO_WORD.sub(" ", plain).split())
