"""The one kind of inversion: lists that apps fill in `AppConfig.ready()` and that lower apps read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy

#: kinds of entries of a government's timeline, in the order of their filters
TIMELINE_KINDS: dict[str, Any] = {
    "letter": gettext_lazy("Letters"),
    "bounce": gettext_lazy("Bounces"),
    "answer": gettext_lazy("Answers"),
    "auto_reply": gettext_lazy("Auto-replies"),
    "position": gettext_lazy("Positions"),
    "other": gettext_lazy("Other"),
}


class Registry[Entry]:
    """Entries by name, in the order of registration. A name registered twice is a programming error."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._entries: dict[str, Entry] = {}

    def register(self, name: str, entry: Entry) -> None:
        if name in self._entries:
            raise ValueError(f"{self.what} {name!r} is registered twice")
        self._entries[name] = entry

    def __getitem__(self, name: str) -> Entry:
        return self._entries[name]

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def items(self) -> list[tuple[str, Entry]]:
        return list(self._entries.items())


@dataclass(frozen=True)
class MergeField:
    """A merge field that letters may use.

    `envelope` fields vary per recipient and are filled when the letter is rendered; the others are resolved
    once, at freezing. `value(context)` gets the mapping that the renderer was handed and returns text or "".
    """

    key: str
    label: Any
    envelope: bool
    value: Callable[[dict[str, Any]], str]


@dataclass(frozen=True)
class TimelineEntry:
    """One line of a government's timeline. `glyph` is a symbol id of templates/_symbols.html, `tone` a colour
    class (ok, bad, warn, ink or empty), `due` marks what has not happened yet, `kind` is one of TIMELINE_KINDS."""

    at: datetime
    glyph: str
    tone: str
    title: Any
    detail: Any = ""
    quote: str = ""
    code: str = ""
    due: bool = False
    links: list[tuple[str, str]] = field(default_factory=list)
    kind: str = "other"


@dataclass(frozen=True)
class LetterDeparture:
    """When a frozen letter first left, to how many governments it has gone by now, and the list that went with it: how
    many signatures it counts, and the id of its annex."""

    at: datetime
    governments: int
    signatures: int
    annex_id: int


@dataclass(frozen=True)
class FactPlace:
    """A draft or a frozen version that cites a fact, or a template for letters that does. `stale`: the fact has changed
    since. `kept`: what a frozen version goes on saying."""

    title: str
    url: str
    frozen: bool
    stale: bool
    kept: str = ""
    template: bool = False


#: key → MergeField
merge_fields: Registry[MergeField] = Registry("merge field")
#: name → function (campaign, member) → iterable of TimelineEntry
timeline_sources: Registry[Callable[..., Any]] = Registry("timeline source")
#: name → function (facts of one campaign) → {id of a fact: list of FactPlace}
fact_users: Registry[Callable[..., Any]] = Registry("user of facts")
#: name → function (id of a version) that returns a LetterDeparture, or None while the letter has not left
letter_departures: Registry[Callable[[int], LetterDeparture | None]] = Registry("source of departures")
#: "marked" → function () → whether demo mode made this database
demo_conditions: Registry[Callable[[], bool]] = Registry("condition of demo mode")
#: name → function () → a sentence that says what is wrong, "" when nothing is; /healthz asks them
health_checks: Registry[Callable[[], str]] = Registry("health check")
