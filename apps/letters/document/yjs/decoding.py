"""From a Yjs document to JSON, mended where two people's changes do not go together.

Each made a valid letter, but both at once may leave a block without anything in it, or split one paragraph into two of
the same id. That is mended here, the same way on every reading, and never refused; the document itself stays as it is.
What no editor writes comes out as it is, for `schema.validate_document` to refuse.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from django.utils.translation import gettext_lazy as _
from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from apps.core.types import JsonObject

from ..cleaning import clean_document, clean_subject
from ..schema import CHILDREN, MAX_SUBJECT, MAX_TEXT, TEXT_BLOCKS
from ..scripts import SCRIPTS
from ..traversal import with_block_ids
from ..validators import DocumentInvalid
from .encoding import body_of, subject_of
from .field_marks import marks_taken

#: no characters (Unicode 23.7); a paste may bring them
NONCHARACTERS = re.compile(
    "[\ufdd0-\ufdef" + "".join(f"{chr(last - 1)}{chr(last)}" for last in range(0xFFFF, 0x110000, 0x10000)) + "]"
)
MAX_DEPTH = 20
EMPTY_PARAGRAPH: JsonObject = {"type": "paragraph"}


def read_document(doc: Doc[Any]) -> tuple[str, JsonObject]:
    """Subject and body, cleaned, every block with an id of its own. Raises DocumentInvalid for what cannot be written
    as JSON."""
    with doc.transaction():
        subject, content = str(subject_of(doc)), _children(body_of(doc), "", 0)
    body = _mended(clean_document({"type": "doc", "content": content}))
    body = {"type": "doc", "content": body.get("content") or [EMPTY_PARAGRAPH]}
    _without_repeated_ids(body, set())
    return _one_line(subject), with_block_ids(body)


def _one_line(subject: str) -> str:
    return str(clean_subject(NONCHARACTERS.sub("", subject)))[:MAX_SUBJECT]


def _children(parent: XmlFragment | XmlElement, path: str, depth: int) -> list[JsonObject]:
    if depth > MAX_DEPTH:
        raise DocumentInvalid(path, _("This is not a part of a letter."))
    found: list[JsonObject] = []
    for index, child in enumerate(parent.children):
        here = f"{path}content[{index}]."
        found += _pieces(child, here) if isinstance(child, XmlText) else [_node(child, here, depth)]
    return found


def _node(element: Any, path: str, depth: int) -> JsonObject:
    node: JsonObject = {"type": element.tag}
    attrs = {name: _whole(value) for name, value in sorted(element.attributes)}
    if marks := _not_both_scripts(marks_taken(element.tag, attrs)):
        node["marks"] = marks
    if attrs:
        node["attrs"] = attrs
    if content := _children(element, path, depth + 1):
        node["content"] = content
    return node


def _whole(value: Any) -> Any:
    """Yjs has one kind of number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _pieces(text: XmlText, path: str) -> Iterator[JsonObject]:
    for words, formats in text.diff():
        if not isinstance(words, str):
            raise DocumentInvalid(path, _("This is not a part of a letter."))
        piece: JsonObject = {"type": "text", "text": NONCHARACTERS.sub("", words)}
        marks = [_mark(name, attrs) for name, attrs in sorted((formats or {}).items()) if attrs is not None]
        marks = _not_both_scripts(marks)
        if piece["text"]:
            yield {**piece, "marks": marks} if marks else piece


def _not_both_scripts(marks: list[JsonObject]) -> list[JsonObject]:
    """One raised it, another lowered it."""
    both = SCRIPTS.keys() <= {mark["type"] for mark in marks}
    return [mark for mark in marks if mark["type"] != "subscript"] if both else marks


def _mark(name: str, attrs: Any) -> JsonObject:
    """A mark that has none is `{}`, or `true` where other programs wrote it."""
    return {"type": name, "attrs": attrs} if attrs not in ({}, True) else {"type": name}


def _mended(node: JsonObject) -> JsonObject:
    """Without blocks that have become empty; text that belongs together is one piece, and none too long."""
    content = node.get("content")
    if node["type"] in TEXT_BLOCKS:
        return {**node, "content": _joined(content)} if content else node
    if node["type"] not in CHILDREN or not content:
        return node
    mended = [_mended(child) for child in content]
    kept = [child for child in mended if child["type"] not in CHILDREN or child.get("content")]
    if node["type"] == "listItem" and kept and kept[0]["type"] != "paragraph":
        kept.insert(0, EMPTY_PARAGRAPH)  # one took out its words, another put a list into it
    return {**node, "content": kept}


def _joined(nodes: Iterable[JsonObject]) -> list[JsonObject]:
    found: list[JsonObject] = []
    for marks, run in groupby(nodes, key=lambda node: (node["type"] == "text", node.get("marks"))):
        same = list(run)
        if not marks[0]:
            found += same
            continue
        words = "".join(node["text"] for node in same)
        found += [{**same[0], "text": words[at : at + MAX_TEXT]} for at in range(0, len(words), MAX_TEXT)]
    return found


def _without_repeated_ids(node: JsonObject, seen: set[str]) -> None:
    attrs = node.get("attrs")
    if attrs and isinstance(attrs.get("id"), str):
        if attrs["id"] in seen:
            node["attrs"] = {name: value for name, value in attrs.items() if name != "id"}
        seen.add(attrs["id"])
    for child in node.get("content", ()):
        _without_repeated_ids(child, seen)
