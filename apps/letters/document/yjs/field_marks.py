"""Bold, italic, raised text and links on a merge field.

The editor's library, y-prosemirror, keeps marks of text only. Those of a field travel as attributes of its element,
one for each, so that two people's merge: `bold: true`, `link: "https://…"`. In JSON they are marks, as of text.
"""

from apps.core.types import JsonObject

from ..schema import MARKS
from ..traversal import MARKED_ATOMS


def mark_attributes(node: JsonObject) -> JsonObject:
    """The marks of a field as attributes of its element; none of any other node."""
    if node["type"] not in MARKED_ATOMS:
        return {}
    return {mark["type"]: mark.get("attrs", {}).get("href", True) for mark in node.get("marks", ())}


def marks_taken(kind: str, attrs: JsonObject) -> list[JsonObject]:
    """Takes out of an element's attributes those that are marks. What no editor writes stays, to be refused."""
    if kind not in MARKED_ATOMS:
        return []
    found = [name for name in sorted(MARKS & attrs.keys()) if (attrs[name] is True) is (name != "link")]
    return [_mark(name, attrs.pop(name)) for name in found]


def _mark(name: str, value: object) -> JsonObject:
    return {"type": name, "attrs": {"href": value}} if name == "link" else {"type": name}
