"""The history of a text as pages show it: stretches of writing, named states, and what differs between two of them."""

from dataclasses import dataclass, field
from datetime import datetime

from apps.core.text import joined

from ..document.differences import Change, changes, draft_piece, text_lines
from ..models import LetterText, NamedState
from ..selectors.text_documents import text_at
from ..selectors.text_history import named_states, text_stretches

#: stretches that are listed; the states before have their names only
MOST = 200


@dataclass(frozen=True)
class State:
    """The text as it was after the update `sequence`. `before`: the state before that stretch, None for the first."""

    sequence: int
    at: datetime
    people: str
    before: int | None = None
    names: list[NamedState] = field(default_factory=list)


@dataclass(frozen=True)
class History:
    """`states`, the latest first. `older` and `newer` are the two that are compared: `changes` is empty where they do
    not differ."""

    states: list[State]
    older: State | None = None
    newer: State | None = None
    changes: list[Change] = field(default_factory=list)


def text_history(text: LetterText, older: int | None = None, newer: int | None = None) -> History:
    """By default compares the last stretch with what was before it. Unknown numbers are taken for the default."""
    states = _states(text)
    by_sequence = {state.sequence: state for state in states}
    last = by_sequence.get(newer or 0) or (states[0] if states else None)
    first = by_sequence.get(older or 0) or (by_sequence.get(last.before or 0) if last else None)
    if last is None or first is None:
        return History(states, None, last)
    if first.sequence > last.sequence:
        first, last = last, first
    return History(states, first, last, state_changes(text, first.sequence, last.sequence))


def state_changes(text: LetterText, before: int, after: int) -> list[Change]:
    """By paragraphs and words, from one state to another."""
    old, new = (
        list(text_lines(subject, body.get("content", []), draft_piece))
        for subject, body in (text_at(text, before), text_at(text, after))
    )
    return changes(old, new)


def _states(text: LetterText) -> list[State]:
    """The end of each stretch, and named states within one, the latest first."""
    names: dict[int, list[NamedState]] = {}
    for named in named_states(text):
        names.setdefault(named.sequence, []).append(named)
    stretches = text_stretches(text)[:MOST]
    found = []
    for place, stretch in enumerate(stretches):
        before = stretches[place + 1].last if place + 1 < len(stretches) else None
        people = joined(str(person) for person in stretch.people)
        found.append(State(stretch.last, stretch.ended_at, people, before, names.pop(stretch.last, [])))
    found += [State(sequence, rows[0].named_at, "", None, rows) for sequence, rows in names.items()]
    return sorted(found, key=lambda state: -state.sequence)
