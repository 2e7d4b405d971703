"""The letter as all renderers take it: fields filled, paragraphs numbered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import override

from apps.core.languages import Language, language_for
from apps.core.territories import territory_name
from apps.core.text import whole_number
from apps.core.types import JsonObject

from ..document.scripts import script_of
from ..document.traversal import missing_fields, walk_nodes
from ..merge_fields import field_labels
from .types import AnnexData, AnnexSection, MissingValue

SALUTATION = "recipient.salutation"


@dataclass(frozen=True)
class Span:
    """A run of text, a break, a footnote mark (`note` > 0), or a gap: a field without a value. `script`: sup, sub."""

    text: str = ""
    script: str = ""
    bold: bool = False
    italic: bool = False
    href: str = ""
    note: int = 0
    first: bool = False
    gap: bool = False
    line_break: bool = False


@dataclass(frozen=True)
class Block:
    """`kind`: par (numbered), plain, h2, h3, asks, dashes, quote, signed. Lists and quotes have `items`: paragraphs,
    and lists in lists. `source_id`: the id of the document's block. `start`, `numbering`: of the items of asks."""

    kind: str
    spans: tuple[Span, ...] = ()
    number: int = 0
    items: tuple[tuple[tuple[Span, ...] | Block, ...], ...] = ()
    source_id: str = ""
    start: int = 1
    numbering: str = "letters"

    def all_spans(self) -> Iterator[Span]:
        yield from self.spans
        for piece in (piece for item in self.items for piece in item):
            yield from piece.all_spans() if isinstance(piece, Block) else piece

    @property
    def text(self) -> str:
        """Its words, without notes."""
        pieces = [self.spans, *(piece for item in self.items for piece in item)]
        words = (piece.text if isinstance(piece, Block) else "".join(span.text for span in piece) for piece in pieces)
        return " ".join(words).strip()


@dataclass(frozen=True)
class Note:
    n: int
    text: str
    url: str = ""


@dataclass(frozen=True)
class Composition:
    title: str
    language: Language
    lang: str
    blocks: tuple[Block, ...]
    notes: tuple[Note, ...]
    date: str
    addressee: tuple[str, ...]
    annex: AnnexData | None
    annex_lines: tuple[str, ...] = ()
    annex_sections: tuple[AnnexSection, ...] = ()

    @property
    def fingerprint(self) -> tuple[str, str]:
        """(label, SHA-256 of the annex), or (that it comes later, ""), or empty where none will come."""
        words, sha256 = self.language.signatures, self.annex.sha256 if self.annex else ""
        if sha256 is None:
            return "", ""
        return (words.fingerprint, sha256) if sha256 else (words.fingerprint_later, "")


def compose(
    body: JsonObject, envelope: Mapping[str, str], annex: AnnexData | None = None, *, gaps: bool = False
) -> Composition:
    """Fill an edition's body with a recipient's envelope. Raises MissingValue; with `gaps` (previews), marks them."""
    missing = missing_fields(body["blocks"], envelope)
    if missing and not gaps:
        raise MissingValue(missing, field_labels(missing))
    language = language_for(body["language"])
    lines = (envelope.get(key, "") for key in ("recipient.name", "recipient.post", "office.name"))
    return Composition(
        title=body["subject"],
        language=language,
        lang=body["language"],
        blocks=tuple(_blocks(body["blocks"], envelope, language, annex)),
        notes=tuple(Note(note["n"], note["text"], note.get("url", "")) for note in body["notes"]),
        date=envelope.get("date", ""),
        addressee=tuple(dict.fromkeys(line for line in lines if line)),
        annex=annex,
        annex_lines=_annex_lines(annex, language) if annex else (),
        annex_sections=tuple(_annex_sections(annex, language)) if annex else (),
    )


