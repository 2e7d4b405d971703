"""A document without what editors add and nobody reads, before it is validated."""

from typing import Any

from apps.core.types import JsonObject

from .validators import clean_text

#: JSON that is not validated yet
type Json = Any

#: attributes with words that people type
WORDS = {"mergeField": ("fallback",), "note": ("text",), "lost": ("words",)}
#: attributes that editors add and nobody reads
NOISE: dict[str, frozenset[str]] = {
    "orderedList": frozenset({"type"}),
    "link": frozenset({"target", "rel", "class", "title"}),
}


def clean_document(doc: Json) -> Json:
    """A copy without invisible characters, empty attributes and NOISE. Does not validate."""
    return _clean(doc, 0)


def clean_subject(subject: Json) -> Json:
    """The subject without invisible characters. Does not validate."""
    return clean_text(subject) if isinstance(subject, str) else subject


def _clean(node: Json, depth: int) -> Json:
    if not isinstance(node, dict) or depth > 24:
        return node
    kept = dict(node)
    if isinstance(kept.get("attrs"), dict):
        kept["attrs"] = _clean_attrs(kept.get("type"), kept["attrs"])
        if not kept["attrs"]:
            del kept["attrs"]
    for part in ("content", "marks"):
        if isinstance(kept.get(part), list):
            kept[part] = _without_invisible([_clean(inner, depth + 1) for inner in kept[part]])
            if not kept[part]:
                del kept[part]
    return kept


def _without_invisible(nodes: list[Json]) -> list[Json]:
    kept: list[Json] = []
    before = ""
    for node in nodes:
        text = node.get("text") if isinstance(node, dict) else None
        if isinstance(text, str) and text:
            text = clean_text(text, before)
            if not text:
                continue
            node["text"] = text
        before = text if isinstance(text, str) else ""
        kept.append(node)
    return kept


def _clean_attrs(kind: Json, attrs: JsonObject) -> JsonObject:
    noise = NOISE.get(kind, frozenset()) if isinstance(kind, str) else frozenset()
    kept = {name: value for name, value in attrs.items() if name not in noise and value is not None}
    for name in WORDS.get(kind, ()) if isinstance(kind, str) else ():
        if isinstance(kept.get(name), str):
            kept[name] = clean_text(kept[name])
    if kind == "orderedList" and kept.get("start") == 1:
        del kept["start"]
    return kept
