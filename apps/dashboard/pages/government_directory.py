"""The directory of governments with its filters and order, all from the URL."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.campaigns.models import Campaign
from apps.core.language_names import language_label
from apps.core.types import Label
from apps.governments.country_names import CountryLookup
from apps.governments.models import Member

from .government_rows import DELIVERY, GovernmentLine, all_lines
from .stance_chart import STANCES, StanceChart, stance_chart

type Rule = Callable[[GovernmentLine], bool]
#: values of ?recipients= and ?letters=: (label, rule). A government may match several, but has one class of the map
RECIPIENT_FILTERS: dict[str, tuple[Label, Rule]] = {
    "usable": (gettext_lazy("With a usable address"), lambda line: line.reach == "usable"),
    "unreachable": (gettext_lazy("Without a usable address"), lambda line: line.reach != "usable"),
    "dead": (gettext_lazy("With dead addresses only"), lambda line: line.reach == "dead"),
    "none": (gettext_lazy("Without any address"), lambda line: line.reach == "none"),
    "bounced": (gettext_lazy("With a dead address"), lambda line: line.bounced > 0),
}
LETTER_FILTERS: dict[str, tuple[Label, Rule]] = {
    "written": (pgettext_lazy("government", "Written to"), lambda line: line.written > 0),
    "answered": (pgettext_lazy("government", "Answered"), lambda line: line.answered > 0),
    "sent": (gettext_lazy("Written to, no answer yet"), lambda line: line.written > 0 and not line.answered),
    "bounced": (gettext_lazy("Bounced or refused"), lambda line: line.returned > 0),
    "waiting": (gettext_lazy("Waiting or in doubt"), lambda line: line.waiting > 0),
    "none": (gettext_lazy("Nothing sent"), lambda line: line.delivery == "none"),
}
#: ?letters=map-partly: a class of the map
ON_MAP = "map-"
#: values of ?sort=, descending with a minus
ORDERS: dict[str, Callable[[GovernmentLine], str | int]] = {
    "name": lambda line: line.sort_key,
    "stance": lambda line: list(STANCES).index(line.stance),
    "recipients": lambda line: line.reachable,
    "written": lambda line: line.written,
    "answered": lambda line: line.answered,
}


#: columns: (key of ORDERS or "", label, class)
HEADS: list[tuple[str, Label, str]] = [
    ("name", gettext_lazy("Government"), ""),
    ("stance", pgettext_lazy("of a government", "Position"), ""),
    ("", gettext_lazy("Groups"), "hide-small"),
    ("recipients", gettext_lazy("Recipients"), "number"),
    ("written", gettext_lazy("Letters sent"), "number"),
    ("answered", gettext_lazy("Answers"), "number"),
]
#: the same for phones, where the table is a list without headings
SORTS: dict[str, Label] = {
    "": gettext_lazy("By name"),
    "-name": gettext_lazy("By name, last first"),
    "stance": gettext_lazy("By position"),
    "-stance": gettext_lazy("By position, last first"),
    "-recipients": gettext_lazy("Most recipients first"),
    "recipients": gettext_lazy("Fewest recipients first"),
    "-written": gettext_lazy("Most letters first"),
    "written": gettext_lazy("Fewest letters first"),
    "-answered": gettext_lazy("Most answers first"),
    "answered": gettext_lazy("Fewest answers first"),
}


@dataclass(frozen=True)
class DirectoryQuery:
    """The query parameters of the directory. Unknown values are ignored."""

    q: str = ""
    group: str = ""
    region: str = ""
    language: str = ""
    stance: str = ""
    recipients: str = ""
    letters: str = ""
    sort: str = ""

    @property
    def filtered(self) -> bool:
        return replace(self, sort="") != DirectoryQuery()

    @property
    def narrowed(self) -> bool:
        return replace(self, sort="", q="") != DirectoryQuery()

    @property
    def order(self) -> str:
        return self.sort.removeprefix("-") if self.sort.removeprefix("-") in ORDERS else "name"

    @property
    def descending(self) -> bool:
        return self.sort == f"-{self.order}"


@dataclass(frozen=True)
class Directory:
    """Choices are (value, label, number); `close`: no name matches, and these are similar."""

    lines: list[GovernmentLine]
    close: bool
    roll: StanceChart
    regions: list[tuple[str, str]]
    languages: list[tuple[str, str]]
    recipients: list[tuple[str, Label]]
    letters: list[tuple[str, Label, int]]
    on_map: list[tuple[str, Label, int]]
    orders: list[tuple[str, Label]]
    heads: list[tuple[str, Label, str, str, str]]


def government_directory(campaign: Campaign, day: date, query: DirectoryQuery, language: str = "en") -> Directory:
    everybody = all_lines(campaign, day, language)
    lines, close = _matching(everybody, query)
    found = Counter(line.delivery for line in everybody)
    return Directory(
        lines=lines,
        close=close,
        roll=stance_chart(line.stance for line in everybody),
        regions=_regions(everybody),
        languages=_languages(everybody),
        recipients=[(key, words) for key, (words, _rule) in RECIPIENT_FILTERS.items()],
        letters=[(key, words, sum(map(rule, everybody))) for key, (words, rule) in LETTER_FILTERS.items()],
        on_map=[(f"{ON_MAP}{css}", words, found[css]) for css, words in DELIVERY.items()],
        orders=list(SORTS.items()),
        heads=[(key, words, css, *_way(key, query)) for key, words, css in HEADS],
    )


def government_lines(
    campaign: Campaign, day: date, query: DirectoryQuery | None = None, language: str = "en"
) -> list[GovernmentLine]:
    """The governments that match the query, in its order; by default all."""
    return _matching(all_lines(campaign, day, language), query or DirectoryQuery())[0]


def sorted_lines(
    lines: Iterable[GovernmentLine], order: str = "name", *, descending: bool = False
) -> list[GovernmentLine]:
    """In that order, then by the shown name, ascending also if `descending`."""
    by_name = sorted(lines, key=ORDERS["name"])
    return sorted(by_name, key=ORDERS[order], reverse=descending)


def _matching(lines: list[GovernmentLine], query: DirectoryQuery) -> tuple[list[GovernmentLine], bool]:
    rules: list[Rule] = []
    if query.group:
        rules.append(lambda line: query.group in {held.slug for held in line.groups})
    if query.region:
        rules.append(lambda line: f"{line.member.region}/".startswith(f"{query.region}/"))
    if query.language:
        rules.append(lambda line: query.language == line.member.working_language)
    if query.stance in STANCES:
        rules.append(lambda line: line.stance == query.stance)
    if query.recipients in RECIPIENT_FILTERS:
        rules.append(RECIPIENT_FILTERS[query.recipients][1])
    if query.letters in LETTER_FILTERS:
        rules.append(LETTER_FILTERS[query.letters][1])
    elif query.letters in {f"{ON_MAP}{css}" for css in DELIVERY}:
        rules.append(lambda line: line.delivery == query.letters.removeprefix(ON_MAP))
    found = [line for line in lines if all(rule(line) for rule in rules)]
    found = sorted_lines(found, query.order, descending=query.descending)
    return _named(found, [line.member for line in lines], query.q) if query.q.strip() else (found, False)


def _named(found: list[GovernmentLine], everybody: list[Member], words: str) -> tuple[list[GovernmentLine], bool]:
    """Lines whose name contains the words, exact matches first; without any, those with similar names, and True."""
    book = CountryLookup(everybody)
    meant, named = book.find(words).members, book.containing(words)
    wanted = named or set(book.close_to(words))
    kept = [line for line in found if line.member in wanted]
    return sorted(kept, key=lambda line: line.member not in meant), not named and bool(kept)


def _way(key: str, query: DirectoryQuery) -> tuple[str, str]:
    """(?sort= of the heading's link, the current direction or "")."""
    if not key:
        return "", ""
    if key != query.order:
        return (key if key in {"name", "stance"} else f"-{key}"), ""
    return (key, "descending") if query.descending else (f"-{key}", "ascending")


def _regions(lines: list[GovernmentLine]) -> list[tuple[str, str]]:
    """("Africa", "Africa"), ("Africa/Northern Africa", "Africa: Northern Africa")."""
    known = {line.member.region for line in lines if line.member.region}
    known |= {region.partition("/")[0] for region in known}
    return [(region, region.replace("/", ": ")) for region in sorted(known)]


def _languages(lines: list[GovernmentLine]) -> list[tuple[str, str]]:
    known = {line.member.working_language for line in lines if line.member.working_language}
    return sorted(((code, language_label(code)) for code in known), key=lambda pair: pair[1])
