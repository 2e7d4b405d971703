"""Members found by what people call them: any of our languages, codes, earlier names, typing errors."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher, get_close_matches

from apps.governments.models import Member
from apps.governments.names import sort_key

#: how alike a name must be to count as what was meant (0 to 1), and how many such names are offered
ALIKE, OFFERED = 0.72, 4
#: a name may hold commas ("Hong Kong, China"): at most this many parts make one name
LONGEST = 4
#: more text than this is no list of governments; for more unknown names than that nobody wants a guess each
MOST_TEXT, MOST_GUESSED = 20_000, 20
#: words of a name that leave no letter in its short form
SMALL_WORDS = {"", "of", "the", "and", "de", "du", "des", "la", "del", "y", "et"}


@dataclass(frozen=True)
class Unknown:
    """What was pasted and is no name of a member, with members whose names come close."""

    text: str
    close: list[Member]


@dataclass
class Reading:
    """A pasted list, read: the members in it, each once and in its order, and what is not known."""

    members: list[Member] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)


class NameBook:
    """The names of these members. Built once for a page; asks the database nothing."""

    def __init__(self, members: Iterable[Member]) -> None:
        self.names = {member: _names(member) for member in members}
        self.exact = self._short() | {name: member for member, names in self.names.items() for name in names}

    def _short(self) -> dict[str, Member]:
        """The members by the short forms of their names, where only one is meant."""
        meant: dict[str, set[Member]] = {}
        for member, names in self.names.items():
            for short in {short for name in names for short in _short_forms(name)}:
                meant.setdefault(short, set()).add(member)
        return {short: members.pop() for short, members in meant.items() if len(members) == 1}

    def containing(self, words: str) -> set[Member]:
        """Members with all of these words in one name, in any order; a code counts only when it is whole."""
        wanted = _bare(words).split()

        def fits(name: str) -> bool:
            return all(word in name for word in wanted) if len(name) > 3 else [name] == wanted

        return {member for member, names in self.names.items() if any(fits(name) for name in names)}

    def close_to(self, words: str) -> list[Member]:
        """Members whose name, or a word of it, comes close to these words, the closest first; at most OFFERED."""
        wanted = _bare(words)[:60]
        if len(wanted) < 3:
            return []
        best = {member: max(_likeness(wanted, name) for name in names) for member, names in self.names.items()}
        found = sorted((member for member in best if best[member] >= ALIKE), key=lambda member: -best[member])
        return found[:OFFERED]

    def read(self, pasted: str) -> Reading:
        """A list as people paste it: one name or code a line, or several with commas, semicolons or spaces between."""
        reading = Reading()
        for line in re.split(r"[\n\r;\t]+", pasted[:MOST_TEXT]):
            self._read_line(line, reading)
        reading.members = list(dict.fromkeys(reading.members))
        return reading

    def _read_line(self, line: str, reading: Reading) -> None:
        parts = [part.strip(" .•*–-") for part in line.split(",")]
        while parts:
            for length in range(min(LONGEST, len(parts)), 0, -1):
                members = self._named(", ".join(parts[:length]))
                if members:
                    reading.members += members
                    parts = parts[length:]
                    break
            else:
                if parts[0]:
                    guess = len(reading.unknown) < MOST_GUESSED
                    reading.unknown.append(Unknown(parts[0], self.close_to(parts[0]) if guess else []))
                parts = parts[1:]

    def _named(self, text: str) -> list[Member]:
        """The member of that name; several where the text is nothing but codes ("KE TG ML")."""
        member = self.exact.get(_bare(text))
        if member is not None:
            return [member]
        codes = [self.exact.get(word.lower()) for word in text.split() if len(word) <= 3]
        known = [member for member in codes if member is not None]
        return known if len(known) == len(text.split()) else []


def _names(member: Member) -> set[str]:
    named = [member.name, member.name_fr, member.name_es, member.official_name, member.code, member.code3]
    for earlier in member.earlier_names:
        named += [earlier.get(key, "") for key in ("name", "name_fr", "name_es", "official_name")]
    return {_bare(name) for name in named if name}


def _short_forms(name: str) -> list[str]:
    """ "Lao People's Democratic Republic" → "lao pdr", "Central African Republic" → "car"; none for shorter names."""
    words = [word for word in re.split(r"[\s,-]+", name) if word not in SMALL_WORDS]
    if len(words) < 3:
        return []
    initials = "".join(word[0] for word in words)
    return [initials, f"{words[0]} {initials[1:]}"]


def _bare(name: str) -> str:
    return sort_key(name.replace("&", "and")).removeprefix("the ")


def _likeness(wanted: str, name: str) -> float:
    if len(name) <= 3:
        return 0
    words = [name, *(word for word in name.split() if len(word) > 3)]
    near = get_close_matches(wanted, words, n=1, cutoff=ALIKE)
    return SequenceMatcher(None, wanted, near[0]).ratio() if near else 0
