"""One name, however it is written: "Korea (the Republic of)", "St. Lucia", "U.K."."""

import re
from collections.abc import Iterator

from apps.core.text import fold, sort_key

#: longer text is no name
LONGEST = 160
_BEHIND = re.compile(r"^(.+?)\s*[,(]\s*([^,()]+?(?:\bof|\brep\b\.?|\brepublic))(?:\s+the)?\s*\)?\s*$", re.IGNORECASE)
_RANK = re.compile(
    r"^(?:(?:arab|bolivarian|co operative|cooperative|democratic|federal|federative|hashemite|independent|islamic|"
    r"plurinational|socialist|united) )*"
    r"(?:commonwealth|grand duchy|kingdom|principality|republic|state|sultanate|union) of "
    r"|^(?:republique|royaume|republica|reino) (?:de la|de l|des|del|du|de|d) "
)
#: one way to write what lists shorten
_SHORT = {"saint": "st", "rep": "republic", "dem": "democratic", "fed": "federal", "the": ""}
#: words of a name that leave no letter in its short form
SMALL_WORDS = {"", "of", "the", "and", "de", "du", "des", "la", "del", "y", "et"}


def word(text: str) -> str:
    """The name without accents, signs and articles: "The St. Kitts & Nevis" → "st kitts and nevis"."""
    parts = (_SHORT.get(part, part) for part in fold(text.replace("&", " and ")).split())
    return " ".join(filter(None, parts))


def spellings(text: str) -> Iterator[str]:
    """The name as it is written, turned round where its rank stands behind, and then without its rank."""
    if not text.strip() or len(text) > LONGEST:
        return
    written = [word(text)]
    if all(len(part) == 1 for part in written[0].split()):
        written.append(written[0].replace(" ", ""))
    if turned := _BEHIND.match(text):
        rank = word(turned[2]).removesuffix(" of")
        written.append(f"{rank} of {word(turned[1])}")
    yield from written
    for name in written:
        while (plain := _RANK.sub("", name)) != name:
            yield (name := plain)


def short_forms(text: str) -> list[str]:
    """ "Lao People's Democratic Republic" → "lao pdr", "Central African Republic" → "car"; none for shorter names."""
    parts = [part for part in re.split(r"[\s,-]+", sort_key(text)) if part not in SMALL_WORDS]
    if len(parts) < 3:
        return []
    initials = "".join(part[0] for part in parts)
    return [initials, f"{parts[0]} {initials[1:]}"]
