"""Names of authors as lists have them: "James, Deborah"."""

import re
import unicodedata

from ..models import Source

#: before a surname, and sorted with it
PARTICLES = re.compile(r"al|bin|da|das|de|del|den|der|di|do|dos|du|el|ibn|la|le|ten|ter|van|von|y")
#: words in names of institutions
INSTITUTION = re.compile(
    r"""
    academy | affairs | africa | african | agency | alliance | america | american | arab | asia | asian
    | asociación | association | australian | authority | bank | banco | banque | bureau | canada | caribbean
    | center | central | centre | centro | china | coalition | college | commission | committee | company
    | conference | conseil | consejo | consumers | corporation | council | department | digital | economic
    | economist | europe | european | federation | forum | foundation | fund | fundación | fédération | global
    | government | group | initiative | institut | institute | instituto | integrity | international | internet
    | latin | league | liga | ligue | ministerio | ministry | ministère | movement | nation | national
    | nations | network | north | office | open | organisation | organización | organization | pacific
    | parliament | party | press | programme | project | research | rights | réseau | secretariat | service
    | services | society | south | states | system | team | times | trade | treasury | union | united
    | universidad | universität | university | université | watch | workers | world | réunion | unión
    """,
    re.IGNORECASE | re.VERBOSE,
)


def listed_name(source: Source) -> str:
    """The first author: `sort_as` of the campaign's files, otherwise inverted if clearly a person's name; or ""."""
    if not source.authors:
        return ""
    name = str(source.extra.get("sort_as") or source.authors[0])
    if name != source.authors[0] or source.publisher.startswith(name) or not _is_person(name):
        return name
    words = name.split()
    start = next((i for i, word in enumerate(words[1:], 1) if PARTICLES.fullmatch(word)), len(words) - 1)
    return f"{' '.join(words[start:])}, {' '.join(words[:start])}"


def _is_person(name: str) -> bool:
    """Two to four capitalised words in Latin letters, apart from particles, none of an institution."""
    words = name.split()
    if not 2 <= len(words) <= 4 or any(PARTICLES.fullmatch(words[end]) for end in (0, -1)):
        return False
    return all(PARTICLES.fullmatch(word) or _is_name(word) for word in words)


def _is_name(word: str) -> bool:
    """ "Deborah", "J.", "O’Neil", "Müller-Lüdenscheidt"; not "UNCTAD", "71", "members" or "Network"."""
    letters = [char for char in word if char.isalpha()]
    if not letters or not unicodedata.name(letters[0], "").startswith("LATIN CAPITAL") or INSTITUTION.fullmatch(word):
        return False
    initial = len(letters) == 1 and word.endswith(".")
    return word[0].isalpha() and (initial or any(char.islower() for char in letters))
