"""The letter as the HTML part of a mail, with plain elements only."""

from collections.abc import Mapping
from html import escape

from django.utils.safestring import SafeString

from apps.core.types import JsonObject

from .composition import Block, Composition, Span, compose
from .html import BLOCKS as PAGE_BLOCKS
from .html import block_html, emphasized
from .types import AnnexData

BLOCKS = {
    **PAGE_BLOCKS,
    "signed": "<p>{}</p>",
    "asks": "<ol{}>{}</ol>",
    "letters": ' type="a"',
    "dashes": "<ul>{}</ul>",
}


def render_mail_html(
    body: JsonObject, envelope: Mapping[str, str], annex: AnnexData | None = None, *, gaps: bool = False
) -> SafeString:
    """An HTML document, without the names of the annex. Raises MissingValue."""
    letter = compose(body, envelope, annex, gaps=gaps)
    title, direction = escape(letter.title), letter.language.direction
    head = "<br>".join([escape(line) for line in (letter.date, *letter.addressee) if line])
    blocks = "".join([_block(block) for block in letter.blocks])
    return SafeString(
        f'<!doctype html><html lang="{escape(letter.lang)}" dir="{direction}"><head><meta charset="utf-8">'
        f"<title>{title}</title></head><body>{f'<p>{head}</p>' if head else ''}<h1>{title}</h1>{blocks}"
        f"{_notes(letter)}</body></html>"
    )


def _block(block: Block) -> str:
    if block.kind == "par":
        return f"<p>{block.number}. {''.join([_span(span) for span in block.spans])}</p>"
    return block_html(block, _span, BLOCKS)


def _span(span: Span) -> str:
    if span.line_break:
        return "<br>"
    if span.note:
        return f"<sup>[{span.note}]</sup>"
    text = emphasized(f"{span.text} ?" if span.gap else span.text, span)
    return f'<a href="{escape(span.href)}">{text}</a>' if span.href else text


def _notes(letter: Composition) -> str:
    if not letter.notes:
        return ""
    rows = []
    for note in letter.notes:
        url = escape(note.url)
        rows.append(f"<li>{escape(note.text)}{f' <a href="{url}">{url}</a>' if url else ''}</li>")
    return f"<hr><h2>{escape(letter.language.notes.heading)}</h2><ol>{''.join(rows)}</ol>"
