"""What apps register in `AppConfig.ready()` for the apps below them to read."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.db import models
from django.utils.translation import gettext_lazy, pgettext_lazy

from .types import JsonObject, Label

#: kinds of entries of a government's timeline, in the order of their filters
TIMELINE_KINDS: dict[str, Label] = {
    "letter": gettext_lazy("Letters"),
    "bounce": gettext_lazy("Bounces"),
    "answer": gettext_lazy("Answers"),
    "auto_reply": gettext_lazy("Auto-replies"),
    "touch": gettext_lazy("Other contacts"),
    "position": gettext_lazy("Positions"),
    "follow_up": gettext_lazy("Next steps"),
    "other": pgettext_lazy("answers", "Other"),
}


class Registry[Entry](dict[str, Entry]):
    """Entries by name, in the order of registration. A name registered twice is a programming error."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.content = content

    def register(self, name: str, entry: Entry) -> None:
        if name in self:
            raise ValueError(f"{self.content} {name!r} is registered twice")
        self[name] = entry

    def register_all(self, entries: Mapping[str, Entry]) -> None:
        for name, entry in entries.items():
            self.register(name, entry)


@dataclass(frozen=True)
class MergeField:
    """A merge field that letters may use.

    `envelope` fields vary per recipient and are filled when a letter is rendered, the others once, when it is frozen.
    `value` takes the renderer's context and returns text or "".
    """

    key: str
    label: Label
    envelope: bool
    value: Callable[[JsonObject], str]


@dataclass(frozen=True)
class TimelineEntry:
    """One line of a government's timeline. `glyph` is a symbol id of templates/_symbols.html, `tone` a colour
    class (ok, bad, warn, ink or empty), `due` marks what has not happened yet, `kind` is one of TIMELINE_KINDS."""

    at: datetime
    glyph: str
    tone: str
    title: Label
    detail: Label = ""
    quote: str = ""
    code: str = ""
    due: bool = False
    links: list[tuple[str, str]] = field(default_factory=list)
    kind: str = "other"


@dataclass(frozen=True)
class LetterDeparture:
    """When a frozen letter was first sent, to how many governments so far, from how many all of it came back, and its
    annex (id, signatures)."""

    at: datetime
    governments: int
    returned: int
    signatures: int
    annex_id: int


@dataclass(frozen=True)
class AddendumDeparture:
    """When an addendum was first mailed by itself, and to how many governments so far."""

    at: datetime
    governments: int


@dataclass(frozen=True)
class VersionSigning:
    """Whether a frozen version is signed now, as a state with its glyph and tone; `detail` says until or since when.
    `running`: it is, or will be, so that it cannot be opened."""

    glyph: str
    tone: str
    state: Label
    detail: str
    url: str
    running: bool


@dataclass(frozen=True)
class FactCitation:
    """A draft, frozen version or template that cites a fact. `stale`: the fact has changed since. `kept`: what a frozen
    version still says."""

    title: str
    url: str
    frozen: bool
    stale: bool
    kept: str = ""
    template: bool = False


class Timing(models.TextChoices):
    """When somebody gets a mail about what waits for them."""

    NOW = "now", gettext_lazy("At once")
    DAILY = "daily", gettext_lazy("Once a day, together")
    NEVER = "never", pgettext_lazy("email", "Never")


@dataclass(frozen=True)
class ActionItem:
    """What waits for people, of one kind: a state (tone, glyph, word), what and which, since when, and the link to act,
    "" without permission. Nobody is told of an item without `keys`, which say which things it is about; `count` is its
    share of the number in the navigation. A `past` one is told and not listed: nobody has to act any more."""

    tone: Literal["bad", "warn", "idle", "ok"]
    glyph: str
    word: str
    headline: str
    detail: str
    since: datetime | None
    url: str
    act: str
    count: int = 0
    keys: tuple[str, ...] = ()
    past: bool = False


#: in place of a permission: superusers, who are asked about the installation and not about a campaign
OPERATORS = "operators"


@dataclass(frozen=True)
class ActionSource:
    """A kind of thing that waits for those with the permission. `find` takes a membership, for OPERATORS the person,
    and returns an ActionItem, or None where nothing waits. `section` is the key of the section of the staff
    navigation that shows its number, `rows` what nothing waits without, so that one statement tells for all sections
    whether to look closer, `again` after how long people are told once more, `gap` the least time between two
    mails at once."""

    label: Label
    permission: str
    find: Callable[..., ActionItem | None]
    section: str = ""
    rows: Callable[..., models.QuerySet[Any]] | None = None
    timing: Timing = Timing.DAILY
    again: timedelta = timedelta(days=7)
    gap: timedelta = timedelta()


@dataclass(frozen=True)
class RecipientNotice:
    """Something that can be done about a recipient now: what it is, and the form of one button that does it."""

    text: str
    act: str
    url: str
    values: dict[str, str]


@dataclass(frozen=True)
class RetentionDue:
    """What a rule has yet to delete, and the first day on which it deletes some of it."""

    number: int = 0
    on: date | None = None


@dataclass(frozen=True)
class RetentionRule:
    """Which personal data a job deletes by itself. `kept` says for how long a campaign keeps them, `due` what of it
    waits. `shared`: the data belong to no campaign."""

    what: Label
    kept: Callable[[Any], str]
    due: Callable[[Any], RetentionDue]
    shared: bool = False


#: name → function (recipient, team member) → list of RecipientNotice
recipient_notices: Registry[Callable[..., list[RecipientNotice]]] = Registry("notice about recipients")
#: key → MergeField
merge_fields: Registry[MergeField] = Registry("merge field")
#: name → function (campaign, member) → iterable of TimelineEntry
timeline_sources: Registry[Callable[..., Iterable[TimelineEntry]]] = Registry("timeline source")
#: name → function (facts of one campaign) → {id of a fact: list of FactCitation}
fact_users: Registry[Callable[..., dict[int, list[FactCitation]]]] = Registry("user of facts")
#: name → function (id of a version) that returns a LetterDeparture, or None while the letter has not left
letter_departures: Registry[Callable[[int], LetterDeparture | None]] = Registry("source of departures")
#: name → function (id of an addendum) that returns an AddendumDeparture, or None while it was not mailed
addendum_departures: Registry[Callable[[int], AddendumDeparture | None]] = Registry("source of departures of addenda")
#: name, which choices and notices in the database keep → ActionSource
action_sources: Registry[ActionSource] = Registry("source of things to do")
#: (subject, text) of a mail, perhaps with further headers
type ComposedMail = tuple[str, str] | tuple[str, str, dict[str, str]]
#: name → function (origin_id, values) → ComposedMail; None where what it is about is gone
mail_composers: Registry[Callable[[str, JsonObject], ComposedMail | None]] = Registry("composer of mails")
#: name → function () that queues a round of the mail that is due by now; periodic tasks do so too
mail_sources: Registry[Callable[[], object]] = Registry("source of mail")
#: name → function (a version) that returns a VersionSigning, or None for one that was never opened for signature
version_signings: Registry[Callable[..., VersionSigning | None]] = Registry("source of signing")
#: name → function (a letter) → numbers of its signatories: organisations, countries, by_country {code: number}
letter_counts: Registry[Callable[..., object]] = Registry("count of signatories")
#: name → function () → a sentence that says what is wrong, "" when nothing is; /healthz asks them
health_checks: Registry[Callable[[], str]] = Registry("health check")
#: name of the rule, which rows of RetentionRun keep → RetentionRule
retention_rules: Registry[RetentionRule] = Registry("rule of retention")
