"""Faults in a campaign's files."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.errors import DomainError

MOST_SHOWN = 20

#: takes line (from 1; 0 for the whole file) and reason
type Report = Callable[[int, str], None]


@dataclass(frozen=True, order=True)
class Problem:
    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        where = _("%(file)s, line %(line)d") % {"file": self.file, "line": self.line} if self.line else self.file
        return f"{where}: {self.reason}"


@dataclass
class Problems:
    """Collects all faults of a load."""

    found: list[Problem] = field(default_factory=list)

    def report(self, file: str) -> Report:
        """A function that adds a fault of `file`, once."""

        def add(line: int, reason: str) -> None:
            problem = Problem(file, line, reason)
            if problem not in self.found:
                self.found.append(problem)

        return add

    def raise_if_any(self) -> None:
        """Raises InvalidFiles."""
        if self.found:
            raise InvalidFiles(self.found)


def shortened(lines: list[str]) -> list[str]:
    more = [_("and %(more)d more") % {"more": len(lines) - MOST_SHOWN}] if len(lines) > MOST_SHOWN else []
    return lines[:MOST_SHOWN] + more


class InvalidFiles(DomainError):
    """`problems` are sorted by file and line."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems)
        count = len(self.problems)
        first = ngettext("%(count)d fault, nothing was changed:", "%(count)d faults, nothing was changed:", count)
        lines = shortened([str(problem) for problem in self.problems])
        super().__init__("\n".join([first % {"count": count}, *lines]))
