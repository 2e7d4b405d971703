"""Yjs updates from outside (version 1), looked through before the library reads them.

They are written by people's programs. What a letter's editor never sends is refused here: other types than elements
and texts, other documents, files, lengths that do not fit. https://github.com/yjs/yjs/blob/main/INTERNALS.md
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy

from apps.core.errors import DomainError

MAX_UPDATE = 1_000_000
#: of a state vector: every window in which somebody wrote adds about 7 bytes
MAX_STATE = 400_000
#: ids of clients are whole numbers of JavaScript, clocks have 32 bits in the library
MAX_NUMBER, MAX_CLOCK = 2**53, 2**31
ROOTS = frozenset({"body", "subject"})
#: kinds of content: https://github.com/yjs/yjs/tree/main/src/structs
GC, DELETED, STRING, FORMAT, TYPE, ANY, SKIP = 0, 1, 4, 6, 7, 8, 10
XML_ELEMENT, XML_TEXT = 3, 6
MAX_DEPTH = 4


class UpdateMalformed(DomainError):
    """The bytes are no update of a letter."""

    default_message = gettext_lazy("This change cannot be read. Copy what you wrote, and load the page.")


class UpdateTooLarge(DomainError):
    status = 413
    default_message = gettext_lazy("This change is larger than 1 MB. Paste the text in parts.")


class UpdateIncomplete(DomainError):
    """The update builds on one that never arrived: the client sends all that the server lacks."""

    status = 409
    default_message = gettext_lazy("An earlier change is missing. The editor sends it again.")


#: (client, first clock, length)
type OrphanRange = tuple[int, int, int]


@dataclass
class Contents:
    """Of an update: what it brings and what it deletes, as {client: (first clock, clock after the last)}."""

    written: dict[int, tuple[int, int]] = field(default_factory=dict)
    deleted: dict[int, list[tuple[int, int]]] = field(default_factory=dict)


class Reader:
    """Numbers and texts of lib0: https://github.com/dmonad/lib0/blob/main/src/encoding.js"""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def number(self) -> int:
        value = shift = 0
        while True:
            if self.at >= len(self.data) or shift > 56:
                raise UpdateMalformed
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                if value > MAX_NUMBER:
                    raise UpdateMalformed
                return value

    def count(self) -> int:
        """Of things that need a byte each at least."""
        count = self.number()
        if count > len(self.data) - self.at:
            raise UpdateMalformed
        return count

    def taken(self, length: int) -> bytes:
        if length > len(self.data) - self.at:
            raise UpdateMalformed
        self.at += length
        return self.data[self.at - length : self.at]

    def text(self) -> str:
        try:
            return self.taken(self.number()).decode()
        except UnicodeDecodeError:
            raise UpdateMalformed from None

    def json(self) -> Any:
        try:
            return json.loads(self.text())
        except (ValueError, RecursionError):
            raise UpdateMalformed from None

    def any(self, depth: int = 0) -> None:
        """A value of an attribute, of which only the form is checked here."""
        kind = self.taken(1)[0]
        if depth > MAX_DEPTH or kind < 116:
            raise UpdateMalformed
        if kind == 125:  # whole number: the sign is in the first byte, so it is one more at most
            self.number()
        elif kind in {124, 123, 122}:
            self.taken({124: 4, 123: 8, 122: 8}[kind])
        elif kind == 119:
            self.text()
        elif kind in {118, 117}:
            for _entry in range(self.count()):
                if kind == 118:
                    self.text()
                self.any(depth + 1)
        elif kind == 116:  # bytes
            raise UpdateMalformed


def update_contents(update: bytes) -> Contents:
    """Raises UpdateTooLarge, UpdateMalformed, UpdateIncomplete (it says itself that something is left out)."""
    if len(update) > MAX_UPDATE:
        raise UpdateTooLarge
    reader, found = Reader(update), Contents()
    for _client in range(reader.count()):
        structs, client, clock = reader.count(), reader.number(), reader.number()
        first = clock
        for _struct in range(structs):
            clock += _struct_length(reader)
        if client in found.written or clock > MAX_CLOCK:
            raise UpdateMalformed
        found.written[client] = (first, clock)
    for _client in range(reader.count()):
        client, starts = reader.number(), reader.count()
        ranges = [(first, first + reader.number()) for first in (reader.number() for _range in range(starts))]
        if any(end > MAX_CLOCK for _first, end in ranges):
            raise UpdateMalformed
        found.deleted.setdefault(client, []).extend(ranges)
    if reader.at != len(update):
        raise UpdateMalformed
    return found


def orphans(sent: Contents, change: Contents) -> list[OrphanRange]:
    """What a change took away that its author did not delete: who had not seen it, or not that its block was gone."""
    found = []
    for client, ranges in change.deleted.items():
        seen, index = sorted(sent.deleted.get(client, [])), 0
        for first, end in sorted(ranges):
            while index < len(seen) and seen[index][1] <= first:
                index += 1
            at = index
            while first < end:
                start, stop = seen[at] if at < len(seen) else (end, end)
                if first < min(start, end):
                    found.append((client, first, min(start, end) - first))
                first, at = max(first, stop), at + 1
    return found


def _struct_length(reader: Reader) -> int:
    info = reader.taken(1)[0]
    kind = info & 0x1F
    if kind == SKIP:
        raise UpdateIncomplete
    if kind == GC:
        return _positive(reader.number())
    for _origin in range(bool(info & 0x80) + bool(info & 0x40)):
        reader.number(), reader.number()
    if not info & 0xC0:
        _parent(reader, has_key=bool(info & 0x20))
    return _content_length(reader, kind)


def _parent(reader: Reader, *, has_key: bool) -> None:
    if reader.number() == 1:
        if reader.text() not in ROOTS:
            raise UpdateMalformed
    else:
        reader.number(), reader.number()
    if has_key:
        reader.text()


def _content_length(reader: Reader, kind: int) -> int:
    if kind == DELETED:
        return _positive(reader.number())
    if kind == STRING:
        return _positive(len(reader.text().encode("utf-16-le")) // 2)
    if kind == FORMAT:
        reader.text()
        reader.json()
        return 1
    if kind == TYPE:
        made = reader.number()
        if made == XML_ELEMENT:
            reader.text()
        elif made != XML_TEXT:
            raise UpdateMalformed
        return 1
    if kind == ANY:
        values = reader.count()
        for _value in range(values):
            reader.any()
        return _positive(values)
    raise UpdateMalformed


def _positive(length: int) -> int:
    if length < 1:
        raise UpdateMalformed
    return length


def state_vector(state: bytes) -> dict[int, int]:
    """{client: clock after the last}. Raises UpdateMalformed."""
    reader = Reader(state)
    found = dict(_pairs(reader))
    if reader.at != len(state):
        raise UpdateMalformed
    return found


def check_state(state: bytes) -> None:
    """Of a state vector from outside. Raises UpdateMalformed."""
    if len(state) > MAX_STATE:
        raise UpdateMalformed
    state_vector(state)


def _pairs(reader: Reader) -> Iterator[tuple[int, int]]:
    for _client in range(reader.count()):
        yield reader.number(), reader.number()
