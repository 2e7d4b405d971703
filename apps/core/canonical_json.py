"""Canonical JSON and its hash: equal data gives equal bytes on every machine (after RFC 8785)."""

import hashlib
import json


def canonical_json(value: object) -> bytes:
    """Serialise to UTF-8 with sorted keys and no spaces. Takes dict, list, str, int, bool and None; no floats.

    Raises TypeError for anything else; the text of a float differs between systems.
    """
    _refuse_floats(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256_hex(data: bytes) -> str:
    """64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("floats have no canonical form; use a string or an integer")
    if isinstance(value, dict):
        for inner in value.values():
            _refuse_floats(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_floats(inner)
