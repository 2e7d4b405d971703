"""Who is here, and where their caret stands: y-protocols' awareness. It is handed on and never stored.

https://github.com/yjs/y-protocols/blob/master/awareness.js
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from apps.core.types import JsonObject

from .updates import MAX_CLOCK, Reader, UpdateMalformed

MAX_AWARENESS = 8_000


@dataclass(frozen=True)
class Presence:
    """Of one editor: `clock` counts up, `state` is None once it is gone."""

    clock: int
    state: JsonObject | None


def read_presence(update: bytes, client: int) -> Presence | None:
    """The client's own state; what is said of others is left out. Raises UpdateMalformed."""
    if len(update) > MAX_AWARENESS:
        raise UpdateMalformed
    reader = Reader(update)
    own = None
    for _entry in range(reader.count()):
        entry, clock, state = reader.number(), reader.number(), reader.json()
        if not isinstance(state, dict | None) or clock > MAX_CLOCK:
            raise UpdateMalformed
        if entry == client:
            own = Presence(clock, state)
    return own


def presence_update(presences: Mapping[int, Presence]) -> bytes:
    """As the library in the browser reads them."""
    written = _number(len(presences))
    for client, presence in presences.items():
        state = json.dumps(presence.state, ensure_ascii=False, separators=(",", ":")).encode()
        written += _number(client) + _number(presence.clock) + _number(len(state)) + state
    return written


def _number(value: int) -> bytes:
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*written, value])
