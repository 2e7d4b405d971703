"""Members by their codes and by every name they have or had, in the languages we know them in."""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from apps.governments.models import Member

from ..columns import fold

#: names of territories in a dozen languages, from the Unicode CLDR (docs/decisions/0019)
NAMES = Path(__file__).resolve().parent.parent / "territories" / "names.csv"
_CONGO = "Congo|Kongo|Конго|الكونغو|刚果"
#: names that lists use and CLDR does not have; one that stands with two members is theirs to tell apart
ALSO = {
    "AE": "UAE|VAE",
    "CD": f"{_CONGO}|DRC|DR Congo|RDC|RD Congo|DR Kongo|Democratic Republic of Congo|Demokratische Republik Kongo",
    "CG": f"{_CONGO}|Republic of the Congo|Republic of Congo|Republik Kongo",
    "GB": "Great Britain|Grande-Bretagne|Gran Bretaña|Großbritannien|Великобритания",
    "KR": "Korea|Corée|Corea|Coreia|Корея|كوريا",
    "NL": "Holland|Hollande|Holanda|Olanda|Голландия|هولندا",
    "US": "United States of America|Etats-Unis d'Amérique|Estados Unidos de América|Vereinigte Staaten von Amerika",
}
#: how many different unknown names are looked for among the known ones: that is slow
MOST_SUGGESTED = 200
_CODE_BEHIND = re.compile(r"^(.+?)\s*\(\s*(\w{2,3})\s*\)\s*$")


class Countries:
    """One query. A name of two members finds both: who reads the file tells them apart, we do not guess."""

    def __init__(self) -> None:
        self.by_id: dict[int, Member] = {member.pk: member for member in Member.objects.all()}
        members = {member.code: member for member in self.by_id.values()}
        self.own: dict[str, str] = {}  # every name of the members' own → today's
        self.by_word: dict[str, list[Member]] = defaultdict(list)
        self.elsewhere: set[str] = set()  # names of territories that are no members
        self._suggested: dict[str, list[str]] = {}
        for member in members.values():
            for name in _own_names(member):
                self._know(fold(name), member)
                self.own[fold(name)] = member.name
        for code, names in territories().items():
            for name in names:
                if code in members:
                    self._know(name, members[code])
                else:
                    self.elsewhere.add(name)
        for member in members.values():
            self.by_word[member.code.lower()] = self.by_word[member.code3.lower()] = [member]

    def _know(self, word: str, member: Member) -> None:
        if word and member not in self.by_word[word]:
            self.by_word[word].append(member)

    def find(self, text: str) -> list[Member]:
        """The members that the text may name: none, one, or several. "Congo (CG)" names one."""
        folded = fold(text)
        plain = folded.removeprefix("the ").removeprefix("republic of ").removeprefix("kingdom of ")
        if found := self.by_word.get(folded) or self.by_word.get(plain):
            return found
        if told := _CODE_BEHIND.match(text):
            coded = self.by_word.get(told[2].lower(), [])
            return [member for member in self.find(told[1]) if member in coded]
        return []

    def is_one(self, text: str) -> bool:
        return len(self.find(text)) == 1

    def no_member(self, text: str) -> bool:
        """Whether it names a territory that is no member."""
        folded = fold(text)
        return folded in self.elsewhere or folded.upper() in territories()

    def like(self, text: str) -> list[str]:
        """Up to three names that are spelled similarly."""
        folded = fold(text)
        if folded not in self._suggested:
            if len(self._suggested) >= MOST_SUGGESTED or not folded or len(folded) > 80:
                return []
            begun = {word: found[0].name for word, found in self.by_word.items() if found and word[:1] == folded[0]}
            names = begun | self.own
            found = get_close_matches(folded, names, n=6, cutoff=0.7)
            self._suggested[folded] = list(dict.fromkeys(names[name] for name in found))[:3]
        return self._suggested[folded]


def _own_names(member: Member) -> Iterator[str]:
    """Those at the organisation, today's and earlier."""
    yield from (member.official_name, member.name_fr, member.name_es, member.name)
    for names in member.earlier_names:
        yield from (value for key, value in names.items() if key.startswith(("name", "official")))


@cache
def territories() -> dict[str, list[str]]:
    """{code: folded names}. A word that is the code of one territory is no name of another: RU, AS."""
    with NAMES.open(encoding="utf-8", newline="") as file:
        rows = {row.pop("code"): row for row in csv.DictReader(file)}
    found = {}
    for code, row in rows.items():
        told = "|".join([*row.values(), ALSO.get(code, "")])
        names = dict.fromkeys(map(fold, told.split("|")))
        found[code] = [name for name in names if name and (name.upper() == code or name.upper() not in rows)]
    return found


@cache
def _shared() -> set[str]:
    """Names of more than one territory."""
    counted = Counter(name for names in territories().values() for name in names)
    return {name for name, count in counted.items() if count > 1}


def unmistakable(member: Member) -> str:
    """Its name, with the code where another member may be meant: "Congo (CG)"."""
    return f"{member.name} ({member.code})" if fold(member.name) in _shared() else member.name
