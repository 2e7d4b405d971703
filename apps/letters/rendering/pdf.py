"""The letter as PDF, by typst: the same data gives the same bytes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import segno
import typst

from apps.core.languages import primary_language
from apps.core.types import JsonObject

from ..document.scripts import in_characters
from .composition import Block, Composition, Span, compose
from .font_coverage import FONTS, printable, printable_name
from .types import AnnexData, Letterhead, VerificationLink

TEMPLATE = Path(__file__).parent / "letter.typ"
#: the first choices; typst finds other characters in our other fonts
FAMILIES = ["STIX Two Text", "Noto Naskh Arabic", "Noto Serif", "Noto Serif Devanagari", "Noto Serif Bengali"]
NOBODY = Letterhead("")
#: for people with screen readers, and for archives
STANDARDS: "list[typst.PDFStandard]" = ["ua-1", "a-2a"]
#: data that stays as it is
RAW = frozenset({"href", "url", "code", "names"})
#: zero-width characters and spaces
INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff \u00a0\u202f\n\t"
#: bytes; a word of fewer is no wider than a column of the list
LONG = 16
#: characters; typst cannot tag one that is broken across pages
LONGEST_HEADING = 500
#: characters that stand on the last page beside the signatures, at least
LAST_WORDS = 300
#: of what has no date of its own, such as a draft
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)


class PdfFailed(RuntimeError):
    """typst failed: a bug on our side."""


def render_pdf(
    body: JsonObject,
    envelope: Mapping[str, str],
    annex: AnnexData | None = None,
    letterhead: Letterhead = NOBODY,
    *,
    proof: VerificationLink | None = None,
    gaps: bool = False,
) -> bytes:
    """A4, with the annex on a new page; dated by the annex, or by the freezing. `proof`: where the text can be checked.
    Raises MissingValue unless `gaps`, and PdfFailed."""
    letter = compose(body, envelope, annex, gaps=gaps)
    data = _printable(_data(letter, letterhead, proof))
    try:
        made = typst.compile(  # type: ignore[type-var]  # the stubs want one type for source and root
            _source(data),
            root=FONTS.parent,
            font_paths=shipped_fonts(),
            ignore_system_fonts=True,
            timestamp=int(_dated(annex, proof).timestamp()),
            pdf_standards=STANDARDS,
        )
    except typst.TypstError as error:
        raise PdfFailed(str(error)) from error
    return bytes(made)


def _source(data: JsonObject) -> bytes:
    """The template with the letter as one string, in which only backslashes and quotation marks have a meaning."""
    quoted = json.dumps(data, ensure_ascii=False).replace("\\", "\\\\").replace('"', '\\"')
    return f'#import "{TEMPLATE.name}": typeset\n#typeset(json(bytes("{quoted}")))'.encode()


@cache
def shipped_fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def _dated(annex: AnnexData | None, proof: VerificationLink | None) -> datetime:
    dated = annex.frozen_at if annex else proof.frozen_at if proof else UNDATED
    return dated.astimezone(UTC)


def _data(letter: Composition, letterhead: Letterhead, proof: VerificationLink | None) -> JsonObject:
    when = _dated(letter.annex, proof)
    return {
        "title": letter.title.strip(INVISIBLE)
        or letterhead.name.strip(INVISIBLE)
        or "–",  # PDF/UA wants one; a draft may have none yet
        "lang": primary_language(letter.lang),
        "rtl": letter.language.direction == "rtl",
        "fonts": FAMILIES,
        "words": {"page": letter.language.notes.page, "signatories": letter.language.signatures.heading},
        "letterhead": asdict(letterhead),
        "date": letter.date,
        "addressee": letter.addressee,
        "blocks": _blocks(letter.blocks),
        "tail": _tail(letter.blocks),
        "notes": [{**asdict(note), "address": note.url} for note in letter.notes],
        "dated": {"year": when.year, "month": when.month, "day": when.day},
        "annex": _annex(letter) if letter.annex else None,
        "proof": _proof(letter, proof) if proof else None,
    }


def _annex(letter: Composition) -> JsonObject:
    no_font = letter.language.signatures.no_font
    return {
        "lines": letter.annex_lines,
        "fingerprint": letter.fingerprint,
        "sections": [
            {
                "country": section.country.strip(INVISIBLE) or "–",
                "names": [_name(name, no_font) for name in section.names],
            }
            for section in letter.annex_sections
        ],
    }


def _name(name: str, no_font: str) -> str | JsonObject:
    """Of most, typst need not look at every word."""
    name = printable_name(name.replace("\u00ad", ""), no_font)
    has_long = len(name) > LONG and any(len(word.encode()) > LONG for word in name.split())
    return {"wide": name} if has_long else name


def _proof(letter: Composition, proof: VerificationLink) -> JsonObject:
    words, day = letter.language.checking, letter.language.day(proof.frozen_at.date())
    return {
        "words": words.heading,
        "line": words.frozen.format(letter=proof.letter, version=proof.version, day=day),
        "url": proof.url,
        "label": letter.language.signatures.fingerprint,
        "sha256": proof.sha256,
        "code": segno.make(proof.url, error="m", micro=False).svg_inline(border=0),
        "alt": words.code.format(url=proof.url),
    }


def _blocks(blocks: Sequence[Block]) -> list[JsonObject]:
    """As PDF/UA wants it, headings have words, and levels that skip none; the title is the first level."""
    made, level = [], 1
    for block in blocks:
        data = _block(block)
        if block.kind in {"h2", "h3"}:
            level = min(int(block.kind[1]), level + 1)
            words = "".join(span.text for span in block.spans).strip(INVISIBLE)
            data |= {"kind": "heading", "level": level} if 0 < len(words) <= LONGEST_HEADING else {"kind": "plain"}
        made.append(data)
    return made


def _tail(blocks: Sequence[Block]) -> int:
    """Where what stays together at the end begins: LAST_WORDS before the signatures, or before the end."""
    signed = next((index for index, block in enumerate(blocks) if block.kind == "signed"), len(blocks))
    words = 0
    for index in range(signed - 1, -1, -1):
        words += sum(len(span.text) for span in blocks[index].all_spans())
        if words >= LAST_WORDS:
            return index
    return 0


def _block(block: Block) -> JsonObject:
    return {
        "kind": block.kind,
        "number": block.number,
        "spans": [_span(span) for span in block.spans],
        "items": [
            [_block(piece) if isinstance(piece, Block) else [_span(span) for span in piece] for piece in item]
            for item in block.items
        ],
        **({"start": block.start, "numbering": block.numbering} if block.kind == "asks" else {}),
    }


def _span(span: Span) -> JsonObject:
    """Only what is set: there may be thousands."""
    if span.line_break:
        return {"br": True}
    if span.note:
        return {"note": span.note, "first": span.first}
    flags = {name: True for name in ("bold", "italic", "gap") if getattr(span, name)}
    has_link = span.href and span.text.strip(INVISIBLE)  # typst cannot tag a link without words
    # a number stays raised for those who hear or copy it
    shifted = in_characters(span.text, span.script) if span.script else ""
    script = "" if shifted else span.script
    more = {name: value for name, value in (("href", has_link and span.href), ("script", script)) if value}
    return {"text": shifted or span.text, **flags, **more}


def _printable(value: Any) -> Any:
    """With text that the fonts can print, without soft hyphens, at which typst loses tags; URLs and drawings stay."""
    if isinstance(value, str):
        return printable(value.replace("\u00ad", ""))
    if isinstance(value, dict):
        return {key: inner if key in RAW else _printable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(inner) for inner in value]
    return value
