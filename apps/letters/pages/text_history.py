"""The history of a text as pages show it: stretches of writing, named states, and what differs between two of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest

from apps.core.text import joined

from ..document.differences import Change, changes
from ..models import LetterText, NamedState
from ..selectors.text_documents import text_at
from ..selectors.text_history import WritingSession, named_states, text_stretches
from .compared_words import lines_in_words

#: stretches on one page
PER_PAGE = 100


@dataclass(frozen=True)
class State:
    """The text as it was after the update `sequence`. `before`: the state before that stretch, None for the first."""

    sequence: int
    at: datetime
    people: str = ""
    before: int | None = None
    names: list[NamedState] = field(default_factory=list)


@dataclass(frozen=True)
class History:
    """`states` of one page, the latest first; `choices` has named ones of other pages too. `older` and `newer` are the
    two that are compared: `changes` is empty where they do not differ. `earlier`: where the next page ends, None on the
    last one."""

    states: list[State]
    choices: list[State]
    earlier: int | None = None
    older: State | None = None
    newer: State | None = None
    changes: list[Change] = field(default_factory=list)


def text_history(
    text: LetterText, older: int | None = None, newer: int | None = None, before: int | None = None
) -> History:
    """The page of the updates before the number `before`. By default compares its last stretch with what was before
    that. Unknown numbers are taken for the default."""
    stretches = text_stretches(text, before=before, most=PER_PAGE + 1)
    earlier = stretches[PER_PAGE - 1].first if len(stretches) > PER_PAGE else None
    names = _names(text)
    states = [state for state in _states(stretches, names) if state.sequence >= (earlier or 0)]
    known = {state.sequence: state for state in states}
    last = _known(text, newer, known, names) or (states[0] if states else None)
    first = _known(text, older, known, names) or _known(text, last.before if last else None, known, names)
    elsewhere = [State(sequence, rows[0].named_at, names=rows) for sequence, rows in names.items()]
    choices = {state.sequence: state for state in (*elsewhere, *states, *filter(None, (first, last)))}
    listed = sorted(choices.values(), key=lambda state: -state.sequence)
    if last is None or first is None:
        return History(states, listed, earlier, None, last)
    if first.sequence > last.sequence:
        first, last = last, first
    return History(states, listed, earlier, first, last, state_changes(text, first.sequence, last.sequence))


def text_state(text: LetterText, sequence: int) -> State | None:
    """None where the text has no such update."""
    return _known(text, sequence, {}, _names(text))


def state_changes(text: LetterText, before: int, after: int) -> list[Change]:
    """By paragraphs and words, from one state to another."""
    states = [text_at(text, sequence) for sequence in (before, after)]
    lines = lines_in_words(text.letter)
    found = changes(*(lines(*state) for state in states))
    return found or ([] if states[0] == states[1] else [Change("formatting")])


def _names(text: LetterText) -> dict[int, list[NamedState]]:
    found: dict[int, list[NamedState]] = {}
    for named in named_states(text):
        found.setdefault(named.sequence, []).append(named)
    return found


def _known(
    text: LetterText, sequence: int | None, known: Mapping[int, State], names: Mapping[int, list[NamedState]]
) -> State | None:
    """Also of another page, or within a stretch."""
    if sequence is None or sequence in known:
        return known.get(sequence or 0)
    until = text_stretches(text, before=sequence + 1, most=2)
    return _states(until, names)[0] if until and until[0].last == sequence else None


def _states(stretches: list[WritingSession], names: Mapping[int, list[NamedState]]) -> list[State]:
    """The end of each stretch, and named states within one, the latest first."""
    found = []
    for stretch, previous in zip_longest(stretches, stretches[1:]):
        before, people = previous.last if previous else None, joined(str(person) for person in stretch.people)
        found.append(State(stretch.last, stretch.ended_at, people, before, names.get(stretch.last, [])))
        within = [sequence for sequence in names if stretch.first <= sequence < stretch.last]
        found += [State(one, names[one][0].named_at, people, before, names[one]) for one in within]
    return sorted(found, key=lambda state: -state.sequence)
