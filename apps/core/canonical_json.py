"""Canonical JSON and its hash: equal data gives equal bytes on every machine (after RFC 8785)."""

import hashlib
import json

ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
#: most of what there is, which needs no further look
PLAIN = frozenset({str, int, bool, type(None)})


def canonical_json(value: object) -> bytes:
    """Serialise to UTF-8 with sorted keys and no spaces. Takes dict, list, str, int, bool and None; no floats.

    Raises TypeError for anything else; the text of a float differs between systems.
    """
    _refuse_floats(value)
    return ENCODER.encode(value).encode()


def sha256_hex(data: bytes) -> str:
    """64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("floats have no canonical form; use a string or an integer")
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    for inner in inside:
        if type(inner) not in PLAIN:
            _refuse_floats(inner)
