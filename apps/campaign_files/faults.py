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
class Fault:
    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        where = _("%(file)s, line %(line)d") % {"file": self.file, "line": self.line} if self.line else self.file
        return f"{where}: {self.reason}"


@dataclass
class Faults:
    """Collects all faults of a load."""

    found: list[Fault] = field(default_factory=list)

    def report(self, file: str) -> Report:
        """A function that adds a fault of `file`, once."""

        def add(line: int, reason: str) -> None:
            fault = Fault(file, line, reason)
            if fault not in self.found:
                self.found.append(fault)

        return add

    def raise_if_any(self) -> None:
        """Raises InvalidFiles."""
        if self.found:
            raise InvalidFiles(self.found)


def shortened(lines: list[str]) -> list[str]:
    more = len(lines) - MOST_SHOWN
    if more <= 0:
        return lines
    return [*lines[:MOST_SHOWN], ngettext("and %(more)d more", "and %(more)d more", more) % {"more": more}]


class InvalidFiles(DomainError):
    """`faults` are sorted by file and line."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(faults)
        count = len(self.faults)
        first = ngettext("%(count)d error. Nothing was changed:", "%(count)d errors. Nothing was changed:", count)
        lines = shortened([str(fault) for fault in self.faults])
        super().__init__("\n".join([first % {"count": count}, *lines]))
