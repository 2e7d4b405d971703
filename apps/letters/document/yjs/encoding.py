"""From JSON to a Yjs document."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from pycrdt import Doc, Text, XmlElement, XmlFragment, XmlText

from apps.core.types import JsonObject

from .field_marks import mark_attributes

#: what stands among the children of an element: a node, or the pieces of text that follow each other
type Part = JsonObject | list[JsonObject]


def new_document(subject: str, body: JsonObject, client: int) -> Doc[Any]:
    """The document with which a text begins, as if `client` had written it: the same text gives the same bytes."""
    doc = empty_document(client)
    with doc.transaction():
        subject_of(doc).insert(0, subject)
        insert_parts(body_of(doc), 0, parts(body.get("content", ())))
    return doc


def empty_document(client: int | None = None) -> Doc[Any]:
    return Doc({"body": XmlFragment(), "subject": Text()}, client_id=client)


def body_of(doc: Doc[Any]) -> XmlFragment:
    return doc.get("body", type=XmlFragment)


def subject_of(doc: Doc[Any]) -> Text:
    return doc.get("subject", type=Text)


def parts(nodes: Iterable[JsonObject]) -> list[Part]:
    """Nodes, with the text between them together."""
    found: list[Part] = []
    for is_text, run in groupby(nodes, key=lambda node: node["type"] == "text"):
        together = list(run)
        found += [together] if is_text else together
    return found


def insert_parts(parent: XmlFragment | XmlElement, index: int, added: Iterable[Part]) -> None:
    for place, part in enumerate(added, start=index):
        if isinstance(part, list):
            text = parent.children.insert(place, XmlText())
            text.insert(0, "".join(piece["text"] for piece in part))
            for start, stop, piece in _placed(part):
                for name, value in formatting(piece).items():  # several at once have no order of their own
                    text.format(start, stop, {name: value})
        else:
            element = parent.children.insert(place, XmlElement(part["type"]))
            for name, value in attributes(part).items():
                element.attributes[name] = value
            insert_parts(element, 0, parts(part.get("content", ())))


def _placed(pieces: Iterable[JsonObject]) -> Iterator[tuple[int, int, JsonObject]]:
    """With where each begins and ends: pycrdt counts bytes."""
    start = 0
    for piece in pieces:
        stop = start + len(piece["text"].encode())
        yield start, stop, piece
        start = stop


def attributes(node: JsonObject) -> JsonObject:
    attrs = {**node.get("attrs", {}), **mark_attributes(node)}
    return {name: value for name, value in sorted(attrs.items()) if value is not None}


def formatting(piece: JsonObject) -> JsonObject:
    """Marks by name, as y-prosemirror has them."""
    return {mark["type"]: mark.get("attrs", {}) for mark in piece.get("marks", ())}