def _annex_lines(annex: AnnexData, language: Language) -> tuple[str, ...]:
    lines = [language.signed_by(annex.organisations, annex.people, annex.countries)]
    if annex.unnamed:
        lines.append(language.count(language.signatures.unnamed, annex.unnamed))
    with override(language.code):  # the letter's, not that of whoever has it made
        when = language.moment(annex.frozen_at, str(annex.place))
    return (*lines, language.signatures.as_of.format(when=when))


def _annex_sections(annex: AnnexData, language: Language) -> Iterator[AnnexSection]:
    """In the order that was hashed."""
    for section in annex.sections:
        names = tuple(name or language.signatures.removed for name in section.names)
        yield AnnexSection(territory_name(section.country, language.code), names)


def _blocks(
    blocks: list[JsonObject], envelope: Mapping[str, str], language: Language, annex: AnnexData | None
) -> Iterator[Block]:
    """Numbers the paragraphs between salutation and signatures."""
    seen: set[int] = set()
    opening = next((index for index, block in enumerate(blocks[:4]) if _greets(block)), -1)
    number, signed = 0, False
    for index, block in enumerate(blocks):
        kind, name = block["type"], block.get("attrs", {}).get("id", "")
        if kind == "paragraph":
            counts = index > opening and not signed
            number += counts
            spans = tuple(_spans(block, envelope, seen))
            yield Block("par" if counts else "plain", spans, number if counts else 0, source_id=name)
        elif kind == "heading":
            yield Block(f"h{block['attrs']['level']}", tuple(_spans(block, envelope, seen)), source_id=name)
        elif kind == "signatories":
            signed = True
            yield Block("signed", (Span(_signed(envelope, language, annex)),), source_id=name)
        elif kind == "blockquote":
            quoted = tuple(tuple(_spans(paragraph, envelope, seen)) for paragraph in block["content"])
            yield Block("quote", items=(quoted,), source_id=name)
        else:
            yield _list(block, envelope, seen, language.list_numbering)


def _list(block: JsonObject, envelope: Mapping[str, str], seen: set[int], numbering: str) -> Block:
    attrs = block.get("attrs", {})
    items = tuple(
        tuple(
            tuple(_spans(piece, envelope, seen))
            if piece["type"] == "paragraph"
            else _list(piece, envelope, seen, numbering)
            for piece in item["content"]
        )
        for item in block["content"]
    )
    kind, name = "asks" if block["type"] == "orderedList" else "dashes", attrs.get("id", "")
    return Block(kind, (), 0, items, name, attrs.get("start", 1), attrs.get("numbering", numbering))


def _greets(block: JsonObject) -> bool:
    return any(node["type"] == "mergeField" and node["attrs"]["key"] == SALUTATION for node in walk_nodes(block))


def _signed(envelope: Mapping[str, str], language: Language, annex: AnnexData | None) -> str:
    if annex:
        return language.signed_by(annex.organisations, annex.people, annex.countries)
    counts = (envelope.get(f"signatories.{key}", "") for key in ("organisations", "people", "countries"))
    return language.signed_by(*(whole_number(text) or 0 for text in counts))


def _spans(block: JsonObject, envelope: Mapping[str, str], seen: set[int]) -> Iterator[Span]:
    for node in block.get("content", ()):
        marks = {mark["type"]: mark.get("attrs", {}) for mark in node.get("marks", ())}
        look = {"bold": "bold" in marks, "italic": "italic" in marks, "href": marks.get("link", {}).get("href", "")}
        look["script"] = script_of(node)
        if node["type"] == "text":
            yield Span(node["text"], **look)
        elif node["type"] == "hardBreak":
            yield Span(line_break=True)
        elif node["type"] in {"citation", "note"}:
            yield Span(note=node["attrs"]["n"], first=node["attrs"]["n"] not in seen)
            seen.add(node["attrs"]["n"])
        else:
            key = node["attrs"]["key"]
            value = envelope.get(key, "") or node["attrs"].get("fallback", "")
            yield Span(value or field_labels([key])[0], gap=not value, **look)
