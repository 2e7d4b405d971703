"""The letter as the HTML part of a mail, with plain elements only."""

from collections.abc import Iterable, Mapping

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.core.types import JsonObject

from .composition import Block, Composition, Span, compose
from .html import BLOCKS as PAGE_BLOCKS
from .html import NOTHING, block_html, emphasized, joined
from .types import AnnexData

BLOCKS = {**PAGE_BLOCKS, "signed": "<p>{}</p>", "asks": '<ol type="a">{}</ol>', "dashes": "<ul>{}</ul>"}


def render_mail_html(
    body: JsonObject, envelope: Mapping[str, str], annex: AnnexData | None = None, *, gaps: bool = False
) -> SafeString:
    """An HTML document, without the names of the annex. Raises MissingValue."""
    letter = compose(body, envelope, annex, gaps=gaps)
    head = [line for line in (letter.date, *letter.addressee) if line]
    return format_html(
        '<!doctype html><html lang="{}" dir="{}"><head><meta charset="utf-8"><title>{}</title></head><body>'
        "{}<h1>{}</h1>{}{}</body></html>",
        letter.lang,
        letter.language.direction,
        letter.title,
        format_html("<p>{}</p>", format_html_join(SafeString("<br>"), "{}", ((line,) for line in head)))
        if head
        else NOTHING,
        letter.title,
        joined(_block(block) for block in letter.blocks),
        _notes(letter),
    )


def _block(block: Block) -> SafeString:
    if block.kind == "par":
        return format_html("<p>{}. {}</p>", block.number, _spans(block.spans))
    return block_html(block, _spans, BLOCKS)


def _spans(spans: Iterable[Span]) -> SafeString:
    return joined(_span(span) for span in spans)


def _span(span: Span) -> SafeString:
    if span.line_break:
        return SafeString("<br>")
    if span.note:
        return format_html("<sup>[{}]</sup>", span.note)
    text = emphasized(f"{span.text} ?" if span.gap else span.text, span)
    return format_html('<a href="{}">{}</a>', span.href, text) if span.href else text


def _notes(letter: Composition) -> SafeString:
    if not letter.notes:
        return NOTHING
    rows = format_html_join(
        "",
        "<li>{}{}</li>",
        (
            (note.text, format_html(' <a href="{}">{}</a>', note.url, note.url) if note.url else NOTHING)
            for note in letter.notes
        ),
    )
    return format_html("<hr><h2>{}</h2><ol>{}</ol>", letter.language.notes.heading, rows)
