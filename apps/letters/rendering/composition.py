"""The letter as every renderer sees it: fields filled, paragraphs numbered, formatting as plain values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from apps.core.territories import territory_name

from ..document.traversal import missing_fields, walk_nodes
from ..merge_fields import field_labels
from ..words import day_in_words, direction
from .types import AnnexData, AnnexSection, MissingValue
from .words import Words, counted, number_in, signed_sentence, words_of

SALUTATION = "recipient.salutation"


@dataclass(frozen=True)
class Span:
    """A run of text with one look; or a break, a footnote mark (`note` > 0), or a gap: a field without a value."""

    text: str = ""
    bold: bool = False
    italic: bool = False
    href: str = ""
    note: int = 0
    first: bool = False
    gap: bool = False
    line_break: bool = False


@dataclass(frozen=True)
class Part:
    """A block. `kind`: par (numbered), plain, h2, h3, asks, dashes, quote, signed. Lists and quotes hold `items`:
    one list of paragraphs each; `block` is the id of the block it comes from."""

    kind: str
    spans: tuple[Span, ...] = ()
    number: int = 0
    items: tuple[tuple[tuple[Span, ...], ...], ...] = ()
    block: str = ""


@dataclass(frozen=True)
class Note:
    n: int
    text: str
    url: str = ""


@dataclass(frozen=True)
class Layout:
    title: str
    language: str
    direction: str
    words: Words
    parts: tuple[Part, ...]
    notes: tuple[Note, ...]
    date: str
    addressee: tuple[str, ...]
    annex: AnnexData | None
    annex_lines: tuple[str, ...] = ()
    annex_sections: tuple[AnnexSection, ...] = ()


def lay_out(
    body: Mapping[str, Any], envelope: Mapping[str, str], annex: AnnexData | None = None, *, gaps: bool = False
) -> Layout:
    """Fill an edition's body with a recipient's envelope. Raises MissingValue where a field has neither a value nor a
    fallback; with `gaps` (previews) its place is marked instead."""
    missing = missing_fields(body["blocks"], envelope)
    if missing and not gaps:
        raise MissingValue(missing, field_labels(missing))
    language = body["language"]
    lines = (envelope.get(key, "") for key in ("recipient.name", "recipient.post", "office.name"))
    return Layout(
        title=body["subject"],
        language=language,
        direction=direction(language),
        words=words_of(language),
        parts=tuple(_parts(body["blocks"], envelope, language, annex)),
        notes=tuple(Note(note["n"], note["text"], note.get("url", "")) for note in body["notes"]),
        date=envelope.get("date", ""),
        addressee=tuple(dict.fromkeys(line for line in lines if line)),
        annex=annex,
        annex_lines=_annex_lines(annex, language) if annex else (),
        annex_sections=tuple(_annex_sections(annex, language)) if annex else (),
    )


def _annex_lines(annex: AnnexData, language: str) -> tuple[str, ...]:
    words = words_of(language)
    when = f"{day_in_words(annex.frozen_at.date(), language)}, {annex.frozen_at:%H:%M} UTC"
    lines = [signed_sentence(language, annex.organisations, annex.people, annex.countries)]
    if annex.unnamed:
        lines.append(counted(words.unnamed, annex.unnamed))
    return (*lines, words.as_of.format(when=when))


def _annex_sections(annex: AnnexData, language: str) -> Iterator[AnnexSection]:
    """The sections in the letter's language, in the order that was hashed."""
    removed = words_of(language).removed
    for section in annex.sections:
        names = tuple(name or removed for name in section.names)
        yield AnnexSection(territory_name(section.country, language), names)


def _parts(
    blocks: list[dict[str, Any]], envelope: Mapping[str, str], language: str, annex: AnnexData | None
) -> Iterator[Part]:
    """Paragraphs are numbered from the one after the salutation up to the signatures."""
    seen: set[int] = set()
    opening = next((place for place, block in enumerate(blocks[:4]) if _greets(block)), -1)
    number, signed = 0, False
    for place, block in enumerate(blocks):
        kind, name = block["type"], block.get("attrs", {}).get("id", "")
        if kind == "paragraph":
            counts = place > opening and not signed
            number += counts
            spans = tuple(_spans(block, envelope, seen))
            yield Part("par" if counts else "plain", spans, number if counts else 0, block=name)
        elif kind == "heading":
            yield Part(f"h{block['attrs']['level']}", tuple(_spans(block, envelope, seen)), block=name)
        elif kind == "signatories":
            signed = True
            yield Part("signed", (Span(_signed(envelope, language, annex)),), block=name)
        elif kind == "blockquote":
            quoted = tuple(tuple(_spans(paragraph, envelope, seen)) for paragraph in block["content"])
            yield Part("quote", items=(quoted,), block=name)
        else:
            items = tuple(
                tuple(tuple(_spans(paragraph, envelope, seen)) for paragraph in item["content"])
                for item in block["content"]
            )
            yield Part("asks" if kind == "orderedList" else "dashes", items=items, block=name)


def _greets(block: dict[str, Any]) -> bool:
    return any(node["type"] == "mergeField" and node["attrs"]["key"] == SALUTATION for node in walk_nodes(block))


def _signed(envelope: Mapping[str, str], language: str, annex: AnnexData | None) -> str:
    if annex:
        return signed_sentence(language, annex.organisations, annex.people, annex.countries)
    organisations = number_in(envelope, "signatories.organisations")
    return signed_sentence(language, organisations, 0, number_in(envelope, "signatories.countries"))


def _spans(block: dict[str, Any], envelope: Mapping[str, str], seen: set[int]) -> Iterator[Span]:
    for node in block.get("content", ()):
        marks = {mark["type"]: mark.get("attrs", {}) for mark in node.get("marks", ())}
        look = {"bold": "bold" in marks, "italic": "italic" in marks, "href": marks.get("link", {}).get("href", "")}
        if node["type"] == "text":
            yield Span(node["text"], **look)
        elif node["type"] == "hardBreak":
            yield Span(line_break=True)
        elif node["type"] == "citation":
            yield Span(note=node["attrs"]["n"], first=node["attrs"]["n"] not in seen)
            seen.add(node["attrs"]["n"])
        else:
            key = node["attrs"]["key"]
            value = envelope.get(key, "") or node["attrs"].get("fallback", "")
            yield Span(value or field_labels([key])[0], gap=not value, **look)
