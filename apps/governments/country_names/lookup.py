"""Find members by codes and by present and earlier names in a dozen languages, despite typos."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from apps.core.similarity import closest
from apps.core.territories import territory_name

from ..models import Member
from .aliases import MISSIONS, capitals, hints, shared, territories
from .normalization import LONGEST as LONGEST_NAME
from .normalization import short_forms, spellings, word

#: the least similarity (0 to 1) of a suggested name, and the most suggestions
ALIKE, OFFERED = 0.72, 4
#: suggestions are slow: at most so many different names get them
MOST_LOOKED_FOR = 200
#: a name may hold commas ("Hong Kong, China"): at most this many parts make one name
LONGEST = 4
#: words too common in names to be a match
GENERAL_WORDS = frozenset({
    "africa", "african", "arab", "arabe", "arabes", "bolivarian", "central", "china", "costa", "democratic",
    "democratica", "democratique", "emirates", "emirats", "federal", "former", "grand", "great", "guinea", "guinee",
    "iles", "islamic", "islands", "islas", "kingdom", "kong", "north", "northern", "people", "peoples",
    "plurinational", "popular", "populaire", "reino", "republic", "republica", "republique", "rica", "royaume",
    "saint", "south", "southern", "state", "states", "unidos", "unie", "union", "unis", "united", "western", "yugoslav",
})  # fmt: skip
#: the most text that is read, and the most unknown names with suggestions
MOST_TEXT, MOST_GUESSED = 20_000, 20
#: "USA (United States)", "Mali (Bamako)", "Suisse / Schweiz", "Mali, Bamako"
_TWO_NAMES = re.compile(r"^([^()/]+?)\s*(?:\(([^()]+)\)|/([^/]+)| [-–—] (.+)|,([^,]+))\s*$")
_CODE_BEHIND = re.compile(r"^(.+?)\s*\(\s*(\w{2,3})\s*\)\s*$")


@dataclass(frozen=True)
class CountryMatches:
    """What a name may mean: members, and codes of territories that are not members."""

    members: list[Member]
    others: list[str] = field(default_factory=list)

    @property
    def one(self) -> Member | None:
        """The member, if nothing else can be meant."""
        return self.members[0] if len(self.members) == 1 and not self.others else None

    @property
    def labels(self) -> list[str]:
        """All of them, with their codes."""
        return [f"{member.name} ({member.code})" for member in self.members] + [
            f"{territory_name(code)} ({code})" for code in self.others
        ]


@dataclass(frozen=True)
class Unknown:
    """A pasted text that does not name exactly one member, with suggestions."""

    text: str
    close: list[Member]


@dataclass
class Reading:
    """A parsed list: its members in order, without repetitions, and what was not recognised."""

    members: list[Member] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)


class CountryLookup:
    """The names of these members. Built once for a page, without queries. An ambiguous name finds all its countries."""

    def __init__(self, members: Iterable[Member]) -> None:
        self.by_code = {member.code: member for member in members}
        self.names = {member: {word(name) for name in _names(member)} for member in self.by_code.values()}
        self.cities = {member: {word(member.capital)} | capitals()[member.code] for member in self.names}
        self.hints = hints() | {word(member.capital): member.code for member in self.names if member.capital}
        self.by_word: dict[str, list[Member]] = defaultdict(list)
        self.elsewhere: set[str] = set()  # names of territories that are not members
        self._found: dict[str, CountryMatches] = {}
        self._close: dict[str, list[Member]] = {}
        for member, names in self.names.items():
            self._know(names, member)
        for code, told in territories().items():
            if code in self.by_code:
                self._know(told, self.by_code[code])
            else:
                self.elsewhere.update(told)
        for member in self.names:
            self.by_word[member.code.lower()] = self.by_word[member.code3.lower()] = [member]
        self._know_short_forms()

    def _know(self, names: Iterable[str], member: Member) -> None:
        for name in names:
            if name and member not in self.by_word[name]:
                self.by_word[name].append(member)

    def _know_short_forms(self) -> None:
        """Add short forms that belong to one member only and are not another name."""
        meant: dict[str, set[Member]] = defaultdict(set)
        for member in self.names:
            for short in {short for name in _names(member) for short in short_forms(name)}:
                meant[short].add(member)
        for short, members in meant.items():
            if len(members) == 1 and short not in self.by_word and short not in self.elsewhere:
                self.by_word[short] = list(members)

    def find(self, text: str) -> CountryMatches:
        """The members that the text may mean. "Congo (CG)" means one."""
        if text not in self._found:
            self._found[text] = self._matches(text)
        return self._found[text]

    def _matches(self, text: str) -> CountryMatches:
        text = " ".join(text.split())
        if len(text) > LONGEST_NAME:
            return CountryMatches([])
        for name in spellings(text):
            if codes := shared().get(name):
                return CountryMatches(
                    [self.by_code[code] for code in codes if code in self.by_code],
                    [code for code in codes if code not in self.by_code],
                )
            if name in self.by_word:
                return CountryMatches(self.by_word[name])
        if told := _CODE_BEHIND.match(text):
            coded = self.by_word.get(told[2].lower(), [])
            return CountryMatches([member for member in self._matches(told[1]).members if member in coded])
        if both := _TWO_NAMES.match(text):
            return self._matches_of_both(both[1], both[2] or both[3] or both[4] or "", both[5] or "")
        return CountryMatches([])

    def _matches_of_both(self, one: str, other: str, behind_comma: str) -> CountryMatches:
        """The member that both parts may mean, or whose capital one of them is. A comma may also divide a list."""
        first, second = self._matches(one).members, self._matches(other or behind_comma).members
        if first and second:
            both = [member for member in first if member in second]
            return CountryMatches(both if len(both) == 1 and other else [])
        known, rest = (first, word(other or behind_comma)) if first else (second, word(one))
        if len(known) == 1 and rest in self.cities[known[0]] | MISSIONS:
            return CountryMatches(known)
        return CountryMatches([])

    def is_one(self, text: str) -> bool:
        return self.find(text).one is not None

    def no_member(self, text: str) -> bool:
        """Whether it names a territory that is not a member."""
        return any(name in self.elsewhere or name.upper() in territories() for name in spellings(text))

    def containing(self, words: str) -> set[Member]:
        """Members that the words mean, and those with all words in one official name. A code must match exactly."""
        wanted = word(words).split()

        def fits(name: str) -> bool:
            return all(part in name for part in wanted) if len(name) > 3 else [name] == wanted

        holding = {member for member, names in self.names.items() if wanted and any(fits(name) for name in names)}
        return holding | set(self.find(words).members)

    def close_to(self, words: str) -> list[Member]:
        """Members with a name, or a word of it, similar to these words, the most similar first; at most OFFERED."""
        wanted = word(words[:80])[:60]
        if wanted not in self._close:
            if hint := self.by_code.get(self.hints.get(wanted, "")):
                return [hint]
            if len(wanted) < 4 or wanted in GENERAL_WORDS or len(self._close) >= MOST_LOOKED_FOR:
                return []
            self._close[wanted] = self._closest(wanted)
        return self._close[wanted]

    def _closest(self, wanted: str) -> list[Member]:
        pieces: dict[str, list[Member]] = defaultdict(list)
        for member, names in self.names.items():
            for piece in {piece for name in names for piece in _pieces(name)}:
                pieces[piece].append(member)
        for name, members in self.by_word.items():
            if name[:1] == wanted[0] and len(name) > 3:
                pieces[name] += members
        near = closest(wanted, pieces, least=ALIKE, most=3 * OFFERED)
        return list(dict.fromkeys(member for piece in near for member in pieces[piece]))[:OFFERED]

    def read(self, pasted: str) -> Reading:
        """Parse a pasted list of names or codes, separated by lines, commas, semicolons or spaces."""
        reading = Reading()
        for line in re.split(r"[\n\r;\t]+", pasted[:MOST_TEXT]):
            self._read_line(line, reading)
        reading.members = list(dict.fromkeys(reading.members))
        return reading

    def _read_line(self, line: str, reading: Reading) -> None:
        parts = [part.strip(" .•*–-") for part in line.split(",")]
        while parts:
            for length in range(min(LONGEST, len(parts)), 0, -1):
                text = ", ".join(parts[:length])
                members = self._named(text)
                if members or self.find(text).members:
                    reading.members += members
                    reading.unknown += [] if members else [Unknown(text, self.find(text).members)]
                    parts = parts[length:]
                    break
            else:
                if parts[0]:
                    guess = len(reading.unknown) < MOST_GUESSED
                    reading.unknown.append(Unknown(parts[0], self.close_to(parts[0]) if guess else []))
                parts = parts[1:]

    def _named(self, text: str) -> list[Member]:
        """The member with that name, or several if the text is a list of codes ("KE TG ML")."""
        if member := self.find(text).one:
            return [member]
        codes = [self.by_word.get(part.lower(), []) for part in text.split() if len(part) <= 3]
        known = [found[0] for found in codes if len(found) == 1]
        return known if len(known) == len(text.split()) else []


def _pieces(name: str) -> Iterator[str]:
    """The name and its distinctive words."""
    yield from filter(lambda piece: len(piece) > 3, {name, *name.split()} - GENERAL_WORDS)


def _names(member: Member) -> Iterator[str]:
    """Its present and earlier official names, and its codes."""
    named = [member.name, member.name_fr, member.name_es, member.official_name, member.code, member.code3]
    for earlier in member.earlier_names:
        named += [earlier.get(key, "") for key in ("name", "name_fr", "name_es", "official_name")]
    yield from filter(None, named)


def unambiguous_name(member: Member) -> str:
    """Its name, with the code if the name is ambiguous: "Congo (CG)"."""
    return f"{member.name} ({member.code})" if word(member.name) in shared() else member.name
