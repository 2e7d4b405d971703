"""The checklist of a letter: what blocks its freezing and what to look at first, in all its texts, by the name of the
problem."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.text import first_names

from ..edition_content import Gaps
from ..merge_fields import field_labels
from ..models import Letter, LetterText
from ..selectors.drafts import text_facts
from ..services.versions import MAX_NAMES
from .draft_problems import misplaced, nodes_in_blocks, text_problems
from .problem import TITLES, Problem

#: kinds of problems that every text has alike
OF_THE_LETTER = frozenset({"address", "link"})


@dataclass(frozen=True)
class ChecklistItem:
    """`url`: where to mend it, in the text in `language`; both are "" for what concerns the whole letter.
    The problem's own links lead into passages for single governments."""

    problem: Problem
    language: str
    url: str


@dataclass(frozen=True)
class ChecklistGroup:
    """The problems of one name."""

    title: str
    tone: str
    items: tuple[ChecklistItem, ...]


@dataclass(frozen=True)
class Checklist:
    """What blocks freezing comes first."""

    groups: tuple[ChecklistGroup, ...]

    @property
    def blocking(self) -> int:
        return sum(len(group.items) for group in self.groups if group.tone == "bad")

    @property
    def to_check(self) -> int:
        return sum(len(group.items) for group in self.groups if group.tone != "bad")


def letter_checklist(letter: Letter, texts: Iterable[LetterText], gaps: Gaps) -> Checklist:
    """`gaps`: what the country letters lack."""
    found: dict[tuple[object, ...], ChecklistItem] = {}
    for text in texts:
        problems = text_problems(text, text.body, text.subject, text_facts(text))
        lost = [misplaced(text, member) for of, member in gaps.places if of == text]
        for problem in [*problems, *_fields_missing(text, gaps), *lost]:
            language = "" if problem.kind in OF_THE_LETTER else text.language
            elsewhere = not language or (problem.links and not problem.block)
            item = ChecklistItem(problem, language, "" if elsewhere else _place(letter, text, problem))
            found.setdefault((problem.kind, problem.text, problem.block, item.language), item)
    return Checklist(tuple(_grouped(found.values())))


def _fields_missing(text: LetterText, gaps: Gaps) -> Iterator[Problem]:
    """For all governments, at the first place of each field."""
    places: dict[str, str] = {}
    for node, block in nodes_in_blocks(text.body, "mergeField"):
        places.setdefault(node["attrs"]["key"], block)
    for key, names in gaps.values.items():
        if key in places:
            words = {"field": field_labels([key])[0], "members": first_names(dict.fromkeys(names), MAX_NAMES)}
            sentence = _("“%(field)s” has no value for %(members)s, and no fallback.") % words
            yield Problem("field", "bad", sentence, places[key])


def _place(letter: Letter, text: LetterText, problem: Problem) -> str:
    url = reverse("letters:workspace", args=[letter.campaign.slug, letter.number])
    return f"{url}?language={text.language}" + (f"#{problem.block}" if problem.block else "")


def _grouped(items: Iterable[ChecklistItem]) -> Iterator[ChecklistGroup]:
    groups: dict[tuple[bool, int], list[ChecklistItem]] = {}
    for item in items:
        groups.setdefault((item.problem.tone != "bad", [*TITLES].index(item.problem.kind)), []).append(item)
    for _order, found in sorted(groups.items(), key=lambda pair: pair[0]):
        yield ChecklistGroup(found[0].problem.title, found[0].problem.tone, tuple(found))
