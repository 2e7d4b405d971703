"""The table of country letters: its rows, its filters, what is shown of it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.text import fold, sort_key
from apps.governments.models import Member

from .problem import Problem

#: filters of the table: key, title, kinds of problems
KINDS: dict[str, tuple[object, frozenset[str]]] = {
    "field": (gettext_lazy("Empty field"), frozenset({"field", "subject", "text"})),
    "recipient": (gettext_lazy("No recipient"), frozenset({"recipient"})),
    "untranslated": (gettext_lazy("Untranslated"), frozenset({"untranslated", "foreign", "elsewhere"})),
    "outdated": (gettext_lazy("Out of date"), frozenset({"outdated", "moved", "misplaced"})),
    "fact": (
        gettext_lazy("Fact under caution"),
        frozenset({"fact_caution", "fact_changed", "fact_retired", "fact_unknown"}),
    ),
    "lost": (gettext_lazy("Left out of a paste"), frozenset({"lost"})),
    "long": (gettext_lazy("Too long"), frozenset({"long"})),
}
SHOWN = frozenset[str]().union(*(kinds for _title, kinds in KINDS.values()))
ALL, CLEAN = "all", "clean"


@dataclass(frozen=True)
class EditionRow:
    """One country letter. `recipients` get it in this language; `own` names the passages that not everybody gets."""

    member: Member
    name: str
    language: str
    problems: tuple[tuple[Problem, str], ...]
    own: tuple[str, ...]
    recipients: int
    goes_out: bool
    words: int
    url: str

    @property
    def kinds(self) -> frozenset[str]:
        found = {problem.kind for problem, _url in self.problems}
        return frozenset(key for key, (_title, kinds) in KINDS.items() if kinds & found)

    @property
    def blocks_freezing(self) -> bool:
        return any(problem.tone == "bad" for problem, _url in self.problems)

    @property
    def rank(self) -> int:
        return 0 if self.blocks_freezing else 1 if self.problems else 2


@dataclass(frozen=True)
class EditionTable:
    rows: list[EditionRow]
    languages: list[str]
    #: {code: names and slugs of its groups, folded}
    groups: Mapping[str, str]

    @cached_property
    def flawed(self) -> int:
        return sum(1 for row in self.rows if row.problems)

    @cached_property
    def blocked(self) -> int:
        return sum(1 for row in self.rows if row.blocks_freezing)

    def filters(self) -> list[tuple[str, str, int]]:
        """(key, title, number of country letters); problems that nobody has are left out."""
        numbers = Counter(kind for row in self.rows for kind in row.kinds)
        first = [
            (ALL, _("All"), len(self.rows)),
            (CLEAN, _("No problems"), len(self.rows) - self.flawed),
        ]
        return first + [(key, str(title), numbers[key]) for key, (title, _kinds) in KINDS.items() if numbers[key]]

    def going_out(self) -> list[tuple[str, int]]:
        """(language, number of governments that get the letter in it)."""
        numbers = Counter(row.language for row in self.rows if row.goes_out)
        return [(language, numbers[language]) for language in self.languages]

    def chosen(self, show: str, language: str, words: str) -> list[EditionRow]:
        """Problems first. `words`: of a government's name, its code, or a group."""
        wanted = fold(words)
        rows = (
            row
            for row in self.rows
            if (show == ALL or (not row.problems if show == CLEAN else show in row.kinds))
            and language in ("", row.language)
            and self._named(row, wanted)
        )
        return sorted(rows, key=lambda row: (row.rank, sort_key(row.name), self.languages.index(row.language)))

    def _named(self, row: EditionRow, wanted: str) -> bool:
        code = row.member.code
        groups = f" {self.groups.get(code, '')}"
        return not wanted or wanted in fold(row.name) or wanted == fold(code) or f" {wanted}" in groups
