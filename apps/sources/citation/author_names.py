"""The order of sources in a list: by the first author's surname, else by its title, as the language sorts."""

import re
import unicodedata

from apps.core import text

from ..models import Source

#: words of a title that count for nothing at its start, in whatever language the list is
ARTICLES = re.compile(r"^(?:the|an?|les?|la|une?|el|los|las|una)\s+|^l['’]", re.IGNORECASE)
#: written small before a surname, and sorted with it
PARTICLES = re.compile(r"al|bin|da|das|de|del|den|der|di|do|dos|du|el|ibn|la|le|ten|ter|van|von|y")
#: a name with one of these is that of an institution
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


def sort_key(source: Source, language: str = "en") -> tuple[str, str, str]:
    """(author or title, date, title) as the language sorts them; what has no date comes after what has one."""
    title = text.sort_key(ARTICLES.sub("", source.title), language)
    lead = text.sort_key(ARTICLES.sub("", listed_name(source)), language) or title
    return lead, source.date or str(source.year or "") or "~", title


def listed_name(source: Source) -> str:
    """The first author as a list names them: "James, Deborah"; institutions as they are; "" without an author.

    The campaign's files may say it (`sort_as`). Else a name is turned round only where it can hardly be anything but
    a person's; guessing wrong would make nonsense of an institution's.
    """
    if not source.authors:
        return ""
    name = str(source.extra.get("sort_as") or source.authors[0])
    if name != source.authors[0] or source.publisher.startswith(name) or not _is_person(name):
        return name
    words = name.split()
    start = next((i for i, word in enumerate(words[1:], 1) if PARTICLES.fullmatch(word)), len(words) - 1)
    return f"{' '.join(words[start:])}, {' '.join(words[:start])}"


def _is_person(name: str) -> bool:
    """Two to four words in Latin letters, with capitals, particles aside, none of which belongs to an institution."""
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
