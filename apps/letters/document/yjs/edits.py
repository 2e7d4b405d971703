"""Another text as changes of a Yjs document: block by block, and within a paragraph word by word.

What stays the same stays the same to Yjs too, so that changes that somebody else makes meanwhile keep their place.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from pycrdt import Doc, Text, XmlElement, XmlFragment, XmlText
from rapidfuzz.distance import Indel

from apps.core.types import JsonObject

from ..differences import WORD
from .encoding import Part, attributes, body_of, formatting, insert_parts, parts, subject_of


def replace_text(doc: Doc[Any], subject: str, body: JsonObject) -> None:
    """Change the document to say this."""
    with doc.transaction():
        _replace_words(subject_of(doc), str(subject_of(doc)), subject)
        _replace_children(body_of(doc), parts(body.get("content", ())))


def _replace_children(parent: XmlFragment | XmlElement, wanted: list[Part]) -> None:
    """Children that are the same are found by their id; those between, by their kind and place."""
    present = list(parent.children)
    steps = Indel.opcodes([_key(child) for child in present], [_part_key(part) for part in wanted])
    for step in reversed(list(steps)):
        _replace_run(
            parent,
            step.src_start,
            present[step.src_start : step.src_end],
            wanted[step.dest_start : step.dest_end],
        )


def _replace_run(
    parent: XmlFragment | XmlElement,
    start: int,
    present: Sequence[XmlElement | XmlText | XmlFragment],
    wanted: list[Part],
) -> None:
    kept = 0
    while kept < min(len(present), len(wanted)) and _is_of_kind(present[kept], wanted[kept]):
        _replace(present[kept], wanted[kept])
        kept += 1
    if len(present) > kept:
        del parent.children[start + kept : start + len(present)]
    insert_parts(parent, start + kept, wanted[kept:])


def _key(child: Any) -> Any:
    """What makes a child the same as a part: its id; for what has none, all that it is."""
    if isinstance(child, XmlText):
        return "text"
    attrs = dict(child.attributes)
    return child.tag, str(attrs.get("id") or sorted(attrs.items()))


def _part_key(part: Part) -> Any:
    if isinstance(part, list):
        return "text"
    attrs = attributes(part)
    return part["type"], str(attrs.get("id") or sorted(attrs.items()))


def _is_of_kind(child: Any, part: Part) -> bool:
    return isinstance(child, XmlText) if isinstance(part, list) else getattr(child, "tag", None) == part["type"]


def _replace(child: Any, part: Part) -> None:
    if isinstance(part, list):
        _replace_words(child, "".join(str(words) for words, _formats in child.diff()), "".join(p["text"] for p in part))
        _replace_formats(child, part)
        return
    wanted, present = attributes(part), dict(child.attributes)
    for name in present.keys() - wanted.keys():
        del child.attributes[name]
    for name, value in wanted.items():
        if present.get(name) != value:
            child.attributes[name] = value
    _replace_children(child, parts(part.get("content", ())))


def _replace_words(text: Text | XmlText, old: str, new: str) -> None:
    before, after = WORD.findall(old), WORD.findall(new)
    starts = [0, *accumulate(len(word.encode()) for word in before)]
    for step in reversed(list(Indel.opcodes(before, after))):
        if step.tag == "equal":
            continue
        start, end = starts[step.src_start], starts[step.src_end]
        if end > start:
            del text[start:end]
        if added := "".join(after[step.dest_start : step.dest_end]):
            text.insert(start, added)


def _replace_formats(text: XmlText, pieces: list[JsonObject]) -> None:
    """Marks of the words, where they differ."""
    wanted = [(len(piece["text"].encode()), formatting(piece)) for piece in pieces]
    present = [(len(str(words).encode()), dict(formats or {})) for words, formats in text.diff()]
    at = 0
    while wanted and present:
        length = min(wanted[0][0], present[0][0])
        changed = dict.fromkeys(present[0][1].keys() - wanted[0][1].keys())
        changed |= {name: value for name, value in wanted[0][1].items() if present[0][1].get(name) != value}
        if changed:
            text.format(at, at + length, changed)
        at += length
        for runs in (wanted, present):
            rest = runs[0][0] - length
            runs[:1] = [(rest, runs[0][1])] if rest else []
