"""Somebody's editor without a browser: a Yjs document, and what it has not sent yet."""

import base64
from typing import Any

from pycrdt import Doc, XmlElement, XmlText

from apps.letters.document.schema import TEXT_BLOCKS
from apps.letters.document.yjs.decoding import read_document
from apps.letters.document.yjs.encoding import body_of, empty_document, subject_of
from apps.letters.services.text_updates import Sent


class Editor:
    """`person` writes in a document that begins with what the server has."""

    def __init__(self, state: bytes, person: Any = None, client: int | None = None) -> None:
        self.person = person
        self.doc: Doc[Any] = empty_document(client)
        self.doc.apply_update(state)
        self.sent = self.doc.get_state()

    def write(self, words: str, *, block: int = 0, at: int | None = None) -> None:
        """Type into the first text of a block: at the character `at`, or at its end."""
        text = self.text(block)
        index = len(text) if at is None else len(str(text)[:at].encode())
        text.insert(index, words)

    def delete(self, start: int, stop: int, *, block: int = 0) -> None:
        """Remove characters of the first text of a block."""
        words, text = str(self.text(block)), self.text(block)
        del text[len(words[:start].encode()) : len(words[:stop].encode())]

    def title(self, words: str) -> None:
        subject = subject_of(self.doc)
        subject.insert(len(subject), words)

    def text(self, block: int) -> XmlText:
        """The first text of a block, made where there is none."""
        element = self._element(block)
        first = next(iter(element.children), None)
        return first if isinstance(first, XmlText) else element.children.insert(0, XmlText())

    def _element(self, block: int) -> Any:
        element: Any = body_of(self.doc).children[block]
        while element.tag not in TEXT_BLOCKS:
            element = element.children[0]
        return element

    def add(self, tag: str, words: str = "", **attributes: Any) -> XmlElement:
        """A block at the end of the letter."""
        element = body_of(self.doc).children.append(XmlElement(tag))
        for name, value in attributes.items():
            element.attributes[name] = value
        if words:
            element.children.append(XmlText(words))
        return element

    def unsent(self) -> bytes:
        """What was written since it was last asked."""
        update = self.doc.get_update(self.sent)
        self.sent = self.doc.get_state()
        return update

    def sending(self) -> Sent:
        return Sent(self.person, self.doc.client_id, self.unsent())

    def receive(self, update: bytes) -> None:
        self.doc.apply_update(update)

    @property
    def body(self) -> dict[str, Any]:
        return read_document(self.doc)[1]

    def words(self, block: int = 0) -> str:
        """The first text of a block; to look at it changes nothing."""
        first = next(iter(self._element(block).children), None)
        return str(first) if isinstance(first, XmlText) else ""


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()
