"""The letter as PDF, by typst: the same data gives the same bytes."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from apps.core.languages import primary_language
from apps.core.types import JsonObject

from .composition import Block, Composition, Span, compose
from .font_coverage import FONTS, printable, printable_name
from .types import AnnexData, Letterhead

TEMPLATE = Path(__file__).parent / "letter.typ"
#: the first choices; typst finds other characters in our other fonts
FAMILIES = ["STIX Two Text", "Noto Naskh Arabic", "Noto Serif", "Noto Serif Devanagari", "Noto Serif Bengali"]
NOBODY = Letterhead("")


class PdfFailed(RuntimeError):
    """typst failed: a bug on our side."""


def render_pdf(
    body: JsonObject,
    envelope: Mapping[str, str],
    annex: AnnexData | None = None,
    letterhead: Letterhead = NOBODY,
    *,
    gaps: bool = False,
) -> bytes:
    """A4, with the annex on a new page; dated by the annex. Raises MissingValue unless `gaps`, and PdfFailed."""
    letter = compose(body, envelope, annex, gaps=gaps)
    data = _printable(_data(letter, letterhead))
    try:
        made = typst.compile(
            TEMPLATE,
            root=FONTS.parent,
            font_paths=shipped_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"letter": json.dumps(data, ensure_ascii=False)},
            timestamp=int(_dated(annex).timestamp()),
            pdf_standards=["a-2u"] if annex else ["1.7"],
        )
    except typst.TypstError as error:
        raise PdfFailed(str(error)) from error
    return bytes(made)


@cache
def shipped_fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def _dated(annex: AnnexData | None) -> datetime:
    return annex.frozen_at.astimezone(UTC) if annex else datetime(2000, 1, 1, tzinfo=UTC)


def _data(letter: Composition, letterhead: Letterhead) -> JsonObject:
    annex, no_font = letter.annex, letter.language.signatures.no_font
    when = _dated(annex)
    return {
        "title": letter.title,
        "lang": primary_language(letter.lang),
        "rtl": letter.language.direction == "rtl",
        "fonts": FAMILIES,
        "words": {"page": letter.language.notes.page, "signatories": letter.language.signatures.heading},
        "letterhead": asdict(letterhead),
        "date": letter.date,
        "addressee": letter.addressee,
        "blocks": [_block(block) for block in letter.blocks],
        "notes": [asdict(note) for note in letter.notes],
        "dated": {"year": when.year, "month": when.month, "day": when.day} if annex else None,
        "annex": {
            "lines": letter.annex_lines,
            "fingerprint": letter.fingerprint,
            "sections": [
                {"country": section.country, "names": [printable_name(name, no_font) for name in section.names]}
                for section in letter.annex_sections
            ],
        }
        if annex
        else None,
    }


def _block(block: Block) -> JsonObject:
    return {
        "kind": block.kind,
        "number": block.number,
        "spans": [_span(span) for span in block.spans],
        "items": [[[_span(span) for span in spans] for spans in item] for item in block.items],
    }


def _span(span: Span) -> JsonObject:
    """Only what is set: there may be thousands."""
    if span.line_break:
        return {"br": True}
    if span.note:
        return {"note": span.note}
    flags = {name: True for name in ("bold", "italic", "gap") if getattr(span, name)}
    return {"text": span.text, **flags, **({"href": span.href} if span.href else {})}


def _printable(value: Any) -> Any:
    """With text that the fonts can print; URLs stay."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: inner if key in {"href", "url"} else _printable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(inner) for inner in value]
    return value
