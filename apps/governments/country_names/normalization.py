"""One name, however it is written: "Korea (the Republic of)", "St. Lucia", "U.K."."""

import re
from collections.abc import Iterator

from apps.core.text import fold, sort_key

#: longer text is not a name
LONGEST = 160
_BEHIND = re.compile(r"^(.+?)\s*[,(]\s*([^,()]+?(?:\bof|\brep\b\.?|\brepublic))(?:\s+the)?\s*\)?\s*$", re.IGNORECASE)
#: what stands before the name in official forms: "Grand-Duché de", "República Federativa del", "Bundesrepublik"
_RANK = re.compile(
    r"^(?:(?:arab|arabe|bolivarian[ao]?|bolivarienne|co operative|cooperative|democrati[ck]|democratique|democratica|"
    r"demokratische|federal|federale|federativ[ea]|gobierno|gouvernement|government|gran|grand|hachemit[ea]|hashemite|"
    r"independent|independiente|independant|islami[cq]|islamique|islamica|kooperative|oriental|orientale|peoples?|s|"
    r"plurinational|plurinacional|popular|populaire|socialist[ea]?|sovereign|unie?|united|unid[ao]|volks|commonwealth|"
    r"confederation|duchy|duche|ducado|emirate?|emirato|etat|estado|kingdom|principality|principaute|principado|reino|"
    r"republica|republique|republic|royaume|state|sultanate?|sultanato|union|embassy|mission|permanent|permanente) )+"
    r"(?:of|de la|de l|des|del|dos|das|du|de|do|da|d) "
    r"|^(?:bundesrepublik|republik|konigreich|furstentum|grossherzogtum|республика|королевство|государство|княжество|"
    r"جمهوريه|مملكه|دوله|سلطنه|اماره) (?=\S{3})"
)
#: the same behind a Chinese name
_RANK_BEHIND = re.compile(r"(?<=..)(?:联邦共和国|共和国|王国|公国)$")
#: one way to write what lists shorten
_SHORT = {
    "saint": "st", "sainte": "st", "rep": "republic", "dem": "democratic", "fed": "federal", "the": "",
    "is": "islands", "isl": "islands", "isls": "islands", "island": "islands",
}  # fmt: skip
#: letters that look like an apostrophe: Côte dʼIvoire
_APOSTROPHES = dict.fromkeys(map(ord, "ʼʻʹˈ`´"), " ")
#: Arabic letters that people write with or without hamza, and traditional Chinese ones
_SAME_LETTERS = str.maketrans("أإآؤئ國韓蘭馬亞羅聯臺灣", "اااوي国韩兰马亚罗联台湾")
#: short words that are a country's code where they are alone
CODES = frozenset({"is"})
#: what joins two parts of one name: Trinidad and Tobago, Saint-Vincent-et-les-Grenadines
_JOINED = re.compile(r"^(.{4,}?) (?:and|et|y|und|e) .{4,}$")
#: letters of an abbreviation that stand apart: r d congo
_INITIALS = re.compile(r"\b\w(?: \w\b)+")
#: words of a name that leave no letter in its short form
SMALL_WORDS = {"", "of", "the", "and", "de", "du", "des", "la", "del", "y", "et"}


def word(text: str) -> str:
    """The name without accents, signs and articles: "The St. Kitts & Nevis" → "st kitts and nevis"."""
    parts = fold(text.replace("&", " and ").translate(_APOSTROPHES)).translate(_SAME_LETTERS).split()
    if len(parts) == 1 and parts[0] in CODES:
        return parts[0]
    return " ".join(filter(None, (_SHORT.get(part, part) for part in parts)))


def spellings(text: str) -> Iterator[str]:
    """The name as it is written, turned round where its rank stands behind, and then without its rank."""
    if not text.strip() or len(text) > LONGEST:
        return
    written = [word(text)]
    if (initials := _INITIALS.sub(lambda found: found[0].replace(" ", ""), written[0])) != written[0]:
        written.append(initials)
    if turned := _BEHIND.match(text):
        rank = word(turned[2]).removesuffix(" of")
        written.append(f"{rank} of {word(turned[1])}")
    yield from written
    for name in written:
        while (plain := _RANK_BEHIND.sub("", _RANK.sub("", name))) != name:
            yield (name := plain)


def short_forms(text: str) -> list[str]:
    """ "Lao People's Democratic Republic" → "lao pdr", "Central African Republic" → "car"; none for shorter names."""
    parts = [part for part in re.split(r"[\s,-]+", sort_key(text)) if part not in SMALL_WORDS]
    if len(parts) < 3:
        return []
    initials = "".join(part[0] for part in parts)
    return [initials, f"{parts[0]} {initials[1:]}"]


def first_part(name: str) -> str:
    """What lists call a country that has a name of two: "trinidad and tobago" → "trinidad"; "" for others."""
    joined = _JOINED.match(name)
    return joined[1] if joined else ""
